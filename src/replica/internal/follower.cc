#include "replica/internal/follower.h"

#include <algorithm>

#include "obs/log.h"

namespace omen::replica {
namespace {

using namespace std::chrono_literals;

constexpr auto kIdleBeforeMaintenance = 1s;
constexpr auto kCancelPoll = 5ms;
constexpr auto kPublishPoll = 20us;
constexpr auto kStopLimit = 3s;
constexpr size_t kWindowBytes = 16u << 20;

Status NotFollowing(const State& state) {
  Status status(sqlstate::kNotInPrerequisiteState, "the column store is not available");
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
    work_.notify_one();
    done_.wait_for(lock, kStopLimit,
                   [&] { return watermark() >= wanted_ || state_.phase != "following"; });
    stopping_ = true;
    work_.notify_all();
    done_.notify_all();
  }
  thread_.join();
  if (store_ != nullptr && !store_->failed()) (void)applier_.Checkpoint().ok();
}

void Follower::OnCommit(const RecordPtr& record) {
  Lock lock(mutex_);
  if (stopping_) return;
  feed_.Push(record);
  // A thread that gathers a batch wakes by itself; waking it for each commit would cost.
  if (idle_ || feed_.bytes() > kWindowBytes) work_.notify_one();
}

bool Follower::HasWork() const {
  return reopen_ || begin_anew_ || held_.watermark < feed_.newest() || !held_.pending.empty();
}

std::chrono::steady_clock::time_point Follower::Due() const {
  const auto oldest = feed_.oldest();
  return std::max(oldest + options_.batch_delay,
                  std::min(rest_until_, oldest + options_.batch_delay_max));
}

Follower::Action Follower::NextAction() {
  Lock lock(mutex_);
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    if (stopping_) return Action::kStop;
    if (hold_ != HoldState::kNone) return Action::kPark;
    if (retry_at_ > now) {
      const auto until = retry_at_;
      work_.wait_until(lock, until);
      continue;
    }
    if (!HasWork()) {
      idle_ = true;
      const bool slept =
          maintained_ ? (work_.wait(lock), true)
                      : work_.wait_for(lock, kIdleBeforeMaintenance) == std::cv_status::no_timeout;
      idle_ = false;
      if (slept || HasWork()) continue;
      maintained_ = true;
      return Action::kIdle;
    }
    const auto due = Due();
    const bool urgent = wanted_ > held_.watermark || feed_.bytes() > kWindowBytes ||
                        feed_.commits() == 0 || now >= due;
    if (urgent) return Action::kApply;
    work_.wait_until(lock, due);
  }
}

void Follower::Run() {
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
        if (status.ok()) Maintain(false);
        break;
      case Action::kIdle:
        Maintain(true);
        break;
    }
    if (!status.ok()) Recover(std::move(status));
  }
}

void Follower::Maintain(bool idle) {
  Status status = applier_.Maintain(held_, idle);
  if (status.ok()) return;
  obs::Log(obs::LogLevel::kWarn, "column store upkeep failed", {{"reason", status.ToString()}});
  if (store_->failed()) Recover(std::move(status));
}

void Follower::Park() {
  Lock lock(mutex_);
  while (hold_ != HoldState::kNone && !stopping_) {
    hold_ = HoldState::kParked;
    done_.notify_all();
    work_.wait(lock,
               [&] { return stopping_ || hold_ != HoldState::kParked || hold_view_ != nullptr; });
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
    std::this_thread::sleep_for(kPublishPoll);  // queued by a commit that is not published yet
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
  OMEN_RETURN_IF_ERROR(applier_.Apply(window, upto, view, &held_));
  failures_ = 0;
  const auto ended = std::chrono::steady_clock::now();
  Lock lock(mutex_);
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
  maintained_ = false;
  if (held_.watermark >= feed_.newest()) caught_up_at_ = std::chrono::steady_clock::now();
  state_.last_error.clear();
  // While tables are missing the file is not what the watermark promises.
  if (held_.pending.empty()) watermark_.store(held_.watermark, std::memory_order_release);
  done_.notify_all();
}

void Follower::SetPhase(const char* phase) {
  Lock lock(mutex_);
  if (state_.phase == phase) return;
  state_.phase = phase;
  done_.notify_all();
}

template <typename Predicate>
Status Follower::WaitUntil(Lock& lock, const CancelToken* cancel, Predicate ready) {
  while (!ready()) {
    if (stopping_ || state_.phase == "failed") return NotFollowing(state_);
    if (cancel != nullptr) OMEN_RETURN_IF_ERROR(cancel->Check());
    done_.wait_for(lock, kCancelPoll);
  }
  return Status::Ok();
}

Status Follower::WaitFor(rowstore::CommitId commit, const CancelToken* cancel) {
  if (watermark() >= commit) return Status::Ok();
  Lock lock(mutex_);
  wanted_ = std::max(wanted_, commit);
  work_.notify_one();
  return WaitUntil(lock, cancel, [&] { return watermark() >= commit; });
}

Status Follower::Hold(const CancelToken* cancel) {
  Lock lock(mutex_);
  if (!thread_.joinable()) return NotFollowing(state_);
  // A copy under way ends by itself; holding it back would not let it.
  OMEN_RETURN_IF_ERROR(WaitUntil(lock, cancel, [&] { return state_.phase == "following"; }));
  hold_ = HoldState::kWanted;
  hold_view_.reset();
  work_.notify_one();
  Status status = WaitUntil(lock, cancel, [&] { return hold_ == HoldState::kParked; });
  if (!status.ok()) {
    hold_ = HoldState::kNone;
    work_.notify_one();
  }
  return status;
}

Status Follower::ApplyExactly(const ViewPtr& view, const CancelToken* cancel) {
  Lock lock(mutex_);
  const rowstore::CommitId commit = view->commit_id();
  if (watermark() < commit) {
    hold_status_ = Status::Ok();
    hold_view_ = view;
    work_.notify_one();
    Status status = WaitUntil(lock, cancel, [&] { return hold_view_ == nullptr; });
    hold_view_.reset();
    OMEN_RETURN_IF_ERROR(std::move(status));
    OMEN_RETURN_IF_ERROR(std::move(hold_status_));
  }
  if (watermark() == commit) return Status::Ok();
  return Status(sqlstate::kNotInPrerequisiteState, "the column store has moved past the snapshot");
}

void Follower::Release() {
  Lock lock(mutex_);
  hold_ = HoldState::kNone;
  hold_view_.reset();
  work_.notify_one();
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
