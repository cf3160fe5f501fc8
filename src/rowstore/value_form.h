// How the codecs lay a type out: one switch instead of a type lookup per value.
#pragma once

#include <cstdint>

#include "base/check.h"
#include "types/type.h"

namespace omen::rowstore {

enum class Form : uint8_t { kInt, kDouble, kInterval, kUuid, kBytes, kNumeric, kArray };

inline Form FormOf(Oid type) {
  switch (type) {
    case oid::kBool:
    case oid::kInt2:
    case oid::kInt4:
    case oid::kInt8:
    case oid::kOid:
    case oid::kDate:
    case oid::kTime:
    case oid::kTimestamp:
    case oid::kTimestamptz:
      return Form::kInt;
    case oid::kFloat4:
    case oid::kFloat8:
      return Form::kDouble;
    case oid::kNumeric:
      return Form::kNumeric;
    case oid::kText:
    case oid::kVarchar:
    case oid::kBpchar:
    case oid::kBytea:
    case oid::kName:
    case oid::kJson:
    case oid::kJsonb:
      return Form::kBytes;
    case oid::kInterval:
      return Form::kInterval;
    case oid::kUuid:
      return Form::kUuid;
    default:
      break;
  }
  const TypeInfo* info = FindType(type);
  OMEN_CHECK(info != nullptr);
  switch (info->carrier) {
    case Carrier::kInt:
      return Form::kInt;
    case Carrier::kDouble:
      return Form::kDouble;
    case Carrier::kInterval:
      return Form::kInterval;
    case Carrier::kUuid:
      return Form::kUuid;
    case Carrier::kBytes:
      return Form::kBytes;
    case Carrier::kArray:
      return Form::kArray;
  }
  OMEN_CHECK(false);
  return Form::kBytes;
}

}  // namespace omen::rowstore
