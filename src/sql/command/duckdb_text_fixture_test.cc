#include "sql/command/duckdb_text_fixture.h"

#include "base/blame.h"
#include "sql/command/binder_fixture.h"
#include "sql/duckdb/duckdb_sql.h"

namespace omen::sql::testing {

std::string DuckdbTextOf(std::string_view sql) {
  const auto statement = MustBind(sql);
  if (statement == nullptr) return "";
  const Query& query = *std::get<std::unique_ptr<Query>>(statement->body);
  auto generated = GenerateDuckdb(query, statement->param_types,
                                  [](const catalog::Table&) { return TableSource::kColumns; });
  if (generated.ok()) return generated->text;
  const ErrorInfo& error = generated.status().error();
  if (BlameOf(generated.status()) == Blame::kRefusal) return "refused: " + error.message;
  return "refused with " + std::string(error.state.view());
}

}  // namespace omen::sql::testing
