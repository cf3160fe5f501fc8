// Joins on equal keys through a hash table of the right side.
#include "exec/rows/join.h"
#include "exec/rows/tuple_hash.h"

namespace omen::exec {
namespace {

constexpr uint32_t kEnd = UINT32_MAX;
// Of a kept row in hashes_, buckets_ and next_.
constexpr int64_t kLinkBytes = 52;

// The hashed right side: key values, then the slots, per row; rows of a bucket are chained.
class BuildSide {
 public:
  BuildSide(const HashJoin& plan, EvalContext* context)
      : plan_(plan), rows_(plan.keys.size() + plan.right_slots.size(), &context->run->memory) {}

  Status Fill(Operator* right, EvalContext& context) {
    rows_.Clear();
    hashes_.clear();
    OMEN_RETURN_IF_ERROR(right->Open());
    const bool keep_unmatched = plan_.kind == JoinKind::kRight || plan_.kind == JoinKind::kFull;
    std::vector<Value> keys(plan_.keys.size());
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, right->Next());
      if (!more) break;
      bool null = false;
      for (size_t i = 0; i < keys.size(); ++i) {
        OMEN_RETURN_IF_ERROR(plan_.keys[i].right->Eval(context, &keys[i]));
        null |= keys[i].is_null();
      }
      if (null && !keep_unmatched) continue;
      Value* tuple = rows_.Append();
      for (size_t i = 0; i < keys.size(); ++i) tuple[i] = keys[i];
      SaveSlots(context.frame, plan_.right_slots, tuple + keys.size());
      OMEN_RETURN_IF_ERROR(rows_.Charge(tuple, kLinkBytes));
      hashes_.push_back({HashTuple(plan_.key_types, tuple), null});
    }
    Link();
    return Status::Ok();
  }

  uint32_t First(const Value* keys) const {
    return buckets_[HashTuple(plan_.key_types, keys) & (buckets_.size() - 1)];
  }
  uint32_t After(uint32_t row) const { return next_[row]; }
  bool Matches(uint32_t row, const Value* keys) {
    return SameTuple(plan_.key_types, rows_[row], keys);
  }
  void Restore(uint32_t row, Value* frame) {
    RestoreSlots(rows_[row] + plan_.keys.size(), plan_.right_slots, frame);
  }
  size_t size() const { return rows_.size(); }

 private:
  struct Hash {
    uint64_t hash;
    bool null;
  };

  void Link() {
    size_t buckets = 16;
    while (buckets < 2 * hashes_.size()) buckets *= 2;
    buckets_.assign(buckets, kEnd);
    next_.assign(hashes_.size(), kEnd);
    for (size_t i = hashes_.size(); i-- > 0;) {
      if (hashes_[i].null) continue;
      uint32_t& head = buckets_[hashes_[i].hash & (buckets - 1)];
      next_[i] = head;
      head = static_cast<uint32_t>(i);
    }
  }

  const HashJoin& plan_;
  TupleBuffer rows_;
  std::vector<Hash> hashes_;
  std::vector<uint32_t> buckets_, next_;
};

class HashJoinOperator final : public Operator {
 public:
  HashJoinOperator(const HashJoin& plan, EvalContext* context)
      : plan_(plan),
        context_(*context),
        left_(plan.left->Run(context)),
        right_(plan.right->Run(context)),
        build_(plan, context),
        keys_(plan.keys.size()) {}

  Status Open() override {
    if (!filled_ || plan_.right->reads_outer) {
      filled_ = false;
      OMEN_RETURN_IF_ERROR(build_.Fill(right_.get(), context_));
      filled_ = true;
    }
    seen_.assign(KeepsRight() ? build_.size() : 0, false);
    has_left_ = false;
    left_done_ = false;
    unmatched_ = 0;
    return left_->Open();
  }

  Result<bool> Next() override {
    while (!left_done_) {
      OMEN_RETURN_IF_ERROR(context_.run->Poll());
      if (!has_left_) {
        OMEN_ASSIGN_OR_RETURN(has_left_, left_->Next());
        if (!has_left_) {
          left_done_ = true;
          break;
        }
        OMEN_RETURN_IF_ERROR(StartProbe());
      }
      OMEN_ASSIGN_OR_RETURN(const bool match, NextMatch());
      if (match) {
        matched_ = true;
        if (plan_.kind == JoinKind::kSemi) has_left_ = false;
        if (plan_.kind != JoinKind::kAnti) return true;
        has_left_ = false;
        continue;
      }
      has_left_ = false;
      if (!matched_ && EmitsUnmatchedLeft()) {
        for (const int slot : plan_.right_slots) context_.frame[slot] = Value();
        return true;
      }
    }
    return NextUnmatchedRight();
  }

 private:
  bool KeepsRight() const {
    return plan_.kind == JoinKind::kRight || plan_.kind == JoinKind::kFull;
  }
  bool EmitsUnmatchedLeft() const {
    return plan_.kind == JoinKind::kLeft || plan_.kind == JoinKind::kFull ||
           plan_.kind == JoinKind::kAnti;
  }

  Status StartProbe() {
    matched_ = false;
    bool null = false;
    for (size_t i = 0; i < keys_.size(); ++i) {
      OMEN_RETURN_IF_ERROR(plan_.keys[i].left->Eval(context_, &keys_[i]));
      null |= keys_[i].is_null();
    }
    candidate_ = null ? kEnd : build_.First(keys_.data());
    return Status::Ok();
  }

  Result<bool> NextMatch() {
    while (candidate_ != kEnd) {
      const uint32_t row = candidate_;
      candidate_ = build_.After(row);
      if (!build_.Matches(row, keys_.data())) continue;
      build_.Restore(row, context_.frame);
      bool pass = true;
      if (plan_.condition != nullptr) {
        OMEN_RETURN_IF_ERROR(plan_.condition->Test(context_, &pass));
      }
      if (!pass) continue;
      if (!seen_.empty()) seen_[row] = true;
      return true;
    }
    return false;
  }

  Result<bool> NextUnmatchedRight() {
    while (unmatched_ < seen_.size()) {
      const size_t row = unmatched_++;
      if (seen_[row]) continue;
      for (const int slot : plan_.left_slots) context_.frame[slot] = Value();
      build_.Restore(static_cast<uint32_t>(row), context_.frame);
      return true;
    }
    return false;
  }

  const HashJoin& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> left_, right_;
  BuildSide build_;
  std::vector<Value> keys_;
  std::vector<bool> seen_;
  bool filled_ = false, has_left_ = false, left_done_ = false, matched_ = false;
  uint32_t candidate_ = kEnd;
  size_t unmatched_ = 0;
};

}  // namespace

std::unique_ptr<Operator> HashJoin::Start(EvalContext* context) const {
  if (KeepsLeftOnly(kind) && condition == nullptr) return StartKeySetJoin(*this, context);
  return std::make_unique<HashJoinOperator>(*this, context);
}

void HashJoin::Finalize(const Scope& scope) {
  left->Finalize(scope);
  right->Finalize(scope);
  left_slots = SlotsOf(*left);
  right_slots = SlotsOf(*right);
}

void HashJoin::AddSlots(std::vector<int>* slots) const {
  left->AddSlots(slots);
  if (!KeepsLeftOnly(kind)) right->AddSlots(slots);
}

void HashJoin::Explain(ExplainWriter* writer) const {
  writer->Node(*this, std::string("Hash") + JoinKindName(kind) + " Join");
  if (!text.empty()) writer->Detail("Hash Cond", text);
  writer->Enter();
  left->Explain(writer);
  right->Explain(writer);
  writer->Leave();
}

}  // namespace omen::exec
