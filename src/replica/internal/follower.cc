#include "replica/internal/follower.h"

#include <algorithm>

#include "base/blame.h"
#include "base/contention/scheduling.h"
#include "base/contention/wait_order.h"
#include "obs/log.h"

namespace omen::replica {
namespace {

using namespace std::chrono_literals;

constexpr auto kIdleBeforeUpkeep = 1s;
constexpr auto kPublishPoll = 20us;
constexpr auto kStopLimit = 3s;
constexpr size_t kWindowBytes = 16u << 20;
/// Who waits for columns waits less for this thread than for the engine's; writers wait for
/// neither.
constexpr int kApplyNice = 5;

Status NotFollowing(const State& state) {
  Status status = Unavailable("the column store is not available");
  status.error().detail = state.phase + (state.last_error.empty() ? "" : ": ") + state.last_error;
  return status;
}

}  // namespace

Follower::Follower(const Options& options, rowstore::RowStore* rows)
    : options_(options),
      rows_(rows),
      feed_(options.queue_bytes, rows->last_commit()),
      applier_(rows, &stopping_) {
  state_.phase = "following";
}

Follower::~Follower() { Stop(); }

void Follower::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Follower::Stop() {
  if (!thread_.joinable()) return;
  {
    Lock lock(mutex_);
    wanted_ = feed_.newest();
    work_.NotifyOne();
    done_.WaitInBackground(lock, std::chrono::steady_clock::now() + kStopLimit,
                           [&] { return watermark() >= wanted_ || state_.phase != "following"; });
    stopping_ = true;
    work_.NotifyAll();
    done_.NotifyAll();
  }
  thread_.join();
  if (store_ != nullptr && !store_->failed()) (void)applier_.Checkpoint().ok();
}

void Follower::OnCommit(const RecordPtr& record) {
  Lock lock(mutex_);
  if (stopping_) return;
  feed_.Push(record);
  // A thread that gathers a batch wakes by itself; waking it for each commit would cost.
  if (idle_ || feed_.bytes() > kWindowBytes) work_.NotifyOne();
}

bool Follower::HasWork() const {
  return reopen_ || begin_anew_ || held_.watermark < feed_.newest() || !held_.pending.empty();
}

std::chrono::steady_clock::time_point Follower::Due() const {
  const auto oldest = feed_.oldest();
  return std::max(oldest + options_.batch_delay,
                  std::min(rest_until_, oldest + options_.batch_delay_max));
}

bool Follower::UpkeepDue() const {
  Lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (upkeep_ == Applier::Upkeep::kNone || now < upkeep_not_before_) return false;
  if (state_.phase != "following") return false;
  return upkeep_ == Applier::Upkeep::kNow || (idle_ && now >= applied_at_ + kIdleBeforeUpkeep);
}

Follower::Action Follower::NextAction() {
  Lock lock(mutex_);
  const auto told = [&] { return stopping_ || hold_ != HoldState::kNone || store_failed_; };
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    if (stopping_) return Action::kStop;
    if (hold_ != HoldState::kNone) return Action::kPark;
    if (store_failed_) return Action::kRecover;
    if (retry_at_ > now) {
      work_.WaitInBackground(lock, retry_at_, told);
      continue;
    }
    if (!HasWork()) {
      idle_ = true;
      work_.WaitInBackground(lock, [&] { return told() || HasWork(); });
      idle_ = false;
      continue;
    }
    const auto due = Due();
    const auto urgent = [&] {
      return wanted_ > held_.watermark || feed_.bytes() > kWindowBytes || feed_.commits() == 0;
    };
    if (urgent() || now >= due) return Action::kApply;
    work_.WaitInBackground(lock, due, [&] { return told() || urgent(); });
  }
}

void Follower::Run() {
  GiveWay(kApplyNice);
  for (;;) {
    Status status;
    switch (NextAction()) {
      case Action::kStop:
        return;
      case Action::kPark:
        Park();
        break;
      case Action::kApply:
        status = Step(UINT64_MAX, nullptr);
        break;
      case Action::kRecover:
        status = Status(sqlstate::kDataCorrupted, "a reader found the column store's file damaged");
        break;
    }
    if (!status.ok()) Recover(std::move(status));
  }
}

Status Follower::Maintain() {
  Status status = applier_.Maintain(held_);
  PublishUpkeep(applier_.Wanted(held_));
  if (status.ok()) return status;
  obs::Log(obs::LogLevel::kWarn, "column store upkeep failed", {{"reason", status.ToString()}});
  if (const auto used = store(); used->failed()) StoreFailed(used);
  return status;
}

void Follower::PublishUpkeep(Applier::Upkeep wanted) {
  Lock lock(mutex_);
  upkeep_ = wanted;
  upkeep_not_before_ = applier_.upkeep_not_before();
}

void Follower::Park() {
  Lock lock(mutex_);
  while (hold_ != HoldState::kNone && !stopping_) {
    hold_ = HoldState::kParked;
    done_.NotifyAll();
    work_.WaitInBackground(
        lock, [&] { return stopping_ || hold_ != HoldState::kParked || hold_view_ != nullptr; });
    if (hold_view_ == nullptr) continue;
    const ViewPtr view = hold_view_;
    lock.unlock();
    Status status = ApplyThrough(view->commit_id(), view);
    Status told = status.Clone();
    if (!status.ok()) Recover(std::move(status));
    lock.lock();
    if (hold_view_ == view) {
      hold_status_ = std::move(told);
      hold_view_.reset();
      done_.NotifyAll();
    }
  }
}

Status Follower::ApplyThrough(rowstore::CommitId commit, const ViewPtr& view) {
  while (held_.watermark < commit && !stopping_) OMEN_RETURN_IF_ERROR(Step(commit, view));
  return Status::Ok();
}

Status Follower::Step(rowstore::CommitId limit, const ViewPtr& exact) {
  if (reopen_ || begin_anew_) return Resync();
  const rowstore::CommitId upto = std::min(limit, rows_->last_commit());
  if (upto == held_.watermark && held_.pending.empty()) {
    PauseBriefly(kPublishPoll);  // queued by a commit that is not published yet
    return Status::Ok();
  }
  std::vector<RecordPtr> records;
  {
    Lock lock(mutex_);
    records = feed_.Take(held_.watermark, upto, kWindowBytes);
  }
  if (records.empty() && upto > held_.watermark) return CatchUp(upto);
  Window window(held_.tables);
  for (const RecordPtr& record : records) window.Add(record);
  ViewPtr view;
  if (!window.filled().empty() || !held_.pending.empty()) {
    SetPhase("copying");
    if (exact == nullptr) view = ViewForCopies(&window);
  }
  const rowstore::CommitId last = window.empty() ? held_.watermark : window.last();
  if (exact != nullptr && last == limit) view = exact;
  OMEN_RETURN_IF_ERROR(ApplyWindow(window, last, view));
  if (held_.pending.empty()) SetPhase("following");
  return Status::Ok();
}

ViewPtr Follower::ViewForCopies(Window* window) {
  ViewPtr view = rows_->View();
  const rowstore::CommitId goal = view->commit_id();
  rowstore::CommitId last = window->empty() ? held_.watermark : window->last();
  Lock lock(mutex_);
  for (const RecordPtr& record : feed_.Take(last, goal, SIZE_MAX)) {
    window->Add(record);
    last = record->id;
  }
  return last == goal ? view : nullptr;
}

Status Follower::ApplyWindow(const Window& window, rowstore::CommitId upto, const ViewPtr& view) {
  const auto began = std::chrono::steady_clock::now();
  // The machine's loss of power must not leave columns with what it took from the rows.
  OMEN_RETURN_IF_ERROR(rows_->SyncTo(upto));
  OMEN_RETURN_IF_ERROR(applier_.Apply(window, upto, view, &held_));
  failures_ = 0;
  const auto ended = std::chrono::steady_clock::now();
  PublishUpkeep(applier_.Wanted(held_));
  Lock lock(mutex_);
  applied_at_ = ended;
  const std::chrono::duration<double> rest = (ended - began) * (1 / options_.apply_share - 1);
  rest_until_ = ended + std::chrono::duration_cast<std::chrono::nanoseconds>(rest);
  state_.applied_commits += window.commits();
  ++state_.applied_batches;
  Publish();
  return Status::Ok();
}

void Follower::Publish() {
  visible_.clear();
  for (const auto& [storage, table] : held_.tables.by_storage()) {
    if (held_.columnar.contains(storage)) visible_[storage] = table->schema_version;
  }
  if (held_.watermark >= feed_.newest()) caught_up_at_ = std::chrono::steady_clock::now();
  state_.last_error.clear();
  // While tables are missing the file is not what the watermark promises.
  if (held_.pending.empty()) watermark_.store(held_.watermark, std::memory_order_release);
  done_.NotifyAll();
}

void Follower::SetPhase(const char* phase) {
  Lock lock(mutex_);
  if (state_.phase == phase) return;
  state_.phase = phase;
  done_.NotifyAll();
}

template <typename Predicate>
Status Follower::WaitUntil(Lock& lock, const CancelToken* cancel, Predicate ready) {
  const uint64_t rebuilds = state_.rebuilds;
  const auto lost = [&] {
    return stopping_ || state_.phase == "failed" || state_.rebuilds != rebuilds;
  };
  OMEN_RETURN_IF_ERROR(done_.Wait(lock, cancel, [&] { return ready() || lost(); }));
  return ready() ? Status::Ok() : NotFollowing(state_);
}

Status Follower::WaitFor(rowstore::CommitId commit, const CancelToken* cancel) {
  MayWaitFor(WaitStep::kApply);
  if (watermark() >= commit) return Status::Ok();
  Lock lock(mutex_);
  wanted_ = std::max(wanted_, commit);
  work_.NotifyOne();
  return WaitUntil(lock, cancel, [&] { return watermark() >= commit; });
}

Status Follower::Hold(const CancelToken* cancel) {
  MayWaitFor(WaitStep::kApply);
  Lock lock(mutex_);
  if (!thread_.joinable()) return NotFollowing(state_);
  // A copy under way ends by itself; holding it back would not let it.
  OMEN_RETURN_IF_ERROR(WaitUntil(lock, cancel, [&] { return state_.phase == "following"; }));
  hold_ = HoldState::kWanted;
  hold_view_.reset();
  work_.NotifyOne();
  Status status = WaitUntil(lock, cancel, [&] { return hold_ == HoldState::kParked; });
  if (!status.ok()) {
    hold_ = HoldState::kNone;
    work_.NotifyOne();
  }
  return status;
}

Status Follower::ApplyExactly(const ViewPtr& view, const CancelToken* cancel) {
  Lock lock(mutex_);
  const rowstore::CommitId commit = view->commit_id();
  if (watermark() < commit) {
    hold_status_ = Status::Ok();
    hold_view_ = view;
    work_.NotifyOne();
    Status status = WaitUntil(lock, cancel, [&] { return hold_view_ == nullptr; });
    hold_view_.reset();
    OMEN_RETURN_IF_ERROR(std::move(status));
    OMEN_RETURN_IF_ERROR(std::move(hold_status_));
  }
  if (watermark() == commit) return Status::Ok();
  return Unavailable("the column store has moved past the snapshot");
}

void Follower::Release() {
  Lock lock(mutex_);
  hold_ = HoldState::kNone;
  hold_view_.reset();
  work_.NotifyOne();
}

void Follower::StoreFailed(const std::shared_ptr<colstore::ColumnStore>& store) {
  Lock lock(mutex_);
  if (store != store_) return;  // replaced by now
  store_failed_ = true;
  work_.NotifyOne();
}

bool Follower::Has(catalog::StorageId storage, uint32_t version) const {
  Lock lock(mutex_);
  const auto found = visible_.find(storage);
  return found != visible_.end() && (version == 0 || found->second == version);
}

State Follower::state() const {
  Lock lock(mutex_);
  State state = state_;
  state.watermark = watermark();
  state.last_commit = rows_->last_commit();
  state.queued_commits = feed_.commits();
  state.queued_bytes = feed_.bytes();
  if (state.watermark < state.last_commit) {
    const auto since = feed_.commits() > 0 ? feed_.oldest() : caught_up_at_;
    const auto age = std::chrono::steady_clock::now() - since;
    state.lag_ms = std::chrono::duration_cast<std::chrono::milliseconds>(age).count();
  }
  return state;
}

std::shared_ptr<colstore::ColumnStore> Follower::store() const {
  Lock lock(mutex_);
  return store_;
}

}  // namespace omen::replica
