#include "sql/internal/bind_utility.h"

#include <fmt/format.h>

#include "sql/internal/parsed.h"

// PostgreSQL's headers come last.
#include "sql/internal/pg_nodes.h"

namespace omen::sql {

Result<StatementBody> BindUtility(Binder* binder, const ::Node* node, std::string_view script) {
  return NotSupported(CommandTag(node));
}

}  // namespace omen::sql
