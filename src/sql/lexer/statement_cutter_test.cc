// Where a script is cut, and where it is not.
#include "sql/lexer/statement_cutter.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "sql/grammar/parse.h"

namespace omen::sql {
namespace {

/// "select 1 | select 2"
std::string Cut(std::string_view script) {
  StatementCutter cutter(script);
  std::string all;
  for (std::string_view text = cutter.Next(); !text.empty(); text = cutter.Next()) {
    if (!all.empty()) all += " | ";
    all += text;
  }
  return all;
}

TEST(StatementCutter, CutsAtSemicolonsBetweenStatements) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {" ;; \n;", ""},
      {"select 1", "select 1"},
      {" select 1 ; select 2;\n", "select 1 | select 2"},
      {"select ';' ; select $$;$$;select \";\"", "select ';' | select $$;$$ | select \";\""},
      {"select 1; -- a; b\n", "select 1"},
      {"select 1; /* a; /* b; */ c; */ select 2", "select 1 | /* a; /* b; */ c; */ select 2"},
      {"select 1 -- a;\n; select 2", "select 1 -- a; | select 2"},
      {"select e'\\';'; select 'a", "select e'\\';' | select 'a"},
  };
  for (const auto& [script, expected] : cases) EXPECT_EQ(Cut(script), expected) << script;
}

TEST(StatementCutter, CutsAsTheParserDoes) {
  for (const char* script :
       {"begin; select 1 ;\n\n commit", "/* a */ select 1; -- b\nselect 2;;",
        "select U&'\\0041;' ; select 1e5;select a.b from c", "select $1; select $a$;$b$;$a$"}) {
    auto parsed = Parse(script);
    ASSERT_TRUE(parsed.ok()) << script;
    StatementCutter cutter(script);
    for (const ParsedStatement& statement : *parsed) {
      if (statement.is_empty()) continue;
      EXPECT_EQ(cutter.Next(), statement.text()) << script;
    }
    EXPECT_EQ(cutter.Next(), "");
  }
}

}  // namespace
}  // namespace omen::sql
