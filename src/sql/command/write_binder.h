// Binding of the statements that write rows.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "sql/query/binder.h"

namespace omen::sql {

/// A Binder of INSERT, UPDATE and DELETE.
class WriteBinder : public Binder {
 public:
  explicit WriteBinder(BindState* state) : Binder(state) {}
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
};

}  // namespace omen::sql
