// Inside of the DuckDB generator: one Printer writes one query's text, bottom up. Its methods
// are spread over duckdb_*.cc by topic.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sql/duckdb/duckdb_sql.h"
#include "sql/duckdb/expr_facts.h"
#include "sql/duckdb/keys.h"
#include "sql/duckdb/level.h"
#include "sql/duckdb/numeric.h"
#include "sql/duckdb/text.h"
#include "sql/tree/query.h"

namespace omen::sql::duckdb {

/// Writes one query. One thread, used once. `wide`: only arithmetic that provably cannot
/// overflow its DECIMAL; otherwise inputs of aggregates and sorts may use DuckDB's own
/// 64-bit result types, whose overflow raises, and may_overflow() tells of it.
class Printer {
 public:
  using SourceOf = std::function<TableSource(const catalog::Table&)>;
  Printer(const std::vector<Type>& param_types, const SourceOf& source_of, bool wide)
      : param_types_(param_types), source_of_(source_of), wide_(wide) {}

  Result<QueryText> PrintTop(const Query& query);
  bool may_overflow() const { return may_overflow_; }
  bool asks_session() const { return asks_session_; }
  std::vector<int> TakeParamMap() { return std::move(param_map_); }
  std::vector<RowScan> TakeRowScans() { return std::move(row_scans_); }

 private:
  // duckdb_query.cc: SELECT from the outside in.
  Result<QueryText> PrintQuery(const Query& query, Level* outer, bool blocking);
  Result<QueryText> PrintSelect(const Query& query, Level& level);
  Result<QueryText> PrintSetOperation(const Query& query, Level& level);
  // duckdb_set_operation.cc
  Result<QueryText> PrintArms(const Query& query, Level& level);
  Result<QueryText> PrintUnionAll(const Query& query, Level& level);
  Status PrintChain(const Query& query, Level& level, std::vector<QueryText>* arms);
  /// May rows of a UNION ALL inside come out without anything that takes them all first?
  bool StreamsUnion(const Query& query) const;
  bool StreamsUnion(const Relation& relation) const;
  Result<QueryText> PrintTargets(const Query& query, std::vector<std::string>* items);
  Result<std::string> PrintBody(const Query& query, Level& level);
  /// duckdb_condition.cc: WHERE, ON and HAVING of this level.
  Result<std::string> PrintCondition(const Expr& condition);
  Result<std::string> PrintConjunct(const Expr& conjunct);
  bool JoinsPlainly(const Expr& conjunct) const;
  Result<std::string> PrintGroupBy(const Query& query, Level& level);
  Result<std::string> PrintDistinctOn(const Query& query);
  /// " ORDER BY ..." or empty. With `query`, keys that are targets are named by position.
  Result<std::string> PrintOrderBy(const std::vector<SortKey>& keys, const Query* query,
                                   const std::vector<NumericForm>* forms);
  Result<std::string> PrintLimit(const Query& query);
  Result<std::string> PrintBound(const Expr& bound, bool is_limit);
  Result<std::string> PrintWithTies(const Query& query, const std::vector<std::string>& items,
                                    const std::string& body);
  /// SELECT DISTINCT where some columns are variable-scale numerics.
  Result<std::string> PrintVariableDistinct(const Query& query,
                                            const std::vector<std::string>& items,
                                            const std::string& body,
                                            const std::vector<NumericForm>& forms);
  /// An arm of a set operation, its numerics brought to the carrier of `forms`.
  std::string CoerceArm(const QueryText& arm, const std::vector<NumericForm>& forms);
  Status CheckSupported(const Query& query);

  // duckdb_cte.cc: WITH.
  Result<std::string> PrintCtes(const Query& query, Level& level);
  Result<std::string> PrintCte(const CommonTable& cte, Level& level);
  Result<QueryText> PrintRecursiveCte(const CommonTable& cte, Level& level, CteName* name);

  // duckdb_from.cc: relations.
  Result<std::string> PrintFrom(const Query& query, Level& level);
  Result<std::string> PrintFromItem(const FromItem& item, Level& level);
  Result<std::string> PrintRelation(const Relation& relation, int index, Level& level);
  Result<std::string> PrintTable(const Relation& relation, int index, Level& level);
  Result<std::string> PrintDerived(const Relation& relation, int index, Level& level);
  Result<std::string> PrintValues(const Relation& relation, int index, Level& level);
  Result<std::string> PrintFunctionScan(const Relation& relation, int index, Level& level);
  Result<std::string> PrintCteScan(const Relation& relation, int index, Level& level);
  std::string NameColumns(Level& level, int index, const std::string& alias,
                          const std::vector<NumericForm>& forms);
  /// Set-returning call as a list: unnest() of it gives the rows.
  Result<Text> PrintSetAsList(const Expr& call);
  Result<std::string> PrintSeries(const Expr& call);

  // duckdb_expr.cc: expression kinds.
  Result<Text> Print(const Expr& expr);
  Result<Text> PrintKind(const Expr& expr);
  Result<std::vector<Text>> PrintAll(const std::vector<ExprPtr>& exprs);
  Result<std::string> PrintPlain(const Expr& expr);  // numerics as their own DuckDB value
  Result<Text> PrintCompared(const Expr& expr);      // bpchar without its blanks
  Result<Text> PrintUngrouped(const Expr& expr);
  Result<Text> PrintColumn(const Expr& expr);
  Result<Text> PrintParam(const Expr& expr);
  Result<Text> PrintBoolean(const Expr& expr);
  Result<Text> PrintTest(const Expr& expr);
  Result<Text> PrintCase(const Expr& expr);
  Result<Text> PrintCoalesce(const Expr& expr);
  Result<Text> PrintExtreme(const Expr& expr);
  /// Where equal values may be shown differently.
  Result<Text> PrintUnlikeExtreme(const Expr& expr, std::vector<Text> branches, NumericForm form);
  Result<Text> PrintNullIf(const Expr& expr);
  Result<Text> PrintArray(const Expr& expr);
  Result<Text> PrintSubscript(const Expr& expr);
  Result<Text> PrintSlice(const Expr& expr);
  Result<Text> PrintGrouping(const Expr& expr);
  Result<Text> PrintSortable(const Expr& expr);  // numerics by key

  // duckdb_sets.cc: membership and subqueries.
  Result<Text> PrintInList(const Expr& expr);
  Result<Text> PrintAnyAll(const Expr& expr);
  Result<Text> PrintSubqueryExpr(const Expr& expr);
  Result<QueryText> PrintComparedQuery(const Query& query);
  Result<Text> PrintInSubquery(const Expr& expr);
  Result<Text> PrintRowInSubquery(const Expr& expr);

  // duckdb_literal.cc
  Result<Text> PrintConst(const Expr& expr);
  Result<std::string> Literal(Type type, const Value& value);
  /// The engine merges constants that it finds equal, unlike as they are: '1 month' and
  /// '30 days', 0 and -0. `kind` names those it would merge; the second is hidden from it.
  std::string ApartFromEqual(std::string kind, std::string sql);

  // duckdb_call.cc: functions and casts.
  Result<Text> PrintFunction(const Expr& expr);
  Result<Text> PrintTemplate(const Expr& expr, std::string_view pattern);
  Result<Text> PrintAdapter(const functions::Function& function, const Expr& expr);
  /// duckdb_datetime.cc
  Result<Text> PrintShift(const Expr& expr);
  Result<Text> PrintDatetimeFunction(const Expr& expr, bool* handled);
  Result<Text> PrintComparison(const Expr& expr, std::string_view op);
  std::string_view ChooseTemplate(const Expr& expr) const;
  Result<Text> PrintCast(const Expr& expr);
  Result<Text> PrintTypmod(Text value, Type from, Type to, bool explicit_cast);
  Result<Text> PrintArrayCast(const Expr& expr);
  Result<Text> PrintCastThroughText(const Expr& expr);

  // duckdb_numeric.cc: the two carriers.
  Result<Text> PrintNumericFunction(const Expr& expr, bool* handled);
  Result<Text> PrintNumericCast(const Expr& expr, bool* handled);
  Result<Text> NumericRound(const Expr& expr, std::vector<Text> args);
  Text NumericAdd(std::string_view op, const Text& a, const Text& b);
  Text NumericMultiply(const Text& a, const Text& b);
  Text NumericToTypmod(const Text& value, Type to);
  Text NumericToText(const Text& value);
  Text Compare(std::string_view op, Text a, Text b);
  bool Comparable(const std::vector<const NumericForm*>& forms);
  /// Makes branches of CASE and the like agree; their scales may differ by branch.
  NumericForm Unify(std::vector<Text>& branches);
  /// As Unify, but to one static form (a column of a relation).
  static NumericForm CommonForm(const std::vector<NumericForm>& forms);
  static std::string Coerce(const Text& value, const NumericForm& form);
  /// DECIMALs that may overflow are allowed here: nothing was sent yet when they do.
  bool narrow() const { return !wide_ && !forbid_narrow_ && level_ != nullptr && level_->blocking; }

  // duckdb_aggregate.cc
  Result<Text> PrintAggregate(const Expr& expr);
  Result<Text> PrintPlainAggregate(const Expr& expr, const std::string& suffix);
  Result<Text> PrintSpanExtreme(const Expr& expr, const std::string& suffix);
  Result<Text> PrintNumericAggregate(const Expr& expr, const std::string& suffix, bool* handled);
  Result<Text> PrintOrderedSet(const Expr& expr, const std::string& suffix);
  Result<Text> PrintArgument(const Expr& expr, const Expr& arg);
  /// duckdb_window.cc
  Result<Text> PrintWindow(const Expr& expr);
  Result<Text> PrintOffset(const Expr& expr, const std::string& over);
  bool ReadsStreamedUnion() const;
  Result<std::string> PrintOver(const WindowDef& window);
  Result<std::string> PrintFrame(const WindowDef& window);
  Result<std::string> PrintFrameBound(const WindowDef& window, WindowDef::Bound kind,
                                      const ExprPtr& offset, bool start);
  Status CheckRange(const WindowDef& window);

  const std::vector<Type>& param_types_;
  const SourceOf& source_of_;
  const bool wide_;
  bool may_overflow_ = false;
  bool asks_session_ = false;
  bool forbid_narrow_ = false;
  bool range_key_ = false;  // the sort key of a RANGE frame with distances is printed
  std::vector<int> param_map_;
  std::map<std::string, std::string> constants_;  // those ApartFromEqual has seen: kind, text
  std::vector<RowScan> row_scans_;
  Level* level_ = nullptr;
  int next_alias_ = 0;
  int depth_ = 0;                           // of the expression that is printed
  int64_t depths_squared_ = 0, calls_ = 0;  // of all so far
};

}  // namespace omen::sql::duckdb
