// Reading json and jsonb: fields, paths, containment, and casts to plain types.
#include <charconv>
#include <cmath>
#include <limits>

#include "functions/json/json_text.h"
#include "functions/json/json_values.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "types/json/json.h"
#include "types/number/numeric.h"

namespace omen::functions {

namespace {

/// A part as json(b), or as the text that ->> gives: strings unquoted, null as null.
template <bool kAsText>
Status ReturnPart(std::string_view part, Value* out) {
  if (!kAsText) return ReturnText(out, part);
  JsonKind kind = KindOfJson(part);
  if (kind == JsonKind::kNull) return Return(out, Value());
  return kind == JsonKind::kString ? ReturnText(out, UnescapeJson(part)) : ReturnText(out, part);
}

template <bool kAsText>
Status Field(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0), part;
  OMEN_RETURN_IF_ERROR(CheckEscapes(args.types[0].oid, text));
  bool found =
      KindOfJson(text) == JsonKind::kObject && FindJsonMember(text, BytesArg(args, 1), &part);
  return found ? ReturnPart<kAsText>(part, out) : Return(out, Value());
}

// A jsonb scalar is an array of one to element access.
bool FindItem(Oid type, std::string_view text, int64_t index, std::string_view* part) {
  JsonKind kind = KindOfJson(text);
  if (kind == JsonKind::kArray) return FindJsonItem(text, index, part);
  *part = text;
  return type == oid::kJsonb && kind != JsonKind::kObject && (index == 0 || index == -1);
}

template <bool kAsText>
Status Item(CallContext&, const CallArgs& args, Value* out) {
  std::string_view part;
  OMEN_RETURN_IF_ERROR(CheckEscapes(args.types[0].oid, BytesArg(args, 0)));
  bool found = FindItem(args.types[0].oid, BytesArg(args, 0), IntArg(args, 1), &part);
  return found ? ReturnPart<kAsText>(part, out) : Return(out, Value());
}

// The steps of a path: an array from #>, spread arguments from json_extract_path().
std::span<const Value> PathSteps(const CallArgs& args) {
  if (args.types.size() == 2 && InfoOf(args.types[1].oid).carrier == Carrier::kArray) {
    return args.values[1].AsArray().elements;
  }
  return args.values.subspan(1);
}

bool ParseIndex(std::string_view text, int64_t* index) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  int32_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  *index = value;
  return error == std::errc() && end == text.data() + text.size();
}

bool TakeStep(std::string_view step, std::string_view* text) {
  std::string_view part;
  switch (KindOfJson(*text)) {
    case JsonKind::kObject:
      if (!FindJsonMember(*text, step, &part)) return false;
      break;
    case JsonKind::kArray: {
      int64_t index;
      if (!ParseIndex(step, &index) || !FindJsonItem(*text, index, &part)) return false;
      break;
    }
    default:
      return false;
  }
  *text = part;
  return true;
}

// Of a part there are none.
std::string_view WithoutBlanksAround(std::string_view json) {
  constexpr std::string_view kBlanks = " \t\r\n";
  json.remove_prefix(json.find_first_not_of(kBlanks));
  return json.substr(0, json.find_last_not_of(kBlanks) + 1);
}

template <bool kAsText>
Status Path(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  std::span<const Value> steps = PathSteps(args);
  for (const Value& step : steps) {
    if (step.is_null()) return Return(out, Value());
  }
  OMEN_RETURN_IF_ERROR(CheckEscapes(args.types[0].oid, text));
  for (const Value& step : steps) {
    if (!TakeStep(step.AsBytes(), &text)) return Return(out, Value());
  }
  if (steps.empty()) text = WithoutBlanksAround(text);
  return ReturnPart<kAsText>(text, out);
}

Status JsonArrayLength(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  JsonKind kind = KindOfJson(text);
  if (kind == JsonKind::kArray) return ReturnInt(out, CountJsonItems(text));
  return Status(sqlstate::kInvalidParameter,
                std::string("cannot get array length of a ") +
                    (kind == JsonKind::kObject ? "non-array" : "scalar"));
}

Status JsonTypeOf(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, NameOf(KindOfJson(BytesArg(args, 0))));
}

bool HasKey(std::string_view text, std::string_view key) {
  std::string_view value;
  switch (KindOfJson(text)) {
    case JsonKind::kObject:
      return FindJsonMember(text, key, &value);
    case JsonKind::kString:
      return UnescapeJson(text) == key;
    case JsonKind::kArray:
      break;
    default:
      return false;
  }
  JsonItems items(text);
  while (items.Next(&value)) {
    if (KindOfJson(value) == JsonKind::kString && UnescapeJson(value) == key) return true;
  }
  return false;
}

Status Exists(CallContext&, const CallArgs& args, Value* out) {
  return ReturnBool(out, HasKey(BytesArg(args, 0), BytesArg(args, 1)));
}

Status ExistsAny(CallContext&, const CallArgs& args, Value* out) {
  for (const Value& key : args.values[1].AsArray().elements) {
    if (!key.is_null() && HasKey(BytesArg(args, 0), key.AsBytes())) return ReturnBool(out, true);
  }
  return ReturnBool(out, false);
}

Status ExistsAll(CallContext&, const CallArgs& args, Value* out) {
  for (const Value& key : args.values[1].AsArray().elements) {
    if (!key.is_null() && !HasKey(BytesArg(args, 0), key.AsBytes())) return ReturnBool(out, false);
  }
  return ReturnBool(out, true);
}

bool ContainsDeep(const JsonValue& whole, const JsonValue& part);

bool HoldsItem(const JsonValue& array, const JsonValue& wanted) {
  for (const JsonValue& item : array.items) {
    bool holds = IsContainer(wanted) ? item.kind == wanted.kind && ContainsDeep(item, wanted)
                                     : CompareJson(item, wanted) == 0;
    if (holds) return true;
  }
  return false;
}

bool ContainsDeep(const JsonValue& whole, const JsonValue& part) {
  if (whole.kind != part.kind) return false;
  if (part.kind == JsonValue::Kind::kArray) {
    for (const JsonValue& item : part.items) {
      if (!HoldsItem(whole, item)) return false;
    }
    return true;
  }
  if (part.kind != JsonValue::Kind::kObject) return CompareJson(whole, part) == 0;
  for (const auto& [name, wanted] : part.members) {
    const JsonValue* value = whole.Find(name);
    if (value == nullptr || !ContainsDeep(*value, wanted)) return false;
  }
  return true;
}

/// kWhole is the argument that contains the other. An array may contain a bare scalar.
template <size_t kWhole>
Status JsonbContains(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(JsonValue whole, ParseJson(BytesArg(args, kWhole)));
  OMEN_ASSIGN_OR_RETURN(JsonValue part, ParseJson(BytesArg(args, 1 - kWhole)));
  if (whole.kind == JsonValue::Kind::kArray && !IsContainer(part)) {
    return ReturnBool(out, HoldsItem(whole, part));
  }
  return ReturnBool(out, ContainsDeep(whole, part));
}

Status CannotCast(JsonKind kind, std::string_view type) {
  std::string_view name = kind == JsonKind::kNumber ? "numeric" : NameOf(kind);
  return Status(sqlstate::kInvalidParameter,
                "cannot cast jsonb " + std::string(name) + " to type " + std::string(type));
}

Status ToBool(CallContext&, const CallArgs& args, Value* out) {
  JsonKind kind = KindOfJson(BytesArg(args, 0));
  if (kind != JsonKind::kBool) return CannotCast(kind, "boolean");
  return ReturnBool(out, BytesArg(args, 0) == "true");
}

Result<Numeric> NumberOf(const CallArgs& args, std::string_view type) {
  JsonKind kind = KindOfJson(BytesArg(args, 0));
  if (kind != JsonKind::kNumber) return CannotCast(kind, type);
  return Numeric::Parse(BytesArg(args, 0));
}

Status ToNumeric(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Numeric number, NumberOf(args, "numeric"));
  return Return(out, number.ToValue());
}

template <typename T>
Status ToInt(CallContext&, const CallArgs& args, Value* out) {
  constexpr std::string_view kName = sizeof(T) == 2   ? "smallint"
                                     : sizeof(T) == 4 ? "integer"
                                                      : "bigint";
  OMEN_ASSIGN_OR_RETURN(Numeric number, NumberOf(args, kName));
  OMEN_ASSIGN_OR_RETURN(int64_t value, number.ToInt64(kName));
  if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) {
    return OutOfRange(kName);
  }
  return ReturnInt(out, value);
}

template <typename T>
Status ToFloat(CallContext&, const CallArgs& args, Value* out) {
  constexpr std::string_view kName = sizeof(T) == 4 ? "real" : "double precision";
  OMEN_ASSIGN_OR_RETURN(Numeric number, NumberOf(args, kName));
  auto value = static_cast<T>(number.ToDouble());
  if (std::isinf(value)) {
    return Status(sqlstate::kNumericOutOfRange,
                  "\"" + number.ToString() + "\" is out of range for type " + std::string(kName));
  }
  return ReturnDouble(out, value);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kJsonAccessRows[] = {
    {3947, "json_object_field", {kJson, kText}, kJson, kPure, Field<false>},
    {3948, "json_object_field_text", {kJson, kText}, kText, kPure, Field<true>},
    {3949, "json_array_element", {kJson, kInt4}, kJson, kPure, Item<false>},
    {3950, "json_array_element_text", {kJson, kInt4}, kText, kPure, Item<true>},
    {3951, "json_extract_path", {kJson, kText}, kJson, kVariadic, Path<false>},
    {3953, "json_extract_path_text", {kJson, kText}, kText, kVariadic, Path<true>},
    {3956, "json_array_length", {kJson}, kInt4, kPure, JsonArrayLength},
    {3968, "json_typeof", {kJson}, kText, kPure, JsonTypeOf},
    {3478, "jsonb_object_field", {kJsonb, kText}, kJsonb, kPure, Field<false>},
    {3214, "jsonb_object_field_text", {kJsonb, kText}, kText, kPure, Field<true>},
    {3215, "jsonb_array_element", {kJsonb, kInt4}, kJsonb, kPure, Item<false>},
    {3216, "jsonb_array_element_text", {kJsonb, kInt4}, kText, kPure, Item<true>},
    {3217, "jsonb_extract_path", {kJsonb, kText}, kJsonb, kVariadic, Path<false>},
    {3940, "jsonb_extract_path_text", {kJsonb, kText}, kText, kVariadic, Path<true>},
    {3207, "jsonb_array_length", {kJsonb}, kInt4, kPure, JsonArrayLength},
    {3210, "jsonb_typeof", {kJsonb}, kText, kPure, JsonTypeOf},
    {4047, "jsonb_exists", {kJsonb, kText}, kBool, kPure, Exists},
    {4048, "jsonb_exists_any", {kJsonb, kTextArray}, kBool, kPure, ExistsAny},
    {4049, "jsonb_exists_all", {kJsonb, kTextArray}, kBool, kPure, ExistsAll},
    {4046, "jsonb_contains", {kJsonb, kJsonb}, kBool, kPure, JsonbContains<0>},
    {4050, "jsonb_contained", {kJsonb, kJsonb}, kBool, kPure, JsonbContains<1>},
    {3556, "bool", {kJsonb}, kBool, kPure, ToBool},
    {3449, "numeric", {kJsonb}, kNumeric, kPure, ToNumeric},
    {3450, "int2", {kJsonb}, kInt2, kPure, ToInt<int16_t>},
    {3451, "int4", {kJsonb}, kInt4, kPure, ToInt<int32_t>},
    {3452, "int8", {kJsonb}, kInt8, kPure, ToInt<int64_t>},
    {3453, "float4", {kJsonb}, kFloat4, kPure, ToFloat<float>},
    {2580, "float8", {kJsonb}, kFloat8, kPure, ToFloat<double>},
};

}  // namespace

std::span<const FunctionRow> JsonAccessRows() { return kJsonAccessRows; }

}  // namespace omen::functions
