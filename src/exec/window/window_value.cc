#include "exec/window/window_value.h"

#include "functions/kernel/watched.h"

namespace omen::exec {
namespace {

using functions::Meaning;

// A frame that only grows at its end goes on from the state of the row before; another is summed
// up anew. The same frame again has the same value.
class AggregateValue final : public WindowValue {
 public:
  AggregateValue(const WindowCall& call, WindowRows* rows, EvalContext* context)
      : WindowValue(call, rows, context), scratch_(call.args.size()) {}

  void Reset() override {
    state_.reset();
    current_ = false;
  }

  Status At(const WindowPlace& place, Value* out) override {
    const bool grows =
        state_ != nullptr && !place.excludes() && place.head() == head_ && place.tail() >= next_;
    if (!grows) {
      state_ = functions::MakeState(*call_.aggregate, call_.types, call_.result);
      head_ = next_ = place.head();
      current_ = false;
    }
    for (; next_ < place.tail(); ++next_) {
      OMEN_RETURN_IF_ERROR(context_.run->Poll());
      if (place.Excluded(next_)) continue;
      current_ = false;
      OMEN_RETURN_IF_ERROR(Step(next_));
    }
    if (!current_) OMEN_RETURN_IF_ERROR(state_->Finish(*context_.call, &value_));
    current_ = true;
    *out = value_;
    return Status::Ok();
  }

 private:
  Status Step(size_t row) {
    rows_.Load(row);
    if (call_.filter != nullptr) {
      bool pass = false;
      OMEN_RETURN_IF_ERROR(call_.filter->Test(context_, &pass));
      if (!pass) return Status::Ok();
    }
    for (size_t i = 0; i < scratch_.size(); ++i) {
      OMEN_RETURN_IF_ERROR(call_.args[i]->Eval(context_, &scratch_[i]));
      if (call_.aggregate->strict && scratch_[i].is_null()) return Status::Ok();
    }
    return state_->Step(*context_.call, {scratch_, call_.types, call_.result});
  }

  std::unique_ptr<functions::AggregateState> state_;
  std::vector<Value> scratch_;
  size_t head_ = 0, next_ = 0;  // the rows in the state
  Value value_;
  bool current_ = false;  // value_ is the state's
};

class RankValue final : public WindowValue {
 public:
  using WindowValue::WindowValue;
  Status At(const WindowPlace& place, Value* out) override {
    *out = Of(place);
    return Status::Ok();
  }

 private:
  Value Of(const WindowPlace& place) const {
    const auto count = static_cast<double>(place.end() - place.begin());
    const size_t before = place.peers_begin() - place.begin();
    switch (call_.meaning) {
      case Meaning::kRowNumber:
        return Number(place.row() - place.begin() + 1);
      case Meaning::kRank:
        return Number(before + 1);
      case Meaning::kDenseRank:
        return Number(place.group() + 1);
      case Meaning::kPercentRank:
        return Value::Double(count <= 1 ? 0 : static_cast<double>(before) / (count - 1));
      default:
        return Value::Double(static_cast<double>(place.peers_end() - place.begin()) / count);
    }
  }
  static Value Number(size_t number) { return Value::Int(static_cast<int64_t>(number)); }
};

// The count is that of the partition's first row, or of the first where it is not null.
class NtileValue final : public WindowValue {
 public:
  using WindowValue::WindowValue;
  void Reset() override { begin_ = SIZE_MAX; }
  Status At(const WindowPlace& place, Value* out) override {
    if (begin_ != place.begin()) OMEN_RETURN_IF_ERROR(Begin(place));
    *out = Value();
    if (begin_ != place.begin()) return Status::Ok();
    const size_t at = place.row() - first_, large = (size_ + 1) * larger_;
    const size_t bucket = at < large ? at / (size_ + 1) : larger_ + (at - large) / size_;
    *out = Value::Int(static_cast<int64_t>(bucket) + 1);
    return Status::Ok();
  }

 private:
  Status Begin(const WindowPlace& place) {
    Value value;
    OMEN_RETURN_IF_ERROR(Argument(0, place.row(), &value));
    if (value.is_null()) return Status::Ok();
    if (value.AsInt() <= 0) {
      return Status(SqlState{"22014"}, "argument of ntile must be greater than zero");
    }
    const size_t rows = place.end() - place.begin(), buckets = static_cast<size_t>(value.AsInt());
    begin_ = place.begin();
    first_ = place.row();
    size_ = rows / buckets;
    larger_ = rows % buckets;
    if (size_ > 0) return Status::Ok();
    size_ = 1;  // more buckets than rows
    larger_ = 0;
    return Status::Ok();
  }

  size_t begin_ = SIZE_MAX;                   // of the partition that the rest is of
  size_t first_ = 0, size_ = 1, larger_ = 0;  // the first `larger_` buckets have one row more
};

class OffsetValue final : public WindowValue {
 public:
  using WindowValue::WindowValue;
  Status At(const WindowPlace& place, Value* out) override {
    Value offset = Value::Int(1);
    if (call_.args.size() > 1) OMEN_RETURN_IF_ERROR(Argument(1, place.row(), &offset));
    *out = Value();
    if (offset.is_null()) return Status::Ok();
    const int64_t step = call_.meaning == Meaning::kLead ? offset.AsInt() : -offset.AsInt();
    const int64_t at = static_cast<int64_t>(place.row()) + step;
    if (at >= static_cast<int64_t>(place.begin()) && at < static_cast<int64_t>(place.end())) {
      return Argument(0, static_cast<size_t>(at), out);
    }
    return call_.args.size() > 2 ? Argument(2, place.row(), out) : Status::Ok();
  }
};

class FrameValue final : public WindowValue {
 public:
  using WindowValue::WindowValue;
  Status At(const WindowPlace& place, Value* out) override {
    size_t nth = 0, row = 0;
    *out = Value();
    if (call_.meaning == Meaning::kNthValue) {
      Value wanted;
      OMEN_RETURN_IF_ERROR(Argument(1, place.row(), &wanted));
      if (wanted.is_null()) return Status::Ok();
      if (wanted.AsInt() <= 0) {
        return Status(SqlState{"22016"}, "argument of nth_value must be greater than zero");
      }
      nth = static_cast<size_t>(wanted.AsInt()) - 1;
    }
    const bool last = call_.meaning == Meaning::kLastValue;
    if (last ? !place.Last(&row) : !place.FromHead(nth, &row)) return Status::Ok();
    return Argument(0, row, out);
  }
};

}  // namespace

std::unique_ptr<WindowValue> MakeWindowValue(const WindowCall& call, WindowRows* rows,
                                             EvalContext* context) {
  if (call.aggregate != nullptr) return std::make_unique<AggregateValue>(call, rows, context);
  switch (call.meaning) {
    case Meaning::kNtile:
      return std::make_unique<NtileValue>(call, rows, context);
    case Meaning::kLag:
    case Meaning::kLead:
      return std::make_unique<OffsetValue>(call, rows, context);
    case Meaning::kFirstValue:
    case Meaning::kLastValue:
    case Meaning::kNthValue:
      return std::make_unique<FrameValue>(call, rows, context);
    default:
      return std::make_unique<RankValue>(call, rows, context);
  }
}

}  // namespace omen::exec
