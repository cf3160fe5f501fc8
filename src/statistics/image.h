// Values as numbers, so that a place between two of them can be told: PostgreSQL's
// convert_to_scalar (utils/adt/selfuncs.c). And their order, counted for tests.
#pragma once

#include <cstdint>

#include "types/type.h"
#include "types/value.h"

namespace omen::statistics {

/// Values of the type have an order that estimates may use (not json, not arrays).
bool IsOrdered(Oid type);
/// Whether values of one type can stand for such of the other in estimates: they are carried alike
/// and have one order (int4 and int8; not numeric and int8).
bool AreComparable(Oid type, Oid other);

/// CompareValues, counted.
int Compare(Oid type, const Value& a, const Value& b);
/// By this thread, so far.
uint64_t Comparisons();

/// True where a value has a number of its own: numbers, dates, times, intervals.
bool HasImage(Oid type);
/// Of a value that is not null, of such a type. May be infinite or NaN.
double ImageOf(Oid type, const Value& value);

/// Where `value` lies between `lower` and `upper`, 0 to 1; one half where that cannot be told.
/// lower <= value <= upper. Strings count by the bytes after what all three begin with.
double PlaceBetween(Oid type, const Value& lower, const Value& value, const Value& upper);
/// The same of numbers.
double PlaceBetween(double lower, double value, double upper);

}  // namespace omen::statistics
