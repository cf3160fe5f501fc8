// The order and the equality of values of one type.
#include <cmath>

#include "types/datetime.h"
#include "types/internal/hash.h"
#include "types/internal/three_way.h"
#include "types/io.h"
#include "types/json.h"
#include "types/numeric.h"

namespace omen {

using namespace types_internal;  // NOLINT: the hashing of this folder

namespace {

int CompareDoubles(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return ThreeWay(std::isnan(a), std::isnan(b));
  return ThreeWay(a, b);
}

/// Element by element, a null above all; then the shorter, then the lower bound.
int CompareArrays(const ArrayData& a, const ArrayData& b) {
  size_t common = std::min(a.elements.size(), b.elements.size());
  for (size_t i = 0; i < common; ++i) {
    const Value& x = a.elements[i];
    const Value& y = b.elements[i];
    int order = x.is_null() || y.is_null() ? ThreeWay(x.is_null(), y.is_null())
                                           : CompareValues(a.element, x, y);
    if (order != 0) return order;
  }
  int order = ThreeWay(a.elements.size(), b.elements.size());
  return order != 0 ? order : ThreeWay(a.lower_bound, b.lower_bound);
}

int CompareBytes(Oid type, const Value& a, const Value& b) {
  if (type == oid::kNumeric) return Numeric::CompareCarried(a.AsBytes(), b.AsBytes());
  if (type == oid::kJsonb) return CompareJsonb(a.AsBytes(), b.AsBytes());
  int order = type == oid::kBpchar ? WithoutBlanks(a.AsBytes()).compare(WithoutBlanks(b.AsBytes()))
                                   : a.AsBytes().compare(b.AsBytes());
  return ThreeWay(order, 0);
}

uint64_t HashDouble(double value) {
  if (std::isnan(value)) return Mix(kHashSeed, 1);
  if (value == 0) value = 0;  // -0.0 equals 0.0
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return Mix(bits, 2);
}

uint64_t HashArray(const ArrayData& array) {
  uint64_t hash = Mix(array.elements.size(), static_cast<uint32_t>(array.lower_bound));
  for (const Value& element : array.elements) {
    hash = Mix(hash, element.is_null() ? 0 : HashValue(array.element, element));
  }
  return hash;
}

}  // namespace

int CompareValues(Oid type, const Value& a, const Value& b) {
  switch (InfoOf(type).carrier) {
    case Carrier::kInt:
      return ThreeWay(a.AsInt(), b.AsInt());
    case Carrier::kDouble:
      return CompareDoubles(a.AsDouble(), b.AsDouble());
    case Carrier::kUuid:
      return ThreeWay(a.AsUuid(), b.AsUuid());
    case Carrier::kBytes:
      return CompareBytes(type, a, b);
    case Carrier::kArray:
      return CompareArrays(a.AsArray(), b.AsArray());
    case Carrier::kInterval:
      return CompareIntervals(a.AsInterval(), b.AsInterval());
  }
  return 0;
}

uint64_t HashValue(Oid type, const Value& value) {
  switch (InfoOf(type).carrier) {
    case Carrier::kInt:
      return Mix(static_cast<uint64_t>(value.AsInt()), 3);
    case Carrier::kDouble:
      return HashDouble(value.AsDouble());
    case Carrier::kUuid: {
      UuidData uuid = value.AsUuid();
      return HashBytes({reinterpret_cast<const char*>(uuid.data()), uuid.size()});
    }
    case Carrier::kBytes:
      if (type == oid::kNumeric) return Numeric::HashCarried(value.AsBytes());
      if (type == oid::kJsonb) return HashJsonb(value.AsBytes());
      return HashBytes(type == oid::kBpchar ? WithoutBlanks(value.AsBytes()) : value.AsBytes());
    case Carrier::kArray:
      return HashArray(value.AsArray());
    case Carrier::kInterval: {
      __int128 span = IntervalSpan(value.AsInterval());
      return Mix(static_cast<uint64_t>(span), static_cast<uint64_t>(span >> 64));
    }
  }
  return 0;
}

}  // namespace omen
