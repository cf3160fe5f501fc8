// ORDER BY in memory; with a limit, only the rows that can still win are kept.
#include <algorithm>
#include <numeric>

#include "exec/rows/shape.h"
#include "functions/kernel/watched.h"
#include "types/io.h"

namespace omen::exec {
namespace {

constexpr int64_t kTopRowsMax = 4096;
// Of a kept row in order_ and in what it is sorted with, or in sequence_.
constexpr int64_t kOrderBytes = 16;

class SortOperator final : public Operator {
 public:
  SortOperator(const Sort& plan, EvalContext* context)
      : plan_(plan),
        context_(*context),
        child_(plan.child->Run(context)),
        rows_(plan.terms.size() + plan.slots.size(), &context->run->memory) {}

  Status Open() override {
    rows_.Clear();
    order_.clear();
    sequence_.clear();
    count_ = 0;
    next_ = 0;
    int64_t count = -1, skip = 0;
    OMEN_RETURN_IF_ERROR(ReadLimit(plan_.limit.get(), plan_.offset.get(), context_, &count, &skip));
    wanted_ = count >= 0 && count <= kTopRowsMax && skip <= kTopRowsMax ? count + skip : -1;
    OMEN_RETURN_IF_ERROR(child_->Open());
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, child_->Next());
      if (!more) break;
      OMEN_RETURN_IF_ERROR(wanted_ >= 0 ? KeepIfWinning() : Keep());
    }
    const auto before = [&](size_t a, size_t b) { return Before(a, b); };
    if (wanted_ >= 0) {
      std::ranges::sort_heap(order_, before);
    } else {
      order_.resize(rows_.size());
      std::iota(order_.begin(), order_.end(), size_t{0});
      // The comparison is the loop that a cancel must reach.
      return functions::Watched(*context_.call, [&] {
        std::ranges::stable_sort(order_, before);
        return Status::Ok();
      });
    }
    return Status::Ok();
  }

  Result<bool> Next() override {
    if (next_ == order_.size()) return false;
    RestoreSlots(rows_[order_[next_++]] + plan_.terms.size(), plan_.slots, context_.frame);
    return true;
  }

 private:
  // Ties keep the order they came in.
  bool Before(size_t a, size_t b) {
    Work::Poll();
    const int order = CompareBySort(plan_.terms, rows_[a], rows_[b]);
    return order != 0 ? order < 0 : sequence_of(a) < sequence_of(b);
  }
  uint64_t sequence_of(size_t row) const { return wanted_ >= 0 ? sequence_[row] : row; }

  Status Fill(Value* tuple) {
    for (size_t i = 0; i < plan_.terms.size(); ++i) {
      OMEN_RETURN_IF_ERROR(plan_.terms[i].value->Eval(context_, &tuple[i]));
    }
    SaveSlots(context_.frame, plan_.slots, tuple + plan_.terms.size());
    return Status::Ok();
  }

  Status Keep() {
    Value* tuple = rows_.Append();
    OMEN_RETURN_IF_ERROR(Fill(tuple));
    return rows_.Charge(tuple, kOrderBytes);
  }

  // A heap whose top is the worst kept row; a better one takes its place.
  Status KeepIfWinning() {
    const auto before = [&](size_t a, size_t b) { return Before(a, b); };
    if (wanted_ == 0) return Status::Ok();
    if (order_.size() < static_cast<size_t>(wanted_)) {
      OMEN_RETURN_IF_ERROR(Keep());
      sequence_.resize(rows_.size());
      sequence_[rows_.size() - 1] = count_++;
      order_.push_back(rows_.size() - 1);
      std::ranges::push_heap(order_, before);
      return Status::Ok();
    }
    keys_.resize(plan_.terms.size());
    for (size_t i = 0; i < keys_.size(); ++i) {
      OMEN_RETURN_IF_ERROR(plan_.terms[i].value->Eval(context_, &keys_[i]));
    }
    ++count_;
    if (CompareBySort(plan_.terms, keys_.data(), rows_[order_.front()]) >= 0) return Status::Ok();
    std::ranges::pop_heap(order_, before);
    const size_t row = order_.back();
    OMEN_RETURN_IF_ERROR(Fill(rows_[row]));
    sequence_[row] = count_;
    std::ranges::push_heap(order_, before);
    return Status::Ok();
  }

  const Sort& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> child_;
  TupleBuffer rows_;
  std::vector<size_t> order_;
  std::vector<uint64_t> sequence_;
  std::vector<Value> keys_;
  uint64_t count_ = 0;
  int64_t wanted_ = -1;
  size_t next_ = 0;
};

}  // namespace

int CompareBySort(const std::vector<SortTerm>& terms, const Value* a, const Value* b) {
  for (size_t i = 0; i < terms.size(); ++i) {
    const SortTerm& term = terms[i];
    if (a[i].is_null() || b[i].is_null()) {
      if (a[i].is_null() && b[i].is_null()) continue;
      return a[i].is_null() == term.nulls_first ? -1 : 1;
    }
    const int order = CompareValues(term.type, a[i], b[i]);
    if (order != 0) return term.descending ? -order : order;
  }
  return 0;
}

std::unique_ptr<Operator> Sort::Start(EvalContext* context) const {
  return std::make_unique<SortOperator>(*this, context);
}

void Sort::Finalize(const Scope& scope) {
  child->Finalize(scope);
  slots = SlotsOf(*child);
}

void Sort::Details(ExplainWriter* writer) const { writer->Detail("Sort Key", text); }

}  // namespace omen::exec
