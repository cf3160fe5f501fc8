#include "sql/binding/star.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {

bool IsStar(const Node* node) {
  const auto* column = NodeAs<ColumnRef>(node, T_ColumnRef);
  return column && NodeAs<A_Star>(Items<>(column->fields).back(), T_A_Star);
}

}  // namespace omen::sql
