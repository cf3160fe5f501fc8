// BEGIN, COMMIT, ROLLBACK, savepoints, SET TRANSACTION.
#include <fmt/format.h>

#include "session/transaction/setting_statements.h"
#include "session/transaction/transaction_block.h"

namespace omen::session {
namespace {

Status OnlyInBlock(std::string_view command) {
  return Status(sqlstate::kNoActiveTransaction,
                fmt::format("{} can only be used in transaction blocks", command));
}

}  // namespace

Status TransactionBlock::Run(const sql::TransactionControl& control, std::string* tag) {
  using Kind = sql::TransactionControl::Kind;
  switch (control.kind) {
    case Kind::kBegin:
      return RunBegin(control);
    case Kind::kCommit:
      return RunCommit(control, tag);
    case Kind::kRollback:
      return RunRollback(control);
    case Kind::kSavepoint:
    case Kind::kRelease:
    case Kind::kRollbackTo:
      return RunSavepoint(control);
  }
  return Status::Ok();
}

Status TransactionBlock::RunBegin(const sql::TransactionControl& control) {
  if (state_ == BlockState::kExplicit) {
    parts_.notices->Warn(sqlstate::kActiveTransaction,
                         "there is already a transaction in progress");
    return Status::Ok();
  }
  exec::TransactionOptions with = DefaultOptions();
  if (control.isolation) with.isolation = *control.isolation;
  if (control.read_only) with.read_only = *control.read_only;
  if (transaction_ == nullptr) return Begin(BlockState::kExplicit, with);
  // Earlier statements of this message have begun it: it becomes a block.
  OMEN_RETURN_IF_ERROR(transaction_->SetIsolation(with.isolation));
  OMEN_RETURN_IF_ERROR(transaction_->SetReadOnly(with.read_only));
  options_ = with;
  state_ = BlockState::kExplicit;
  return Status::Ok();
}

Status TransactionBlock::RunCommit(const sql::TransactionControl& control, std::string* tag) {
  const exec::TransactionOptions again = options_;
  switch (state_) {
    case BlockState::kNone:
    case BlockState::kImplicit:
      if (control.chain) return OnlyInBlock("COMMIT AND CHAIN");
      parts_.notices->Warn(sqlstate::kNoActiveTransaction, "there is no transaction in progress");
      return Commit();
    case BlockState::kFailed:
      Rollback();
      *tag = "ROLLBACK";
      break;
    case BlockState::kExplicit:
      if (control.chain) LetCommitWait(false);
      OMEN_RETURN_IF_ERROR(Commit());
      break;
  }
  return control.chain ? Begin(BlockState::kExplicit, again) : Status::Ok();
}

Status TransactionBlock::RunRollback(const sql::TransactionControl& control) {
  const exec::TransactionOptions again = options_;
  if (IsImplicit()) {
    if (control.chain) return OnlyInBlock("ROLLBACK AND CHAIN");
    parts_.notices->Warn(sqlstate::kNoActiveTransaction, "there is no transaction in progress");
    Rollback();
    return Status::Ok();
  }
  Rollback();
  return control.chain ? Begin(BlockState::kExplicit, again) : Status::Ok();
}

Status TransactionBlock::RunSavepoint(const sql::TransactionControl& control) {
  using Kind = sql::TransactionControl::Kind;
  const bool back = control.kind == Kind::kRollbackTo;
  if (IsImplicit()) {
    return OnlyInBlock(back                               ? "ROLLBACK TO SAVEPOINT"
                       : control.kind == Kind::kSavepoint ? "SAVEPOINT"
                                                          : "RELEASE SAVEPOINT");
  }
  if (control.kind == Kind::kSavepoint) {
    OMEN_RETURN_IF_ERROR(transaction_->Savepoint(control.savepoint));
    savepoints_.push_back({control.savepoint, parts_.settings->Mark()});
    return Status::Ok();
  }
  size_t found = savepoints_.size();
  while (found > 0 && savepoints_[found - 1].name != control.savepoint) --found;
  if (found == 0) {
    return Status(sqlstate::kInvalidSavepoint,
                  fmt::format("savepoint \"{}\" does not exist", control.savepoint));
  }
  if (back) {
    parts_.portals->CloseOfTransaction(found);
    // Cursors that stay open must not read through what is undone.
    OMEN_RETURN_IF_ERROR(parts_.portals->Drain(nullptr));
    OMEN_RETURN_IF_ERROR(transaction_->RollbackTo(control.savepoint));
    parts_.settings->RollbackTo(savepoints_[found - 1].settings_mark);
    savepoints_.resize(found);
    state_ = BlockState::kExplicit;
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(transaction_->Release(control.savepoint));
  savepoints_.resize(found - 1);
  parts_.portals->LimitDepth(savepoints_.size());
  return Status::Ok();
}

Status TransactionBlock::SetDefaults(const sql::SetTransaction& set) {
  if (set.isolation) {
    const std::string name(IsolationName(*set.isolation));
    OMEN_RETURN_IF_ERROR(parts_.settings->Set("default_transaction_isolation", {name}, false));
  }
  if (set.read_only) {
    const std::string name = *set.read_only ? "on" : "off";
    OMEN_RETURN_IF_ERROR(parts_.settings->Set("default_transaction_read_only", {name}, false));
  }
  return Status::Ok();
}

Status TransactionBlock::Set(const sql::SetTransaction& set) {
  if (set.session_default) return SetDefaults(set);
  if (!InBlock()) {
    parts_.notices->Warn(sqlstate::kNoActiveTransaction,
                         "SET TRANSACTION can only be used in transaction blocks");
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(Ensure());
  if (ran_query_ && set.isolation && *set.isolation != transaction_->options().isolation) {
    return Status(sqlstate::kActiveTransaction,
                  "SET TRANSACTION ISOLATION LEVEL must be called before any query");
  }
  if (set.isolation) OMEN_RETURN_IF_ERROR(transaction_->SetIsolation(*set.isolation));
  if (set.read_only) OMEN_RETURN_IF_ERROR(transaction_->SetReadOnly(*set.read_only));
  options_ = transaction_->options();
  return Status::Ok();
}

}  // namespace omen::session
