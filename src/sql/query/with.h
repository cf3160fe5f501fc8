// WITH: common tables, plain and recursive.
#pragma once

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds the common tables of a level, and makes their names known there. One thread, used once.
/// 42P19 for recursive references that PostgreSQL refuses.
class WithBinder {
 public:
  explicit WithBinder(Binding& binding) : binding_(binding), scope_(*binding.scope()) {}

  Status Bind(const ::WithClause& with);

 private:
  Status BindTable(const ::CommonTableExpr& node, bool recursive);
  /// The left arm of its UNION fixes the columns; the right may refer to them. Without such a
  /// reference it is an ordinary one.
  Status BindRecursive(const ::CommonTableExpr& node, const ::SelectStmt& select, size_t entry);
  /// The arms of a recursive query, at the level that is entered for it, and how often the second
  /// refers to it.
  Result<int> BindArms(const ::CommonTableExpr& node, const ::SelectStmt& select, size_t entry);

  Binding& binding_;
  Scope& scope_;
};

}  // namespace omen::sql
