// Tables of statements with the answers that PostgreSQL 15 gives, for tests.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "exec/database/test_engine.h"

namespace omen::exec::testing {

/// An answer is rows "a|b; c|d", "none" for no rows, "UPDATE 3" or "ERROR 22012: text".
struct QueryCase {
  const char* query;
  const char* answer;
};

std::vector<std::string> AnswerLines(std::string_view text, std::string_view separator);
std::string JoinedLines(const std::vector<std::string>& lines);
/// What Run answers, on one line.
std::string OneLine(std::string answer);
/// Does the whole query have an ORDER BY, not only something in parentheses?
bool IsOrdered(std::string_view query);
/// Each statement, one after the other, gives its answer; rows in any order where none is asked.
void ExpectAnswers(TestSession* session, std::span<const QueryCase> cases);
/// The tree that EXPLAIN tells, without costs, on one line.
std::string PlanOf(TestSession* session, const std::string& query);

/// A statement that another session runs meanwhile. Given a moment to reach what it waits for:
/// a slow machine makes a test see less, never fail.
class Meanwhile {
 public:
  Meanwhile(TestSession* session, std::string statement);
  ~Meanwhile();
  /// Waits for its end.
  std::string Answer();

 private:
  std::string answer_;
  std::thread thread_;
};

}  // namespace omen::exec::testing
