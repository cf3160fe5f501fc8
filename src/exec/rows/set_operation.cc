// UNION, INTERSECT and EXCEPT over the outputs of two levels.
#include "exec/rows/shape.h"
#include "exec/rows/tuple_hash.h"

namespace omen::exec {
namespace {

// UNION streams both arms. The others count the right arm first: INTERSECT passes a left row
// while it is in the counts, EXCEPT while it is not.
class SetOperator final : public Operator {
 public:
  SetOperator(const SetOperation& plan, EvalContext* context)
      : plan_(plan),
        context_(*context),
        left_(*plan.left, context->run, context),
        right_(*plan.right, context->run, context),
        seen_(plan.types, &context->run->memory),
        counted_(plan.types, &context->run->memory),
        row_(plan.types.size()) {}

  Status Open() override {
    seen_.Clear();
    counted_.Clear();
    counts_.clear();
    on_right_ = false;
    if (plan_.op != sql::SetOp::kUnion) OMEN_RETURN_IF_ERROR(CountRight());
    return left_.Open();
  }

  Result<bool> Next() override {
    while (true) {
      OMEN_RETURN_IF_ERROR(context_.run->Poll());
      LevelRun& arm = on_right_ ? right_ : left_;
      OMEN_ASSIGN_OR_RETURN(const bool more, arm.Next());
      if (!more) {
        if (on_right_ || plan_.op != sql::SetOp::kUnion) return false;
        on_right_ = true;
        OMEN_RETURN_IF_ERROR(right_.Open());
        continue;
      }
      OMEN_RETURN_IF_ERROR(arm.OutputRow(&row_));
      OMEN_ASSIGN_OR_RETURN(const bool wanted, Wanted());
      if (!wanted) continue;
      for (size_t i = 0; i < row_.size(); ++i) {
        context_.frame[plan_.slots[i]] = std::move(row_[i]);
      }
      return true;
    }
  }

 private:
  Status CountRight() {
    OMEN_RETURN_IF_ERROR(right_.Open());
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, right_.Next());
      if (!more) return Status::Ok();
      OMEN_RETURN_IF_ERROR(right_.OutputRow(&row_));
      bool fresh = false;
      OMEN_ASSIGN_OR_RETURN(const size_t number, counted_.FindOrAdd(row_.data(), &fresh));
      if (fresh) counts_.push_back(0);
      ++counts_[number];
    }
  }

  Result<bool> Wanted() {
    if (plan_.op != sql::SetOp::kUnion) {
      const size_t number = counted_.Find(row_.data());
      bool in_right = number != SIZE_MAX && counts_[number] > 0;
      if (plan_.all && in_right) --counts_[number];
      if (in_right != (plan_.op == sql::SetOp::kIntersect)) return false;
    }
    return plan_.all ? Result<bool>(true) : seen_.Insert(row_.data());
  }

  const SetOperation& plan_;
  EvalContext& context_;
  LevelRun left_, right_;
  TupleSet seen_, counted_;
  std::vector<uint64_t> counts_;
  Row row_;
  bool on_right_ = false;
};

}  // namespace

std::unique_ptr<Operator> SetOperation::Start(EvalContext* context) const {
  return std::make_unique<SetOperator>(*this, context);
}

void SetOperation::AddSlots(std::vector<int>* out) const {
  out->insert(out->end(), slots.begin(), slots.end());
}

void SetOperation::Explain(ExplainWriter* writer) const {
  const char* name = op == sql::SetOp::kUnion       ? "Append"
                     : op == sql::SetOp::kIntersect ? "SetOp Intersect"
                                                    : "SetOp Except";
  writer->Node(*this, std::string(name) + (all || op != sql::SetOp::kUnion ? "" : " Unique"));
  writer->Enter();
  left->root->Explain(writer);
  right->root->Explain(writer);
  writer->Leave();
}

}  // namespace omen::exec
