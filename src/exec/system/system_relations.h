// Relations the server computes: pg_catalog, information_schema and omendb.
#pragma once

#include <string_view>
#include <vector>

#include "answers/checker.h"
#include "exec/cost/cost_model.h"
#include "exec/statement/context.h"
#include "exec/statement/table_statistics.h"
#include "exec/template/forecasts.h"
#include "exec/template/plan_parts.h"
#include "exec/template/templates.h"
#include "jobs/runner.h"
#include "obs/query_history.h"
#include "replica/replica.h"
#include "router/router.h"
#include "sql/tree/bind_context.h"
#include "sql/tree/statement.h"

namespace omen::exec {

/// What of the server is shown; outlives every statement.
struct SystemSources {
  rowstore::RowStore* rows = nullptr;
  const replica::Replica* replica = nullptr;  // null: there are no columns
  const obs::QueryHistory* history = nullptr;
  const answers::Checker* checker = nullptr;
  const Templates* templates = nullptr;
  const Forecasts* forecasts = nullptr;
  const PlanParts* plan_parts = nullptr;
  TableStatistics* statistics = nullptr;
  const router::Router* router = nullptr;
  const jobs::Runner* jobs = nullptr;
  const Costs* costs = nullptr;
};

/// What a producer may look at.
struct SystemContext {
  const SystemSources& sources;
  const catalog::Snapshot& catalog;  // as the statement's transaction sees it
  StatementContext* statement;
};

/// How definitions are shown to the statement's reader (sql/definition/deparse.h).
sql::BindContext ReaderOf(const SystemContext& context);

/// Appends all rows, one value per column of the relation.
using SystemProducer = Status (*)(const SystemContext& context, std::vector<Row>* rows);

/// Null for an unknown name.
SystemProducer FindSystemProducer(std::string_view name);

/// The definitions, for the first catalogue of a database (their OIDs are below 16384).
std::vector<catalog::SystemRelation> SystemRelations();

}  // namespace omen::exec
