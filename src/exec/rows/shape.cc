#include "exec/rows/shape.h"

#include "exec/rows/tuple_hash.h"
#include "functions/kernel/watched.h"

namespace omen::exec {
namespace {

class ProjectOperator final : public Operator {
 public:
  ProjectOperator(const Project& plan, EvalContext* context)
      : plan_(plan), context_(*context), child_(plan.child->Run(context)) {}
  Status Open() override { return child_->Open(); }
  Result<bool> Next() override {
    OMEN_ASSIGN_OR_RETURN(const bool more, child_->Next());
    if (!more) return false;
    for (const auto& [target, slot] : plan_.targets) {
      OMEN_RETURN_IF_ERROR(target->Eval(context_, &context_.frame[slot]));
    }
    return true;
  }

 private:
  const Project& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> child_;
};

class ProjectSetOperator final : public Operator {
 public:
  ProjectSetOperator(const ProjectSet& plan, EvalContext* context)
      : plan_(plan),
        context_(*context),
        child_(plan.child->Run(context)),
        cursors_(plan.targets.size()) {}

  Status Open() override {
    has_row_ = false;
    return child_->Open();
  }

  // Functions that end early give nulls until the longest has ended.
  Result<bool> Next() override {
    while (true) {
      OMEN_RETURN_IF_ERROR(context_.run->Poll());
      if (!has_row_) {
        OMEN_ASSIGN_OR_RETURN(has_row_, child_->Next());
        if (!has_row_) return false;
        OMEN_RETURN_IF_ERROR(OpenCursors());
      }
      bool any = false;
      for (size_t i = 0; i < cursors_.size(); ++i) {
        Value& slot = context_.frame[plan_.targets[i].slot];
        slot = Value();
        if (cursors_[i] == nullptr) continue;
        OMEN_ASSIGN_OR_RETURN(const bool more, cursors_[i]->Next(&slot));
        if (!more) {
          cursors_[i].reset();
          slot = Value();
        }
        any |= more;
      }
      if (any) return true;
      has_row_ = false;
    }
  }

 private:
  Status OpenCursors() {
    for (size_t i = 0; i < cursors_.size(); ++i) {
      const ProjectSet::SetTarget& target = plan_.targets[i];
      std::vector<Value> values(target.args.size());
      bool null = false;
      for (size_t a = 0; a < values.size(); ++a) {
        OMEN_RETURN_IF_ERROR(target.args[a]->Eval(context_, &values[a]));
        null |= values[a].is_null();
      }
      cursors_[i].reset();
      if (null && target.function->strict) continue;
      OMEN_ASSIGN_OR_RETURN(cursors_[i], functions::OpenSet(target.kernel, *context_.call,
                                                            {values, target.types, target.result}));
    }
    return Status::Ok();
  }

  const ProjectSet& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> child_;
  std::vector<std::unique_ptr<functions::SetCursor>> cursors_;
  bool has_row_ = false;
};

class DistinctOperator final : public Operator {
 public:
  DistinctOperator(const Distinct& plan, EvalContext* context)
      : plan_(plan),
        context_(*context),
        child_(plan.child->Run(context)),
        seen_(plan.types, &context->run->memory),
        key_(plan.keys.size()) {}
  Status Open() override {
    seen_.Clear();
    return child_->Open();
  }
  Result<bool> Next() override {
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, child_->Next());
      if (!more) return false;
      for (size_t i = 0; i < key_.size(); ++i) {
        OMEN_RETURN_IF_ERROR(plan_.keys[i]->Eval(context_, &key_[i]));
      }
      OMEN_ASSIGN_OR_RETURN(const bool fresh, seen_.Insert(key_.data()));
      if (fresh) return true;
    }
  }

 private:
  const Distinct& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> child_;
  TupleSet seen_;
  std::vector<Value> key_;
};

class LimitOperator final : public Operator {
 public:
  LimitOperator(const Limit& plan, EvalContext* context)
      : plan_(plan), context_(*context), child_(plan.child->Run(context)) {}
  Status Open() override {
    OMEN_RETURN_IF_ERROR(
        ReadLimit(plan_.limit.get(), plan_.offset.get(), context_, &left_, &skip_));
    return left_ == 0 ? Status::Ok() : child_->Open();
  }
  Result<bool> Next() override {
    if (left_ == 0) return false;
    for (; skip_ > 0; --skip_) {
      OMEN_RETURN_IF_ERROR(context_.run->Poll());
      OMEN_ASSIGN_OR_RETURN(const bool more, child_->Next());
      if (!more) {
        left_ = 0;
        return false;
      }
    }
    if (left_ > 0) --left_;
    return child_->Next();
  }

 private:
  const Limit& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> child_;
  int64_t left_ = -1, skip_ = 0;
};

}  // namespace

void UnaryNode::Explain(ExplainWriter* writer) const {
  writer->Node(*this, Title());
  Details(writer);
  writer->Enter();
  child->Explain(writer);
  writer->Leave();
}

Status ReadLimit(const Evaluator* limit, const Evaluator* offset, EvalContext& context,
                 int64_t* count, int64_t* skip) {
  *count = -1;
  *skip = 0;
  Value value;
  if (offset != nullptr) {
    OMEN_RETURN_IF_ERROR(offset->Eval(context, &value));
    if (!value.is_null()) *skip = value.AsInt();
    if (*skip < 0) return Status(sqlstate::kInvalidOffset, "OFFSET must not be negative");
  }
  if (limit != nullptr) {
    OMEN_RETURN_IF_ERROR(limit->Eval(context, &value));
    if (value.is_null()) return Status::Ok();
    *count = value.AsInt();
    if (*count < 0) return Status(sqlstate::kInvalidLimit, "LIMIT must not be negative");
  }
  return Status::Ok();
}

std::unique_ptr<Operator> Project::Start(EvalContext* context) const {
  return std::make_unique<ProjectOperator>(*this, context);
}

void Project::AddSlots(std::vector<int>* slots) const {
  child->AddSlots(slots);
  for (const auto& [target, slot] : targets) slots->push_back(slot);
}

std::unique_ptr<Operator> ProjectSet::Start(EvalContext* context) const {
  return std::make_unique<ProjectSetOperator>(*this, context);
}

void ProjectSet::AddSlots(std::vector<int>* slots) const {
  child->AddSlots(slots);
  for (const SetTarget& target : targets) slots->push_back(target.slot);
}

std::unique_ptr<Operator> Distinct::Start(EvalContext* context) const {
  return std::make_unique<DistinctOperator>(*this, context);
}

std::unique_ptr<Operator> Limit::Start(EvalContext* context) const {
  return std::make_unique<LimitOperator>(*this, context);
}

}  // namespace omen::exec
