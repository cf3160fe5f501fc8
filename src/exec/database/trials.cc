#include "exec/database/trials.h"

#include <algorithm>

#include "exec/read/path_choice.h"

namespace omen::exec {
namespace {

constexpr size_t kWaitingMax = 32;
constexpr std::chrono::seconds kLimit{2};  // for a path alone, and whatever is known
constexpr std::chrono::seconds kJobLimit{30};
constexpr std::chrono::milliseconds kBetweenLooks{100};
constexpr int64_t kQuietNanos = 20'000'000;  // since a client's statement
// A path that takes so many times the best is given up.
constexpr double kGivenUpAt = 2, kSlackUs = 2000;
constexpr double kCreditMaxUs = 60e6;
constexpr int kStopsMax = 20;
constexpr size_t kRounds = 2;  // the first finds things cold
constexpr size_t kRowsAtOnce = 1024;

Status ReadAll(Cursor* cursor) {
  if (cursor->has_fields()) {
    for (;;) {
      OMEN_ASSIGN_OR_RETURN(const FieldRange rows, cursor->NextFields());
      if (rows.empty()) return Status::Ok();
    }
  }
  std::vector<Row> rows;
  do {
    OMEN_RETURN_IF_ERROR(cursor->Next(&rows, kRowsAtOnce));
  } while (!rows.empty());
  return Status::Ok();
}

size_t Index(router::Path path) { return static_cast<size_t>(path); }

}  // namespace

Trials::Trials(router::Router* router, const Clock* clock, jobs::Runner* runner)
    : router_(router), clock_(clock) {
  jobs::JobOptions job;
  job.name = "router.measure";
  job.limit = kJobLimit;
  job.every = kBetweenLooks;
  job_ = runner->Add(std::move(job), [this](jobs::JobRun* run) { return Work(run); });
}

Trials::~Trials() { job_.reset(); }

bool Trials::Wants(uint64_t template_id, uint64_t values) const {
  if (!router_->WantsTrial(template_id, values)) return false;
  const std::lock_guard lock(mutex_);
  return waiting_.size() < kWaitingMax &&
         std::ranges::find(waiting_, template_id, &Trial::template_id) == waiting_.end();
}

void Trials::Submit(RunAgain read, const router::Features& features) {
  std::array order = {router::Path::kRow, router::Path::kColumn};
  for (const router::Path path : order) {
    if (!features.on(path).possible) return router_->EndTrial(features, {});
  }
  const auto predictions = router_->Predict(features);
  if (predictions[Index(order[1])].us < predictions[Index(order[0])].us) {
    std::swap(order[0], order[1]);  // so that the other is given up early
  }
  const std::lock_guard lock(mutex_);
  const auto same = std::ranges::find(waiting_, features.template_id, &Trial::template_id);
  if (waiting_.size() >= kWaitingMax || same != waiting_.end()) return;
  waiting_.push_back({features.template_id, std::move(read), {.features = features}, order});
}

void Trials::Credit(double us) {
  const std::lock_guard lock(mutex_);
  credit_us_ = std::min(credit_us_ + us, kCreditMaxUs);
}

// Either this sees the trial that begins, or the trial sees this.
void Trials::ClientBegins() {
  clients_.fetch_add(1);
  if (!under_way_.load()) return;
  const std::lock_guard lock(mutex_);
  if (token_ != nullptr) token_->Cancel(CancelToken::Reason::kUser);
}

void Trials::ClientEnds() {
  last_client_nanos_.store(clock_->MonotonicNanos(), std::memory_order_relaxed);
  clients_.fetch_sub(1);
}

bool Trials::IsQuiet() const {
  return clients_.load() == 0 &&
         clock_->MonotonicNanos() - last_client_nanos_.load(std::memory_order_relaxed) >=
             kQuietNanos;
}

void Trials::SetToken(CancelToken* token) {
  const std::lock_guard lock(mutex_);
  token_ = token;
  under_way_ = token != nullptr;
}

std::optional<Trials::Trial> Trials::Next() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() || credit_us_ <= 0) return std::nullopt;
  std::optional<Trial> next(std::move(waiting_.front()));
  waiting_.pop_front();
  return next;
}

Status Trials::Work(jobs::JobRun* run) {
  while (IsQuiet()) {
    std::optional<Trial> trial = Next();
    if (!trial) return Status::Ok();
    OMEN_RETURN_IF_ERROR(Try(std::move(*trial), run));
  }
  return Status::Ok();
}

// One that a client stopped goes on later, after the others; now and then, for good, not at all.
Status Trials::Try(Trial trial, jobs::JobRun* run) {
  const int64_t began = clock_->MonotonicNanos();
  SetToken(run->cancel());
  Status status = IsQuiet() ? Measure(&trial, run) : Status(sqlstate::kQueryCanceled, "not quiet");
  SetToken(nullptr);
  const bool ended = status.ok() || ++trial.stops > kStopsMax;
  if (ended) router_->EndTrial(trial.times.features, trial.times.us);
  const std::lock_guard lock(mutex_);
  credit_us_ -= static_cast<double>(clock_->MonotonicNanos() - began) / 1000;
  if (!ended) waiting_.push_back(std::move(trial));
  return status;
}

/// An error of the read, or a refusal of a path, ends its part alone; a cancelled run says so.
Status Trials::Measure(Trial* trial, jobs::JobRun* run) {
  for (; trial->runs < kRounds * trial->order.size(); ++trial->runs) {
    const router::Path path = trial->order[trial->runs % trial->order.size()];
    OMEN_RETURN_IF_ERROR(MeasureOn(path, trial->read, run, &trial->times));
    OMEN_RETURN_IF_ERROR(run->Breathe());
  }
  return Status::Ok();
}

Status Trials::MeasureOn(router::Path path, const RunAgain& read, jobs::JobRun* run, Times* times) {
  if (times->given_up[Index(path)]) return Status::Ok();
  double best_us = std::chrono::duration<double, std::micro>(kLimit).count();
  for (const double us : times->us) {
    if (us > 0) best_us = std::min(best_us, kGivenUpAt * us + kSlackUs);
  }
  double& known_us = times->us[Index(path)];
  double us = 0;
  Status status;
  const std::chrono::nanoseconds limit(static_cast<int64_t>(best_us * 1000));
  const bool in_time =
      run->Within(limit, [&] { status = RunOnce(path, read, run->cancel(), times, &us); });
  OMEN_RETURN_IF_ERROR(run->cancel()->Check());
  times->given_up[Index(path)] = !in_time || !status.ok();
  // One that was given up takes so long at least.
  if (!in_time) us = best_us;
  if (in_time && !status.ok()) return Status::Ok();
  known_us = known_us > 0 ? std::min(known_us, us) : us;
  return Status::Ok();
}

Status Trials::RunOnce(router::Path path, const RunAgain& read, CancelToken* cancel, Times* times,
                       double* us) const {
  const int64_t began = clock_->MonotonicNanos();
  RunAgain::Run run;
  const Route route = path == router::Path::kRow ? Route::kRow : Route::kColumn;
  OMEN_RETURN_IF_ERROR(read.Open(route, nullptr, cancel, &run));
  OMEN_RETURN_IF_ERROR(ReadAll(run.cursor.get()));
  *us = static_cast<double>(clock_->MonotonicNanos() - began) / 1000;
  if (run.context.report.features) times->features = *run.context.report.features;
  return Status::Ok();
}

}  // namespace omen::exec
