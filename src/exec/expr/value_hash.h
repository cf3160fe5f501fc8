// Values in unordered containers.
#pragma once

#include "types/io.h"

namespace omen::exec {

/// Hashes values of one type, none null.
struct ValueHash {
  Oid type;
  size_t operator()(const Value& value) const { return HashValue(type, value); }
};

/// Equality of values of one type, none null.
struct ValueEqual {
  Oid type;
  bool operator()(const Value& a, const Value& b) const { return CompareValues(type, a, b) == 0; }
};

}  // namespace omen::exec
