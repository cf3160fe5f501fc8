// The operations of the types that PostgreSQL builds in, by family; the table points to them.
#pragma once

#include "types/operations.h"

namespace omen::types_internal {

extern const TypeOperations kBoolOperations, kInt2Operations, kInt4Operations, kInt8Operations,
    kOidOperations;                                                // integer_types.cc
extern const TypeOperations kFloat4Operations, kFloat8Operations;  // float_types.cc
extern const TypeOperations kNumericOperations;                    // numeric_type.cc
extern const TypeOperations kDateOperations, kTimeOperations, kTimestampOperations,
    kTimestamptzOperations, kIntervalOperations;  // datetime_types.cc
extern const TypeOperations kTextOperations, kVarcharOperations, kBpcharOperations, kNameOperations,
    kCharOperations, kByteaOperations;                           // string_types.cc
extern const TypeOperations kJsonOperations, kJsonbOperations;   // json_types.cc
extern const TypeOperations kUuidOperations;                     // uuid_type.cc
extern const TypeOperations kPseudoOperations, kVoidOperations;  // pseudo_types.cc

}  // namespace omen::types_internal
