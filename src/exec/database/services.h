// What the rooms of `exec` are given, put together once.
#pragma once

#include "exec/copy/copy_plan.h"
#include "exec/database/calibration.h"
#include "exec/database/database.h"
#include "exec/database/trials.h"
#include "exec/ddl/ddl_run.h"
#include "exec/gather/gatherer.h"
#include "exec/read/read_services.h"
#include "exec/statement/relation_locks.h"
#include "exec/statement/statistics_observer.h"
#include "exec/statement/table_statistics.h"
#include "exec/template/forecasts.h"
#include "exec/template/plan_parts.h"
#include "exec/template/template_memory.h"
#include "exec/template/templates.h"
#include "jobs/runner.h"
#include "obs/query_history.h"
#include "router/random_router.h"
#include "router/router.h"
#include "router/router_memory.h"
#include "statistics/statistics.h"

namespace omen::exec {

/// Immutable but for what its members keep; any thread.
struct Services {
  explicit Services(const DatabaseParts& given);
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;
  ~Services();

  const DatabaseParts parts;
  router::RuleRouter rules;
  router::RandomRouter random;
  RelationLocks locks;
  StorageAges ages;
  HiddenIndexes hidden;
  statistics::Statistics known;  // of tables' data
  StatisticsObserver counting;
  TableStatistics statistics;
  Templates templates;
  Forecasts forecasts;
  PlanParts plan_parts;
  // Null: what is learned ends with the process.
  std::unique_ptr<TemplateMemory> memory;
  std::unique_ptr<router::RouterMemory> router_memory;
  PinnedResults pinned;
  Costs costs;
  SystemSources system;
  TransactionServices transactions;
  ReadServices reads;
  DdlServices ddl;
  std::vector<obs::OutcomeListener*> listeners;  // told of every statement's run
  Gatherer gatherer;
  Calibration calibration;
  std::unique_ptr<Trials> trials;  // null: nothing is measured in the background
  std::unique_ptr<jobs::Job> counting_runs, forecasting, teaching, keeping, keeping_router,
      gathering, following, calibrating;

  const WriteServices& writes() const { return ddl.writes; }
  const Clock& clock() const { return *parts.clock; }

 private:
  void CountTemplates();
  void ForecastRuns();
  void KeepWhatIsLearned();
  void TrainRouter();
  void GatherStatistics();
  void CalibrateCosts();
};

}  // namespace omen::exec
