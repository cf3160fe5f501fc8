#include "sql/definition/deparse.h"

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

catalog::View ViewOf(std::string query, std::vector<std::string> columns) {
  catalog::View view;
  view.name = "seen";
  view.query_sql = std::move(query);
  view.search_path = {"public"};
  for (std::string& name : columns) {
    view.columns.push_back({static_cast<int>(view.columns.size()) + 1, std::move(name)});
  }
  return view;
}

std::string TextOf(const catalog::View& view, TextLayout layout = {}) {
  return ViewText(view, TestContext(*MakeCatalog()), layout);
}

std::string ExpressionOf(std::string_view sql, Type target = {}) {
  const auto catalog = MakeCatalog();
  const catalog::Object* object = catalog->FindRelation(catalog::kPublicSchema, "u");
  return StoredExpressionText(sql, &std::get<catalog::Table>(*object), target,
                              TestContext(*catalog));
}

TEST(DeparseTest, ViewsHaveTheirColumnsNamesAndLines) {
  const catalog::View view = ViewOf("select aid, bid + 1 from t where not bid > 1", {"aid", "p"});
  EXPECT_EQ(TextOf(view),
            " SELECT t.aid,\n    (t.bid + 1) AS p\n   FROM t\n  WHERE (NOT (t.bid > 1));");
  EXPECT_EQ(TextOf(view, {.pretty = true}),
            " SELECT t.aid,\n    t.bid + 1 AS p\n   FROM t\n  WHERE NOT t.bid > 1;");
  EXPECT_EQ(TextOf(view, {.pretty = true, .wrap_column = -1}),
            " SELECT t.aid, t.bid + 1 AS p\n   FROM t\n  WHERE NOT t.bid > 1;");
}

TEST(DeparseTest, ViewsAreNamedAndNotLookedInto) {
  EXPECT_EQ(TextOf(ViewOf("select * from tv", {"aid", "twice"})),
            " SELECT tv.aid,\n    tv.twice\n   FROM tv;");
}

TEST(DeparseTest, WhatTheTreeCannotKeepIsShownAsGiven) {
  for (const std::string query : {"select 1 from t where (aid, bid) < (1, 2)", "select t from t",
                                  "select 1 from t where (aid, bid) is null",
                                  "select 1 from t where (aid, bid) <> any (select 1, 2)"}) {
    EXPECT_EQ(TextOf(ViewOf(query, {"one"})), query + ";");
  }
  EXPECT_EQ(TextOf(ViewOf("select 1 -- one", {"one"})), " SELECT 1 AS one;");
  EXPECT_EQ(TextOf(ViewOf("select nothing from t -- such", {"one"})),
            "select nothing from t -- such\n;");
}

TEST(DeparseTest, ViewsOfOtherColumnsThanTheyHadAreShownAsGiven) {
  EXPECT_EQ(TextOf(ViewOf("select * from t", {"aid"})), "select * from t;");
}

TEST(DeparseTest, NamesThatWouldBecomeTooLongAreShownAsGiven) {
  const std::string name(63, 'a');
  const std::string query = "select 1 from t " + name + ", (select aid from t " + name;
  EXPECT_EQ(TextOf(ViewOf(query + ") x", {"one"})), query + ") x;");
  EXPECT_EQ(TextOf(ViewOf(query + " for update) x", {"one"})), query + " for update) x;");
}

TEST(DeparseTest, ExpressionsAreNotComputed) {
  EXPECT_EQ(ExpressionOf("1 + 2"), "(1 + 2)");
  EXPECT_EQ(ExpressionOf("'1'::int"), "1");
  EXPECT_EQ(ExpressionOf("-1"), "'-1'::integer");
  EXPECT_EQ(ExpressionOf("'now'::timestamp"), "'now'::timestamp");
}

TEST(DeparseTest, CastsThatWereNotWrittenAreSeenWithinCallsAlone) {
  EXPECT_EQ(ExpressionOf("a", {oid::kInt8, -1}), "a");
  EXPECT_EQ(ExpressionOf("sqrt(a)"), "sqrt((a)::double precision)");
  EXPECT_EQ(ExpressionOf("a::bigint", {oid::kInt8, -1}), "(a)::bigint");
}

}  // namespace
}  // namespace omen::sql::testing
