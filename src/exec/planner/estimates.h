// What is expected of one query level: how many rows its conditions keep, how many groups it has.
// From statistics where there are some, else by PostgreSQL's defaults.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "exec/planner/known_values.h"
#include "exec/statement/table_statistics.h"
#include "sql/tree/query.h"
#include "statistics/selectivity.h"

namespace omen::exec {

/// One whose share depends on a parameter; `share` was estimated without its value.
struct SensitiveCondition {
  const sql::Query* level;
  int relation;  // of that level
  const sql::Expr* expr;
  double share;
};

/// What is expected of the rows that a level gives to the one around it.
struct ExpectedOutput {
  statistics::TableStatisticsPtr columns;  // by their numbers, from 1; null: nothing is known
  std::vector<int> key;  // columns that together differ in every row; empty: none is known
};

/// One planning of one level, one thread.
class Estimates {
 public:
  /// `params`: values to plan for; null: none is known. `sensitive`: where conditions are noted
  /// that would have needed one; may be null, as `compiled` may. All outlive it.
  Estimates(const sql::Query& level, TableStatistics* statistics, const Row* params,
            std::vector<SensitiveCondition>* sensitive = nullptr,
            const CompiledValues* compiled = nullptr)
      : level_(level),
        statistics_(statistics),
        values_(params, statistics->clock(), compiled),
        sensitive_(sensitive),
        known_(level.relations.size()) {}

  /// Tells of a relation that is no table, once it is planned. A thousand rows are expected before.
  void SetOutput(int relation, double rows, ExpectedOutput output);
  /// Of the whole table that a relation is, or of all that it gives.
  double TableRows(int relation);
  /// Average bytes of a column's value.
  double WidthOf(int relation, int column);
  /// Share of a relation's rows that the conditions on it keep together. What they compare its
  /// columns with may be other relations' columns: any value of theirs.
  double Share(int relation, std::span<const sql::Expr* const> conditions);
  /// Share of the pairs (triples...) of rows of the relations that it is of.
  double JoinShare(const sql::Expr& condition);
  /// Of the pairs of rows of `left` and `right` relations, those that all the equalities keep.
  double KeyJoinShare(uint64_t left, uint64_t right, std::span<const sql::Expr* const> equalities);
  /// Of the rows that have `left`, those for which one of `right_rows` rows has an equal `right`.
  double SemiJoinShare(const sql::Expr& left, const sql::Expr& right, double right_rows);
  /// Groups that `rows` rows make by these expressions; at least 1.
  double Groups(std::span<const sql::Expr* const> keys, double rows);
  /// The value of an int8 expression, where it is known now; else `otherwise`.
  double NumberOf(const sql::Expr* expr, double otherwise) const;
  /// The value, where it is known without reading a row.
  const Value* ValueOf(const sql::Expr& expr) const;
  /// Of a column of this level, null where nothing is known.
  const statistics::ColumnStatistics* StatisticsOf(const sql::Expr& expr) {
    int relation, attnum;
    return ColumnOf(expr, &relation, &attnum);
  }
  /// What was compiled for that.
  CompiledValues TakeCompiled() { return values_.TakeCompiled(); }

 private:
  struct Known {
    bool asked = false;
    double rows = 0;
    statistics::TableStatisticsPtr statistics;
    std::vector<int> key;  // of what is no table
  };
  /// A condition on one column, in the making.
  using Condition = statistics::Condition;

  const Known& Of(int relation);
  const statistics::ColumnStatistics* ColumnOf(const sql::Expr& expr, int* relation, int* attnum);
  /// `attnum`: of what is no table, the column's number, from 1.
  bool IsColumnOf(const sql::Expr& expr, int relation, int* attnum) const;
  /// The same, where it can be compared with the column's.
  const Value* ValueOf(const sql::Expr& expr, const statistics::ColumnStatistics* column) const;
  /// The columns of `relation` that the equalities give a value hold those of a key.
  bool MatchesUniqueKey(int relation, std::span<const sql::Expr* const> equalities) const;
  bool ToCondition(int relation, const sql::Expr& expr, Condition* condition);
  bool Comparison(int relation, const sql::Expr& expr, Condition* condition);
  bool Membership(int relation, const sql::Expr& expr, Condition* condition);
  void NoteSensitive(int relation, std::span<const sql::Expr* const> conditions);
  double JointJoinShare(std::span<const sql::Expr* const> equalities);
  /// Of what is no condition on one column.
  double ShareOf(int relation, const sql::Expr& expr);
  double ShareOfAny(int relation, const std::vector<sql::ExprPtr>& alternatives);

  const sql::Query& level_;
  TableStatistics* const statistics_;
  mutable KnownValues values_;
  std::vector<SensitiveCondition>* sensitive_;
  std::vector<Known> known_;              // by relation
  std::deque<std::vector<Value>> lists_;  // values of lists, for conditions to point into
  std::deque<statistics::ColumnStatistics> unique_;  // of columns that are keys and not known
};

}  // namespace omen::exec
