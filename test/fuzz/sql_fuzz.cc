// Any bytes as a script: parsed, bound over a small catalogue, and printed for DuckDB with every
// table read from columns, then from rows.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sql/command/bind.h"
#include "sql/command/binder_fixture.h"
#include "sql/duckdb/duckdb_sql.h"

namespace {

using omen::sql::TableSource;

void Print(const omen::sql::Statement& statement) {
  const auto* query = std::get_if<std::unique_ptr<omen::sql::Query>>(&statement.body);
  if (query == nullptr || *query == nullptr) return;
  for (const TableSource source : {TableSource::kColumns, TableSource::kRows}) {
    const auto printed = omen::sql::GenerateDuckdb(**query, statement.param_types,
                                                   [&](const auto&) { return source; });
    if (printed.ok() && printed->text.empty()) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  const auto parsed = omen::sql::Parse(script);
  if (!parsed.ok()) return 0;
  static const auto catalog = omen::sql::testing::MakeCatalog();
  for (const omen::sql::ParsedStatement& statement : *parsed) {
    const auto bound = omen::sql::Bind(statement, omen::sql::testing::TestContext(*catalog));
    if (bound.ok()) Print(**bound);
  }
  return 0;
}
