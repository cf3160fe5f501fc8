// One SQL value. 24 bytes, self-contained, cheap to copy: scalars and strings of
// up to 16 bytes are inline, longer strings and arrays are shared and immutable.
//
// A Value does not know its SQL type, only its carrier; the type is in the plan.
//   bool int2 int4 int8 oid reg*    int64
//   date                            int64, days since 2000-01-01 (kDateInfinity at the ends)
//   time timestamp timestamptz      int64, microseconds (since midnight / 2000-01-01 UTC);
//                                   INT64_MAX / INT64_MIN are +-infinity
//   float4 float8                   double (a float4 is always exactly representable)
//   interval                        {micros, days, months}
//   uuid                            16 bytes
//   numeric                         bytes, see numeric.h
//   text varchar bpchar name json   bytes, UTF-8; char(n) without its trailing blanks, which its
//                                   type knows; bpchar of no length with them
//   jsonb                           bytes, canonical text as jsonb_out prints it
//   bytea                           bytes
//   "char"                          bytes, at most one (none is the zero byte)
//   arrays                          ArrayData
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "types/type.h"

namespace omen {

struct IntervalData {
  int64_t micros = 0;
  int32_t days = 0;
  int32_t months = 0;
  bool operator==(const IntervalData&) const = default;
};

using UuidData = std::array<uint8_t, 16>;

class Value;
struct ArrayData;

/// A SQL value or null. Copies share long payloads; any number of threads may
/// read one Value, and distinct copies may be destroyed on distinct threads.
class Value {
 public:
  Value() noexcept : tag_(Tag::kNull) {}
  static Value Null() { return Value(); }
  static Value Bool(bool b) { return Int(b ? 1 : 0); }
  static Value Int(int64_t i) {
    Value v;
    v.tag_ = Tag::kInt;
    v.payload_.i = i;
    return v;
  }
  static Value Double(double d) {
    Value v;
    v.tag_ = Tag::kDouble;
    v.payload_.d = d;
    return v;
  }
  static Value Interval(const IntervalData& interval) {
    Value v;
    v.tag_ = Tag::kInterval;
    v.payload_.interval = interval;
    return v;
  }
  static Value Uuid(const UuidData& uuid) {
    Value v;
    v.tag_ = Tag::kUuid;
    std::memcpy(v.payload_.bytes, uuid.data(), 16);
    return v;
  }
  static Value Bytes(std::string_view bytes);
  static Value Text(std::string_view text) { return Bytes(text); }
  static Value Array(ArrayData array);

  Value(const Value& other) noexcept { CopyFrom(other); }
  Value(Value&& other) noexcept { MoveFrom(other); }
  Value& operator=(const Value& other) noexcept {
    if (this != &other) {
      Release();
      CopyFrom(other);
    }
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    if (this != &other) {
      Release();
      MoveFrom(other);
    }
    return *this;
  }
  ~Value() { Release(); }

  bool is_null() const { return tag_ == Tag::kNull; }
  bool AsBool() const { return AsInt() != 0; }
  int64_t AsInt() const {
    OMEN_CHECK(tag_ == Tag::kInt);
    return payload_.i;
  }
  double AsDouble() const {
    OMEN_CHECK(tag_ == Tag::kDouble);
    return payload_.d;
  }
  const IntervalData& AsInterval() const {
    OMEN_CHECK(tag_ == Tag::kInterval);
    return payload_.interval;
  }
  UuidData AsUuid() const {
    OMEN_CHECK(tag_ == Tag::kUuid);
    UuidData uuid;
    std::memcpy(uuid.data(), payload_.bytes, 16);
    return uuid;
  }
  /// Valid while this Value lives and is not assigned to.
  std::string_view AsBytes() const {
    if (tag_ == Tag::kInline) return {payload_.bytes, inline_size_};
    OMEN_CHECK(tag_ == Tag::kShared);
    return SharedBytes();
  }
  const ArrayData& AsArray() const;

  /// Bytes this value holds outside itself, for memory limits.
  size_t HeapBytes() const;

 private:
  enum class Tag : uint8_t { kNull, kInt, kDouble, kInterval, kUuid, kInline, kShared, kArray };
  struct SharedString;
  struct SharedArray;

  void CopyFrom(const Value& other) noexcept {
    std::memcpy(static_cast<void*>(this), static_cast<const void*>(&other), sizeof *this);
    if (tag_ >= Tag::kShared) Retain();
  }
  void MoveFrom(Value& other) noexcept {
    std::memcpy(static_cast<void*>(this), static_cast<const void*>(&other), sizeof *this);
    other.tag_ = Tag::kNull;
  }
  void Release() noexcept {
    if (tag_ >= Tag::kShared) Drop();
  }
  void Retain() noexcept;
  void Drop() noexcept;
  std::string_view SharedBytes() const;

  union Payload {
    int64_t i;
    double d;
    IntervalData interval;
    char bytes[16];
    SharedString* shared;
    SharedArray* array;
    Payload() : i(0) {}
  } payload_;
  Tag tag_;
  uint8_t inline_size_ = 0;
};

static_assert(sizeof(Value) == 24);

/// A one-dimensional array. An empty array has no elements and lower bound 1.
struct ArrayData {
  Oid element = oid::kInvalid;
  int32_t lower_bound = 1;
  std::vector<Value> elements;
};

using Row = std::vector<Value>;

}  // namespace omen
