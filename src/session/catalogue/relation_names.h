// Names of relations as one search path sees them, over one catalogue snapshot.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"

namespace omen::session {

/// Immutable; any thread.
struct RelationNames {
  std::shared_ptr<const catalog::Snapshot> snapshot;
  std::vector<std::string> path;  // schemas in order

  /// Those of the path that there are; `include_implicit`: the system's too.
  std::vector<std::string> Schemas(bool include_implicit) const;
  /// OID of a relation or index by (possibly qualified, possibly quoted) name; 42P01, 3F000.
  Result<Oid> Find(std::string_view name) const;
  /// Name as regclass prints it; empty if there is none.
  std::string NameOf(Oid relation) const;
};

}  // namespace omen::session
