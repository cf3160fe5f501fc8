// The state of the transaction block, as PostgreSQL's xact.c moves it.
#include <fmt/format.h>

#include <algorithm>

#include "session/session_impl.h"

namespace omen::session {
namespace {

Status OnlyInBlock(std::string_view command) {
  return Status(sqlstate::kNoActiveTransaction,
                fmt::format("{} can only be used in transaction blocks", command));
}

}  // namespace

exec::TransactionOptions Session::Impl::DefaultOptions() const {
  return {settings.effective().default_isolation, settings.effective().default_read_only};
}

Status Session::Impl::BeginTransaction(BlockState state,
                                       const exec::TransactionOptions& with_options) {
  OMEN_CHECK(transaction == nullptr);
  OMEN_ASSIGN_OR_RETURN(transaction, database->Begin(with_options, std::move(ended_transaction)));
  transaction->SetMemory(memory);
  transaction->SetPid(options.backend_pid);
  transaction->SetWaits(&token, settings.effective().exec.lock_timeout_ms);
  block = state;
  block_options = with_options;
  transaction_micros = statement_micros;
  ran_query = false;
  return Status::Ok();
}

Status Session::Impl::EnsureTransaction() {
  if (transaction == nullptr) {
    return BeginTransaction(BlockState::kImplicit, DefaultOptions());
  }
  if (block == BlockState::kExplicit) {
    transaction->SetWaits(&token, settings.effective().exec.lock_timeout_ms);
  }
  return Status::Ok();
}

bool Session::Impl::InBlock() const {
  return block == BlockState::kExplicit || block == BlockState::kFailed || several_statements;
}

Status Session::Impl::CommitTransaction() {
  Status stored;
  for (auto& [name, portal] : portals) {
    if (!portal->hold || portal->persisted) continue;
    stored = portal->Store();
    if (!stored.ok()) break;
    portal->persisted = true;
    portal->context.transaction = nullptr;
  }
  if (!stored.ok()) {
    RollbackTransaction();
    return stored;
  }
  DropTransactionPortals(0);
  block = BlockState::kNone;
  std::vector<SavepointMark>().swap(savepoints);
  if (transaction == nullptr) {
    settings.Commit();
    return Status::Ok();
  }
  const bool wrote = transaction->has_writes();
  auto committed = transaction->Commit();
  ended_transaction = std::move(transaction);
  if (!committed.ok()) {
    settings.Rollback();
    return std::move(committed).status();
  }
  if (wrote) session_commit = *committed;
  settings.Commit();
  return Status::Ok();
}

void Session::Impl::RollbackTransaction() {
  DropTransactionPortals(0);
  if (transaction != nullptr) {
    transaction->Rollback();
    ended_transaction = std::move(transaction);
  }
  settings.Rollback();
  std::vector<SavepointMark>().swap(savepoints);
  block = BlockState::kNone;
}

void Session::Impl::FailTransaction() {
  if (block == BlockState::kNone || block == BlockState::kImplicit) {
    RollbackTransaction();
    return;
  }
  if (block == BlockState::kFailed) return;
  // What came before the savepoint may be needed again.
  if (savepoints.empty() || !UndoToSavepoint().ok()) RollbackTransaction();
  block = BlockState::kFailed;
}

Status Session::Impl::UndoToSavepoint() {
  DropTransactionPortals(savepoints.size());
  settings.RollbackTo(savepoints.back().settings_mark);
  // Cursors that stay open must not read through what is undone.
  OMEN_RETURN_IF_ERROR(DrainPortals(nullptr));
  return transaction->RollbackTo(savepoints.back().name);
}

Status Session::Impl::EndImplicit() {
  if (block != BlockState::kNone && block != BlockState::kImplicit) return Status::Ok();
  return CommitTransaction();
}

Status Session::Impl::RunTransactionControl(const sql::TransactionControl& control,
                                            std::string* tag) {
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

Status Session::Impl::RunBegin(const sql::TransactionControl& control) {
  if (block == BlockState::kExplicit) {
    Warn(sqlstate::kActiveTransaction, "there is already a transaction in progress");
    return Status::Ok();
  }
  exec::TransactionOptions with = DefaultOptions();
  if (control.isolation) with.isolation = *control.isolation;
  if (control.read_only) with.read_only = *control.read_only;
  if (transaction == nullptr) return BeginTransaction(BlockState::kExplicit, with);
  // Earlier statements of this message have begun it: it becomes a block.
  OMEN_RETURN_IF_ERROR(transaction->SetIsolation(with.isolation));
  OMEN_RETURN_IF_ERROR(transaction->SetReadOnly(with.read_only));
  block_options = with;
  block = BlockState::kExplicit;
  return Status::Ok();
}

Status Session::Impl::RunCommit(const sql::TransactionControl& control, std::string* tag) {
  const exec::TransactionOptions again = block_options;
  switch (block) {
    case BlockState::kNone:
    case BlockState::kImplicit:
      if (control.chain) return OnlyInBlock("COMMIT AND CHAIN");
      Warn(sqlstate::kNoActiveTransaction, "there is no transaction in progress");
      return CommitTransaction();
    case BlockState::kFailed:
      RollbackTransaction();
      *tag = "ROLLBACK";
      break;
    case BlockState::kExplicit:
      OMEN_RETURN_IF_ERROR(CommitTransaction());
      break;
  }
  return control.chain ? BeginTransaction(BlockState::kExplicit, again) : Status::Ok();
}

Status Session::Impl::RunRollback(const sql::TransactionControl& control) {
  const exec::TransactionOptions again = block_options;
  if (block == BlockState::kNone || block == BlockState::kImplicit) {
    if (control.chain) return OnlyInBlock("ROLLBACK AND CHAIN");
    Warn(sqlstate::kNoActiveTransaction, "there is no transaction in progress");
    RollbackTransaction();
    return Status::Ok();
  }
  RollbackTransaction();
  return control.chain ? BeginTransaction(BlockState::kExplicit, again) : Status::Ok();
}

Status Session::Impl::RunSavepoint(const sql::TransactionControl& control) {
  using Kind = sql::TransactionControl::Kind;
  const bool back = control.kind == Kind::kRollbackTo;
  if (block == BlockState::kNone || block == BlockState::kImplicit) {
    return OnlyInBlock(back                               ? "ROLLBACK TO SAVEPOINT"
                       : control.kind == Kind::kSavepoint ? "SAVEPOINT"
                                                          : "RELEASE SAVEPOINT");
  }
  if (control.kind == Kind::kSavepoint) {
    OMEN_RETURN_IF_ERROR(transaction->Savepoint(control.savepoint));
    savepoints.push_back({control.savepoint, settings.Mark()});
    return Status::Ok();
  }
  size_t found = savepoints.size();
  while (found > 0 && savepoints[found - 1].name != control.savepoint) --found;
  if (found == 0) {
    return Status(sqlstate::kInvalidSavepoint,
                  fmt::format("savepoint \"{}\" does not exist", control.savepoint));
  }
  if (back) {
    DropTransactionPortals(found);
    // Cursors that stay open must not read through what is undone.
    OMEN_RETURN_IF_ERROR(DrainPortals(nullptr));
    OMEN_RETURN_IF_ERROR(transaction->RollbackTo(control.savepoint));
    settings.RollbackTo(savepoints[found - 1].settings_mark);
    savepoints.resize(found);
    block = BlockState::kExplicit;
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(transaction->Release(control.savepoint));
  savepoints.resize(found - 1);
  for (auto& [name, portal] : portals) {
    portal->savepoint_depth = std::min(portal->savepoint_depth, savepoints.size());
  }
  return Status::Ok();
}

Status Session::Impl::SetTransaction(const sql::SetTransaction& set) {
  if (set.session_default) {
    static constexpr std::string_view kNames[] = {"read uncommitted", "read committed",
                                                  "repeatable read", "serializable"};
    if (set.isolation) {
      std::string name(kNames[static_cast<size_t>(*set.isolation)]);
      OMEN_RETURN_IF_ERROR(settings.Set("default_transaction_isolation", {name}, false));
    }
    if (set.read_only) {
      std::string name = *set.read_only ? "on" : "off";
      OMEN_RETURN_IF_ERROR(settings.Set("default_transaction_read_only", {name}, false));
    }
    return Status::Ok();
  }
  if (!InBlock()) {
    Warn(sqlstate::kNoActiveTransaction, "SET TRANSACTION can only be used in transaction blocks");
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(EnsureTransaction());
  if (ran_query && set.isolation && *set.isolation != transaction->isolation()) {
    return Status(sqlstate::kActiveTransaction,
                  "SET TRANSACTION ISOLATION LEVEL must be called before any query");
  }
  if (set.isolation) OMEN_RETURN_IF_ERROR(transaction->SetIsolation(*set.isolation));
  if (set.read_only) OMEN_RETURN_IF_ERROR(transaction->SetReadOnly(*set.read_only));
  block_options = {transaction->isolation(), transaction->read_only()};
  return Status::Ok();
}

}  // namespace omen::session
