// SELECT ... FOR UPDATE / SHARE. RocksDB has one kind of row lock, so every strength takes
// the exclusive one: stricter than asked, never weaker.
#include <fmt/format.h>

#include "exec/rows/shape.h"
#include "exec/statement/row_lock.h"

namespace omen::exec {
namespace {

class LockRowsOperator final : public Operator {
 public:
  LockRowsOperator(const LockRows& plan, EvalContext* context)
      : plan_(plan), context_(*context), child_(plan.child->Run(context)) {}
  Status Open() override { return child_->Open(); }

  Result<bool> Next() override {
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, child_->Next());
      if (!more) return false;
      bool keep = true;
      for (const RowLockTarget& target : plan_.targets) {
        OMEN_ASSIGN_OR_RETURN(keep, Lock(target));
        if (!keep) break;
      }
      if (keep && plan_.condition != nullptr) {
        OMEN_RETURN_IF_ERROR(plan_.condition->Test(context_, &keep));
      }
      if (keep) return true;
    }
  }

 private:
  // False where the row is gone, or is locked and SKIP LOCKED was asked.
  Result<bool> Lock(const RowLockTarget& target) {
    const Value& key = context_.frame[target.key_slot];
    if (key.is_null()) return true;  // the null side of an outer join
    using Wait = rowstore::Transaction::Wait;
    const Wait wait = target.wait == sql::LockWait::kBlock ? Wait::kBlock : Wait::kNoWait;
    Result<bool> found = LockSeenRow(context_.run->context->transaction, *target.table,
                                     Sighting::kRead, key.AsBytes(), &bytes_, wait);
    if (!found.ok()) {
      if (!found.status().Is(sqlstate::kLockNotAvailable)) return found;
      if (target.wait == sql::LockWait::kSkip) return false;
      if (target.wait == sql::LockWait::kBlock) return found;
      return Status(
          sqlstate::kLockNotAvailable,
          fmt::format("could not obtain lock on row in relation \"{}\"", target.table->name));
    }
    if (!*found) return false;
    if (target.decoder == nullptr) return true;
    OMEN_RETURN_IF_ERROR(target.decoder->Decode(bytes_, &row_));
    for (size_t i = 0; i < target.slots.size(); ++i) {
      context_.frame[target.slots[i]] = std::move(row_[i]);
    }
    return true;
  }

  const LockRows& plan_;
  EvalContext& context_;
  std::unique_ptr<Operator> child_;
  std::string bytes_;
  Row row_;
};

}  // namespace

std::unique_ptr<Operator> LockRows::Start(EvalContext* context) const {
  return std::make_unique<LockRowsOperator>(*this, context);
}

void LockRows::Finalize(const Scope& scope) {
  child->Finalize(scope);
  for (RowLockTarget& target : targets) {
    const std::vector<int>& slots = scope.slots[static_cast<size_t>(target.relation)];
    std::vector<int> attnums;
    for (size_t i = 0; i < slots.size(); ++i) {
      if (slots[i] < 0) continue;
      attnums.push_back(target.attnums[i]);
      target.slots.push_back(slots[i]);
    }
    if (!attnums.empty()) {
      target.decoder = std::make_unique<rowstore::RowDecoder>(*target.table, attnums);
    }
  }
}

}  // namespace omen::exec
