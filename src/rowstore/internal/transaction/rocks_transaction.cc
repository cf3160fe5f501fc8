#include "rowstore/internal/transaction/rocks_transaction.h"

#include <fmt/format.h>
#include <rocksdb/utilities/debug.h>
#include <rocksdb/utilities/write_batch_with_index.h>

#include <algorithm>
#include <optional>

#include "base/containment.h"
#include "base/contention/serving_place.h"
#include "base/contention/wait_order.h"
#include "base/work.h"
#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/meta_keys.h"
#include "rowstore/internal/engine/slices.h"
#include "rowstore/internal/view/rocks_iterator.h"

namespace omen::rowstore {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kPoolMax = 64;
// What a transaction that has ended keeps for the next one.
constexpr size_t kPooledBatchMax = 256 << 10;
constexpr size_t kKeptEntries = 1024;
// How often a waiter looks at its cancel token. Freed locks wake it at once.
constexpr milliseconds kLockSlice{50};
// A buffered write's key in the batch, its index and the lock table, and their nodes.
constexpr size_t kKeyCopies = 3;
constexpr size_t kWriteOverhead = 220;
// A value in the batch, and once more: while the batch grows, and when it is committed, its bytes
// are copied.
constexpr size_t kValueCopies = 2;
constexpr size_t kGrowthOverhead = 100;
// A locked key in the lock table and in the transaction's list, and their nodes.
constexpr size_t kLockCopies = 2;
constexpr size_t kLockOverhead = 320;
constexpr size_t kUnchangedOverhead = 80;

rocksdb::TransactionOptions LockingOptions() {
  rocksdb::TransactionOptions options;
  options.deadlock_detect = false;  // the wait graph does it, together with other locks
  options.lock_timeout = kLockSlice.count();
  return options;
}

}  // namespace

std::unique_ptr<rocksdb::Transaction> TransactionPool::Take() {
  std::unique_ptr<rocksdb::Transaction> idle;
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      idle = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  static const rocksdb::TransactionOptions kOptions = LockingOptions();
  rocksdb::Transaction* taken =
      engine_->transactions()->BeginTransaction(rocksdb::WriteOptions(), kOptions, idle.release());
  return std::unique_ptr<rocksdb::Transaction>(taken);
}

void TransactionPool::Give(std::unique_ptr<rocksdb::Transaction> transaction) {
  // A batch that was emptied keeps its memory.
  const std::string& batch = transaction->GetWriteBatch()->GetWriteBatch()->Data();
  if (batch.capacity() > kPooledBatchMax) return;
  std::lock_guard lock(mutex_);
  if (idle_.size() < kPoolMax) idle_.push_back(std::move(transaction));
}

/// The transaction is charged to its session. What one statement writes must fit in the
/// statement's own room, too: it would else take its session's at once.
Status TransactionCharges::Write(std::string_view key, size_t value_bytes) {
  written_ += static_cast<int64_t>(key.size() + value_bytes);
  const MemoryAccountPtr* statement = Work::StatementMemory();
  if (statement != nullptr && written_ - written_before_ > (*statement)->limit()) {
    return OutOfMemory(statement->get());
  }
  const size_t bytes = key.size() * kKeyCopies + value_bytes + kWriteOverhead;
  bytes_ += bytes;
  if (bytes_ <= bytes_max_) [[likely]]
    return memory_.Charge(
        static_cast<int64_t>(bytes + value_bytes * (kValueCopies - 1) + kGrowthOverhead));
  return Status(sqlstate::kProgramLimit,
                fmt::format("transaction exceeds the limit of {} MB of buffered writes",
                            bytes_max_ >> 20))
      .Hint("Commit in smaller parts, or load an empty table with COPY, which is not limited.");
}

Status TransactionCharges::Lock(std::string_view key, const rocksdb::Transaction* transaction) {
  const auto bytes = static_cast<int64_t>(key.size() * kLockCopies + kLockOverhead);
  ++lock_count_;
  lock_bytes_ += bytes;
  Status charged = memory_.Charge(bytes);
  if (lock_bytes_ < recount_at_) [[likely]]
    return charged;
  RecountLocks(transaction);
  return charged;
}

/// A key that is locked again takes nothing. Which it is the engine knows, and tells only by going
/// through all of them; so it is asked when what was counted has doubled.
void TransactionCharges::RecountLocks(const rocksdb::Transaction* transaction) {
  const size_t keys = transaction == nullptr ? 0 : transaction->GetNumKeys();
  if (keys < lock_count_) {
    const int64_t real =
        lock_bytes_ / static_cast<int64_t>(lock_count_) * static_cast<int64_t>(keys);
    memory_.Release(lock_bytes_ - real);
    lock_bytes_ = real;
    lock_count_ = keys;
  }
  recount_at_ = std::max(kFirstRecount, 2 * lock_bytes_);
}

Status TransactionCharges::Unchanged(std::string_view key) {
  return memory_.Charge(static_cast<int64_t>(key.size() + kUnchangedOverhead));
}

void TransactionCharges::RollBackTo(const Mark& mark) {
  bytes_ = mark.bytes;
  lock_count_ = std::min(lock_count_, mark.lock_count);
  lock_bytes_ = std::min(lock_bytes_, mark.lock_bytes);
  memory_.Release(std::max<int64_t>(memory_.used() - mark.charged, 0));
}

void TransactionCharges::Clear() {
  bytes_ = lock_count_ = 0;
  lock_bytes_ = written_ = written_before_ = 0;
  recount_at_ = kFirstRecount;
  memory_.Release(memory_.used());
}

void RocksTransaction::BeginStatement() {
  charges_.BeginStatement();
  if (view_ != nullptr) {
    if (isolation_ == IsolationLevel::kRepeatableRead) return;
    if (rocks_view_->generation() == parts_.views->generation()) return;
  }
  std::shared_ptr<RocksView> current = parts_.views->Current();
  rocks_view_ = current.get();
  view_ = std::move(current);
}

const rocksdb::ReadOptions& RocksTransaction::ReadOptionsNow() {
  if (view_ == nullptr) BeginStatement();
  return rocks_view_->read_options();
}

rocksdb::Transaction& RocksTransaction::Open() {
  if (transaction_ == nullptr) {
    transaction_ = parts_.pool->Take();
    party_->row_owner.store(transaction_->GetID(), std::memory_order_release);
    for (size_t i = 0; i < savepoints_.size(); ++i) transaction_->SetSavePoint();
  }
  return *transaction_;
}

Result<bool> RocksTransaction::Get(std::string_view key, std::string* value) {
  const rocksdb::ReadOptions& options = ReadOptionsNow();
  const rocksdb::Status status =
      kinds_.empty()
          ? parts_.engine->base()->Get(options, parts_.engine->rows(), SliceOf(key), value)
          : transaction_->Get(options, parts_.engine->rows(), SliceOf(key), value);
  if (status.ok()) return true;
  if (status.IsNotFound()) return false;
  return FromEngine(status, "read the row store");
}

Status RocksTransaction::LockFailure(const rocksdb::Status& status) const {
  if (status.IsDeadlock()) return Status(sqlstate::kDeadlock, "deadlock detected");
  return FromEngine(status, "lock a row");
}

milliseconds RocksTransaction::NextWait(bool first, steady_clock::time_point* deadline) const {
  PassPlace(first ? Pause::kBrief : Pause::kLong);
  if (lock_timeout_.count() == 0) return kLockSlice;
  const auto now = steady_clock::now();
  if (*deadline == steady_clock::time_point::max()) *deadline = now + lock_timeout_;
  return std::clamp(std::chrono::ceil<milliseconds>(*deadline - now), milliseconds(1), kLockSlice);
}

template <typename Attempt>
Status RocksTransaction::WithLock(Wait wait, Attempt attempt) {
  MayWaitFor(WaitStep::kLock);
  rocksdb::Transaction& transaction = Open();
  std::optional<WaitGraph::Wait> waiting;
  waited_ = false;
  steady_clock::time_point deadline = steady_clock::time_point::max();
  milliseconds slice(0);  // a lock that is free is taken without giving up the place
  for (;;) {
    transaction.SetLockTimeout(slice.count());
    rocksdb::Status status;
    {
      SharedChange lock_table;
      status = attempt(transaction);
    }
    if (waiting) OMEN_RETURN_IF_ERROR(waiting->Check());
    if (status.ok() || status.IsNotFound()) return Status::Ok();
    if (!status.IsTimedOut()) return LockFailure(status);
    if (cancel_ != nullptr) OMEN_RETURN_IF_ERROR(cancel_->Check());
    // Else the lock table's own mutex was taken for a moment: not a row lock.
    if (status.subcode() != rocksdb::Status::kMutexTimeout) {
      if (wait == Wait::kNoWait) {
        return Status(sqlstate::kLockNotAvailable, "could not obtain lock on row");
      }
      if (steady_clock::now() >= deadline) {
        return Status(sqlstate::kLockNotAvailable, "canceling statement due to lock timeout");
      }
    }
    if (wait != Wait::kBlock) continue;
    slice = NextWait(slice.count() == 0, &deadline);
    waited_ = true;
    if (!waiting) {
      waiting.emplace(parts_.waits, party_, "", [this](bool) { return RowBlockers(); });
    }
  }
}

WaitGraph::Blockers RocksTransaction::RowBlockers() const {
  WaitGraph::Blockers blockers;
  uint32_t column_family = 0;
  std::string key;
  blockers.row_owners = transaction_->GetWaitingTxns(&column_family, &key);
  blockers.known = !blockers.row_owners.empty();
  return blockers;
}

bool RocksTransaction::ViewIsNewest() const {
  return rocks_view_ != nullptr && rocks_view_->generation() == parts_.views->generation();
}

Result<bool> RocksTransaction::PeekNewest(std::string_view key, std::string* value) {
  rocksdb::ColumnFamilyHandle* rows = parts_.engine->rows();
  const rocksdb::ReadOptions newest;
  const rocksdb::Status status = kinds_.empty()
                                     ? parts_.engine->base()->Get(newest, rows, SliceOf(key), value)
                                     : transaction_->Get(newest, rows, SliceOf(key), value);
  if (status.IsNotFound()) return false;
  OMEN_RETURN_IF_ERROR(FromEngine(status, "read the row store"));
  return true;
}

Status RocksTransaction::CheckUnchanged(std::string_view key) {
  if (view_ == nullptr) BeginStatement();
  if (unchanged_.contains(std::string(key))) return Status::Ok();
  // No commit has been published since the view, and who writes this key now would hold its lock.
  if (rocks_view_->generation() != parts_.views->generation()) {
    std::vector<rocksdb::KeyVersion> newest;
    const rocksdb::Status status = rocksdb::GetAllKeyVersions(
        parts_.engine->base(), parts_.engine->rows(), SliceOf(key), SliceOf(key), 1, &newest);
    OMEN_RETURN_IF_ERROR(FromEngine(status, "read the row store"));
    if (!newest.empty() && newest[0].sequence > rocks_view_->sequence()) {
      return Status(sqlstate::kSerializationFailure,
                    "could not serialize access due to concurrent update");
    }
  }
  unchanged_.emplace(key);
  return charges_.Unchanged(key);
}

Result<bool> RocksTransaction::GetForUpdate(std::string_view key, std::string* value, Wait wait) {
  rocksdb::ColumnFamilyHandle* rows = parts_.engine->rows();
  bool found = false;
  std::string ignored;
  if (value == nullptr) value = &ignored;
  if (isolation_ == IsolationLevel::kRepeatableRead) {
    // The view comes before the lock: what changes between the two must be seen as changed.
    ReadOptionsNow();
  }
  OMEN_RETURN_IF_ERROR(charges_.Lock(key, transaction_.get()));
  OMEN_RETURN_IF_ERROR(WithLock(wait, [&](rocksdb::Transaction& transaction) {
    const rocksdb::Status status =
        transaction.GetForUpdate(rocksdb::ReadOptions(), rows, SliceOf(key), value,
                                 /*exclusive=*/true, /*do_validate=*/false);
    found = status.ok();
    return status;
  }));
  if (isolation_ == IsolationLevel::kRepeatableRead) OMEN_RETURN_IF_ERROR(CheckUnchanged(key));
  return found;
}

void RocksTransaction::UndoGetForUpdate(std::string_view key) {
  if (transaction_ != nullptr) transaction_->UndoGetForUpdate(parts_.engine->rows(), SliceOf(key));
}

Status RocksTransaction::LockUnchanged(std::string_view key) {
  if (isolation_ != IsolationLevel::kRepeatableRead || unchanged_.contains(std::string(key))) {
    return Status::Ok();
  }
  ReadOptionsNow();
  OMEN_RETURN_IF_ERROR(WithLock(Wait::kBlock, [&](rocksdb::Transaction& transaction) {
    return transaction.GetForUpdate(rocksdb::ReadOptions(), parts_.engine->rows(), SliceOf(key),
                                    static_cast<std::string*>(nullptr), /*exclusive=*/true,
                                    /*do_validate=*/false);
  }));
  return CheckUnchanged(key);
}

void RocksTransaction::RecordChange(catalog::StorageId storage, ChangeKind kind) {
  kinds_.push_back(static_cast<char>(kind));
  if (kind == ChangeKind::kNone) return;
  if (std::find(changed_.begin(), changed_.end(), storage) == changed_.end()) {
    changed_.push_back(storage);
  }
}

Status RocksTransaction::Put(catalog::StorageId storage, std::string_view key,
                             std::string_view value, ChangeKind kind) {
  OMEN_RETURN_IF_ERROR(charges_.Write(key, value.size()));
  // An index entry changes only with its row, which was compared: not with an index built since.
  if (kind != ChangeKind::kNone) OMEN_RETURN_IF_ERROR(LockUnchanged(key));
  OMEN_RETURN_IF_ERROR(WithLock(Wait::kBlock, [&](rocksdb::Transaction& transaction) {
    return transaction.Put(parts_.engine->rows(), SliceOf(key), SliceOf(value));
  }));
  RecordChange(storage, kind);
  return Status::Ok();
}

Status RocksTransaction::Delete(catalog::StorageId storage, std::string_view key, ChangeKind kind) {
  OMEN_RETURN_IF_ERROR(charges_.Write(key, 0));
  // An index entry changes only with its row, which was compared: not with an index built since.
  if (kind != ChangeKind::kNone) OMEN_RETURN_IF_ERROR(LockUnchanged(key));
  OMEN_RETURN_IF_ERROR(WithLock(Wait::kBlock, [&](rocksdb::Transaction& transaction) {
    return transaction.Delete(parts_.engine->rows(), SliceOf(key));
  }));
  RecordChange(storage, kind);
  return Status::Ok();
}

Status RocksTransaction::PutCatalog(const catalog::Mutation& mutation) {
  const std::string key = CatalogKey(mutation.object_class, mutation.oid);
  std::string bytes;
  if (mutation.object != nullptr) bytes = catalog::EncodeObject(*mutation.object);
  OMEN_RETURN_IF_ERROR(charges_.Write(key, bytes.size()));
  OMEN_RETURN_IF_ERROR(WithLock(Wait::kBlock, [&](rocksdb::Transaction& transaction) {
    return mutation.object != nullptr
               ? transaction.Put(parts_.engine->meta(), SliceOf(key), SliceOf(bytes))
               : transaction.Delete(parts_.engine->meta(), SliceOf(key));
  }));
  mutations_.push_back(mutation);
  return Status::Ok();
}

std::unique_ptr<Iterator> RocksTransaction::Scan(const KeyRange& range, bool backward) {
  ReadOptionsNow();
  auto view = std::static_pointer_cast<RocksView>(view_);
  if (kinds_.empty()) return std::make_unique<RocksIterator>(std::move(view), range, backward);
  auto own = std::make_unique<SeekableIterator>(view->read_options());
  own->iterator.reset(transaction_->GetIterator(own->options, parts_.engine->rows()));
  return std::make_unique<RocksIterator>(std::move(view), std::move(own), range, backward);
}

void RocksTransaction::SetSavepoint() {
  savepoints_.push_back(
      {kinds_.size(), changed_.size(), filled_.size(), mutations_.size(), charges_.mark()});
  if (transaction_ != nullptr) transaction_->SetSavePoint();
}

Status RocksTransaction::RollbackToSavepoint() {
  OMEN_CHECK(!savepoints_.empty());
  const Savepoint& to = savepoints_.back();
  if (transaction_ != nullptr) {
    const rocksdb::Status status = transaction_->RollbackToSavePoint();
    if (!status.ok()) return FromEngine(status, "roll back to a savepoint");
    transaction_->SetSavePoint();
  }
  kinds_.resize(to.kinds);
  changed_.resize(to.changed);
  filled_.resize(to.filled);
  mutations_.resize(to.mutations);
  charges_.RollBackTo(to.charges);
  // Locks taken since are free again; the rest pass the check anew.
  unchanged_.clear();
  return Status::Ok();
}

void RocksTransaction::ReleaseSavepoint() {
  OMEN_CHECK(!savepoints_.empty());
  savepoints_.pop_back();
  if (transaction_ != nullptr) {
    const rocksdb::Status status = transaction_->PopSavePoint();
    OMEN_CHECK(status.ok());
  }
}

bool RocksTransaction::StartCommit(const CommitWay& way) {
  if (!has_writes()) return true;
  commit_.transaction = &Open();
  commit_.kinds = kinds_;
  commit_.filled = &filled_;
  commit_.catalog = &mutations_;
  commit_.way = way;
  // What a definition no longer names is freed for good when its transaction has ended.
  commit_.way.synced = way.synced || !mutations_.empty() || !filled_.empty();
  commit_.state.store(CommitRequest::State::kWaiting, std::memory_order_relaxed);
  return parts_.commits->Commit(&commit_);
}

Result<CommitId> RocksTransaction::EndCommit() {
  if (!has_writes()) {
    const CommitId seen = view_ != nullptr ? view_->commit_id() : parts_.commits->last_commit();
    Rollback();
    return seen;
  }
  commit_.transaction = nullptr;
  if (!commit_.status.ok()) {
    Rollback();
    return std::exchange(commit_.status, Status::Ok());
  }
  GiveBack();
  End();
  return commit_.id;
}

void RocksTransaction::Rollback() {
  OMEN_CHECK(commit_.transaction == nullptr);  // else it is another thread's
  if (transaction_ != nullptr) {
    transaction_->Rollback().PermitUncheckedError();
    GiveBack();
  }
  End();
}

/// Emptied, the engine's list of savepoints keeps its memory, as a batch does.
void RocksTransaction::GiveBack() {
  const bool pooled = savepoints_.capacity() <= kKeptEntries;
  std::unique_ptr<rocksdb::Transaction> ended = std::move(transaction_);
  if (pooled) parts_.pool->Give(std::move(ended));
}

void RocksTransaction::End() {
  party_->row_owner.store(0, std::memory_order_release);
  view_.reset();
  rocks_view_ = nullptr;
  if (kinds_.capacity() > kPooledBatchMax) std::string().swap(kinds_);
  if (savepoints_.capacity() > kKeptEntries) std::vector<Savepoint>().swap(savepoints_);
  if (unchanged_.bucket_count() > kKeptEntries) std::unordered_set<std::string>().swap(unchanged_);
  kinds_.clear();
  changed_.clear();
  filled_.clear();
  mutations_.clear();
  savepoints_.clear();
  unchanged_.clear();
  charges_.Clear();
}

}  // namespace omen::rowstore
