#include "exec/rows/with_query.h"

#include "exec/rows/tuple_hash.h"

namespace omen::exec {

struct CommonTableRun::SeenRows {
  SeenRows(const std::vector<Type>& types, MemoryMeter* memory) : set(types, memory) {}
  TupleSet set;
};

CommonTableRun::CommonTableRun(const CommonTablePlan& plan, EvalContext* owner)
    : plan_(plan),
      owner_(owner),
      middle_{.outer = owner, .params = owner->params, .call = owner->call, .run = owner->run},
      level_(*plan.level, owner->run, plan.recursive != nullptr ? &middle_ : owner),
      rows_(plan.types.size(), &owner->run->memory) {
  Forget();
}

CommonTableRun::~CommonTableRun() = default;

void CommonTableRun::Forget() {
  rows_.Clear();
  recursive_.reset();
  if (plan_.recursive != nullptr) {
    recursive_ = std::make_unique<LevelRun>(*plan_.recursive, owner_->run, &middle_);
    if (!plan_.union_all) seen_ = std::make_unique<SeenRows>(plan_.types, &owner_->run->memory);
  }
  opened_ = done_ = first_arm_done_ = round_open_ = false;
  working_begin_ = working_end_ = 0;
}

Result<const Value*> CommonTableRun::RowAt(size_t index) {
  while (rows_.size() <= index && !done_) {
    OMEN_ASSIGN_OR_RETURN(const bool more, Pull());
    done_ = !more;
  }
  return index < rows_.size() ? rows_[index] : nullptr;
}

const Value* CommonTableRun::WorkingRowAt(size_t index) {
  return working_begin_ + index < working_end_ ? rows_[working_begin_ + index] : nullptr;
}

// Adds the level's next row; false at its end.
Result<bool> CommonTableRun::Keep(LevelRun* level) {
  std::vector<Value> row(plan_.types.size());
  while (true) {
    OMEN_ASSIGN_OR_RETURN(const bool more, level->Next());
    if (!more) return false;
    for (size_t i = 0; i < row.size(); ++i) OMEN_RETURN_IF_ERROR(level->Output(i, &row[i]));
    if (seen_ != nullptr) {
      OMEN_ASSIGN_OR_RETURN(const bool fresh, seen_->set.Insert(row.data()));
      if (!fresh) continue;
    }
    Value* tuple = rows_.Append();
    std::move(row.begin(), row.end(), tuple);
    OMEN_RETURN_IF_ERROR(rows_.Charge(tuple));
    return true;
  }
}

Result<bool> CommonTableRun::Pull() {
  if (!opened_) {
    opened_ = true;
    OMEN_RETURN_IF_ERROR(level_.Open());
  }
  if (!first_arm_done_) {
    OMEN_ASSIGN_OR_RETURN(const bool more, Keep(&level_));
    if (more) return true;
    first_arm_done_ = true;
    working_end_ = rows_.size();
  }
  return recursive_ != nullptr ? PullRecursive() : Result<bool>(false);
}

// Rounds: each reads what the one before it added, until one adds nothing.
Result<bool> CommonTableRun::PullRecursive() {
  while (true) {
    OMEN_RETURN_IF_ERROR(owner_->run->Poll());
    if (!round_open_) {
      if (working_begin_ == working_end_) return false;
      OMEN_RETURN_IF_ERROR(recursive_->Open());
      round_open_ = true;
    }
    OMEN_ASSIGN_OR_RETURN(const bool more, Keep(recursive_.get()));
    if (more) return true;
    round_open_ = false;
    working_begin_ = working_end_;
    working_end_ = rows_.size();
  }
}

}  // namespace omen::exec
