#include "exec/database/test_cases.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace omen::exec::testing {

std::vector<std::string> AnswerLines(std::string_view text, std::string_view separator) {
  std::vector<std::string> lines;
  while (true) {
    const size_t end = text.find(separator);
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + separator.size());
  }
}

std::string JoinedLines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (&line == lines.data() ? "" : "; ") + line;
  return out;
}

std::string OneLine(std::string answer) {
  if (answer.empty()) return "none";
  if (answer.back() == '\n') answer.pop_back();
  return JoinedLines(AnswerLines(answer, "\n"));
}

bool IsOrdered(std::string_view query) {
  int depth = 0;
  for (size_t i = 0; i < query.size(); ++i) {
    depth += query[i] == '(' ? 1 : query[i] == ')' ? -1 : 0;
    if (depth == 0 && query.substr(i).starts_with("order by")) return true;
  }
  return false;
}

std::string PlanOf(TestSession* session, const std::string& query) {
  const std::string answer = session->Run("explain (costs off) " + query);
  if (answer.starts_with("ERROR")) return answer;
  std::string plan;
  for (std::string line : AnswerLines(answer, "\n")) {
    if (line.empty() || line.starts_with("Path:") || line.starts_with("Freshness:") ||
        line.starts_with("Alternatives:")) {
      continue;
    }
    line.erase(0, line.find_first_not_of(" ->"));
    plan += (plan.empty() ? "" : " / ") + line;
  }
  return plan;
}

void ExpectAnswers(TestSession* session, std::span<const QueryCase> cases) {
  for (const QueryCase& one : cases) {
    std::string answer = OneLine(session->Run(one.query));
    std::string expected = one.answer;
    if (!IsOrdered(one.query)) {
      for (std::string* text : {&answer, &expected}) {
        std::vector<std::string> lines = AnswerLines(*text, "; ");
        std::ranges::sort(lines);
        *text = JoinedLines(lines);
      }
    }
    EXPECT_EQ(answer, expected) << one.query;
  }
}

Meanwhile::Meanwhile(TestSession* session, std::string statement)
    : thread_([this, session, statement] { answer_ = OneLine(session->Run(statement)); }) {
  std::this_thread::sleep_for(std::chrono::milliseconds(25));
}

Meanwhile::~Meanwhile() {
  if (thread_.joinable()) thread_.join();
}

std::string Meanwhile::Answer() {
  thread_.join();
  return answer_;
}

namespace {

TEST(TestCases, KnowAnOrderOfTheWholeFromOneOfAPart) {
  EXPECT_TRUE(IsOrdered("select 1 from (select 2) q order by 1"));
  EXPECT_FALSE(IsOrdered("select array_agg(a order by a) from t"));
  EXPECT_FALSE(IsOrdered("select sum(a) over (order by a) from (select 1 order by 1) q"));
}

TEST(TestCases, TellNoRowsFromARowOfNull) {
  EXPECT_EQ(OneLine(""), "none");
  EXPECT_EQ(OneLine("\n"), "");
  EXPECT_EQ(OneLine("1|a\n|b\n"), "1|a; |b");
}

}  // namespace
}  // namespace omen::exec::testing
