// Arrays of one dimension over any type, and int2vector and oidvector.
#include "types/table/array_types.h"

#include <fmt/format.h>

#include "types/internal/hash.h"
#include "types/internal/three_way.h"
#include "types/io.h"
#include "types/operations/wire_reader.h"
#include "types/text/array_text.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

constexpr uint32_t kDimensionsMax = 6;

Result<Value> ReadArrayText(const TypeInfo& type, int32_t, std::string_view text,
                            const TextContext& context) {
  OMEN_ASSIGN_OR_RETURN(ArrayLiteral literal, ParseArrayLiteral(text));
  ArrayData array{type.element, literal.lower_bound, {}};
  array.elements.reserve(literal.elements.size());
  for (const std::optional<std::string>& item : literal.elements) {
    if (!item) {
      array.elements.emplace_back();
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(Value value,
                          ParseText({type.element}, *item, context.style, context.now_micros));
    array.elements.push_back(std::move(value));
  }
  return Value::Array(std::move(array));
}

void WriteElements(const TypeInfo& type, int32_t typmod, const ArrayData& array,
                   const TextStyle& style, char separator, std::string& out) {
  std::string text;
  for (size_t i = 0; i < array.elements.size(); ++i) {
    if (i > 0) out.push_back(separator);
    if (array.elements[i].is_null()) {
      out += "NULL";
      continue;
    }
    text.clear();
    AppendText({type.element, typmod}, array.elements[i], style, text);
    AppendArrayElement(text, out);
  }
}

void WriteArrayText(const TypeInfo& type, int32_t typmod, const Value& value,
                    const TextStyle& style, std::string& out) {
  const ArrayData& array = value.AsArray();
  if (array.lower_bound != 1 && !array.elements.empty()) {
    const int64_t last = array.lower_bound + static_cast<int64_t>(array.elements.size()) - 1;
    out += fmt::format("[{}:{}]=", array.lower_bound, last);
  }
  out.push_back('{');
  WriteElements(type, typmod, array, style, ',', out);
  out.push_back('}');
}

Result<Value> ReadWireElement(Oid element, WireReader& reader) {
  uint32_t size;
  std::string_view bytes;
  if (!reader.Take(&size)) return Insufficient();
  if (size == UINT32_MAX) return Value::Null();
  if (!reader.TakeBytes(size, &bytes)) return Insufficient();
  return ParseBinary({element}, bytes);
}

Status OfOtherElements(Oid given, Oid expected) {
  return Status(
      sqlstate::kDatatypeMismatch,
      fmt::format("binary data has array element type {} ({}) instead of expected {} ({})", given,
                  FormatType({given}), expected, FormatType({expected})));
}

Result<Value> ReadWireDimension(ArrayData array, size_t bytes, WireReader& reader) {
  uint32_t count, lower;
  if (!reader.Take(&count) || !reader.Take(&lower)) return Insufficient();
  // Each element takes at least its length word, which bounds what a liar can make us reserve.
  if (count > bytes / sizeof count) return Insufficient();
  if (count > 0) array.lower_bound = static_cast<int32_t>(lower);
  array.elements.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    OMEN_ASSIGN_OR_RETURN(Value value, ReadWireElement(array.element, reader));
    array.elements.push_back(std::move(value));
  }
  if (!reader.at_end()) return Malformed("incorrect binary data format");
  return Value::Array(std::move(array));
}

template <int kLowerBound>
Result<Value> ReadWireArray(const TypeInfo& type, std::string_view bytes) {
  WireReader reader(bytes);
  uint32_t dimensions, flags, element;
  if (!reader.Take(&dimensions) || !reader.Take(&flags) || !reader.Take(&element)) {
    return Insufficient();
  }
  if (dimensions > kDimensionsMax) return Malformed("invalid number of dimensions");
  if (flags > 1) return Malformed("invalid array flags");
  if (element != type.element) return OfOtherElements(element, type.element);
  if (dimensions > 1) return NotSupported("multidimensional arrays");
  ArrayData array{element, kLowerBound, {}};
  if (dimensions == 0) return Value::Array(std::move(array));
  return ReadWireDimension(std::move(array), bytes.size(), reader);
}

void WriteWireElement(Type element, const Value& value, std::string& out) {
  const size_t at = out.size();
  AppendBigEndian(out, UINT32_MAX);
  if (value.is_null()) return;
  AppendBinary(element, value, out);
  const uint32_t size = SwapBytes(static_cast<uint32_t>(out.size() - at - sizeof(uint32_t)));
  std::memcpy(out.data() + at, &size, sizeof size);
}

/// Only the catalogue's vectors keep a dimension when they are empty.
template <bool kKeepsDimension>
void WriteWireArray(const TypeInfo& type, int32_t typmod, const Value& value, std::string& out) {
  const ArrayData& array = value.AsArray();
  const bool no_dimension = array.elements.empty() && !kKeepsDimension;
  bool has_null = false;
  for (const Value& element : array.elements) has_null |= element.is_null();
  AppendBigEndian(out, static_cast<uint32_t>(no_dimension ? 0 : 1));
  AppendBigEndian(out, static_cast<uint32_t>(has_null));
  AppendBigEndian(out, type.element);
  if (no_dimension) return;
  AppendBigEndian(out, static_cast<uint32_t>(array.elements.size()));
  AppendBigEndian(out, static_cast<uint32_t>(array.lower_bound));
  for (const Value& element : array.elements) {
    WriteWireElement({type.element, typmod}, element, out);
  }
}

/// Element by element, a null above all; then the shorter, then the lower bound.
int CompareArrays(const Value& x, const Value& y) {
  const ArrayData& a = x.AsArray();
  const ArrayData& b = y.AsArray();
  const size_t common = std::min(a.elements.size(), b.elements.size());
  for (size_t i = 0; i < common; ++i) {
    const Value& left = a.elements[i];
    const Value& right = b.elements[i];
    const int order = left.is_null() || right.is_null() ? ThreeWay(left.is_null(), right.is_null())
                                                        : CompareValues(a.element, left, right);
    if (order != 0) return order;
  }
  const int order = ThreeWay(a.elements.size(), b.elements.size());
  return order != 0 ? order : ThreeWay(a.lower_bound, b.lower_bound);
}

uint64_t HashArray(const Value& value) {
  const ArrayData& array = value.AsArray();
  uint64_t hash = Mix(array.elements.size(), static_cast<uint32_t>(array.lower_bound));
  for (const Value& element : array.elements) {
    hash = Mix(hash, element.is_null() ? 0 : HashValue(array.element, element));
  }
  return hash;
}

/// The modifier of an array is that of its elements.
Result<Value> ApplyToElements(const TypeInfo& type, int32_t typmod, Value value,
                              bool explicit_cast) {
  const ArrayData& array = value.AsArray();
  ArrayData limited{array.element, array.lower_bound, {}};
  limited.elements.reserve(array.elements.size());
  for (const Value& element : array.elements) {
    OMEN_ASSIGN_OR_RETURN(Value item, ApplyTypmod({type.element, typmod}, element, explicit_cast));
    limited.elements.push_back(std::move(item));
  }
  return Value::Array(std::move(limited));
}

/// Elements between spaces.
Result<Value> ReadVectorText(const TypeInfo& type, int32_t, std::string_view text,
                             const TextContext&) {
  ArrayData array{type.element, 0, {}};
  for (std::string_view rest = TrimSpace(text); !rest.empty(); rest = TrimSpace(rest)) {
    size_t end = 0;
    while (end < rest.size() && !IsSpace(rest[end])) ++end;
    OMEN_ASSIGN_OR_RETURN(Value value, ParseText({type.element}, rest.substr(0, end)));
    array.elements.push_back(std::move(value));
    rest.remove_prefix(end);
  }
  return Value::Array(std::move(array));
}

void WriteVectorText(const TypeInfo& type, int32_t typmod, const Value& value,
                     const TextStyle& style, std::string& out) {
  WriteElements(type, typmod, value.AsArray(), style, ' ', out);
}

}  // namespace

constexpr TypeOperations kArrayOperations{.read_text = ReadArrayText,
                                          .write_text = WriteArrayText,
                                          .read_binary = ReadWireArray<1>,
                                          .write_binary = WriteWireArray<false>,
                                          .compare = CompareArrays,
                                          .hash = HashArray,
                                          .apply_typmod = ApplyToElements};
constexpr TypeOperations kVectorOperations{.read_text = ReadVectorText,
                                           .write_text = WriteVectorText,
                                           .read_binary = ReadWireArray<0>,
                                           .write_binary = WriteWireArray<true>,
                                           .compare = CompareArrays,
                                           .hash = HashArray,
                                           .apply_typmod = ApplyToElements};

}  // namespace omen::types_internal
