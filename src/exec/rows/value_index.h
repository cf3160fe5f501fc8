// The values of a subquery's column, ready for IN.
#pragma once

#include <unordered_set>

#include "exec/expr/value_hash.h"
#include "exec/rows/subplan.h"

namespace omen::exec {

struct SubPlanRun::ValueIndex {
  static constexpr int64_t kValueBytes = 80;  // a value's node and its share of the buckets

  explicit ValueIndex(Oid type) : values(16, ValueHash{type}, ValueEqual{type}) {}
  void Add(const Value& value) {
    if (value.is_null()) {
      has_null = true;
    } else {
      values.insert(value);
    }
  }

  std::unordered_set<Value, ValueHash, ValueEqual> values;
  bool has_null = false;
};

}  // namespace omen::exec
