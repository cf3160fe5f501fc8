#include "exec/explain/explain_report.h"

#include <gtest/gtest.h>

#include "types/json/json.h"

namespace omen::exec {
namespace {

ExplainReport Report() {
  ExplainNode scan;
  scan.type = "Index Scan";
  scan.relation = "t";
  scan.alias = "x";
  scan.index = "t_a";
  scan.expected = {0.5, 20.25, 7};
  scan.seen = {12, 3, 3'000'000, 6'000'000};
  scan.details = {{"Index Cond", "(a = 'say \"x\"')"}};
  ExplainNode never;
  never.type = "Seq Scan";
  never.relation = "u";
  never.expected = {0, 3, 0};
  never.seen = {0, 0, 0, 0};
  ExplainNode join;
  join.type = "Nested Loop";
  join.expected = {std::nullopt, std::nullopt, 5};
  join.inputs = {scan, never};
  ExplainReport report;
  report.plans = {join};
  report.properties = {{"Execution Time", "1.500 ms"}, {"Path", "row (small)"}};
  return report;
}

TEST(ExplainReports, TextIsATree) {
  const std::vector<std::string> lines = ExplainText(Report(), {.analyze = true});
  const std::vector<std::string> expected = {
      "Nested Loop  (rows=5)",
      "  ->  Index Scan using t_a on t x  (cost=0.50..20.25 rows=7 width=0) "
      "(actual time=1.000..2.000 rows=4 loops=3)",
      "        Index Cond: (a = 'say \"x\"')",
      "  ->  Seq Scan on u  (cost=0.00..3.00 rows=1 width=0) (never executed)",
      "Execution Time: 1.500 ms",
      "Path: row (small)",
  };
  EXPECT_EQ(lines, expected);
}

TEST(ExplainReports, OptionsLeaveThingsOut) {
  const auto lines = ExplainText(Report(), {.analyze = true, .costs = false, .timing = false});
  EXPECT_EQ(lines[0], "Nested Loop");
  EXPECT_EQ(lines[1], "  ->  Index Scan using t_a on t x (actual rows=4 loops=3)");
}

TEST(ExplainReports, JsonIsOneDocumentWithEachKeyOnce) {
  const std::string text = ExplainJson(Report(), {.analyze = true});
  for (const char* part :
       {"\"Node Type\": \"Nested Loop\"", "\"Relation Name\": \"t\"", "\"Alias\": \"x\"",
        "\"Index Name\": \"t_a\"", "\"Total Cost\": 20.25", "\"Actual Rows\": 4",
        "\"Index Cond\": \"(a = 'say \\\"x\\\"')\"", "\"Execution Time\": 1.500",
        "\"Path\": \"row (small)\"", "\"Plans\": ["}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_TRUE(ParseJson(text).ok()) << text;
  EXPECT_TRUE(ParseJson(ExplainJson({}, {})).ok());
}

}  // namespace
}  // namespace omen::exec
