// Tables of statements with the answers that PostgreSQL 15 gives, for tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
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

inline std::vector<std::string> AnswerLines(std::string_view text, std::string_view separator) {
  std::vector<std::string> lines;
  while (true) {
    const size_t end = text.find(separator);
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + separator.size());
  }
}

inline std::string JoinedLines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (&line == lines.data() ? "" : "; ") + line;
  return out;
}

/// What Run answers, on one line.
inline std::string OneLine(std::string answer) {
  if (answer.empty()) return "none";
  if (answer.back() == '\n') answer.pop_back();
  return JoinedLines(AnswerLines(answer, "\n"));
}

/// Does the whole query have an ORDER BY, not only something in parentheses?
inline bool IsOrdered(std::string_view query) {
  int depth = 0;
  for (size_t i = 0; i < query.size(); ++i) {
    depth += query[i] == '(' ? 1 : query[i] == ')' ? -1 : 0;
    if (depth == 0 && query.substr(i).starts_with("order by")) return true;
  }
  return false;
}

/// Each statement, one after the other, gives its answer; rows in any order where none is asked.
inline void ExpectAnswers(TestSession* session, std::span<const QueryCase> cases) {
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

/// A statement that another session runs meanwhile. Given a moment to reach what it waits for:
/// a slow machine makes a test see less, never fail.
class Meanwhile {
 public:
  Meanwhile(TestSession* session, std::string statement)
      : thread_([this, session, statement] { answer_ = OneLine(session->Run(statement)); }) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  ~Meanwhile() {
    if (thread_.joinable()) thread_.join();
  }
  /// Waits for its end.
  std::string Answer() {
    thread_.join();
    return answer_;
  }

 private:
  std::string answer_;
  std::thread thread_;
};

}  // namespace omen::exec::testing
