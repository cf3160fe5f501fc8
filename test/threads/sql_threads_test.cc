// Parsing, binding and printing from several threads over one catalogue, as sessions do.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "crowd.h"
#include "sql/command/binder_fixture.h"
#include "sql/duckdb/duckdb_sql.h"

namespace omen::sql::testing {
namespace {

constexpr const char* kScripts[] = {
    "select n_name, sum(l_extendedprice * (1 - l_discount)) from customer, orders, lineitem, "
    "nation where c_custkey = o_custkey and l_orderkey = o_orderkey and c_nationkey = "
    "n_nationkey group by n_name order by 2 desc limit 5",
    "with recursive r(x) as (select 1 union all select x + 1 from r where x < 10) select * from r",
    "select distinct on (bid) aid, rank() over (partition by bid order by abalance) from t",
    "select b ~ 'a+(b|c)', to_char(f, 'YYYY-MM-DD'), c::text || 'x' from u where b like '%z_'",
    "select timestamptz '2024-01-01 Europe/Paris', interval '1 day 2:03', '{1,2}'::int[]",
    "insert into u (id, a) values ($1, $2) on conflict (id) do update set a = excluded.a",
    "select nope from t",
    "select 1 +",
};

std::string Answer(std::string_view sql) {
  std::string said = Describe(sql);
  auto parsed = Parse(sql);
  if (!parsed.ok()) return said;
  const auto catalog = MakeCatalog();
  auto bound = Bind((*parsed)[0], TestContext(*catalog));
  if (!bound.ok()) return said;
  const auto* query = std::get_if<std::unique_ptr<Query>>(&(*bound)->body);
  if (query == nullptr) return said;
  auto printed = GenerateDuckdb(**query, (*bound)->param_types,
                                [](const auto&) { return TableSource::kColumns; });
  return said + (printed.ok() ? printed->text : printed.status().ToString());
}

TEST(Threads, StatementsAreCompiledAlikeByAll) {
  std::vector<std::string> alone;
  for (const char* sql : kScripts) alone.push_back(Answer(sql));
  Crowd(4, [&](int me) {
    for (size_t i = 0; i < 4 * std::size(kScripts); ++i) {
      const size_t which = (i + static_cast<size_t>(me)) % std::size(kScripts);
      EXPECT_EQ(Answer(kScripts[which]), alone[which]);
    }
  });
}

}  // namespace
}  // namespace omen::sql::testing
