#include "exec/rows/join.h"

namespace omen::exec {
namespace {

class FilterOperator final : public Operator {
 public:
  FilterOperator(const Filter& plan, EvalContext* context)
      : plan_(plan), context_(*context), child_(plan.child->Run(context)) {}
  Status Open() override {
    if (!plan_.one_time) return child_->Open();
    OMEN_RETURN_IF_ERROR(plan_.condition->Test(context_, &open_));
    return open_ ? child_->Open() : Status::Ok();
  }
  Result<bool> Next() override {
    if (plan_.one_time) return open_ ? child_->Next() : Result<bool>(false);
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, child_->Next());
      if (!more) return false;
      bool pass = false;
      OMEN_RETURN_IF_ERROR(plan_.condition->Test(context_, &pass));
      if (pass) return true;
    }
  }

 private:
  const Filter& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> child_;
  bool open_ = false;
};

class MaterializeOperator final : public Operator {
 public:
  MaterializeOperator(const Materialize& plan, EvalContext* context)
      : plan_(plan),
        context_(*context),
        child_(plan.child->Run(context)),
        rows_(plan.slots.size(), &context->run->memory) {}

  Status Open() override {
    next_ = 0;
    const uint64_t opening = context_.level->opening();
    if (complete_ && (!plan_.child->reads_outer || filled_in_ == opening)) return Status::Ok();
    complete_ = false;
    filled_in_ = opening;
    rows_.Clear();
    OMEN_RETURN_IF_ERROR(child_->Open());
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, child_->Next());
      if (!more) break;
      Value* tuple = rows_.Append();
      SaveSlots(context_.frame, plan_.slots, tuple);
      OMEN_RETURN_IF_ERROR(rows_.Charge(tuple));
    }
    complete_ = true;
    return Status::Ok();
  }
  Result<bool> Next() override {
    if (next_ == rows_.size()) return false;
    RestoreSlots(rows_[next_++], plan_.slots, context_.frame);
    return true;
  }

 private:
  const Materialize& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> child_;
  TupleBuffer rows_;
  bool complete_ = false;
  uint64_t filled_in_ = 0;  // the level's opening that the rows are of
  size_t next_ = 0;
};

void SetNull(const std::vector<int>& slots, Value* frame) {
  for (const int slot : slots) frame[slot] = Value();
}

class NestedLoopOperator final : public Operator {
 public:
  NestedLoopOperator(const NestedLoop& plan, EvalContext* context)
      : plan_(plan),
        context_(*context),
        left_(plan.left->Run(context)),
        right_(plan.right->Run(context)) {}

  Status Open() override {
    has_left_ = false;
    return left_->Open();
  }

  Result<bool> Next() override {
    while (true) {
      OMEN_RETURN_IF_ERROR(context_.run->Poll());
      if (!has_left_) {
        OMEN_ASSIGN_OR_RETURN(has_left_, left_->Next());
        if (!has_left_) return false;
        matched_ = false;
        OMEN_RETURN_IF_ERROR(right_->Open());
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
      if (matched_) continue;
      if (plan_.kind == JoinKind::kAnti) return true;
      if (plan_.kind == JoinKind::kLeft) {
        SetNull(plan_.right_slots, context_.frame);
        return true;
      }
    }
  }

 private:
  Result<bool> NextMatch() {
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, right_->Next());
      if (!more) return false;
      bool pass = true;
      if (plan_.condition != nullptr) {
        OMEN_RETURN_IF_ERROR(plan_.condition->Test(context_, &pass));
      }
      if (pass) return true;
    }
  }

  const NestedLoop& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> left_, right_;
  bool has_left_ = false, matched_ = false;
};

}  // namespace

const char* JoinKindName(JoinKind kind) {
  switch (kind) {
    case JoinKind::kInner:
      return "";
    case JoinKind::kLeft:
      return " Left";
    case JoinKind::kRight:
      return " Right";
    case JoinKind::kFull:
      return " Full";
    case JoinKind::kSemi:
      return " Semi";
    case JoinKind::kAnti:
      return " Anti";
  }
  return "";
}

std::unique_ptr<Operator> Filter::Start(EvalContext* context) const {
  return std::make_unique<FilterOperator>(*this, context);
}

void Filter::Explain(ExplainWriter* writer) const {
  writer->Node(*this, one_time ? "Result" : "Filter");
  writer->Detail(one_time ? "One-Time Filter" : "Filter", text);
  writer->Enter();
  child->Explain(writer);
  writer->Leave();
}

std::unique_ptr<Operator> Materialize::Start(EvalContext* context) const {
  return std::make_unique<MaterializeOperator>(*this, context);
}

void Materialize::Finalize(const Scope& scope) {
  child->Finalize(scope);
  slots = SlotsOf(*child);
}

void Materialize::Explain(ExplainWriter* writer) const {
  writer->Node(*this, "Materialize");
  writer->Enter();
  child->Explain(writer);
  writer->Leave();
}

std::unique_ptr<Operator> NestedLoop::Start(EvalContext* context) const {
  return std::make_unique<NestedLoopOperator>(*this, context);
}

void NestedLoop::Finalize(const Scope& scope) {
  left->Finalize(scope);
  right->Finalize(scope);
  right_slots = SlotsOf(*right);
}

void NestedLoop::AddSlots(std::vector<int>* slots) const {
  left->AddSlots(slots);
  if (!KeepsLeftOnly(kind)) right->AddSlots(slots);
}

void NestedLoop::Explain(ExplainWriter* writer) const {
  writer->Node(*this, std::string("Nested Loop") + JoinKindName(kind) +
                          (kind == JoinKind::kInner ? "" : " Join"));
  if (!text.empty()) writer->Detail("Join Filter", text);
  writer->Enter();
  left->Explain(writer);
  right->Explain(writer);
  writer->Leave();
}

}  // namespace omen::exec
