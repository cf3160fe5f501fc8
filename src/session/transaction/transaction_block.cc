#include "session/transaction/transaction_block.h"

namespace omen::session {

bool TransactionBlock::InBlock() const {
  return state_ == BlockState::kExplicit || failed() || several_statements_;
}

char TransactionBlock::status() const {
  if (state_ == BlockState::kExplicit) return 'T';
  return failed() ? 'E' : 'I';
}

std::shared_ptr<const catalog::Snapshot> TransactionBlock::Catalog() const {
  return transaction_ != nullptr ? transaction_->catalog() : parts_.database->catalog().Current();
}

uint64_t TransactionBlock::CatalogVersion() const {
  return transaction_ != nullptr ? transaction_->catalog_version()
                                 : parts_.database->catalog().version();
}

Status TransactionBlock::CheckNotFailed(bool transaction_exit) const {
  if (!failed() || transaction_exit) return Status::Ok();
  return Status(sqlstate::kFailedTransaction,
                "current transaction is aborted, commands ignored until end of transaction block");
}

void TransactionBlock::BeginMessage(int64_t statement_micros) {
  several_statements_ = commit_may_wait_ = false;
  statement_micros_ = statement_micros;
}

exec::TransactionOptions TransactionBlock::DefaultOptions() const {
  const EffectiveSettings& settings = parts_.settings->effective();
  return {settings.default_isolation, settings.default_read_only};
}

void TransactionBlock::SetWaits() {
  transaction_->SetWaits(parts_.token, parts_.settings->effective().exec.lock_timeout_ms);
}

Status TransactionBlock::Begin(BlockState state, const exec::TransactionOptions& options) {
  OMEN_CHECK(transaction_ == nullptr);
  OMEN_ASSIGN_OR_RETURN(transaction_, parts_.database->Begin(options, std::move(ended_)));
  transaction_->SetMemory(parts_.memory);
  transaction_->SetPid(parts_.backend_pid);
  SetWaits();
  state_ = state;
  options_ = options;
  transaction_micros_ = statement_micros_;
  ran_query_ = false;
  return Status::Ok();
}

Status TransactionBlock::Ensure() {
  if (transaction_ == nullptr) return Begin(BlockState::kImplicit, DefaultOptions());
  if (state_ == BlockState::kExplicit) SetWaits();
  return Status::Ok();
}

void TransactionBlock::EndStatement() {
  if (transaction_ != nullptr && !parts_.portals->AnyLive()) transaction_->EndStatement();
}

Status TransactionBlock::Commit() {
  if (Status stored = parts_.portals->KeepHeld(); !stored.ok()) {
    Rollback();
    return stored;
  }
  parts_.portals->CloseOfTransaction(0);
  state_ = BlockState::kNone;
  std::vector<SavepointMark>().swap(savepoints_);
  if (transaction_ == nullptr) {
    parts_.settings->Commit();
    return Status::Ok();
  }
  wrote_ = transaction_->has_writes();
  const rowstore::CommitWay way = {.waiting = commit_may_wait_ ? parts_.client : nullptr,
                                   .synced = parts_.settings->effective().synced_commits};
  commits_ = !transaction_->StartCommit(way);
  return commits_ ? Status::Ok() : EndCommit();
}

Status TransactionBlock::EndCommit() {
  commits_ = false;
  auto committed = transaction_->EndCommit();
  ended_ = std::move(transaction_);
  if (!committed.ok()) {
    parts_.settings->Rollback();
    return std::move(committed).status();
  }
  if (wrote_) session_commit_ = *committed;
  parts_.settings->Commit();
  return Status::Ok();
}

void TransactionBlock::Rollback() {
  parts_.portals->CloseOfTransaction(0);
  if (transaction_ != nullptr) {
    transaction_->Rollback();
    ended_ = std::move(transaction_);
  }
  parts_.settings->Rollback();
  std::vector<SavepointMark>().swap(savepoints_);
  state_ = BlockState::kNone;
}

void TransactionBlock::Fail() {
  if (IsImplicit()) {
    Rollback();
    return;
  }
  if (failed()) return;
  // What came before the savepoint may be needed again.
  if (savepoints_.empty() || !UndoToSavepoint().ok()) Rollback();
  state_ = BlockState::kFailed;
}

void TransactionBlock::Abandon() {
  const bool implicit = IsImplicit();
  Rollback();
  if (!implicit) state_ = BlockState::kFailed;
}

Status TransactionBlock::UndoToSavepoint() {
  parts_.portals->CloseOfTransaction(savepoints_.size());
  parts_.settings->RollbackTo(savepoints_.back().settings_mark);
  // Cursors that stay open must not read through what is undone.
  OMEN_RETURN_IF_ERROR(parts_.portals->Drain(nullptr));
  return transaction_->RollbackTo(savepoints_.back().name);
}

Status TransactionBlock::EndImplicit() { return IsImplicit() ? Commit() : Status::Ok(); }

}  // namespace omen::session
