// Semi and anti joins that equal keys alone decide: the right side is a set of keys.
#include "base/check.h"
#include "exec/rows/join.h"
#include "exec/rows/tuple_hash.h"

namespace omen::exec {
namespace {

std::vector<Type> TypesOf(const HashJoin& plan) {
  std::vector<Type> types;
  for (const Oid oid : plan.key_types) types.push_back({oid, -1});
  return types;
}

class KeySetJoinOperator final : public Operator {
 public:
  KeySetJoinOperator(const HashJoin& plan, EvalContext* context)
      : plan_(plan),
        context_(*context),
        left_(plan.left->Run(context)),
        right_(plan.right->Run(context)),
        keys_(TypesOf(plan), &context->run->memory),
        key_(plan.keys.size()) {}

  Status Open() override {
    if (!filled_ || plan_.right->reads_outer) OMEN_RETURN_IF_ERROR(Fill());
    done_ = plan_.kind == JoinKind::kSemi && keys_.size() == 0;
    return done_ ? Status::Ok() : left_->Open();
  }

  Result<bool> Next() override {
    if (done_) return false;
    while (true) {
      OMEN_RETURN_IF_ERROR(context_.run->Poll());
      OMEN_ASSIGN_OR_RETURN(const bool more, left_->Next());
      if (!more) return false;
      bool null = false;
      for (size_t i = 0; i < key_.size(); ++i) {
        OMEN_RETURN_IF_ERROR(plan_.keys[i].left->Eval(context_, &key_[i]));
        null |= key_[i].is_null();
      }
      const bool found = !null && keys_.Find(key_.data()) != SIZE_MAX;
      if (found == (plan_.kind == JoinKind::kSemi)) return true;
    }
  }

 private:
  Status Fill() {
    filled_ = false;
    keys_.Clear();
    OMEN_RETURN_IF_ERROR(right_->Open());
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, right_->Next());
      if (!more) break;
      bool null = false;
      for (size_t i = 0; i < key_.size(); ++i) {
        OMEN_RETURN_IF_ERROR(plan_.keys[i].right->Eval(context_, &key_[i]));
        null |= key_[i].is_null();
      }
      if (null) continue;
      OMEN_RETURN_IF_ERROR(keys_.Insert(key_.data()).status());
    }
    filled_ = true;
    return Status::Ok();
  }

  const HashJoin& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> left_, right_;
  TupleSet keys_;
  std::vector<Value> key_;
  bool filled_ = false, done_ = false;
};

}  // namespace

std::unique_ptr<Operator> StartKeySetJoin(const HashJoin& plan, EvalContext* context) {
  OMEN_CHECK(KeepsLeftOnly(plan.kind) && !plan.keys.empty() && plan.condition == nullptr);
  return std::make_unique<KeySetJoinOperator>(plan, context);
}

}  // namespace omen::exec
