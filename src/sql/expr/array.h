// Arrays and their elements.
#pragma once

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds array constructors, subscripts and slices. One thread, made where it is used. 0A000 for
/// more than one dimension.
class ArrayBinder {
 public:
  explicit ArrayBinder(Binding& binding) : binding_(binding), exprs_(binding) {}

  /// ARRAY[...], its elements cast to `target`'s unless that is of no type.
  ExprResult BindArray(const ::A_ArrayExpr& node, Type target);
  ExprResult BindIndirection(const ::A_Indirection& node);

 private:
  ExprResult BindSubscript(ExprPtr base, const ::Node* node);

  Binding& binding_;
  ExprBinder exprs_;
};

}  // namespace omen::sql
