// FROM: relations, and the names they bring.
#pragma once

#include <vector>

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// After FROM or one side of a join is bound: its names are seen without LATERAL.
void CloseLateral(std::vector<NsItem>* items);
/// 42712 for a name that is there already.
Status CheckNames(const std::vector<NsItem>& have, const std::vector<NsItem>& more);

/// Binds what a level reads. One thread; made and used at one query level. 42P01 for what there is
/// not, 42712 for names given twice.
class FromBinder {
 public:
  explicit FromBinder(Binding& binding)
      : binding_(binding), exprs_(binding), scope_(*binding.scope()) {}

  /// A list of items, into the level.
  Status Bind(const ::List* from);
  Result<BoundFrom> BindItem(const ::Node* node);

 private:
  Result<BoundFrom> BindTable(const ::RangeVar& node);
  Result<BoundFrom> BindSubselect(const ::RangeSubselect& node);
  Result<BoundFrom> BindFunction(const ::RangeFunction& node);
  Result<BoundFrom> Add(Relation relation, const ::Alias* alias, Oid table = 0);

  Binding& binding_;
  ExprBinder exprs_;
  Scope& scope_;
};

}  // namespace omen::sql
