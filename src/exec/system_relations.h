// Relations the server computes: pg_catalog, information_schema and omendb.
#pragma once

#include <string_view>
#include <vector>

#include "exec/database.h"
#include "sql/statement.h"

namespace omen::exec {

/// What a producer may look at.
struct SystemContext {
  Database* database;
  const catalog::Snapshot& catalog;  // as the statement's transaction sees it
  StatementContext* statement;
};

/// How definitions are shown to the statement's reader (sql/deparse.h).
sql::BindContext ReaderOf(const SystemContext& context);

/// Appends all rows, one value per column of the relation.
using SystemProducer = Status (*)(const SystemContext& context, std::vector<Row>* rows);

/// Null for an unknown name.
SystemProducer FindSystemProducer(std::string_view name);

/// The definitions, for the first catalogue of a database (their OIDs are below 16384).
std::vector<catalog::SystemRelation> SystemRelations();

}  // namespace omen::exec
