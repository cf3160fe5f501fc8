#include "rowstore/internal/transaction/rocks_transaction.h"

#include <fmt/format.h>
#include <rocksdb/utilities/debug.h>

#include <algorithm>
#include <optional>

#include "base/containment.h"
#include "base/contention/serving_place.h"
#include "base/contention/wait_order.h"
#include "base/work.h"
#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/meta_keys.h"
#include "rowstore/internal/engine/slices.h"
#include "rowstore/internal/transaction/merged_iterator.h"
#include "rowstore/internal/view/rocks_iterator.h"

namespace omen::rowstore {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kPoolMax = 64;
// What a transaction that has ended keeps for the next one.
constexpr size_t kPooledBatchMax = 256 << 10;
constexpr size_t kKeptEntries = 1024;
constexpr milliseconds kBriefWait{50};
// Of a buffered write: its record's head, its place among the newest of their keys, what a
// savepoint remembers of it.
constexpr size_t kWriteOverhead = 120;
// A record is in the batch, and once more: while the batch grows, and when it is committed, its
// bytes are copied.
constexpr size_t kGrowthOverhead = 20;
// A lock in the table and in the transaction's list, both of which double when they are full.
constexpr int64_t kLockBytes = 80, kLockAgainBytes = 16;
constexpr size_t kUnchangedOverhead = 80;

bool TakeOwn(const OwnWrites::Write& own, std::string* value) {
  if (own.value) value->assign(*own.value);
  return own.value.has_value();
}

}  // namespace

std::unique_ptr<WriteSpace> WriteSpaces::Take() {
  std::unique_ptr<WriteSpace> space;
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      space = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (space == nullptr) space = std::make_unique<WriteSpace>(locks_);
  space->locks.Begin();
  return space;
}

void WriteSpaces::Give(std::unique_ptr<WriteSpace> space) {
  // A batch that was emptied keeps its memory.
  if (space->writes.batch()->Data().capacity() > kPooledBatchMax) return;
  space->writes.Clear();
  std::lock_guard lock(mutex_);
  if (idle_.size() < kPoolMax) idle_.push_back(std::move(space));
}

/// The transaction is charged to its session. What one statement writes must fit in the
/// statement's own room, too: it would else take its session's at once.
Status TransactionCharges::Write(std::string_view key, size_t value_bytes) {
  written_ += static_cast<int64_t>(key.size() + value_bytes);
  const MemoryAccountPtr* statement = Work::StatementMemory();
  if (statement != nullptr && written_ - written_before_ > (*statement)->limit()) {
    return OutOfMemory(statement->get());
  }
  const size_t copied = key.size() + value_bytes;
  bytes_ += copied + kWriteOverhead;
  if (bytes_ <= bytes_max_) [[likely]]
    return memory_.Charge(static_cast<int64_t>(2 * copied + kWriteOverhead + kGrowthOverhead));
  return Status(sqlstate::kProgramLimit,
                fmt::format("transaction exceeds the limit of {} MB of buffered writes",
                            bytes_max_ >> 20))
      .Hint("Commit in smaller parts, or load an empty table with COPY, which is not limited.");
}

Status TransactionCharges::Lock(bool is_new) {
  return memory_.Charge(is_new ? kLockBytes : kLockAgainBytes);
}

void TransactionCharges::Unlock(bool was_new) {
  memory_.Release(was_new ? kLockBytes : kLockAgainBytes);
}

Status TransactionCharges::Unchanged(std::string_view key) {
  return memory_.Charge(static_cast<int64_t>(key.size() + kUnchangedOverhead));
}

void TransactionCharges::RollBackTo(const Mark& mark) {
  bytes_ = mark.bytes;
  memory_.Release(std::max<int64_t>(memory_.used() - mark.charged, 0));
}

void TransactionCharges::Clear() {
  bytes_ = 0;
  written_ = written_before_ = 0;
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

WriteSpace& RocksTransaction::Open() {
  if (space_ == nullptr) {
    space_ = parts_.spaces->Take();
    party_->row_owner.store(space_->locks.owner(), std::memory_order_release);
    for (size_t i = 0; i < savepoints_.size(); ++i) {
      space_->locks.SetSavepoint();
      space_->writes.SetSavepoint();
    }
  }
  return *space_;
}

std::optional<OwnWrites::Write> RocksTransaction::OwnWrite(std::string_view key) const {
  return space_ == nullptr ? std::nullopt : space_->writes.Find(key);
}

Result<bool> RocksTransaction::Get(std::string_view key, std::string* value) {
  ReadOptionsNow();
  if (const auto own = OwnWrite(key)) return TakeOwn(*own, value);
  return parts_.committed->Get(*rocks_view_, key, value);
}

/// Briefly first: a place is kept warm for who goes on soon.
LockTable::Taken RocksTransaction::AwaitLock(LockTable::Waiter* waiter,
                                             const WaitGraph::Wait& waiting) {
  const bool limited = lock_timeout_.count() != 0;
  const WaitLimit limit =
      limited ? WaitLimit(cancel_, steady_clock::now() + lock_timeout_) : WaitLimit(cancel_);
  const auto ended = [&] { return waiting.chosen(); };
  PassPlace(Pause::kBrief);
  const WaitLimit brief(cancel_, std::min(limit.until, steady_clock::now() + kBriefWait));
  const LockTable::Taken taken = space_->locks.Await(waiter, brief, ended);
  const bool cancelled = cancel_ != nullptr && cancel_->cancelled();
  if (taken != LockTable::Taken::kNo || ended() || cancelled) return taken;
  PassPlace(Pause::kLong);
  return space_->locks.Await(waiter, limit, ended);
}

Status RocksTransaction::WaitForLock(uint64_t fingerprint) {
  waited_ = true;
  LockTable::Waiter waiter(fingerprint);
  const WaitGraph::Wait waiting(
      parts_.waits, party_, "", [&](bool) { return BlockersOf(fingerprint); },
      [&] { space_->locks.Wake(&waiter); });
  const LockTable::Taken taken = AwaitLock(&waiter, waiting);
  // Who was chosen ends, with the lock or without.
  OMEN_RETURN_IF_ERROR(waiting.Check());
  if (taken != LockTable::Taken::kNo) return charges_.Lock(taken == LockTable::Taken::kNew);
  if (cancel_ != nullptr) OMEN_RETURN_IF_ERROR(cancel_->Check());
  return Status(sqlstate::kLockNotAvailable, "canceling statement due to lock timeout");
}

WaitGraph::Blockers RocksTransaction::BlockersOf(uint64_t fingerprint) const {
  WaitGraph::Blockers blockers;
  const LockTable::Owner owner = space_->locks.OwnerOf(fingerprint);
  blockers.known = owner != 0;
  if (owner != 0) blockers.row_owners.push_back(owner);
  return blockers;
}

Status RocksTransaction::LockIn(const rocksdb::ColumnFamilyHandle& family, std::string_view key,
                                Wait wait) {
  MayWaitFor(WaitStep::kLock);
  waited_ = false;
  const uint64_t fingerprint = LockFingerprint(family.GetID(), key);
  // A lock that is free is taken without giving up the place.
  const LockTable::Taken taken = Open().locks.Try(fingerprint);
  if (taken != LockTable::Taken::kNo) return charges_.Lock(taken == LockTable::Taken::kNew);
  if (wait == Wait::kBlock) return WaitForLock(fingerprint);
  return Status(sqlstate::kLockNotAvailable, "could not obtain lock on row");
}

bool RocksTransaction::ViewIsNewest() const {
  return rocks_view_ != nullptr && rocks_view_->generation() == parts_.views->generation();
}

Result<bool> RocksTransaction::PeekNewest(std::string_view key, std::string* value) {
  if (const auto own = OwnWrite(key)) return TakeOwn(*own, value);
  return parts_.committed->GetNewest(key, value);
}

Status RocksTransaction::LockRow(std::string_view key, Wait wait) {
  const bool repeatable = isolation_ == IsolationLevel::kRepeatableRead;
  // The view comes before the lock: what changes between the two must be seen as changed.
  if (repeatable) ReadOptionsNow();
  OMEN_RETURN_IF_ERROR(LockIn(*parts_.engine->rows(), key, wait));
  if (!repeatable || unchanged_.contains(std::string(key))) return Status::Ok();
  // No commit has been published since the view, and who writes this key now would hold its lock.
  if (rocks_view_->generation() != parts_.views->generation()) {
    std::vector<rocksdb::KeyVersion> newest;
    const rocksdb::Status status = rocksdb::GetAllKeyVersions(
        parts_.engine->db(), parts_.engine->rows(), SliceOf(key), SliceOf(key), 1, &newest);
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
  OMEN_RETURN_IF_ERROR(LockRow(key, wait));
  if (const auto own = OwnWrite(key)) return TakeOwn(*own, value);
  return parts_.committed->GetLocked(key, value);
}

Result<bool> RocksTransaction::RenewForUpdate(std::string_view key, std::string* value, Wait wait) {
  OMEN_CHECK(view_ != nullptr);
  OMEN_RETURN_IF_ERROR(LockRow(key, wait));
  if (const auto own = OwnWrite(key)) return TakeOwn(*own, value);
  if (isolation_ == IsolationLevel::kRepeatableRead) return true;
  if (parts_.committed->IsNewest(*rocks_view_, key)) return true;
  return parts_.committed->GetLocked(key, value);
}

Status RocksTransaction::Lock(std::string_view key) {
  return LockIn(*parts_.engine->rows(), key, Wait::kBlock);
}

void RocksTransaction::UndoGetForUpdate(std::string_view key) {
  if (space_ == nullptr) return;
  const uint64_t fingerprint = LockFingerprint(parts_.engine->rows()->GetID(), key);
  const LockTable::Taken undone = space_->locks.Undo(fingerprint);
  if (undone != LockTable::Taken::kNo) charges_.Unlock(undone == LockTable::Taken::kNew);
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
  Open().writes.Put(parts_.engine->rows(), key, value, kind);
  RecordChange(storage, kind);
  return Status::Ok();
}

Status RocksTransaction::Delete(catalog::StorageId storage, std::string_view key, ChangeKind kind) {
  OMEN_RETURN_IF_ERROR(charges_.Write(key, 0));
  Open().writes.Delete(parts_.engine->rows(), key, kind);
  RecordChange(storage, kind);
  return Status::Ok();
}

Status RocksTransaction::PutCatalog(const catalog::Mutation& mutation) {
  rocksdb::ColumnFamilyHandle* meta = parts_.engine->meta();
  const std::string key = CatalogKey(mutation.object_class, mutation.oid);
  std::string bytes;
  if (mutation.object != nullptr) bytes = catalog::EncodeObject(*mutation.object);
  OMEN_RETURN_IF_ERROR(charges_.Write(key, bytes.size()));
  OMEN_RETURN_IF_ERROR(LockIn(*meta, key, Wait::kBlock));
  OwnWrites& writes = space_->writes;
  OMEN_RETURN_IF_ERROR(mutation.object != nullptr ? writes.PutUnread(meta, key, bytes)
                                                  : writes.DeleteUnread(meta, key));
  mutations_.push_back(mutation);
  return Status::Ok();
}

std::unique_ptr<Iterator> RocksTransaction::Scan(const KeyRange& range, bool backward) {
  ReadOptionsNow();
  auto view = std::static_pointer_cast<RocksView>(view_);
  std::unique_ptr<SeekableIterator> committed = view->TakeIterator();
  std::unique_ptr<rocksdb::Iterator> over;
  if (space_ != nullptr && !space_->writes.empty()) {
    over = std::make_unique<MergedIterator>(committed->iterator.get(), &space_->writes);
  }
  return std::make_unique<RocksIterator>(std::move(view), std::move(committed), std::move(over),
                                         range, backward);
}

void RocksTransaction::SetSavepoint() {
  savepoints_.push_back(
      {kinds_.size(), changed_.size(), filled_.size(), mutations_.size(), charges_.mark()});
  if (space_ == nullptr) return;
  space_->locks.SetSavepoint();
  space_->writes.SetSavepoint();
}

Status RocksTransaction::RollbackToSavepoint() {
  OMEN_CHECK(!savepoints_.empty());
  const Savepoint& to = savepoints_.back();
  if (space_ != nullptr) {
    space_->writes.RollbackToSavepoint();
    space_->locks.RollbackToSavepoint();
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
  if (space_ == nullptr) return;
  space_->locks.ReleaseSavepoint();
  space_->writes.ReleaseSavepoint();
}

bool RocksTransaction::StartCommit(const CommitWay& way) {
  if (!has_writes()) return true;
  commit_.locks = &Open().locks;
  commit_.batch = space_->writes.Finish(parts_.engine->rows(), &kinds_);
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
  commit_.locks = nullptr;
  if (!commit_.status.ok()) {
    Rollback();
    return std::exchange(commit_.status, Status::Ok());
  }
  GiveBack();
  End();
  return commit_.id;
}

void RocksTransaction::Rollback() {
  OMEN_CHECK(commit_.locks == nullptr);  // else it is another thread's
  if (space_ != nullptr) {
    space_->locks.ReleaseAll();
    GiveBack();
  }
  End();
}

/// Emptied, the engine's list of savepoints keeps its memory, as a batch does.
void RocksTransaction::GiveBack() {
  const bool pooled = savepoints_.capacity() <= kKeptEntries;
  std::unique_ptr<WriteSpace> ended = std::move(space_);
  if (pooled) parts_.spaces->Give(std::move(ended));
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
