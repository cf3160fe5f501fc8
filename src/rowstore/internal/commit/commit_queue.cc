#include "rowstore/internal/commit/commit_queue.h"

#include <algorithm>

#include "base/containment.h"
#include "base/contention/serving_place.h"
#include "base/wait.h"
#include "rowstore/internal/commit/commit_format.h"
#include "rowstore/internal/engine/meta_keys.h"

namespace omen::rowstore {
namespace {

constexpr size_t kGroupBytes = 4u << 20;
// Whoever leads has a client that waits, too.
constexpr size_t kGroupsMax = 4;
// A batch this large is moved into the log write rather than copied.
constexpr size_t kMoveBytes = 1u << 20;
constexpr size_t kBatchHeader = 12;  // sequence number and count
constexpr size_t kBatchCountAt = 8;
constexpr CommitId kHintEvery = 256;
constexpr size_t kHintsMax = 65536;

std::string_view RecordsIn(const rocksdb::WriteBatch& batch) {
  return std::string_view(batch.Data()).substr(kBatchHeader);
}

std::string LastCommitValue(CommitId id, uint64_t epoch) {
  std::string value;
  AppendLittleEndian(value, id);
  AppendLittleEndian(value, epoch);
  return value;
}

/// Who waits may be gone as soon as it is told; notify_one only uses the address.
void Tell(CommitRequest* request) {
  Resumable* const waiting = request->way.waiting;
  request->state.store(CommitRequest::State::kDone, std::memory_order_release);
  if (waiting != nullptr) return waiting->Resume();
  request->state.notify_one();
}

}  // namespace

CommitQueue::CommitQueue(std::shared_ptr<Engine> engine, ViewSet* views, ReadCache* cache,
                         CommitId last, uint64_t epoch)
    : engine_(std::move(engine)),
      views_(views),
      cache_(cache),
      epoch_(epoch),
      last_commit_(last),
      synced_commit_(last) {}

CommitQueue::~CommitQueue() {
  {
    std::lock_guard lock(queue_mutex_);
    stopping_ = true;
  }
  leader_wakes_.NotifyOne();
  if (leader_.joinable()) leader_.join();
}

bool CommitQueue::Commit(CommitRequest* request) {
  SharedChange change;
  using State = CommitRequest::State;
  if (!Join(request)) {
    if (request->way.waiting != nullptr) return false;
    PassPlace(Pause::kBrief);
    WaitForChange(request->state, State::kWaiting);
    if (request->state.load(std::memory_order_acquire) == State::kDone) return true;
  }
  Lead(request);
  return true;
}

bool CommitQueue::Join(CommitRequest* request) {
  std::lock_guard lock(queue_mutex_);
  queue_.push_back(request);
  if (pace_.Has(queue_.size())) gathered_.NotifyOne();
  return !std::exchange(leading_, true);
}

void CommitQueue::Lead(CommitRequest* own) {
  bool goes_on = true;
  for (size_t groups = 1; goes_on; ++groups) {
    const Group group = TakeGroup();
    WriteGroup(group);
    goes_on = !PassLead(group.size(), groups);
    Finish(group, own);
  }
}

/// What waits for no sync is written sooner than another thread wakes.
bool CommitQueue::PassLead(size_t written, size_t groups) {
  std::lock_guard lock(queue_mutex_);
  pace_.NoteDone(written, queue_.size());
  leading_ = !queue_.empty();
  if (!leading_) return true;
  const auto synced = [](const CommitRequest* request) { return request->way.synced; };
  if (groups < kGroupsMax && std::ranges::none_of(queue_, synced)) return false;
  CommitRequest* next = queue_.front();
  if (next->way.waiting == nullptr) {
    next->state.store(CommitRequest::State::kLead, std::memory_order_release);
    next->state.notify_one();
    return true;
  }
  leader_runs_ = true;
  leader_wakes_.NotifyOne();
  if (!leader_.joinable()) leader_ = std::thread([this] { RunLeader(); });
  return true;
}

void CommitQueue::RunLeader() {
  size_t written = 0;
  while (GoOnLeading(written)) {
    const Group group = TakeGroup();
    written = group.size();
    WriteGroup(group);
    Finish(group, nullptr);
  }
}

bool CommitQueue::GoOnLeading(size_t written) {
  std::unique_lock lock(queue_mutex_);
  if (leader_runs_ && written > 0) pace_.NoteDone(written, queue_.size());
  if (leader_runs_ && !queue_.empty()) return true;
  if (leader_runs_) leading_ = leader_runs_ = false;
  leader_wakes_.WaitInBackground(lock, [this] { return leader_runs_ || stopping_; });
  return leader_runs_;
}

void CommitQueue::Finish(const Group& group, const CommitRequest* own) {
  for (CommitRequest* member : group) {
    if (member->status.ok()) member->locks->ReleaseAll();
    if (member != own) Tell(member);
  }
}

/// Those whose commits were just done are about to come with their next, and would else have to
/// wait for a sync that begins without them.
void CommitQueue::Gather() {
  std::unique_lock lock(queue_mutex_);
  if (!queue_.front()->way.synced) return;
  const auto until = pace_.Begin(queue_.size());
  if (!until) return;
  lock.unlock();
  PassPlace(Pause::kBrief);
  lock.lock();
  gathered_.WaitInBackground(lock, *until, [this] { return pace_.Has(queue_.size()); });
  pace_.End(queue_.size());
}

CommitQueue::Group CommitQueue::TakeGroup() {
  Gather();
  Group group;
  size_t bytes = 0;
  std::lock_guard lock(queue_mutex_);
  while (!queue_.empty() && (group.empty() || bytes < kGroupBytes)) {
    // A batch to be moved goes alone.
    const size_t size = queue_.front()->batch->GetDataSize();
    if (!group.empty() && size > kMoveBytes) break;
    bytes += size;
    group.push_back(queue_.front());
    queue_.pop_front();
    if (size > kMoveBytes) break;
  }
  return group;
}

std::shared_ptr<rocksdb::WriteBatch> CommitQueue::Merge(const Group& group) {
  CommitId id = last_commit();
  for (CommitRequest* request : group) {
    request->id = ++id;
    std::string header;
    AppendCommitHeader(request->id, epoch_, *request->filled, request->kinds, &header);
    const rocksdb::Status status = request->batch->PutLogData(header);
    OMEN_CHECK(status.ok());
  }
  std::shared_ptr<rocksdb::WriteBatch> merged;
  rocksdb::WriteBatch* first = group.front()->batch;
  if (group.size() == 1 && first->GetDataSize() > kMoveBytes) {
    merged = std::make_shared<rocksdb::WriteBatch>(std::move(*first));
  } else {
    // The records of all batches behind one header, as RocksDB's own grouping does.
    std::string bytes(kBatchHeader, '\0');
    uint32_t count = 0;
    for (CommitRequest* request : group) {
      const rocksdb::WriteBatch* batch = request->batch;
      bytes.append(RecordsIn(*batch));
      count += batch->Count();
    }
    std::memcpy(bytes.data() + kBatchCountAt, &count, sizeof count);
    merged = std::make_shared<rocksdb::WriteBatch>(std::move(bytes));
  }
  const rocksdb::Status status =
      merged->Put(engine_->meta(), kLastCommitKey, LastCommitValue(id, epoch_));
  OMEN_CHECK(status.ok());
  return merged;
}

Status CommitQueue::Write(const Group& group, rocksdb::WriteBatch* batch, bool sync) {
  bool frees = true;  // DDL alone: DROP and TRUNCATE make room
  for (const CommitRequest* request : group) frees = frees && request->kinds.empty();
  return engine_->Write(batch, sync, frees);
}

bool CommitQueue::MustSync(const Group& group) {
  if (std::ranges::any_of(group, [](const CommitRequest* r) { return r->way.synced; })) return true;
  const auto now = std::chrono::steady_clock::now();
  if (synced_commit() == last_commit()) unsynced_since_ = now;
  had_unsynced_.store(true, std::memory_order_relaxed);
  return now - unsynced_since_ >= 2 * engine_->options().sync_delay;
}

void CommitQueue::NoteSynced(CommitId commit) {
  CommitId seen = synced_commit_.load();
  while (seen < commit && !synced_commit_.compare_exchange_weak(seen, commit)) {
  }
}

Status CommitQueue::Sync() {
  const CommitId last = last_commit();
  if (engine_->options().sync) OMEN_RETURN_IF_ERROR(engine_->log().Sync());
  NoteSynced(last);
  return Status::Ok();
}

void CommitQueue::WriteGroup(const Group& group) {
  std::lock_guard lock(write_mutex_);
  const std::shared_ptr<rocksdb::WriteBatch> batch = Merge(group);
  const rocksdb::SequenceNumber before = engine_->db()->GetLatestSequenceNumber();
  const bool sync = MustSync(group);
  const auto began = std::chrono::steady_clock::now();
  const Status status = Write(group, batch.get(), sync);
  if (sync) pace_.NoteSync(std::chrono::steady_clock::now() - began);
  const rocksdb::SequenceNumber after = engine_->db()->GetLatestSequenceNumber();
  if (!status.ok()) {
    DropFromCache(*batch, after, cache_);
    for (CommitRequest* request : group) request->status = status.Clone();
    return;
  }
  ApplyToCache(*batch, after, cache_);
  RememberSequence(group.front()->id, before + 1);
  if (!observers_.empty()) TellObservers(group, batch);
  const CommitId last = group.back()->id;
  views_->Publish(last);
  last_commit_.store(last, std::memory_order_release);
  if (sync) NoteSynced(last);
}

void CommitQueue::TellObservers(const Group& group, std::shared_ptr<rocksdb::WriteBatch> batch) {
  auto records = RecordsOf(std::move(batch), /*with_catalog=*/false, with_entries_);
  OMEN_CHECK(records.ok() && records->size() == group.size());
  for (size_t i = 0; i < group.size(); ++i) {
    CommitRecord& record = *(*records)[i];
    OMEN_CHECK(record.id == group[i]->id);
    record.catalog = *group[i]->catalog;
    for (CommitObserver* observer : observers_) observer->OnCommit((*records)[i]);
  }
}

void CommitQueue::RenewView() {
  SharedChange change;
  std::lock_guard lock(write_mutex_);
  views_->Publish(last_commit());
}

void CommitQueue::RememberSequence(CommitId first, rocksdb::SequenceNumber sequence) {
  std::lock_guard lock(hints_mutex_);
  if (!hints_.empty() && first < hints_.rbegin()->first + kHintEvery) return;
  hints_.emplace_hint(hints_.end(), first, sequence);
  if (hints_.size() > kHintsMax) hints_.erase(hints_.begin());
}

rocksdb::SequenceNumber CommitQueue::SequenceHint(CommitId commit) const {
  std::lock_guard lock(hints_mutex_);
  auto it = hints_.upper_bound(commit);
  return it == hints_.begin() ? 0 : std::prev(it)->second;
}

}  // namespace omen::rowstore
