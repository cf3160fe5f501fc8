// Indexes and keys as PostgreSQL 15 shows them by pg_get_indexdef and pg_get_constraintdef.
#include "sql/definition/index_text.h"

#include <gtest/gtest.h>

#include <vector>

#include "sql/command/binder_fixture.h"
#include "sql/definition/deparse.h"

namespace omen::sql::testing {
namespace {

/// "Mixed T" (a, "B c", "order"), in the schema public.
catalog::Table MixedTable() {
  catalog::Table table;
  table.schema = catalog::kPublicSchema;
  table.name = "Mixed T";
  for (const char* name : {"a", "B c", "order"}) {
    catalog::Column column;
    column.attnum = static_cast<int>(table.columns.size()) + 1;
    column.name = name;
    column.type = {oid::kInt4};
    table.columns.push_back(std::move(column));
  }
  return table;
}

catalog::Index IndexOver(std::vector<catalog::IndexColumn> columns) {
  catalog::Index index;
  index.name = "i";
  index.columns = std::move(columns);
  return index;
}

std::string IndexTextOf(const catalog::Index& index) {
  return IndexText(*MakeCatalog(), MixedTable(), index);
}

TEST(IndexTextTest, OrdersAreShownWhereTheyAreNotTheUsualOnes) {
  const std::string head = "CREATE INDEX i ON public.\"Mixed T\" USING btree ";
  EXPECT_EQ(IndexTextOf(IndexOver({{1}})), head + "(a)");
  EXPECT_EQ(IndexTextOf(IndexOver({{1, true, true}})), head + "(a DESC)");
  EXPECT_EQ(IndexTextOf(IndexOver({{1, false, true}, {2, true, false}})),
            head + "(a NULLS FIRST, \"B c\" DESC NULLS LAST)");
  EXPECT_EQ(IndexTextOf(IndexOver({{3, true, true}, {1, false, false}})),
            head + "(\"order\" DESC, a)");
}

TEST(IndexTextTest, UniqueOnesSayHowTheyTakeNulls) {
  catalog::Index index = IndexOver({{1}});
  index.unique = true;
  index.name = "I 2";
  EXPECT_EQ(IndexTextOf(index),
            "CREATE UNIQUE INDEX \"I 2\" ON public.\"Mixed T\" USING btree (a)");
  index.nulls_not_distinct = true;
  EXPECT_EQ(IndexTextOf(index),
            "CREATE UNIQUE INDEX \"I 2\" ON public.\"Mixed T\" USING btree (a) NULLS NOT DISTINCT");
}

TEST(IndexTextTest, KeysAreConstraints) {
  catalog::Index key = IndexOver({{2}, {1, true, true}});
  key.unique = key.primary = key.is_constraint = true;
  EXPECT_EQ(KeyText(MixedTable(), key), "PRIMARY KEY (\"B c\", a)");
  key.primary = false;
  EXPECT_EQ(KeyText(MixedTable(), key), "UNIQUE (\"B c\", a)");
  key.nulls_not_distinct = true;
  EXPECT_EQ(KeyText(MixedTable(), key), "UNIQUE NULLS NOT DISTINCT (\"B c\", a)");
}

std::string DefaultOf(std::string_view sql, Type type) {
  catalog::Column column;
  column.default_sql = sql;
  column.type = type;
  return DefaultText(column, TestContext(*MakeCatalog()));
}

// What names an object now is to name it whatever the path will be.
TEST(IndexTextTest, DefaultsAreSettledOnWhatTheyName) {
  const auto catalog = MakeCatalog();
  const BindContext writer = TestContext(*catalog);
  EXPECT_EQ(SettledDefault("nextval('seq')", {oid::kInt8}, writer),
            "nextval('public.seq'::regclass)");
  EXPECT_EQ(SettledDefault("1 + 2", {oid::kInt4}, writer), "1 + 2");
  EXPECT_EQ(SettledDefault("'seq'", {oid::kText}, writer), "'seq'");
  EXPECT_EQ(DefaultOf("nextval('public.seq'::regclass)", {oid::kInt8}), "nextval('seq'::regclass)");
  EXPECT_EQ(DefaultOf("'x'", {oid::kText}), "'x'::text");
  EXPECT_EQ(DefaultOf("'2020-01-01'", {oid::kDate}), "'2020-01-01'::date");
}

}  // namespace
}  // namespace omen::sql::testing
