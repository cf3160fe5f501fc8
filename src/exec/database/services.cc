#include "exec/database/services.h"

namespace omen::exec {
namespace {

/// About 4 KB each, and the hours of their runs.
constexpr size_t kTemplatesMax = 5120;
/// About 100 bytes each.
constexpr size_t kPlanPartsMax = 16'384;
constexpr std::chrono::seconds kBetweenCounts{5}, kBetweenKeeping{5}, kKeepingPatience{30};
constexpr std::chrono::seconds kBetweenForecasts{5}, kForecastPatience{60};
/// That are made where there is no time to spare: a fraction of a second's work.
constexpr size_t kForecastsWithoutShare = 64;
constexpr std::chrono::seconds kBetweenGathering{1}, kBetweenLessons{1};
constexpr std::chrono::seconds kBetweenCalibrations{30};

}  // namespace

Services::Services(const DatabaseParts& given)
    : parts(given),
      random(static_cast<uint64_t>(given.clock->WallMicros())),
      locks(&given.rows->waits()),
      ages(*given.catalog->Current()),
      known(given.memo, given.clock),
      counting(&known, given.rows, *given.catalog->Current()),
      statistics(given.rows, given.clock, &known),
      templates(kTemplatesMax),
      forecasts(&templates),
      plan_parts(kPlanPartsMax),
      system{.rows = given.rows,
             .replica = given.replica,
             .history = given.history,
             .checker = given.checker,
             .templates = &templates,
             .forecasts = &forecasts,
             .plan_parts = &plan_parts,
             .statistics = &statistics,
             .router = given.router,
             .jobs = given.jobs,
             .costs = &costs},
      transactions{.rows = given.rows,
                   .replica = given.replica,
                   .catalog = given.catalog,
                   .locks = &locks,
                   .ages = &ages,
                   .hidden = &hidden,
                   .statistics = &known},
      gatherer({.rows = given.rows,
                .replica = given.replica,
                .catalog = given.catalog,
                .templates = &templates,
                .statistics = &known,
                .clock = given.clock},
               static_cast<uint64_t>(given.clock->WallMicros())),
      calibration(reads, transactions, given.memo, &costs) {
  reads.rows = given.rows;
  reads.clock = given.clock;
  reads.router = given.router != nullptr ? given.router : &rules;
  reads.rules = &rules;
  reads.random = &random;
  reads.planning = {
      .statistics = &statistics, .hidden = &hidden, .system = &system, .costs = &costs};
  reads.columns = {.rows = given.rows,
                   .replica = given.replica,
                   .clock = given.clock,
                   .statistics = &statistics,
                   .pinned = &pinned,
                   .system = &system};
  ddl.writes = {.rows = given.rows, .reads = &reads};
  ddl.gatherer = &gatherer;
  ddl.password_verifier = given.password_verifier;
  given.rows->AddObserver(&ages);
  listeners.push_back(&plan_parts);
  given.rows->AddObserver(&counting);
  if (given.history != nullptr) listeners.push_back(given.history);
  if (given.memo != nullptr) {
    memory = std::make_unique<TemplateMemory>(given.memo, &templates);
    router_memory = std::make_unique<router::RouterMemory>(given.memo, reads.router);
  }
  if (given.jobs != nullptr) CountTemplates();
  if (given.jobs != nullptr) ForecastRuns();
  if (given.jobs != nullptr && given.memo != nullptr) KeepWhatIsLearned();
  if (given.jobs != nullptr) TrainRouter();
  if (given.jobs != nullptr) {
    trials = std::make_unique<Trials>(reads.router, given.clock, given.jobs);
  }
  if (given.jobs != nullptr) GatherStatistics();
  if (given.jobs != nullptr) CalibrateCosts();
}

void Services::CountTemplates() {
  jobs::JobOptions count;
  count.name = "templates.count";
  count.urgency = jobs::Urgency::kDue;
  count.every = kBetweenCounts;
  counting_runs = parts.jobs->Add(std::move(count), [this](jobs::JobRun*) {
    templates.Count(clock().WallMicros());
    return Status::Ok();
  });
}

void Services::KeepWhatIsLearned() {
  const auto add = [this](const char* name, jobs::Work work) {
    jobs::JobOptions keep;
    keep.name = name;
    keep.every = kBetweenKeeping;
    keep.patience = kKeepingPatience;  // it is brief
    return parts.jobs->Add(std::move(keep), std::move(work));
  };
  keeping = add("templates.keep", [this](jobs::JobRun*) { return memory->Keep(); });
  keeping_router = add("router.keep", [this](jobs::JobRun*) { return router_memory->Keep(); });
}

void Services::ForecastRuns() {
  jobs::JobOptions job;
  job.name = "workload.forecast";
  job.every = kBetweenForecasts;
  job.patience = kForecastPatience;
  forecasting = parts.jobs->Add(std::move(job), [this](jobs::JobRun* run) {
    const size_t most = run->has_share() ? kTemplatesMax : kForecastsWithoutShare;
    return forecasts.Renew(clock().WallMicros(), most, [run] { return run->Breathe(); });
  });
}

void Services::TrainRouter() {
  jobs::JobOptions job;
  job.name = "router.learn";
  job.every = kBetweenLessons;
  teaching = parts.jobs->Add(std::move(job), [this](jobs::JobRun*) {
    reads.router->Train();
    return Status::Ok();
  });
}

void Services::GatherStatistics() {
  jobs::JobOptions take;
  take.name = "statistics.take";
  take.every = kBetweenGathering;
  gathering = parts.jobs->Add(std::move(take),
                              [this](jobs::JobRun* run) { return gatherer.TakeNeedy(run); });
  jobs::JobOptions follow;
  follow.name = "statistics.follow";
  follow.urgency = jobs::Urgency::kDue;
  follow.every = kBetweenGathering;
  following = parts.jobs->Add(std::move(follow),
                              [this](jobs::JobRun* run) { return gatherer.FollowChanges(run); });
}

void Services::CalibrateCosts() {
  jobs::JobOptions job;
  job.name = "costs.calibrate";
  if (parts.calibrates) job.every = kBetweenCalibrations;
  calibrating = parts.jobs->Add(
      std::move(job), [this](jobs::JobRun* run) { return calibration.Run(run->cancel()); });
  if (parts.calibrates) calibrating->Wake();
}

Services::~Services() {
  trials.reset();
  calibrating.reset();
  counting_runs.reset();
  forecasting.reset();
  teaching.reset();
  keeping.reset();
  keeping_router.reset();
  gathering.reset();
  following.reset();
  StatisticsObserver::Keep(*parts.rows, true, &known);
  templates.Count(clock().WallMicros());
  // A memo that fails is begun anew.
  if (memory != nullptr) (void)memory->Keep().ok();
  if (router_memory != nullptr) (void)router_memory->Keep().ok();
}

}  // namespace omen::exec
