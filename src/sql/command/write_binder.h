// The statements that write rows.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"
#include "sql/query/query.h"

namespace omen::sql {

/// Binds one INSERT, UPDATE or DELETE, at the outermost level. One thread, used once. PostgreSQL's
/// errors; 0A000 for writing to a view and what else is not built.
class WriteBinder {
 public:
  explicit WriteBinder(BindState* state) : binding_(state, TheSubqueries()), exprs_(binding_) {}
  QueryResult BindInsert(const ::InsertStmt& insert);
  QueryResult BindUpdate(const ::UpdateStmt& update);
  QueryResult BindDelete(const ::DeleteStmt& statement);

 private:
  Result<const catalog::Table*> TargetTable(const ::RangeVar& node, std::string_view verb);
  void ShowTarget(const ::RangeVar& node);
  Status InsertColumns(const ::InsertStmt& insert, const catalog::Table& table);
  Status FitColumns(const ::InsertStmt& insert, size_t given, int extra_location);
  Status InsertSource(const ::InsertStmt& insert, const catalog::Table& table);
  Status InsertValues(const ::InsertStmt& insert, const ::SelectStmt& select,
                      const catalog::Table& table);
  ExprResult InsertCell(const ::Node* node, const catalog::Column& column);
  int FirstLocation(const ::List* row);
  Status BindConflict(const ::OnConflictClause& clause, const catalog::Table& table);
  Result<const catalog::Index*> InferArbiter(const ::OnConflictClause& clause,
                                             const catalog::Table& table);
  Status BindSetList(const ::List* targets, const catalog::Table& table,
                     std::vector<std::pair<int, ExprPtr>>* out);
  ExprResult SetValue(const ::ResTarget& target, const catalog::Column& column);
  Status BindSources(const ::RangeVar& target, const ::List* from);
  Status BindReturning(const ::List* returning);

  Binding binding_;
  ExprBinder exprs_;
};

}  // namespace omen::sql
