// Grouping: a hash of key tuples, and per group one state per aggregate. A row goes into one group
// of every grouping set; there the keys that are not in the set are null, and its number is a key.
#include <algorithm>
#include <numeric>

#include "exec/rows/shape.h"
#include "exec/rows/tuple_hash.h"
#include "functions/kernel/watched.h"
#include "types/io.h"

namespace omen::exec {
namespace {

// Of a group, and four of each of its calls.
constexpr int64_t kStateBytes = 64;

// One aggregate in one group. DISTINCT and ORDER BY keep their input until the end.
class GroupCall {
 public:
  GroupCall(const AggregateCall& plan, EvalContext* context)
      : plan_(plan),
        state_(functions::MakeState(*plan.aggregate, plan.types, plan.result)),
        scratch_(plan.args.size() + plan.order.size()) {
    if (plan.distinct) {
      distinct_ = std::make_unique<TupleSet>(KeptTypes(), &context->run->memory);
    } else if (!plan.order.empty()) {
      kept_ = std::make_unique<TupleBuffer>(scratch_.size(), &context->run->memory);
    }
  }

  Status Step(EvalContext& context) {
    if (plan_.filter != nullptr) {
      bool pass = false;
      OMEN_RETURN_IF_ERROR(plan_.filter->Test(context, &pass));
      if (!pass) return Status::Ok();
    }
    for (size_t i = 0; i < plan_.args.size(); ++i) {
      OMEN_RETURN_IF_ERROR(plan_.args[i]->Eval(context, &scratch_[i]));
      if (plan_.aggregate->strict && scratch_[i].is_null()) return Status::Ok();
    }
    if (distinct_ == nullptr && kept_ == nullptr) return StepWith(context, scratch_.data());
    for (size_t i = 0; i < plan_.order.size(); ++i) {
      OMEN_RETURN_IF_ERROR(plan_.order[i].value->Eval(context, &scratch_[plan_.args.size() + i]));
    }
    if (distinct_ != nullptr) {
      OMEN_ASSIGN_OR_RETURN(const bool fresh, distinct_->Insert(scratch_.data()));
      (void)fresh;
      return Status::Ok();
    }
    Value* tuple = kept_->Append();
    std::ranges::copy(scratch_, tuple);
    return kept_->Charge(tuple, 2 * sizeof(size_t));  // and its place when they are sorted
  }

  Status Finish(EvalContext& context, Value* out) {
    if (distinct_ != nullptr || kept_ != nullptr) OMEN_RETURN_IF_ERROR(StepSorted(context));
    return state_->Finish(*context.call, out);
  }

 private:
  std::vector<Type> KeptTypes() const {
    std::vector<Type> types = plan_.types;
    for (const SortTerm& term : plan_.order) types.push_back({term.type, -1});
    return types;
  }

  Status StepWith(EvalContext& context, const Value* args) {
    return state_->Step(*context.call, {{args, plan_.args.size()}, plan_.types, plan_.result});
  }

  Value* Kept(size_t index) { return distinct_ != nullptr ? (*distinct_)[index] : (*kept_)[index]; }

  // By ORDER BY, then (for DISTINCT, as PostgreSQL's sort has it) by the arguments.
  bool Before(const Value* a, const Value* b) const {
    Work::Poll();
    const int order = CompareBySort(plan_.order, a + plan_.args.size(), b + plan_.args.size());
    if (order != 0 || !plan_.distinct) return order < 0;
    for (size_t i = 0; i < plan_.args.size(); ++i) {
      if (a[i].is_null() || b[i].is_null()) {
        if (a[i].is_null() != b[i].is_null()) return b[i].is_null();
        continue;
      }
      const int by_arg = CompareValues(plan_.types[i].oid, a[i], b[i]);
      if (by_arg != 0) return by_arg < 0;
    }
    return false;
  }

  Status StepSorted(EvalContext& context) {
    std::vector<size_t> order(distinct_ != nullptr ? distinct_->size() : kept_->size());
    std::iota(order.begin(), order.end(), size_t{0});
    OMEN_RETURN_IF_ERROR(functions::Watched(*context.call, [&] {
      std::ranges::stable_sort(order, [&](size_t a, size_t b) { return Before(Kept(a), Kept(b)); });
      return Status::Ok();
    }));
    for (const size_t index : order) {
      OMEN_RETURN_IF_ERROR(context.run->Poll());
      OMEN_RETURN_IF_ERROR(StepWith(context, Kept(index)));
    }
    return Status::Ok();
  }

  const AggregateCall& plan_;
  std::unique_ptr<functions::AggregateState> state_;
  std::vector<Value> scratch_;
  std::unique_ptr<TupleSet> distinct_;
  std::unique_ptr<TupleBuffer> kept_;
};

class AggregateOperator final : public Operator {
 public:
  AggregateOperator(const Aggregate& plan, EvalContext* context)
      : plan_(plan),
        context_(*context),
        child_(plan.child->Run(context)),
        keys_(KeyTypes(plan), &context->run->memory),
        carried_(plan.carried.size(), &context->run->memory) {}
  ~AggregateOperator() override { context_.run->memory.Release(charged_); }

  Status Open() override {
    Clear();
    OMEN_RETURN_IF_ERROR(child_->Open());
    std::vector<Value> keys(plan_.keys.size());
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, child_->Next());
      if (!more) break;
      for (size_t i = 0; i < keys.size(); ++i) {
        OMEN_RETURN_IF_ERROR(plan_.keys[i].value->Eval(context_, &keys[i]));
      }
      if (plan_.sets.empty()) OMEN_RETURN_IF_ERROR(Step(keys));
      for (size_t set = 0; set < plan_.sets.size(); ++set) {
        OMEN_RETURN_IF_ERROR(Step(KeysIn(set, keys)));
      }
    }
    return groups_.empty() ? AddEmptyGroups() : Status::Ok();
  }

  Result<bool> Next() override {
    if (next_ == groups_.size()) return false;
    const size_t group = next_++;
    // A subquery's key is carried, too; the set decides whether it is null.
    RestoreSlots(carried_[group], plan_.carried, context_.frame);
    for (size_t i = 0; i < plan_.keys.size(); ++i) {
      context_.frame[plan_.keys[i].slot] = keys_[group][i];
    }
    for (const GroupingCall& call : plan_.groupings) {
      int64_t value = 0;
      if (!plan_.sets.empty()) {
        const auto set = static_cast<size_t>(keys_[group][plan_.keys.size()].AsInt());
        value = call.values[set];
      }
      context_.frame[call.slot] = Value::Int(value);
    }
    for (size_t i = 0; i < plan_.calls.size(); ++i) {
      OMEN_RETURN_IF_ERROR(
          groups_[group][i].Finish(context_, &context_.frame[plan_.calls[i].slot]));
    }
    return true;
  }

 private:
  static std::vector<Type> KeyTypes(const Aggregate& plan) {
    std::vector<Type> types;
    for (const GroupKey& key : plan.keys) types.push_back(key.type);
    if (!plan.sets.empty()) types.push_back({oid::kInt4, -1});
    return types;
  }

  void Clear() {
    keys_.Clear();
    carried_.Clear();
    groups_.clear();
    context_.run->memory.Release(charged_);
    charged_ = 0;
    next_ = 0;
  }

  const std::vector<Value>& KeysIn(size_t set, const std::vector<Value>& keys) {
    set_keys_.assign(keys.size() + 1, Value());
    for (size_t i = 0; i < keys.size(); ++i) {
      if (plan_.sets[set][i]) set_keys_[i] = keys[i];
    }
    set_keys_.back() = Value::Int(static_cast<int64_t>(set));
    return set_keys_;
  }

  Status Step(const std::vector<Value>& keys) {
    OMEN_ASSIGN_OR_RETURN(std::vector<GroupCall> * group, FindGroup(keys));
    for (GroupCall& call : *group) OMEN_RETURN_IF_ERROR(call.Step(context_));
    return Status::Ok();
  }

  // Nothing has come: without keys there is a group all the same.
  Status AddEmptyGroups() {
    if (!plan_.grouped) {
      carried_.Append();
      return AddGroup();
    }
    const std::vector<Value> none(plan_.keys.size());
    for (size_t set = 0; set < plan_.sets.size(); ++set) {
      if (std::ranges::find(plan_.sets[set], true) != plan_.sets[set].end()) continue;
      OMEN_RETURN_IF_ERROR(keys_.Insert(KeysIn(set, none).data()).status());
      carried_.Append();
      OMEN_RETURN_IF_ERROR(AddGroup());
    }
    return Status::Ok();
  }

  Result<std::vector<GroupCall>*> FindGroup(const std::vector<Value>& keys) {
    bool fresh = groups_.empty();
    size_t number = 0;
    if (!keys.empty()) {
      OMEN_ASSIGN_OR_RETURN(number, keys_.FindOrAdd(keys.data(), &fresh));
    }
    if (fresh) {
      Value* tuple = carried_.Append();
      SaveSlots(context_.frame, plan_.carried, tuple);
      OMEN_RETURN_IF_ERROR(carried_.Charge(tuple));
      OMEN_RETURN_IF_ERROR(AddGroup());
    }
    return &groups_[number];
  }

  Status AddGroup() {
    std::vector<GroupCall>& group = groups_.emplace_back();
    group.reserve(plan_.calls.size());
    for (const AggregateCall& call : plan_.calls) group.emplace_back(call, &context_);
    const int64_t bytes = kStateBytes * static_cast<int64_t>(1 + 4 * plan_.calls.size());
    charged_ += bytes;
    return context_.run->memory.Charge(bytes);
  }

  const Aggregate& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> child_;
  TupleSet keys_;
  TupleBuffer carried_;
  std::vector<Value> set_keys_;
  std::vector<std::vector<GroupCall>> groups_;
  int64_t charged_ = 0;
  size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Operator> Aggregate::Start(EvalContext* context) const {
  return std::make_unique<AggregateOperator>(*this, context);
}

void Aggregate::AddSlots(std::vector<int>* slots) const {
  for (const GroupKey& key : keys) slots->push_back(key.slot);
  for (const AggregateCall& call : calls) slots->push_back(call.slot);
  for (const GroupingCall& call : groupings) slots->push_back(call.slot);
  slots->insert(slots->end(), carried.begin(), carried.end());
}

void Aggregate::Details(ExplainWriter* writer) const {
  if (!text.empty()) writer->Detail("Group Key", text);
}

}  // namespace omen::exec
