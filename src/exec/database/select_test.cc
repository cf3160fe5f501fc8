// Every query gives PostgreSQL's answer on every path that can run it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "exec/database/test_engine.h"

namespace omen::exec::testing {
namespace {

struct SelectCase {
  bool ordered;
  const char* query;
  const char* answer;
};

#include "exec/database/testdata/select_cases.inc"

std::string Sorted(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(lines);
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

void RunCases(TestSession* session, bool all_supported) {
  int refused = 0;
  for (const SelectCase& one : kSelectCases) {
    std::string answer = session->Run(one.query);
    if (answer.starts_with("ERROR")) answer += "\n";
    if (answer.starts_with("ERROR 0A000")) {
      ++refused;
      if (all_supported) ADD_FAILURE() << one.query << "\n" << answer;
      if (!all_supported) fmt::print("refused: {}: {}", one.query, answer);
      continue;
    }
    if (one.ordered) {
      EXPECT_EQ(answer, one.answer) << one.query;
    } else {
      EXPECT_EQ(Sorted(answer), Sorted(one.answer)) << one.query;
    }
  }
  EXPECT_LT(refused, 20);
}

TEST(Select, AnswersLikePostgresOnRows) {
  TestEngine engine(TestEngine::Columns::kWithout);
  TestSession session(&engine);
  ASSERT_EQ(session.Run(kSelectSetup), "INSERT 7");
  session.options.route = Route::kRow;
  RunCases(&session, true);
}

TEST(Select, AnswersLikePostgresOnColumns) {
  TestEngine engine;
  TestSession session(&engine);
  ASSERT_EQ(session.Run(kSelectSetup), "INSERT 7");
  session.options.route = Route::kColumn;
  RunCases(&session, false);
}

TEST(Select, AnswersLikePostgresOnBoth) {
  TestEngine engine;
  TestSession session(&engine);
  ASSERT_EQ(session.Run(kSelectSetup), "INSERT 7");
  session.options.route = Route::kMixed;
  RunCases(&session, false);
}

}  // namespace
}  // namespace omen::exec::testing
