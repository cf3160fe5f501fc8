// COMMENT ON's texts, which live in the objects they describe: dropping those drops them.
#pragma once

#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace omen::catalog {

/// The relations of pg_catalog that objects with comments are listed in.
inline constexpr Oid kPgClass = 1259, kPgAuthid = 1260, kPgNamespace = 2615, kPgConstraint = 2606;

struct Description {
  Oid object;
  Oid listed_in;  // kPgClass and the like
  int part;       // a column's attnum, else 0
  std::string_view text;
};

/// Every comment of an object, its columns, indexes and constraints. The texts live as long as
/// the object.
std::vector<Description> DescriptionsOf(const Object& object);
/// The text of one comment, empty for none. `listed_in` 0 finds it wherever the object is listed.
std::string_view FindDescription(const Snapshot& snapshot, Oid object, Oid listed_in, int part);

}  // namespace omen::catalog
