// Joins.
#pragma once

#include <vector>

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds joins of a level's FROM, with ON, USING or NATURAL. One thread; made and used at one query
/// level. 42P10 for references to a side that an outer join hides, 0A000 for a FULL JOIN that
/// PostgreSQL does not find.
class JoinBinder {
 public:
  explicit JoinBinder(Binding& binding)
      : binding_(binding), exprs_(binding), scope_(*binding.scope()) {}

  Result<BoundFrom> Bind(const ::JoinExpr& node);

 private:
  /// The right side, where LATERAL sees the left.
  Result<BoundFrom> BindRight(const ::JoinExpr& node, BoundFrom* left);
  Status BindCondition(const ::JoinExpr& node, BoundFrom* joined);
  Status BindUsing(const ::JoinExpr& node, BoundFrom* left, BoundFrom* right, BoundFrom* joined);
  Status NameJoin(const ::Alias& alias, BoundFrom* joined);
  /// The columns a join shows, in order: what a bare * over its parts would.
  std::vector<NsColumn> Columns(const std::vector<NsItem>& names) const;

  Binding& binding_;
  ExprBinder exprs_;
  Scope& scope_;
};

}  // namespace omen::sql
