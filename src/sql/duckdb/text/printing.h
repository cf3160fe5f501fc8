// What all parts of one generated text share.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sql/duckdb/text/level.h"
#include "sql/duckdb/text/planning_cost.h"
#include "sql/duckdb/text/scopes.h"
#include "sql/duckdb/text/subqueries.h"
#include "sql/duckdb/text/table_source.h"

namespace omen::sql::duckdb {

/// One text in the making: its aliases, parameters and row scans, the level that is printed now,
/// and what it may do. One thread, used once; after a failure of any part it is worth nothing.
///
/// `wide`: only arithmetic that provably cannot overflow its DECIMAL; otherwise inputs of
/// aggregates and sorts may use DuckDB's own 64-bit result types, whose overflow raises, and
/// may_overflow() tells of it.
class Printing {
 public:
  using SourceOf = std::function<TableSource(const catalog::Table&)>;
  Printing(const std::vector<Type>& param_types, const SourceOf& source_of, bool wide,
           const Subqueries& subqueries)
      : param_types_(param_types), source_of_(source_of), wide_(wide), subqueries_(subqueries) {}

  bool may_overflow() const { return may_overflow_; }
  bool asks_session() const { return asks_session_; }
  std::vector<int> TakeParamMap() { return std::move(param_map_); }
  std::vector<RowScan> TakeRowScans() { return std::move(row_scans_); }

  const Subqueries& subqueries() const { return subqueries_; }
  /// Null outside of all queries.
  Level* level() const { return level_; }
  [[nodiscard]] Scoped<Level*> Enter(Level* level) { return {level_, level}; }
  PlanningCost& cost() { return cost_; }

  /// Of its own in the whole statement: the letter and a number.
  std::string NewAlias(char letter);
  /// The n of $n for the statement's parameter of this index.
  Result<size_t> NumberOfParam(int index);
  bool IsInColumns(const catalog::Table& table) const {
    return source_of_(table) == TableSource::kColumns;
  }
  /// The index under which the text reads it.
  size_t AddRowScan(RowScan scan);
  void AskSession() { asks_session_ = true; }
  /// The engine merges constants that it finds equal, unlike as they are: '1 month' and
  /// '30 days', 0 and -0. `kind` names those it would merge; the second is hidden from it.
  std::string ApartFromEqual(std::string kind, std::string sql);

  /// Are DECIMALs that may overflow allowed here, since nothing was sent yet when they do? Who
  /// asks uses one then.
  bool AllowOverflow();
  [[nodiscard]] Scoped<bool> ForbidOverflow(bool forbid) {
    return {forbids_overflow_, forbids_overflow_ || forbid};
  }
  /// Sort keys are made so wide that no distance of a RANGE frame leads out of them.
  [[nodiscard]] Scoped<bool> WidenSortKeys(bool widen) { return {widens_sort_keys_, widen}; }
  bool widens_sort_keys() const { return widens_sort_keys_; }

 private:
  const std::vector<Type>& param_types_;
  const SourceOf& source_of_;
  const bool wide_;
  const Subqueries& subqueries_;
  bool may_overflow_ = false;
  bool forbids_overflow_ = false;
  bool widens_sort_keys_ = false;
  bool asks_session_ = false;
  std::vector<int> param_map_;
  std::vector<RowScan> row_scans_;
  std::map<std::string, std::string> constants_;  // those ApartFromEqual has seen: kind, text
  Level* level_ = nullptr;
  PlanningCost cost_;
  int last_alias_ = 0;
};

}  // namespace omen::sql::duckdb
