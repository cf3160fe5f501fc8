// How computed relations are declared: a name, columns as text, and a producer.
#pragma once

#include <string_view>
#include <vector>

#include "exec/system_relations.h"

namespace omen::exec {

/// One computed relation. `columns` is "name type, name type, ..." with pg_type's type names;
/// types the server does not have are named by the nearest it has.
struct SystemDefinition {
  Oid oid;
  Oid schema;
  std::string_view name;
  std::string_view columns;
  SystemProducer producer;
};

std::vector<SystemDefinition> OmendbRelations();

}  // namespace omen::exec
