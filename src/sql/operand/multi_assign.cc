#include "sql/operand/multi_assign.h"

#include "sql/binding/star.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {

/// The fields as written, or null where t.* stands for several.
const List* PlainFields(const RowExpr& row) {
  for (const Node* field : Items<>(row.args)) {
    if (IsStar(field)) return nullptr;
  }
  return row.args;
}

Status WrongWidth(int location) {
  return Status(sqlstate::kSyntaxError, "number of columns does not match number of values")
      .At(location);
}

}  // namespace omen::sql
