// UNION, INTERSECT and EXCEPT.
#pragma once

#include <string_view>

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds the set operation of a level. One thread, used once. 42601 for arms of unlike width, 42804
/// for outputs without a common type.
class SetOperationBinder {
 public:
  explicit SetOperationBinder(Binding& binding) : binding_(binding), scope_(*binding.scope()) {}

  Status Bind(const ::SelectStmt& select);
  /// The outputs, once both arms are bound: of their common types.
  Status BindTargets(std::string_view name);
  /// ORDER BY, LIMIT and what follows, over the outputs.
  Status BindOrder(const ::SelectStmt& select);

 private:
  Binding& binding_;
  Scope& scope_;
};

}  // namespace omen::sql
