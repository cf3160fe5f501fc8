#include "exec/statement/transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/blame.h"
#include "base/containment.h"
#include "statistics/statistics.h"

namespace omen::exec {
namespace {

rowstore::IsolationLevel RowIsolation(sql::Isolation isolation) {
  return isolation == sql::Isolation::kRepeatableRead ? rowstore::IsolationLevel::kRepeatableRead
                                                      : rowstore::IsolationLevel::kReadCommitted;
}

}  // namespace

Transaction::Transaction(const TransactionServices& services, const TransactionOptions& options)
    : services_(services),
      options_(options),
      locks_(services.locks, &party_),
      rows_(services.rows->Begin(RowIsolation(options.isolation), &party_)),
      draft_(services.catalog),
      seen_(services.hidden),
      end_work_(services.rows) {}

Transaction::~Transaction() { Rollback(); }

void Transaction::Restart(const TransactionOptions& options) {
  options_ = options;
  began_statement_ = false;
  given_view_.reset();
  const rowstore::IsolationLevel isolation = RowIsolation(options.isolation);
  if (rows_->isolation() != isolation) rows_ = services_.rows->Begin(isolation, &party_);
}

void Transaction::SetMemory(const MemoryAccountPtr& account) {
  if (memory_.account() != account) memory_ = MemoryMeter(account);
  rows_->set_memory(account);
}

void Transaction::SetWaits(const CancelToken* cancel, int64_t lock_timeout_ms) {
  cancel_ = cancel;
  lock_timeout_ms_ = lock_timeout_ms;
  rows_->set_cancel(cancel);
  rows_->set_lock_timeout(std::chrono::milliseconds(lock_timeout_ms));
}

void Transaction::ReadAt(std::shared_ptr<rowstore::ReadView> view) {
  OMEN_CHECK(repeatable() && options_.read_only && !began_statement_);
  given_view_ = std::move(view);
}

void Transaction::BeginStatement() {
  if (given_view_ != nullptr) {
    view_catalog_version_ = 0;  // the view is older than any catalogue at hand
  } else if (repeatable() && !began_statement_) {
    view_catalog_version_ = services_.catalog->version();
  }
  if (given_view_ == nullptr) rows_->BeginStatement();
  began_statement_ = true;
}

void Transaction::EndStatement() {
  if (!repeatable()) pin_.reset();
}

Status Transaction::SetIsolation(sql::Isolation isolation) {
  if (isolation == options_.isolation) return Status::Ok();
  if (began_statement_) {
    return Status(sqlstate::kActiveTransaction,
                  "SET TRANSACTION ISOLATION LEVEL must be called before any query");
  }
  if (isolation == sql::Isolation::kSerializable) {
    return NotSupported("transaction isolation level SERIALIZABLE");
  }
  options_.isolation = isolation;
  rows_ = services_.rows->Begin(RowIsolation(isolation), &party_);
  rows_->set_memory(memory_.account());
  SetWaits(cancel_, lock_timeout_ms_);
  return Status::Ok();
}

Status Transaction::SetReadOnly(bool read_only) {
  if (!read_only && options_.read_only && !savepoints_.empty()) {
    return Status(sqlstate::kActiveTransaction,
                  "cannot set transaction read-write mode inside a read-only transaction");
  }
  if (!read_only && options_.read_only && began_statement_) {
    return Status(sqlstate::kActiveTransaction,
                  "transaction read-write mode must be set before any query");
  }
  options_.read_only = read_only;
  return Status::Ok();
}

std::shared_ptr<const catalog::Snapshot> Transaction::catalog() const {
  auto newest = draft_.Newest();
  if (!repeatable() || !began_statement_ || newest->version() == view_catalog_version_) {
    return newest;
  }
  return seen_.Of(std::move(newest),
                  [this](catalog::StorageId storage) { return SeesStorage(storage); });
}

uint64_t Transaction::catalog_version() const {
  const uint64_t published = services_.catalog->version();
  const bool newest = !repeatable() || !began_statement_ || published == view_catalog_version_;
  return !draft_.begun() && newest ? published : catalog()->version();
}

bool Transaction::SeesStorage(catalog::StorageId storage) const {
  if (!repeatable() || view() == nullptr || end_work_.HasBuilt(storage)) return true;
  return services_.ages->IsSeenBy(storage, view()->commit_id());
}

Status Transaction::Lock(LockTag tag, LockMode mode, bool nowait) {
  RelationLocks::Wait wait;
  wait.nowait = nowait;
  wait.timeout = std::chrono::milliseconds(lock_timeout_ms_);
  wait.cancel = cancel_;
  return locks_.Lock(tag, mode, wait);
}

void Transaction::NoteFill(catalog::StorageId storage, uint64_t rows) {
  rows_->NoteStorage(storage);
  if (services_.statistics != nullptr) services_.statistics->NoteFill(storage, rows);
}

bool Transaction::HasChanged(catalog::StorageId storage) const {
  if (end_work_.HasBuilt(storage) || draft_.HasTable(storage)) return true;
  const auto& changed = rows_->changed_storages();
  return std::ranges::find(changed, storage) != changed.end();
}

Result<replica::Pin*> Transaction::TakePin() {
  if (pin_ != nullptr) return pin_.get();
  replica::Replica* replica = services_.replica;
  if (replica == nullptr) {
    return Unavailable("the column store is not available");
  }
  if (repeatable() && began_statement_) {
    return Unavailable("the column store has moved past this transaction's snapshot");
  }
  const auto take_view = [this] {
    BeginStatement();
    return rows_->view();
  };
  OMEN_ASSIGN_OR_RETURN(replica::Pin pin, replica->PinAt(take_view, cancel_));
  pin_ = std::make_unique<replica::Pin>(std::move(pin));
  return pin_.get();
}

Status Transaction::Savepoint(const std::string& name) {
  // Here, in the row store and in the session.
  constexpr size_t kSavepointBytes = 320;
  SavepointState state;
  state.name = name;
  state.read_only = options_.read_only;
  state.had_draft = draft_.begun();
  state.mutations = draft_.mutations();
  state.end_work = end_work_.mark();
  state.charged = static_cast<int64_t>(kSavepointBytes + 2 * name.size() +
                                       state.mutations.size() * sizeof(catalog::Mutation));
  if (Status charged = memory_.Charge(state.charged); !charged.ok()) {
    memory_.Release(state.charged);
    return charged;
  }
  state.draft_bytes = draft_.charged_bytes();
  savepoints_.push_back(std::move(state));
  rows_->SetSavepoint();
  locks_.SetSavepoint();
  return Status::Ok();
}

void Transaction::PopSavepoint() {
  rows_->ReleaseSavepoint();
  locks_.ReleaseSavepoint();
  memory_.Release(savepoints_.back().charged);
  savepoints_.pop_back();
}

Result<size_t> Transaction::FindSavepoint(const std::string& name) const {
  for (size_t i = savepoints_.size(); i > 0; --i) {
    if (savepoints_[i - 1].name == name) return i - 1;
  }
  return Status(sqlstate::kInvalidSavepoint, fmt::format("savepoint \"{}\" does not exist", name));
}

Status Transaction::RollbackTo(const std::string& name) {
  OMEN_ASSIGN_OR_RETURN(const size_t found, FindSavepoint(name));
  while (savepoints_.size() > found + 1) {
    OMEN_RETURN_IF_ERROR(rows_->RollbackToSavepoint());
    PopSavepoint();
  }
  OMEN_RETURN_IF_ERROR(rows_->RollbackToSavepoint());
  const SavepointState& state = savepoints_.back();
  options_.read_only = state.read_only;
  draft_.RollBackTo(state.had_draft ? &state.mutations : nullptr, state.draft_bytes, &memory_);
  end_work_.RollBackTo(state.end_work);
  locks_.RollbackToSavepoint();
  return Status::Ok();
}

Status Transaction::Release(const std::string& name) {
  OMEN_ASSIGN_OR_RETURN(const size_t found, FindSavepoint(name));
  while (savepoints_.size() > found) PopSavepoint();
  return Status::Ok();
}

bool Transaction::StartCommit(const rowstore::CommitWay& way) {
  pin_.reset();
  for (const catalog::Mutation& mutation : draft_.mutations()) {
    commit_failure_ = rows_->PutCatalog(mutation);
    if (!commit_failure_.ok()) return true;
  }
  SharedChange change;  // from here on others see what was done
  return rows_->StartCommit(way);
}

Result<rowstore::CommitId> Transaction::EndCommit() {
  if (!commit_failure_.ok()) {
    Rollback();
    return std::exchange(commit_failure_, Status::Ok());
  }
  SharedChange change;
  auto committed = rows_->EndCommit();
  if (!committed.ok()) {
    Rollback();
    return committed;
  }
  end_work_.RunCommitted();
  End();
  return committed;
}

Result<rowstore::CommitId> CommitNow(Transaction* transaction) {
  (void)transaction->StartCommit({});
  return transaction->EndCommit();
}

void Transaction::End() {
  seen_.Forget();
  end_work_.Clear();
  draft_.Clear();
  std::vector<SavepointState>().swap(savepoints_);
  memory_.Release(memory_.used());
  locks_.ReleaseAll();
}

void Transaction::Rollback() {
  pin_.reset();
  if (rows_ != nullptr) rows_->Rollback();
  end_work_.RunAborted();
  End();
}

}  // namespace omen::exec
