#include "colstore/colstore.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/blame.h"
#include "colstore/test_store.h"
#include "types/column_functions.h"
#include "types/column_type.h"
#include "types/io.h"

namespace omen::colstore {
namespace {

using testing::TestStore;

TEST(ColumnStore, NewFileIsEmptyAtCommitZero) {
  TestStore store;
  EXPECT_EQ(store.columns().ReadWatermark().value(), (Watermark{0, 0}));
  EXPECT_TRUE(store.columns().Tables()->empty());
}

TEST(ColumnStore, EveryTypeComesBack) {
  TestStore store;
  struct Case {
    Type type;
    std::vector<std::string> texts;
  };
  const std::vector<Case> cases = {
      {{oid::kBool, -1}, {"t", "f"}},
      {{oid::kInt2, -1}, {"-32768", "32767"}},
      {{oid::kInt4, -1}, {"-2147483648", "2147483647"}},
      {{oid::kInt8, -1}, {"-9223372036854775808", "9223372036854775807"}},
      {{oid::kFloat4, -1}, {"1.5", "NaN", "-Infinity"}},
      {{oid::kFloat8, -1}, {"0.1", "1e+308", "Infinity"}},
      {{oid::kNumeric, NumericTypmod(4, 2)}, {"-99.99", "0.00"}},
      {{oid::kNumeric, NumericTypmod(9, 0)}, {"999999999"}},
      {{oid::kNumeric, NumericTypmod(18, 6)}, {"-123456789012.345678"}},
      {{oid::kNumeric, NumericTypmod(38, 10)}, {"1234567890123456789012345678.0123456789"}},
      {{oid::kNumeric, -1}, {"1.10", "-0.00000000000000000000000001", "NaN", "1000000"}},
      {{oid::kText, -1}, {"", "short", "a text of more than sixteen bytes", "h\xc3\xa9llo"}},
      {{oid::kBytea, -1}, {"\\x", "\\x00ff10"}},
      {{oid::kUuid, -1}, {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}},
  };
  for (const Case& c : cases) {
    catalog::Table table = testing::MakeTable(1, {c.type});
    std::vector<Row> rows;
    for (const std::string& text : c.texts) {
      rows.push_back(
          {ParseText(c.type, text).value(), Value::Int(static_cast<int64_t>(rows.size()))});
    }
    rows.push_back({Value(), Value::Int(static_cast<int64_t>(rows.size()))});
    store.Replace(table, rows, 1);
    const auto read = store.Select("SELECT c1 FROM t1_1 ORDER BY rid", {c.type});
    ASSERT_EQ(read.size(), rows.size()) << FormatType(c.type);
    for (size_t i = 0; i < c.texts.size(); ++i) {
      EXPECT_EQ(ToText(c.type, read[i][0]), c.texts[i]) << FormatType(c.type);
    }
    EXPECT_TRUE(read.back()[0].is_null());
  }
}

TEST(ColumnStore, ApplyDeletesThenInserts) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {{oid::kInt4, -1}, {oid::kText, -1}});
  store.Replace(table, {{Value::Int(1), Value::Text("a")}, {Value::Int(2), Value::Text("b")}}, 3);
  store.Apply(table, {{Value::Int(1)}}, {{Value::Int(1), Value::Text("A")}}, 4);
  store.Apply(table, {{Value::Int(2)}, {Value::Int(99)}}, {}, 5);
  EXPECT_EQ(store.Texts("SELECT c1::VARCHAR || c2 FROM t7_1"), std::vector<std::string>{"1A"});
  EXPECT_EQ(store.columns().ReadWatermark()->commit_id, 5u);
}

TEST(ColumnStore, KeysWithEqualUnequalValuesGoByBytes) {
  TestStore store;
  const Type numeric{oid::kNumeric, -1};
  catalog::Table table = testing::MakeKeyedTable(7, {numeric});
  ASSERT_TRUE(HasRawKey(table));
  store.Replace(table,
                {{ParseText(numeric, "1.0").value(), Value::Bytes("one")},
                 {ParseText(numeric, "2").value(), Value::Bytes("two")}},
                1);
  store.Apply(table, {{Value::Bytes("one")}}, {}, 2);
  const auto rows = store.Select("SELECT c1 FROM t7_1", {numeric});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(ToText(numeric, rows[0][0]), "2");
}

TEST(ColumnStore, KeepsItsDefinitions) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {{oid::kInt4, -1}});
  table.oid = 16500;
  table.name = "it's \"mine\"";
  store.Replace(table, {}, 1);
  store.Replace(testing::MakeTable(8, {{oid::kText, -1}}), {}, 2);
  store.Reopen();
  auto definitions = store.columns().Definitions();
  ASSERT_TRUE(definitions.ok()) << definitions.status().ToString();
  ASSERT_EQ(definitions->size(), 2u);
  const auto& kept = *(*definitions)[(*definitions)[0]->storage_id == 7 ? 0 : 1];
  EXPECT_EQ(kept.oid, 16500u);
  EXPECT_EQ(kept.name, table.name);
  EXPECT_NE(kept.primary_key(), nullptr);
}

TEST(ColumnStore, ClusteredRowsLieInTheOrderInWhichTheyWereLoaded) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {{oid::kText, -1}, {oid::kInt4, -1}});
  table.load_order = 2;
  store.Replace(table,
                {{Value::Text("a"), Value::Int(3)},
                 {Value::Text("b"), Value()},
                 {Value::Text("c"), Value::Int(1)},
                 {Value::Text("d"), Value::Int(2)}},
                1);
  auto writer = store.columns().NewWriter().value();
  ASSERT_TRUE(writer->Begin().ok());
  ASSERT_EQ(writer->ClusterTable(table).ToString(), Status::Ok().ToString());
  ASSERT_TRUE(writer->Commit({2, 1}).ok());
  EXPECT_EQ(store.Texts("SELECT c1 FROM t7_1 ORDER BY rowid"),
            (std::vector<std::string>{"c", "d", "a", "b"}));
  store.Apply(table, {{Value::Text("d")}}, {{Value::Text("e"), Value::Int(0)}}, 3);
  store.Reopen();
  EXPECT_EQ(store.Texts("SELECT c1 FROM t7_1 ORDER BY rowid"),
            (std::vector<std::string>{"c", "a", "b", "e"}));
}

TEST(ColumnStore, RolledBackBatchLeavesNothing) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {{oid::kInt4, -1}});
  auto writer = store.columns().NewWriter().value();
  ASSERT_TRUE(writer->Begin().ok());
  ASSERT_TRUE(writer->CreateTable(table).ok());
  writer->Rollback();
  EXPECT_TRUE(store.columns().Tables()->empty());
  EXPECT_EQ(store.columns().ReadWatermark()->commit_id, 0u);
}

TEST(ColumnStore, EvolveAddsDropsAndRenames) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {{oid::kInt4, -1}, {oid::kText, -1}});
  store.Replace(table, {{Value::Int(1), Value::Text("a")}, {Value::Int(2), Value::Text("b")}}, 1);
  const Type numeric{oid::kNumeric, -1}, decimal{oid::kNumeric, NumericTypmod(8, 2)};
  table.columns[1].dropped = true;
  const Type texts{oid::kTextArray, -1};
  for (const Type& type : {numeric, decimal, Type{oid::kText, -1}, Type{oid::kDate, -1}, texts}) {
    catalog::Column column;
    column.attnum = static_cast<int>(table.columns.size()) + 1;
    column.type = type;
    table.columns.push_back(column);
  }
  table.columns[2].missing_value = ParseText(numeric, "1.50").value();
  table.columns[3].missing_value = ParseText(decimal, "-2.25").value();
  table.columns[4].missing_value = Value::Text("it's");
  table.columns[6].missing_value =
      Value::Array(ArrayData{oid::kText, 1, {Value::Text("a"), Value()}});
  table.schema_version = 2;
  auto writer = store.columns().NewWriter().value();
  ASSERT_TRUE(writer->Begin().ok());
  ASSERT_EQ(writer->EvolveTable(table).ToString(), Status::Ok().ToString());
  TableBatch batch{std::make_shared<catalog::Table>(table), {}, {}};
  Row row(7);
  row[0] = Value::Int(3);
  batch.inserts.push_back(row);
  ASSERT_EQ(writer->Apply(batch).ToString(), Status::Ok().ToString());
  ASSERT_TRUE(writer->Commit({2, 1}).ok());
  writer.reset();
  store.Reopen();
  const auto rows = store.Select("SELECT c3, c4, c5, c6, c7 FROM t7_2 ORDER BY c1",
                                 {numeric, decimal, {oid::kText, -1}, {oid::kDate, -1}, texts});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(ToText(numeric, rows[0][0]), "1.50");
  EXPECT_EQ(ToText(decimal, rows[1][1]), "-2.25");
  EXPECT_EQ(ToText({oid::kText, -1}, rows[1][2]), "it's");
  EXPECT_TRUE(rows[0][3].is_null());
  ASSERT_EQ(rows[0][4].AsArray().elements.size(), 2u);
  EXPECT_EQ(rows[0][4].AsArray().elements[0].AsBytes(), "a");
  EXPECT_TRUE(rows[0][4].AsArray().elements[1].is_null());
  EXPECT_TRUE(rows[2][0].is_null());
  EXPECT_EQ(store.columns().Tables().value(),
            (std::vector<std::pair<catalog::StorageId, uint32_t>>{{7, 2}}));
  EXPECT_EQ(store.columns().Definitions().value()[0]->columns.size(), 7u);
}

TEST(ColumnStore, RewriteKeepsRows) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {{oid::kInt4, -1}});
  store.Replace(table, {{Value::Int(1)}, {Value::Int(2)}}, 1);
  auto writer = store.columns().NewWriter().value();
  ASSERT_TRUE(writer->Begin().ok());
  ASSERT_EQ(writer->RewriteTable(7).ToString(), Status::Ok().ToString());
  ASSERT_TRUE(writer->Commit({1, 1}).ok());
  ASSERT_TRUE(writer->Checkpoint().ok());
  EXPECT_EQ(store.Texts("SELECT c1::VARCHAR FROM t7_1 ORDER BY 1"),
            (std::vector<std::string>{"1", "2"}));
}

TEST(ColumnStore, WhatDoesNotFitIsRefused) {
  TestStore store;
  const Type decimal{oid::kNumeric, NumericTypmod(8, 2)};
  struct Case {
    Type type;
    Value value;
  };
  ArrayData shifted;
  shifted.element = oid::kInt4;
  shifted.lower_bound = 2;
  shifted.elements = {Value::Int(1)};
  for (const Case& c : {Case{decimal, ParseText({oid::kNumeric, -1}, "NaN").value()},
                        Case{{oid::kTimestamp, -1}, Value::Int(9223371331199999999)},
                        Case{{oid::kChar, -1}, Value::Bytes("\xff")},
                        Case{{oid::kInt4Array, -1}, Value::Array(shifted)}}) {
    catalog::Table table = testing::MakeTable(1, {c.type});
    auto writer = store.columns().NewWriter().value();
    ASSERT_TRUE(writer->Begin().ok());
    ASSERT_TRUE(writer->CreateTable(table).ok());
    TableBatch batch{std::make_shared<catalog::Table>(table), {}, {{c.value, Value::Int(1)}}};
    const Status refused = Settled(writer->Apply(batch));
    EXPECT_TRUE(refused.Is(sqlstate::kFeatureNotSupported)) << FormatType(c.type);
  }
}

TEST(ColumnStore, ReaderKeepsItsSnapshot) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {{oid::kInt4, -1}});
  store.Replace(table, {{Value::Int(1)}}, 1);
  auto reader = store.columns().NewReader().value();
  EXPECT_EQ(reader->Begin()->commit_id, 1u);
  store.Apply(table, {}, {{Value::Int(2)}}, 2);
  EXPECT_EQ(store.TextsOf(*reader, "SELECT count(*)::VARCHAR FROM t7_1"),
            std::vector<std::string>{"1"});
  EXPECT_EQ(reader->Begin()->commit_id, 2u);
  EXPECT_EQ(store.TextsOf(*reader, "SELECT count(*)::VARCHAR FROM t7_1"),
            std::vector<std::string>{"2"});
}

// The engine groups a column of few values by a table as large as its range, and counts without
// looking at rows: plans of before would be wrong.
TEST(ColumnStore, APlanOfBeforeAChangeIsNotUsedAfterIt) {
  TestStore store;
  const catalog::Table table = testing::MakeTable(1, {{oid::kInt4, -1}});
  store.Replace(table, {{Value::Int(1), Value::Int(1)}, {Value::Int(2), Value::Int(2)}}, 1);
  const std::string queries[] = {
      "SELECT count(*)::VARCHAR FROM t1_1",
      "SELECT sum(n)::VARCHAR FROM (SELECT c1, count(*) n FROM t1_1 GROUP BY c1)",
      "SELECT count(*)::VARCHAR FROM t1_1 WHERE c1 < 1000", "SELECT max(c1)::VARCHAR FROM t1_1"};
  const auto answers = [&](Reader& reader) {
    std::vector<std::string> found;
    for (const std::string& query : queries) {
      for (const std::string& text : store.TextsOf(reader, query)) found.push_back(text);
    }
    return found;
  };
  const std::vector<std::string> before{"2", "2", "2", "2"}, after{"3", "3", "2", "5000000"};
  for (int round = 0; round < 2; ++round) {
    auto reader = store.columns().NewReader().value();
    ASSERT_TRUE(reader->Begin().ok());
    EXPECT_EQ(answers(*reader), before);
    EXPECT_EQ(answers(*reader), before);
  }
  auto old = store.columns().NewReader().value();
  ASSERT_TRUE(old->Begin().ok());
  EXPECT_EQ(answers(*old), before);
  store.Apply(table, {}, {{Value::Int(5'000'000), Value::Int(3)}}, 2);
  EXPECT_EQ(answers(*old), before);
  old->End();
  ASSERT_TRUE(old->Begin().ok());
  for (int round = 0; round < 2; ++round) EXPECT_EQ(answers(*old), after);
}

TEST(ColumnStore, CheckpointWorksWhileAReaderIsOpen) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {{oid::kInt4, -1}});
  store.Replace(table, {{Value::Int(1)}}, 1);
  auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  auto writer = store.columns().NewWriter().value();
  for (uint64_t commit = 2; commit < 6; ++commit) {
    ASSERT_TRUE(writer->Begin().ok());
    ASSERT_TRUE(writer->Commit({commit, 1}).ok());
    EXPECT_EQ(writer->Checkpoint().ToString(), Status::Ok().ToString());
  }
  EXPECT_LT(store.WalBytes(), 4096u);
}

TEST(ColumnStore, ParametersAreTyped) {
  TestStore store;
  auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  const Type decimal{oid::kNumeric, NumericTypmod(6, 2)};
  const std::vector<Type> types = {{oid::kInt4, -1}, {oid::kText, -1}, decimal};
  auto cursor =
      reader->Query("SELECT $1 + 1, $2 || '!', $3 * 2", types,
                    {Value::Int(41), Value::Text("x"), ParseText(decimal, "1.25").value()},
                    {{oid::kInt4, -1}, {oid::kText, -1}, {oid::kNumeric, -1}}, {}, {}, nullptr);
  ASSERT_TRUE(cursor.ok()) << cursor.status().ToString();
  std::vector<Row> rows;
  ASSERT_TRUE((*cursor)->Next(&rows).ok());
  EXPECT_EQ(rows[0][0].AsInt(), 42);
  EXPECT_EQ(rows[0][1].AsBytes(), "x!");
  EXPECT_EQ(ToText({oid::kNumeric, -1}, rows[0][2]), "2.50");
}

TEST(ColumnStore, ErrorsHavePostgresStates) {
  TestStore store;
  struct Case {
    const char* sql;
    SqlState state;
    const char* message;
  };
  const Case cases[] = {
      {"SELECT 2147483647::INTEGER + 1::INTEGER", sqlstate::kNumericOutOfRange,
       "integer out of range"},
      {"SELECT 32767::SMALLINT * 2::SMALLINT", sqlstate::kNumericOutOfRange,
       "smallint out of range"},
      {"SELECT 9223372036854775807 + 1::BIGINT", sqlstate::kNumericOutOfRange,
       "bigint out of range"},
      {"SELECT sum(x)::BIGINT FROM (VALUES (9223372036854775807), (1)) t(x)",
       sqlstate::kNumericOutOfRange, "bigint out of range"},
      {"SELECT (CAST(1e30 AS DOUBLE))::INTEGER", sqlstate::kNumericOutOfRange,
       "integer out of range"},
      {"SELECT 99999::BIGINT::SMALLINT", sqlstate::kNumericOutOfRange, "smallint out of range"},
      {"SELECT omen_int_div(1, 0)", sqlstate::kDivisionByZero, "division by zero"},
      {"SELECT omen_float_div(1::DOUBLE, 0)", sqlstate::kDivisionByZero, "division by zero"},
      {"SELECT omen_float_mul(1e300::DOUBLE, 1e300)", sqlstate::kNumericOutOfRange,
       "value out of range: overflow"},
      {"SELECT omen_int_div((-9223372036854775808)::BIGINT, -1::BIGINT)",
       sqlstate::kNumericOutOfRange, "bigint out of range"},
      {"SELECT (SELECT x FROM (VALUES (1), (2)) t(x))", sqlstate::kCardinalityViolation,
       "more than one row returned by a subquery used as an expression"},
      {"SELECT omen_raise('22023', 'no such thing', 1)", sqlstate::kInvalidParameter,
       "no such thing"},
  };
  for (const Case& c : cases) {
    const Status status = store.Error(c.sql);
    EXPECT_TRUE(status.Is(c.state)) << c.sql << ": " << status.ToString();
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().message, c.message) << c.sql;
  }
}

TEST(ColumnStore, ReaderSurvivesAFailedStatement) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {{oid::kInt4, -1}});
  store.Replace(table, {{Value::Int(1)}}, 1);
  auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  store.Apply(table, {}, {{Value::Int(2)}}, 2);
  auto failed = reader->Query("SELECT omen_int_div(c1, 0) FROM t7_1", {}, {}, {{oid::kInt4, -1}},
                              {}, {}, nullptr);
  Status status = failed.ok() ? Status::Ok() : std::move(failed).status();
  std::vector<Row> rows;
  if (status.ok()) status = (*failed)->Next(&rows);
  EXPECT_TRUE(status.Is(sqlstate::kDivisionByZero));
  EXPECT_EQ(store.TextsOf(*reader, "SELECT count(*)::VARCHAR FROM t7_1"),
            std::vector<std::string>{"1"});
}

TEST(ColumnStore, OnlyOneSelectRuns) {
  TestStore store;
  for (const char* sql :
       {"COPY (SELECT 1) TO '/tmp/omen_never'", "SELECT 1; SELECT 2", "CREATE TABLE x(a INT)",
        "ATTACH ':memory:' AS m", "SET threads = 1", "PRAGMA enable_profiling", "CHECKPOINT",
        "INSTALL httpfs", "CALL enable_logging()", "DELETE FROM omen_watermark", "COMMIT", ""}) {
    EXPECT_FALSE(store.Error(sql).ok()) << sql;
  }
}

TEST(ColumnStore, OutsideFilesCannotBeRead) {
  TestStore store;
  for (const char* sql : {"SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM '/etc/passwd'",
                          "SELECT * FROM glob('/*')", "SELECT * FROM read_csv('/etc/passwd')"}) {
    EXPECT_FALSE(store.Error(sql).ok()) << sql;
  }
}

TEST(ColumnStore, ResultsStream) {
  TestStore store;
  auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  const uint64_t before = store.columns().MemoryBytes();
  auto cursor = reader->Query("SELECT i, repeat('x', 100) FROM range(50000000) t(i)", {}, {},
                              {{oid::kInt8, -1}, {oid::kText, -1}}, {}, {}, nullptr);
  ASSERT_TRUE(cursor.ok()) << cursor.status().ToString();
  std::vector<Row> rows;
  ASSERT_TRUE((*cursor)->Next(&rows).ok());
  ASSERT_FALSE(rows.empty());
  EXPECT_LT(store.columns().MemoryBytes(), before + (64u << 20));
  cursor->reset();
  EXPECT_EQ(store.TextsOf(*reader, "SELECT 'next'"), std::vector<std::string>{"next"});
}

TEST(ColumnStore, CancelStopsARunningQuery) {
  TestStore store;
  auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  CancelToken cancel;
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    cancel.Cancel(CancelToken::Reason::kTimeout);
  });
  const auto start = std::chrono::steady_clock::now();
  auto cursor = reader->Query(
      "SELECT count(*) FROM range(1000000) a(i), range(1000000) b(j) WHERE i * j % 7 = 3", {}, {},
      {{oid::kInt8, -1}}, {}, {}, &cancel);
  Status status = cursor.ok() ? Status::Ok() : std::move(cursor).status();
  std::vector<Row> rows;
  if (status.ok()) status = (*cursor)->Next(&rows);
  canceller.join();
  EXPECT_TRUE(status.Is(sqlstate::kQueryCanceled));
  EXPECT_EQ(status.error().message, "canceling statement due to statement timeout");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_EQ(store.TextsOf(*reader, "SELECT 'next'"), std::vector<std::string>{"next"});
}

TEST(ColumnStore, TooMuchMemoryIsAnError) {
  Options options;
  options.memory_bytes = 64u << 20;
  options.temp_bytes = 1u << 20;
  TestStore store(options);
  const Status status =
      store.Error("SELECT count(*) FROM (SELECT i, count(*) FROM range(20000000) t(i) GROUP BY i)");
  EXPECT_TRUE(status.Is(sqlstate::kOutOfMemory) || status.Is(sqlstate::kDiskFull))
      << status.ToString();
  EXPECT_FALSE(store.columns().failed());
  EXPECT_EQ(store.Texts("SELECT 'next'"), std::vector<std::string>{"next"});
}

TEST(ColumnStore, DamagedFileIsReported) {
  TestStore store;
  catalog::Table table = testing::MakeKeyedTable(7, {{oid::kInt4, -1}});
  store.Replace(table, {{Value::Int(1)}}, 1);
  store.Close();
  std::filesystem::resize_file(store.options().path, 5000);
  auto opened = ColumnStore::Open(store.options());
  ASSERT_FALSE(opened.ok());
  EXPECT_TRUE(opened.status().Is(sqlstate::kDataCorrupted)) << opened.status().ToString();
  ASSERT_TRUE(ColumnStore::Remove(store.options()).ok());
  EXPECT_TRUE(ColumnStore::Open(store.options()).ok());
}

/// The operators of a kind, in order from the root.
void Collect(const PlanOperator& plan, PlanOperator::Kind kind,
             std::vector<const PlanOperator*>* found) {
  if (plan.kind == kind) found->push_back(&plan);
  for (const PlanOperator& input : plan.inputs) Collect(input, kind, found);
}

TEST(ColumnStore, APlanHasDetailsAndNoCounts) {
  TestStore store;
  auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  const std::string text = "SELECT count(*) FROM range(10) t(i) WHERE i % 3 = 1";
  // The engine's threads begin before the plan is read: sometimes they are faster.
  for (int i = 0; i < 100; ++i) {
    const auto plan = reader->Plan(text, {}, {}, {});
    ASSERT_TRUE(plan.ok()) << plan.status().ToString();
    std::vector<const PlanOperator*> aggregates, filters;
    Collect(*plan, PlanOperator::Kind::kAggregate, &aggregates);
    Collect(*plan, PlanOperator::Kind::kFilter, &filters);
    ASSERT_EQ(aggregates.size(), 1u);
    ASSERT_EQ(filters.size(), 1u);
    EXPECT_FALSE(filters[0]->details.empty());
    ASSERT_EQ(filters[0]->rows, 0u) << "of plan " << i;
  }
}

TEST(ColumnStore, ACursorAtItsEndTellsWhatItsOperatorsDid) {
  TestStore store;
  auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  const std::vector<Type> types{{oid::kInt8, -1}, {oid::kInt8, -1}};
  auto cursor =
      reader->Query("SELECT i % 7, count(*) FROM range(100000) t(i) WHERE i % 5 = 1 GROUP BY i % 7",
                    {}, {}, types, {}, {}, nullptr);
  ASSERT_TRUE(cursor.ok()) << cursor.status().ToString();
  EXPECT_EQ((*cursor)->plan(), nullptr) << "before the end";
  std::vector<Row> rows;
  do {
    ASSERT_TRUE((*cursor)->Next(&rows).ok());
  } while (!rows.empty());
  const PlanOperator* plan = (*cursor)->plan();
  ASSERT_NE(plan, nullptr);
  std::vector<const PlanOperator*> groups, filters;
  Collect(*plan, PlanOperator::Kind::kGroup, &groups);
  Collect(*plan, PlanOperator::Kind::kFilter, &filters);
  ASSERT_EQ(groups.size(), 1u);
  ASSERT_EQ(filters.size(), 1u);
  EXPECT_EQ(groups[0]->rows, 7u);
  EXPECT_EQ(filters[0]->rows, 20000u);
  EXPECT_GT(filters[0]->nanos, 0);
}

}  // namespace
}  // namespace omen::colstore
