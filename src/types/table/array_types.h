// The operations of types that look others up in the table: arrays, the catalogue's vectors, and
// regtype, whose text is a type's name.
#pragma once

#include "types/operations.h"

namespace omen::types_internal {

extern const TypeOperations kArrayOperations, kVectorOperations;  // array_types.cc
extern const TypeOperations kRegtypeOperations;                   // regtype.cc

}  // namespace omen::types_internal
