// A small catalogue for binder tests, and one-line descriptions of what binding gave.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "sql/command/bind.h"
#include "sql/tree/statement.h"

namespace omen::sql::testing {

/// "name type, name type" per table; a `!` after the type makes a column NOT NULL, `*` part
/// of the primary key.
struct TableSpec {
  std::string_view name;
  std::string_view columns;
};

/// A statement, and what Describe says of it.
struct Case {
  const char* sql;
  const char* expected;
};

std::shared_ptr<const catalog::Snapshot> MakeCatalog();

/// Binds one statement: "a integer, b text" for its outputs, " | $1 integer" for parameters,
/// or the error: "42703@8 column ... does not exist".
std::string Describe(std::string_view sql, std::vector<Oid> param_types = {});

/// The bound statement; fails the test on an error.
std::shared_ptr<const Statement> MustBind(std::string_view sql);

BindContext TestContext(const catalog::Snapshot& catalog);

}  // namespace omen::sql::testing
