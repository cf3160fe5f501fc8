// The generated text for hand-made queries: which carrier a numeric gets, which literals are
// printed, what is refused. That the text means the same as PostgreSQL's is tested by running
// test/sql on every path.
#include "sql/duckdb/duckdb_sql.h"

#include <gtest/gtest.h>

#include "base/blame.h"
#include "types/number/numeric.h"

namespace omen::sql {
namespace {

using functions::Registry;

Type Decimal(int precision, int scale) { return {oid::kNumeric, NumericTypmod(precision, scale)}; }

/// One table: a int4, b int8, n numeric(15,2), w numeric(30,10), v numeric, d date, s text.
std::shared_ptr<const catalog::Table> TestTable() {
  static const std::vector<std::pair<std::string, Type>> kColumns = {
      {"a", {oid::kInt4}},    {"b", {oid::kInt8}}, {"n", Decimal(15, 2)}, {"w", Decimal(30, 10)},
      {"v", {oid::kNumeric}}, {"d", {oid::kDate}}, {"s", {oid::kText}}};
  auto table = std::make_shared<catalog::Table>();
  table->oid = 16384;
  table->name = "t";
  table->storage_id = 7;
  for (const auto& [name, type] : kColumns) {
    catalog::Column column;
    column.attnum = static_cast<int>(table->columns.size()) + 1;
    column.name = name;
    column.type = type;
    table->columns.push_back(column);
  }
  return table;
}

class Builder {
 public:
  Builder() : query_(std::make_unique<Query>()) {
    Relation relation;
    relation.kind = RelationKind::kTable;
    relation.table = TestTable();
    for (const catalog::Column& column : relation.table->columns) {
      relation.columns.push_back({column.name, column.type});
      relation.attnums.push_back(column.attnum);
    }
    query_->relations.push_back(std::move(relation));
    FromItem item;
    item.relation = 0;
    query_->from.push_back(std::move(item));
  }

  ExprPtr Col(std::string_view name) {
    const Relation& relation = query_->relations[0];
    for (size_t i = 0; i < relation.columns.size(); ++i) {
      if (relation.columns[i].name != name) continue;
      auto expr = std::make_unique<Expr>(ExprKind::kColumn, relation.columns[i].type);
      expr->rel = 0;
      expr->column = static_cast<int>(i);
      return expr;
    }
    ADD_FAILURE() << "no column " << name;
    return nullptr;
  }
  Builder& Select(ExprPtr expr) {
    TargetEntry target;
    target.output.type = expr->type;
    target.expr = std::move(expr);
    query_->targets.push_back(std::move(target));
    return *this;
  }
  Builder& Aggregated() {
    query_->has_aggregates = true;
    return *this;
  }
  Query& query() { return *query_; }

  Result<DuckdbQuery> Generate(const std::vector<Type>& params = {}) {
    return GenerateDuckdb(*query_, params,
                          [](const catalog::Table&) { return TableSource::kColumns; });
  }
  std::string Text() {
    Result<DuckdbQuery> out = Generate();
    if (!out.ok() && BlameOf(out.status()) == Blame::kRefusal) return "refused";
    return out.ok() ? out->text : std::string(out.status().error().state.view());
  }
  std::string Wide() {
    Result<DuckdbQuery> out = Generate();
    return out.ok() ? out->wide_text : std::string(out.status().error().state.view());
  }

 private:
  std::unique_ptr<Query> query_;
};

ExprPtr Number(std::string_view text) {
  return MakeConst({oid::kNumeric}, Numeric::Parse(text)->ToValue());
}
ExprPtr Int4(int64_t value) { return MakeConst({oid::kInt4}, Value::Int(value)); }

template <typename... Args>
ExprPtr Fn(std::string_view name, Type result, Args... args) {
  auto expr = std::make_unique<Expr>(ExprKind::kFunction, result);
  (expr->args.push_back(std::move(args)), ...);
  for (const functions::Function* function : Registry::Instance().FunctionsNamed(name)) {
    if (function->args.size() != expr->args.size()) continue;
    bool fits = true;
    for (size_t i = 0; i < function->args.size(); ++i) {
      fits = fits && function->args[i] == expr->args[i]->type.oid;
    }
    if (fits) expr->function = function;
  }
  EXPECT_NE(expr->function, nullptr) << name;
  return expr;
}
template <typename... Args>
ExprPtr Num(std::string_view name, Args... args) {
  return Fn(name, {oid::kNumeric}, std::move(args)...);
}
template <typename... Args>
ExprPtr Bool(std::string_view name, Args... args) {
  return Fn(name, {oid::kBool}, std::move(args)...);
}

ExprPtr Aggregate(std::string_view name, ExprPtr arg, Type result) {
  auto expr = std::make_unique<Expr>(ExprKind::kAggregate, result);
  for (const functions::Aggregate* aggregate : Registry::Instance().AggregatesNamed(name)) {
    if (aggregate->args.size() == 1 && aggregate->args[0] == arg->type.oid) {
      expr->aggregate = aggregate;
    }
  }
  EXPECT_NE(expr->aggregate, nullptr) << name;
  expr->args.push_back(std::move(arg));
  return expr;
}

ExprPtr CaseWhen(ExprPtr condition, ExprPtr then, ExprPtr otherwise, Type type) {
  auto expr = std::make_unique<Expr>(ExprKind::kCase, type);
  expr->has_else = true;
  expr->args.push_back(std::move(condition));
  expr->args.push_back(std::move(then));
  expr->args.push_back(std::move(otherwise));
  return expr;
}

const Type kNumeric{oid::kNumeric};

TEST(DuckdbSql, DecimalsStayDecimals) {
  Builder b;
  b.Select(Num("numeric_add", b.Col("n"), Number("0.5")));
  EXPECT_EQ(b.Text(), "SELECT (t1.c3 + 0.5::DECIMAL(2,1)) FROM t7_1 AS t1");
  EXPECT_EQ(b.Wide(), "");
}

// `count` sums, each of `depth` additions.
std::string Sums(int count, int depth) {
  Builder b;
  for (int i = 0; i < count; ++i) {
    ExprPtr sum = b.Col("a");
    for (int j = 0; j < depth; ++j) sum = Fn("int4pl", {oid::kInt4}, std::move(sum), Int4(j));
    b.Select(std::move(sum));
  }
  return b.Text();
}

TEST(DuckdbSql, WhatTheEnginePlansTooSlowlyIsRefused) {
  EXPECT_NE(Sums(1, 300), "refused");
  EXPECT_EQ(Sums(1, 400), "refused");
  EXPECT_NE(Sums(10, 100), "refused");
  EXPECT_EQ(Sums(100, 100), "refused");
  EXPECT_NE(Sums(5000, 1), "refused");
  EXPECT_EQ(Sums(12000, 1), "refused");
}

TEST(DuckdbSql, StreamedProductsAreWidened) {
  Builder b;
  b.Select(Num("numeric_mul", b.Col("n"), b.Col("n")));
  EXPECT_EQ(b.Text(), "SELECT (CAST(t1.c3 AS DECIMAL(19,2)) * t1.c3) FROM t7_1 AS t1");
  EXPECT_EQ(b.Wide(), "");
}

TEST(DuckdbSql, ProductsUnderAggregatesTryNarrowFirst) {
  Builder b;
  b.Aggregated().Select(Aggregate("sum", Num("numeric_mul", b.Col("n"), b.Col("n")), kNumeric));
  EXPECT_EQ(b.Text(), "SELECT sum((t1.c3 * t1.c3)) FROM t7_1 AS t1 GROUP BY ()");
  EXPECT_EQ(
      b.Wide(),
      "SELECT omen_num_sum((CAST(t1.c3 AS DECIMAL(19,2)) * t1.c3)) FROM t7_1 AS t1 GROUP BY ()");
}

TEST(DuckdbSql, ProductsBeyondThirtyEightDigitsAreBlobs) {
  Builder b;
  b.Select(Num("numeric_mul", b.Col("w"), b.Col("w")));
  EXPECT_EQ(b.Text(), "SELECT omen_num_mul(t1.c4, t1.c4) FROM t7_1 AS t1");
}

TEST(DuckdbSql, DivisionAndAverageAreVariable) {
  Builder b;
  b.Aggregated()
      .Select(Aggregate("avg", b.Col("n"), kNumeric))
      .Select(Aggregate("avg", b.Col("a"), kNumeric))
      .Select(Num("numeric_div", Aggregate("sum", b.Col("n"), kNumeric), Number("3")));
  EXPECT_EQ(b.Text(),
            "SELECT omen_num_average(sum(t1.c3), count(t1.c3)), "
            "omen_num_average(sum(t1.c1), count(t1.c1)), "
            "omen_num_div(sum(t1.c3), 3::DECIMAL(1,0)) FROM t7_1 AS t1 GROUP BY ()");
}

TEST(DuckdbSql, IntegerSumsHavePostgresTypes) {
  Builder b;
  b.Aggregated()
      .Select(Aggregate("sum", b.Col("a"), {oid::kInt8}))
      .Select(Aggregate("sum", b.Col("b"), kNumeric));
  EXPECT_EQ(b.Text(),
            "SELECT CAST(sum(t1.c1) AS BIGINT), CAST(sum(t1.c2) AS DECIMAL(38,0)) FROM t7_1 AS t1 "
            "GROUP BY ()");
}

TEST(DuckdbSql, BranchesKeepTheirOwnScale) {
  Builder b;
  b.Select(CaseWhen(Bool("int4gt", b.Col("a"), Int4(0)), b.Col("n"), Number("0"), kNumeric));
  EXPECT_EQ(b.Text(),
            "SELECT omen_num_round(CASE WHEN (t1.c1 > 0) THEN t1.c3 ELSE CAST(0::DECIMAL(1,0) AS "
            "DECIMAL(15,2)) END, CASE WHEN (t1.c1 > 0) THEN 2 ELSE 0 END) FROM t7_1 AS t1");
}

TEST(DuckdbSql, ComparisonsKeepColumnsBare) {
  struct Case {
    std::function<ExprPtr(Builder&)> where;
    const char* text;
  };
  auto midnight = [] {
    return MakeConst({oid::kTimestamp}, Value::Int(-int64_t{486} * 86'400 * 1'000'000));
  };
  const Case cases[] = {
      {[](Builder& b) {
         return Bool("int48lt", b.Col("a"), MakeConst({oid::kInt8}, Value::Int(-5)));
       },
       "(t1.c1 < (-5))"},
      {[](Builder& b) { return Bool("numeric_le", b.Col("n"), Number("24")); },
       "(t1.c3 <= 24::DECIMAL(2,0))"},
      {[](Builder& b) { return Bool("numeric_eq", b.Col("v"), Number("1.0")); },
       "(omen_num_key(t1.c5) = omen_num_key(1.0::DECIMAL(2,1)))"},
      {[&](Builder& b) { return Bool("date_le_timestamp", b.Col("d"), midnight()); },
       "(t1.c6 <= '1998-09-02'::DATE)"},
      {[](Builder& b) {
         return Bool("texteq", b.Col("s"), MakeConst({oid::kText}, Value::Text("it's")));
       },
       "(t1.c7 = 'it''s'::VARCHAR)"},
  };
  for (const Case& c : cases) {
    Builder b;
    b.query().where = c.where(b);
    b.Select(b.Col("a"));
    EXPECT_EQ(b.Text(), std::string("SELECT t1.c1 FROM t7_1 AS t1 WHERE ") + c.text);
  }
}

TEST(DuckdbSql, VariableNumericGroupsAndSortsByKey) {
  Builder b;
  b.query().group_by.push_back(b.Col("v"));
  b.Select(b.Col("v"));
  SortKey key;
  key.expr = b.Col("v");
  key.descending = key.nulls_first = true;
  b.query().order_by.push_back(std::move(key));
  EXPECT_EQ(b.Text(),
            "SELECT any_value(t1.c5) FROM t7_1 AS t1 GROUP BY omen_num_key(t1.c5) "
            "ORDER BY omen_num_key(any_value(t1.c5)) DESC NULLS FIRST");
}

TEST(DuckdbSql, ParametersAreNumberedByUse) {
  Builder b;
  auto param = std::make_unique<Expr>(ExprKind::kParam, Type{oid::kInt4});
  param->param_index = 1;
  b.query().where = Bool("int4eq", b.Col("a"), std::move(param));
  b.Select(b.Col("a"));
  Result<DuckdbQuery> out = b.Generate({{oid::kText}, {oid::kInt4}});
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(out->text, "SELECT t1.c1 FROM t7_1 AS t1 WHERE (t1.c1 = $1::INTEGER)");
  EXPECT_EQ(out->param_map, std::vector<int>{1});
  EXPECT_EQ(out->param_types, (std::vector<Type>{{oid::kInt4}}));
}

TEST(DuckdbSql, ParametersMayBePrintedAsLiterals) {
  Builder b;
  auto param = std::make_unique<Expr>(ExprKind::kParam, kNumeric);
  param->param_index = 0;
  b.query().where = Bool("numeric_lt", b.Col("n"), std::move(param));
  b.Select(b.Col("a"));
  EXPECT_EQ(b.Generate({kNumeric})->text,
            "SELECT t1.c1 FROM t7_1 AS t1 WHERE (omen_num_key(t1.c3) < omen_num_key($1::BLOB))");
  Row params = {Numeric::Parse("0.06")->ToValue()};
  Result<DuckdbQuery> out = GenerateDuckdb(
      b.query(), {kNumeric}, [](const catalog::Table&) { return TableSource::kColumns; }, &params);
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(out->text, "SELECT t1.c1 FROM t7_1 AS t1 WHERE (t1.c3 < 0.06::DECIMAL(3,2))");
  EXPECT_TRUE(out->param_types.empty());
}

TEST(DuckdbSql, RowSourcesAreNumbered) {
  Builder b;
  b.Select(b.Col("n"));
  Result<DuckdbQuery> out =
      GenerateDuckdb(b.query(), {}, [](const catalog::Table&) { return TableSource::kRows; });
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(out->text, "SELECT t1.c3 FROM omen_rows(0) AS t1");
  ASSERT_EQ(out->row_scans.size(), 1u);
  EXPECT_EQ(out->row_scans[0].table->name, "t");
}

TEST(DuckdbSql, LimitsAreChecked) {
  Builder b;
  b.Select(b.Col("a"));
  b.query().limit = MakeConst({oid::kInt8}, Value::Int(-1));
  EXPECT_EQ(b.Text(), "2201W");
  b.query().limit = MakeConst({oid::kInt8}, Value::Null());
  b.query().offset = MakeConst({oid::kInt8}, Value::Int(3));
  EXPECT_EQ(b.Text(), "SELECT t1.c1 FROM t7_1 AS t1 OFFSET 3");
}

TEST(DuckdbSql, WhatIsNotExactIsRefused) {
  Builder locked;
  locked.Select(locked.Col("a"));
  locked.query().locks.push_back({LockStrength::kUpdate, LockWait::kBlock, {0}});
  EXPECT_EQ(locked.Text(), "refused");
  Builder distinct;
  ExprPtr sum = Aggregate("sum", distinct.Col("v"), kNumeric);
  sum->distinct = true;
  distinct.Aggregated().Select(std::move(sum));
  EXPECT_EQ(distinct.Text(), "refused");
}

/// array_agg(DISTINCT coalesce(s, `fallback`))
std::string DistinctText(Builder& builder, ExprPtr fallback) {
  auto arg = std::make_unique<Expr>(ExprKind::kCoalesce, Type{oid::kText});
  arg->args.push_back(builder.Col("s"));
  arg->args.push_back(std::move(fallback));
  auto all = std::make_unique<Expr>(ExprKind::kAggregate, Type{oid::kTextArray});
  all->aggregate = Registry::Instance().AggregatesNamed("array_agg").front();
  all->distinct = true;
  all->args.push_back(std::move(arg));
  builder.Aggregated().Select(std::move(all));
  return builder.Text();
}

TEST(DuckdbSql, DistinctAggregatesTakeAnyTextButNoQuery) {
  Builder texts, queries, inner;
  EXPECT_EQ(DistinctText(texts, MakeConst({oid::kText}, Value::Text("SELECT"))),
            "SELECT list(DISTINCT coalesce(t1.c7, 'SELECT'::VARCHAR) ORDER BY "
            "coalesce(t1.c7, 'SELECT'::VARCHAR) ASC NULLS LAST) FROM t7_1 AS t1 GROUP BY ()");
  inner.Select(inner.Col("s"));
  auto query = std::make_unique<Expr>(ExprKind::kSubquery, Type{oid::kText});
  query->subquery = CloneQuery(inner.query());
  EXPECT_EQ(DistinctText(queries, std::move(query)), "refused");
}

}  // namespace
}  // namespace omen::sql
