// The engine's plan of one query as others may see it: what was expected of each operator and,
// once it has run, what it did.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "catalog/schema.h"

namespace omen::colstore {

/// One operator with what feeds it. A value.
struct PlanOperator {
  enum class Kind : uint8_t {
    kScan,
    kFilter,
    kProjection,
    kJoin,
    kGroup,
    kAggregate,
    kLimit,
    kTopN,
    kOther
  };

  Kind kind = Kind::kOther;
  std::string name;                // the engine's, "HASH_JOIN"
  catalog::StorageId storage = 0;  // a scan's: the table's
  int source = -1;                 // a scan's of rows: of omen_rows(i)
  double estimated_rows = 0;       // by the engine
  uint64_t rows = 0;               // it gave
  int64_t nanos = 0;               // of all threads together, without what feeds it
  /// As the engine prints them; where details were asked for.
  std::vector<std::pair<std::string, std::string>> details;
  std::vector<PlanOperator> inputs;
};

}  // namespace omen::colstore
