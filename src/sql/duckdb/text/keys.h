// Types whose values the engine compares in a way of its own.
#pragma once

#include <string>

#include "types/type.h"

namespace omen::sql::duckdb {

/// bpchar of no length carries its blanks, which comparisons must not see.
inline bool HasBlanks(const Type& type) { return type.oid == oid::kBpchar && type.typmod < 0; }
/// Types that the engine compares in a way of its own: they are compared by KeyOf.
inline bool NeedsKey(const Type& type) { return type.oid == oid::kInterval || HasBlanks(type); }
std::string KeyOf(const Type& type, const std::string& sql);
/// Types whose equal values may be carried differently, without a key for them.
inline bool HasNoKey(const Type& type) {
  return type.oid == oid::kIntervalArray || type.oid == oid::kJsonb ||
         type.oid == oid::kJsonbArray || type.oid == oid::kNumericArray ||
         (type.oid == oid::kBpcharArray && type.typmod < 0);
}

}  // namespace omen::sql::duckdb
