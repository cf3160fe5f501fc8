#include "sql/lexer/template_text.h"

#include <gtest/gtest.h>

namespace omen::sql {
namespace {

TEST(TemplateText, TakesLiteralsOut) {
  const std::pair<const char*, const char*> cases[] = {
      {"select 1", "select ?"},
      {"SELECT a1 FROM t2 WHERE x = 1.5e-3", "SELECT a1 FROM t2 WHERE x = ?"},
      {"select 'it''s', E'a\\'b' , U&'x'", "select ?, ? , ?"},
      {"select $1, $2", "select $1, $2"},
      {"select $$secret$$, $tag$a$$b$tag$", "select ?, ?"},
      {"select \"Col 1\" -- hidden 42\n from t /* 'x' /* nested */ */ ;",
       "select \"Col 1\" from t"},
      {"insert into t values (1,'a'), (2,'b')", "insert into t values (?,?), (?,?)"},
      {"select b'101', x'ff'", "select ?, ?"},
      {"select 'unclosed", "select ?"},
      {"", ""},
      {"select table1.col2 from table1", "select table1.col2 from table1"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(TemplateText(text), expected) << text;
}

}  // namespace
}  // namespace omen::sql
