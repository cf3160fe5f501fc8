// The binary wire form of every type (typsend and typreceive).
#include <fmt/format.h>

#include <bit>

#include "base/bytes.h"
#include "types/datetime.h"
#include "types/internal/binary_errors.h"
#include "types/internal/scalar_text.h"
#include "types/io.h"
#include "types/json.h"
#include "types/numeric.h"

namespace omen {

using namespace types_internal;  // NOLINT: the errors of this folder

namespace {

constexpr char kJsonbVersion = 1;

/// Takes fixed-width integers from the front.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <typename Unsigned>
  bool Take(Unsigned* value) {
    if (rest_.size() < sizeof *value) return false;
    *value = LoadBigEndian<Unsigned>(rest_.data());
    rest_.remove_prefix(sizeof *value);
    return true;
  }
  bool TakeBytes(size_t size, std::string_view* bytes) {
    if (rest_.size() < size) return false;
    *bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// The whole of `bytes` as one integer.
template <typename Unsigned>
Result<Unsigned> WholeInteger(std::string_view bytes) {
  Reader reader(bytes);
  Unsigned value;
  if (!reader.Take(&value)) return Insufficient();
  if (!reader.at_end()) return Malformed("incorrect binary data format");
  return value;
}

template <typename Signed>
Result<Value> ParseSigned(std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(auto value, WholeInteger<std::make_unsigned_t<Signed>>(bytes));
  return Value::Int(static_cast<Signed>(value));
}

Status CheckDateTime(Oid type, int64_t value) {
  bool in_range = true;
  const char* name = "timestamp";
  if (type == oid::kDate) {
    name = "date";
    in_range = value == kDateInfinity || value == kDateMinusInfinity ||
               (value >= kDateLeast && value < kDateEnd);
  } else if (type == oid::kTime) {
    name = "time";
    in_range = value >= 0 && value <= kMicrosPerDay;
  } else if (type == oid::kTimestamp || type == oid::kTimestamptz) {
    in_range = TimestampInRange(value);
  }
  if (in_range) return Status::Ok();
  return Status(sqlstate::kDatetimeOverflow, fmt::format("{} out of range", name));
}

Result<Value> ParseInt(Oid type, std::string_view bytes) {
  switch (type) {
    case oid::kBool: {
      OMEN_ASSIGN_OR_RETURN(uint8_t value, WholeInteger<uint8_t>(bytes));
      return Value::Bool(value != 0);
    }
    case oid::kInt2:
      return ParseSigned<int16_t>(bytes);
    case oid::kInt4:
      return ParseSigned<int32_t>(bytes);
    case oid::kInt8:
      return ParseSigned<int64_t>(bytes);
    case oid::kDate: {
      OMEN_ASSIGN_OR_RETURN(Value days, ParseSigned<int32_t>(bytes));
      OMEN_RETURN_IF_ERROR(CheckDateTime(type, days.AsInt()));
      return days;
    }
    case oid::kTime:
    case oid::kTimestamp:
    case oid::kTimestamptz: {
      OMEN_ASSIGN_OR_RETURN(Value micros, ParseSigned<int64_t>(bytes));
      OMEN_RETURN_IF_ERROR(CheckDateTime(type, micros.AsInt()));
      return micros;
    }
    default: {
      OMEN_ASSIGN_OR_RETURN(uint32_t oid, WholeInteger<uint32_t>(bytes));
      return Value::Int(oid);
    }
  }
}

Result<Value> ParseDouble(Oid type, std::string_view bytes) {
  if (type == oid::kFloat4) {
    OMEN_ASSIGN_OR_RETURN(uint32_t bits, WholeInteger<uint32_t>(bytes));
    return Value::Double(std::bit_cast<float>(bits));
  }
  OMEN_ASSIGN_OR_RETURN(uint64_t bits, WholeInteger<uint64_t>(bytes));
  return Value::Double(std::bit_cast<double>(bits));
}

Result<Value> ParseIntervalBytes(std::string_view bytes) {
  Reader reader(bytes);
  uint64_t micros;
  uint32_t days, months;
  if (!reader.Take(&micros) || !reader.Take(&days) || !reader.Take(&months)) return Insufficient();
  if (!reader.at_end()) return Malformed("incorrect binary data format");
  return Value::Interval(
      {static_cast<int64_t>(micros), static_cast<int32_t>(days), static_cast<int32_t>(months)});
}

Result<Value> ParseUuidBytes(std::string_view bytes) {
  UuidData uuid;
  if (bytes.size() < uuid.size()) return Insufficient();
  if (bytes.size() > uuid.size()) return Malformed("incorrect binary data format");
  std::memcpy(uuid.data(), bytes.data(), uuid.size());
  return Value::Uuid(uuid);
}

Result<Value> ParseJsonbBytes(std::string_view bytes) {
  if (bytes.empty()) return Insufficient();
  if (bytes[0] != kJsonbVersion) {
    return InternalError(
        fmt::format("unsupported jsonb version number {}", static_cast<uint8_t>(bytes[0])));
  }
  OMEN_RETURN_IF_ERROR(CheckUtf8(bytes.substr(1)));
  OMEN_ASSIGN_OR_RETURN(std::string canonical, CanonicalJsonb(bytes.substr(1)));
  return Value::Bytes(canonical);
}

Result<Value> ParseString(Oid type, std::string_view bytes) {
  switch (type) {
    case oid::kBytea:
      return Value::Bytes(bytes);
    case oid::kChar:
      if (bytes.empty()) return Insufficient();
      if (bytes.size() > 1) return Malformed("incorrect binary data format");
      return Value::Bytes(bytes[0] == '\0' ? std::string_view() : bytes);
    case oid::kNumeric: {
      OMEN_ASSIGN_OR_RETURN(Numeric number, Numeric::ParseBinary(bytes));
      return number.ToValue();
    }
    case oid::kJsonb:
      return ParseJsonbBytes(bytes);
    default:
      break;
  }
  OMEN_RETURN_IF_ERROR(CheckUtf8(bytes));
  if (type == oid::kJson) OMEN_RETURN_IF_ERROR(ValidateJson(bytes));
  if (type == oid::kName && bytes.size() > kNameBytes) {
    return Status(sqlstate::kNameTooLong, "identifier too long")
        .Detail("Identifier must be less than 64 characters.");
  }
  return Value::Bytes(bytes);
}

Result<Value> ParseElement(Oid element, Reader& reader) {
  uint32_t size;
  std::string_view bytes;
  if (!reader.Take(&size)) return Insufficient();
  if (size == UINT32_MAX) return Value::Null();
  if (!reader.TakeBytes(size, &bytes)) return Insufficient();
  return ParseBinary({element}, bytes);
}

bool IsVector(Oid type) { return type == oid::kInt2Vector || type == oid::kOidVector; }

Result<Value> ParseArrayBytes(Oid type, Oid element, std::string_view bytes) {
  Reader reader(bytes);
  uint32_t dimensions, flags, element_oid;
  if (!reader.Take(&dimensions) || !reader.Take(&flags) || !reader.Take(&element_oid)) {
    return Insufficient();
  }
  if (dimensions > 6) return Malformed("invalid number of dimensions");
  if (flags > 1) return Malformed("invalid array flags");
  if (element_oid != element) {
    return Status(
        sqlstate::kDatatypeMismatch,
        fmt::format("binary data has array element type {} ({}) instead of expected {} "
                    "({})",
                    element_oid, FormatType({element_oid}), element, FormatType({element})));
  }
  if (dimensions > 1) return NotSupported("multidimensional arrays");
  ArrayData array{element, IsVector(type) ? 0 : 1, {}};
  if (dimensions == 0) return Value::Array(std::move(array));
  uint32_t count, lower;
  if (!reader.Take(&count) || !reader.Take(&lower)) return Insufficient();
  // Each element takes at least its length word, which bounds what a liar can make us reserve.
  if (count > bytes.size() / 4) return Insufficient();
  if (count > 0) array.lower_bound = static_cast<int32_t>(lower);
  array.elements.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    OMEN_ASSIGN_OR_RETURN(Value value, ParseElement(element, reader));
    array.elements.push_back(std::move(value));
  }
  if (!reader.at_end()) return Malformed("incorrect binary data format");
  return Value::Array(std::move(array));
}

Result<Value> ParseCarrier(const TypeInfo& info, std::string_view bytes) {
  switch (info.carrier) {
    case Carrier::kInt:
      return ParseInt(info.oid, bytes);
    case Carrier::kDouble:
      return ParseDouble(info.oid, bytes);
    case Carrier::kInterval:
      return ParseIntervalBytes(bytes);
    case Carrier::kUuid:
      return ParseUuidBytes(bytes);
    case Carrier::kBytes:
      return ParseString(info.oid, bytes);
    case Carrier::kArray:
      return ParseArrayBytes(info.oid, info.element, bytes);
  }
  return NotSupported(info.sql_name);
}

}  // namespace

Result<Value> ParseBinary(Type type, std::string_view bytes) {
  const TypeInfo& info = InfoOf(type.oid);
  if (info.category == TypeCategory::kPseudo && type.oid != oid::kVoid) {
    return NotSupported(fmt::format("binary input of type {}", info.sql_name));
  }
  Result<Value> value = ParseCarrier(info, bytes);
  if (type.typmod < 0 || !value.ok()) return value;
  return ApplyTypmod(type, std::move(value).value(), false);
}

namespace {

void AppendIntBytes(const TypeInfo& info, int64_t value, std::string& out) {
  switch (info.length) {
    case 1:
      return AppendBigEndian(out, static_cast<uint8_t>(value));
    case 2:
      return AppendBigEndian(out, static_cast<uint16_t>(value));
    case 4:
      return AppendBigEndian(out, static_cast<uint32_t>(value));
    default:
      return AppendBigEndian(out, static_cast<uint64_t>(value));
  }
}

void AppendStringBytes(Type type, const Value& value, std::string& out) {
  switch (type.oid) {
    case oid::kNumeric:
      return Numeric::FromValue(value).AppendBinary(out);
    case oid::kChar:
      return out.push_back(value.AsBytes().empty() ? '\0' : value.AsBytes()[0]);
    case oid::kBpchar:
      return AppendText(type, value, {}, out);
    case oid::kJsonb:
      out.push_back(kJsonbVersion);
      break;
    default:
      break;
  }
  out += value.AsBytes();
}

void AppendArrayBytes(Type type, const ArrayData& array, std::string& out) {
  Type element{InfoOf(type.oid).element, type.typmod};
  // Only the catalogue's vectors keep a dimension when they are empty.
  bool no_dimension = array.elements.empty() && !IsVector(type.oid);
  bool has_null = false;
  for (const Value& value : array.elements) has_null |= value.is_null();
  AppendBigEndian(out, static_cast<uint32_t>(no_dimension ? 0 : 1));
  AppendBigEndian(out, static_cast<uint32_t>(has_null));
  AppendBigEndian(out, element.oid);
  if (no_dimension) return;
  AppendBigEndian(out, static_cast<uint32_t>(array.elements.size()));
  AppendBigEndian(out, static_cast<uint32_t>(array.lower_bound));
  for (const Value& value : array.elements) {
    size_t at = out.size();
    AppendBigEndian(out, UINT32_MAX);
    if (value.is_null()) continue;
    AppendBinary(element, value, out);
    uint32_t size = SwapBytes(static_cast<uint32_t>(out.size() - at - 4));
    std::memcpy(out.data() + at, &size, sizeof size);
  }
}

}  // namespace

void AppendBinary(Type type, const Value& value, std::string& out) {
  const TypeInfo& info = InfoOf(type.oid);
  switch (info.carrier) {
    case Carrier::kInt:
      return AppendIntBytes(info, value.AsInt(), out);
    case Carrier::kDouble:
      if (type.oid == oid::kFloat4) {
        return AppendBigEndian(out, std::bit_cast<uint32_t>(static_cast<float>(value.AsDouble())));
      }
      return AppendBigEndian(out, std::bit_cast<uint64_t>(value.AsDouble()));
    case Carrier::kInterval: {
      const IntervalData& interval = value.AsInterval();
      AppendBigEndian(out, static_cast<uint64_t>(interval.micros));
      AppendBigEndian(out, static_cast<uint32_t>(interval.days));
      return AppendBigEndian(out, static_cast<uint32_t>(interval.months));
    }
    case Carrier::kUuid: {
      UuidData uuid = value.AsUuid();
      out.append(reinterpret_cast<const char*>(uuid.data()), uuid.size());
      return;
    }
    case Carrier::kBytes:
      return AppendStringBytes(type, value, out);
    case Carrier::kArray:
      return AppendArrayBytes(type, value.AsArray(), out);
  }
}

}  // namespace omen
