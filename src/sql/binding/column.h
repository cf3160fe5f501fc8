// References to columns.
#pragma once

#include <string_view>

#include "sql/binding/lookup.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds column references, and whole rows by the name of their FROM item. One thread, made where
/// it is used. 42703, 42P01 or 42702 with hints for names that mean nothing or too much.
class ColumnBinder {
 public:
  explicit ColumnBinder(Binding& binding) : binding_(binding), names_(binding) {}

  ExprResult Bind(const ::ColumnRef& node);

 private:
  ExprResult BindBare(std::string_view name, int location);
  ExprResult BindQualified(std::string_view schema, std::string_view relation,
                           std::string_view column, int location);
  /// t.*
  ExprResult BindWholeRow(std::string_view relation, int location);

  Binding& binding_;
  NameLookup names_;
};

}  // namespace omen::sql
