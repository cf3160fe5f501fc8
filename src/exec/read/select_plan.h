// A SELECT with all the ways it can be run; which one is decided when it is opened.
#pragma once

#include <memory>

#include "exec/read/read_services.h"
#include "exec/statement/plan.h"

namespace omen::exec {

/// Whom the rows are for.
enum class RowsFor : uint8_t { kClient, kStatement };

/// A SELECT: a statement of its own, or the query inside INSERT ... SELECT, CREATE TABLE AS,
/// COPY (query) TO; `query` may alias a part of `statement` (shared_ptr's aliasing constructor).
/// On route `auto` a path that refuses or breaks down before its first row leads to the next; an
/// error of the statement never does.
PlanResult MakeSelectPlan(const ReadServices& services,
                          std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const sql::Query> query,
                          std::shared_ptr<const catalog::Snapshot> catalog, RowsFor rows_for);

}  // namespace omen::exec
