#include "exec/statement/transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/blame.h"
#include "base/containment.h"

namespace omen::exec {
namespace {

rowstore::IsolationLevel RowIsolation(sql::Isolation isolation) {
  return isolation == sql::Isolation::kRepeatableRead ? rowstore::IsolationLevel::kRepeatableRead
                                                      : rowstore::IsolationLevel::kReadCommitted;
}

void Replay(const std::vector<catalog::Mutation>& mutations, catalog::Builder* builder) {
  for (const catalog::Mutation& mutation : mutations) {
    if (mutation.object != nullptr) {
      builder->Put(*mutation.object);
    } else {
      builder->Erase(mutation.oid);
    }
  }
}

}  // namespace

Transaction::Transaction(const TransactionServices& services, const TransactionOptions& options)
    : services_(services),
      options_(options),
      locks_(services.locks, &party_),
      rows_(services.rows->Begin(RowIsolation(options.isolation), &party_)) {}

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

std::shared_ptr<const catalog::Snapshot> Transaction::NewestCatalog() const {
  auto current = services_.catalog->Current();
  if (builder_ == nullptr) return current;
  if (draft_ != nullptr && draft_of_ == current) return draft_;
  if (base_ == current) {
    draft_ = builder_->Share();
  } else {
    catalog::Builder over(current);
    Replay(builder_->mutations(), &over);
    draft_ = over.Share();
  }
  draft_of_ = std::move(current);
  return draft_;
}

std::shared_ptr<const catalog::Snapshot> Transaction::catalog() const {
  auto newest = NewestCatalog();
  return repeatable() && began_statement_ ? AsSeen(std::move(newest)) : newest;
}

uint64_t Transaction::catalog_version() const {
  const uint64_t published = services_.catalog->version();
  const bool newest = !repeatable() || !began_statement_ || published == view_catalog_version_;
  return builder_ == nullptr && newest ? published : catalog()->version();
}

bool Transaction::SeesStorage(catalog::StorageId storage) const {
  if (!repeatable() || view() == nullptr || built_.contains(storage)) return true;
  return services_.ages->IsSeenBy(storage, view()->commit_id());
}

void Transaction::ForgetHidden() const {
  if (hiding_version_ != 0) services_.hidden->Forget(hiding_version_);
  hiding_version_ = 0;
}

std::shared_ptr<const catalog::Snapshot> Transaction::AsSeen(
    std::shared_ptr<const catalog::Snapshot> newest) const {
  if (newest->version() == view_catalog_version_) return newest;
  if (newest == as_seen_of_) return as_seen_;
  HiddenIndexes::Set hidden;
  for (const catalog::Object* object : newest->All(catalog::ObjectClass::kTable)) {
    for (const catalog::Index& index : std::get<catalog::Table>(*object).indexes) {
      if (!index.primary && !SeesStorage(index.storage_id)) hidden.insert(index.storage_id);
    }
  }
  ForgetHidden();
  as_seen_of_ = newest;
  as_seen_ = newest;
  if (!hidden.empty()) {
    as_seen_ = catalog::Builder(newest).Share();
    hiding_version_ = as_seen_->version();
    services_.hidden->Hide(hiding_version_, std::move(hidden));
  }
  return as_seen_;
}

catalog::Builder& Transaction::MutableCatalog() {
  const auto current = services_.catalog->Current();
  if (builder_ == nullptr || base_ != current) {
    ReplayDraft(builder_ == nullptr ? std::vector<catalog::Mutation>() : builder_->mutations());
  }
  draft_.reset();
  return *builder_;
}

Status Transaction::ChargeCatalog(size_t before) {
  constexpr size_t kDefinitionMax = 16 << 20;
  if (builder_ == nullptr) return Status::Ok();
  const std::vector<catalog::Mutation>& mutations = builder_->mutations();
  // The last one may have been changed again.
  for (size_t i = std::min(before, mutations.size() - 1); i < mutations.size(); ++i) {
    if (mutations[i].object == nullptr) continue;
    const size_t bytes = catalog::EncodeObject(*mutations[i].object).size();
    if (bytes > kDefinitionMax) {
      return Status(sqlstate::kProgramLimit,
                    fmt::format("an object's definition with its comments may have {} MB",
                                kDefinitionMax >> 20));
    }
    draft_bytes_ += static_cast<int64_t>(bytes);
    OMEN_RETURN_IF_ERROR(memory_.Charge(static_cast<int64_t>(bytes)));
  }
  return Status::Ok();
}

void Transaction::ReplayDraft(const std::vector<catalog::Mutation>& mutations) {
  base_ = services_.catalog->Current();
  auto builder = std::make_unique<catalog::Builder>(base_);
  Replay(mutations, builder.get());
  builder_ = std::move(builder);
  draft_.reset();
}

void Transaction::DropStorageAtAbort(catalog::StorageId storage) {
  if (built_.insert(storage).second) drop_at_abort_.push_back(storage);
}

Status Transaction::Lock(LockTag tag, LockMode mode, bool nowait) {
  RelationLocks::Wait wait;
  wait.nowait = nowait;
  wait.timeout = std::chrono::milliseconds(lock_timeout_ms_);
  wait.cancel = cancel_;
  return locks_.Lock(tag, mode, wait);
}

bool Transaction::HasChanged(catalog::StorageId storage) const {
  if (built_.contains(storage)) return true;
  if (builder_ != nullptr) {
    for (const catalog::Mutation& mutation : builder_->mutations()) {
      const auto* table =
          mutation.object == nullptr ? nullptr : std::get_if<catalog::Table>(mutation.object.get());
      if (table != nullptr && table->storage_id == storage) return true;
    }
  }
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
  state.had_draft = builder_ != nullptr;
  if (state.had_draft) state.mutations = builder_->mutations();
  state.commit_drops = drop_at_commit_.size();
  state.abort_drops = drop_at_abort_.size();
  state.commit_actions = at_commit_.size();
  state.charged = static_cast<int64_t>(kSavepointBytes + 2 * name.size() +
                                       state.mutations.size() * sizeof(catalog::Mutation));
  if (Status charged = memory_.Charge(state.charged); !charged.ok()) {
    memory_.Release(state.charged);
    return charged;
  }
  state.draft_bytes = draft_bytes_;
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
  if (state.had_draft) {
    ReplayDraft(state.mutations);
  } else {
    builder_.reset();
    draft_.reset();
  }
  memory_.Release(draft_bytes_ - state.draft_bytes);
  draft_bytes_ = state.draft_bytes;
  drop_at_commit_.resize(state.commit_drops);
  at_commit_.resize(state.commit_actions);
  std::vector<catalog::StorageId> built(
      drop_at_abort_.begin() + static_cast<std::ptrdiff_t>(state.abort_drops),
      drop_at_abort_.end());
  drop_at_abort_.resize(state.abort_drops);
  // Noted again after the savepoint, a storage from before it stays.
  std::erase_if(built, [&](catalog::StorageId storage) {
    return std::ranges::find(drop_at_abort_, storage) != drop_at_abort_.end();
  });
  for (catalog::StorageId storage : built) built_.erase(storage);
  DropStorages(&built);
  locks_.RollbackToSavepoint();
  return Status::Ok();
}

Status Transaction::Release(const std::string& name) {
  OMEN_ASSIGN_OR_RETURN(const size_t found, FindSavepoint(name));
  while (savepoints_.size() > found) PopSavepoint();
  return Status::Ok();
}

void Transaction::DropStorages(std::vector<catalog::StorageId>* storages) {
  for (catalog::StorageId storage : *storages) services_.rows->DropStorage(storage);
  storages->clear();
}

Result<rowstore::CommitId> Transaction::Commit() {
  pin_.reset();
  if (builder_ != nullptr) {
    for (const catalog::Mutation& mutation : builder_->mutations()) {
      Status written = rows_->PutCatalog(mutation);
      if (!written.ok()) {
        Rollback();
        return written;
      }
    }
  }
  SharedChange change;  // from here on others see what was done
  auto committed = rows_->Commit();
  if (!committed.ok()) {
    Rollback();
    return committed;
  }
  drop_at_abort_.clear();
  DropStorages(&drop_at_commit_);
  for (const auto& action : at_commit_) action();
  End();
  return committed;
}

void Transaction::End() {
  ForgetHidden();
  as_seen_.reset();
  as_seen_of_.reset();
  at_commit_.clear();
  builder_.reset();
  draft_.reset();
  draft_of_.reset();
  std::vector<SavepointState>().swap(savepoints_);
  memory_.Release(memory_.used());
  draft_bytes_ = 0;
  built_.clear();
  locks_.ReleaseAll();
}

void Transaction::Rollback() {
  pin_.reset();
  if (rows_ != nullptr) rows_->Rollback();
  DropStorages(&drop_at_abort_);
  drop_at_commit_.clear();
  End();
}

}  // namespace omen::exec
