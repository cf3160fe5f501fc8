// Set-returning functions of json and jsonb.
#include "functions/json/json_text.h"
#include "functions/json/json_values.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/set_cursors.h"

namespace omen::functions {

namespace {

// The two types word one of these errors differently.
Status NotAnArray(const CallArgs& args, JsonKind kind, bool as_text) {
  bool binary = args.types[0].oid == oid::kJsonb;
  if (binary) {
    return BadUse(kind == JsonKind::kObject ? "cannot extract elements from an object"
                                            : "cannot extract elements from a scalar");
  }
  std::string name = as_text ? "json_array_elements_text" : "json_array_elements";
  return BadUse("cannot call " + name + " on a " +
                (kind == JsonKind::kObject ? "non-array" : "scalar"));
}

/// A container of the wrong kind is found out before its strings are read, a scalar after.
Status CheckStrings(const CallArgs& args, JsonKind kind, JsonKind wanted) {
  bool container = kind == JsonKind::kArray || kind == JsonKind::kObject;
  if (container && kind != wanted) return Status::Ok();
  return CheckEscapes(args.types[0].oid, BytesArg(args, 0));
}

template <bool kAsText>
Result<CursorPtr> ArrayElements(CallContext&, const CallArgs& args) {
  std::string_view text = BytesArg(args, 0), item;
  JsonKind kind = KindOfJson(text);
  if (kAsText) OMEN_RETURN_IF_ERROR(CheckStrings(args, kind, JsonKind::kArray));
  if (kind != JsonKind::kArray) return NotAnArray(args, kind, kAsText);
  std::vector<Value> values;
  for (JsonItems items(text); items.Next(&item);) {
    JsonKind item_kind = KindOfJson(item);
    if (kAsText && item_kind == JsonKind::kNull) {
      values.emplace_back();
    } else if (kAsText && item_kind == JsonKind::kString) {
      values.push_back(Value::Text(UnescapeJson(item)));
    } else {
      values.push_back(Value::Text(item));
    }
  }
  return MakeListCursor(std::move(values));
}

Result<CursorPtr> ObjectKeys(CallContext&, const CallArgs& args) {
  std::string_view text = BytesArg(args, 0), key, value;
  JsonKind kind = KindOfJson(text);
  OMEN_RETURN_IF_ERROR(CheckStrings(args, kind, JsonKind::kObject));
  if (kind != JsonKind::kObject) {
    std::string name = args.types[0].oid == oid::kJsonb ? "jsonb_object_keys" : "json_object_keys";
    return BadUse("cannot call " + name +
                  (kind == JsonKind::kArray ? " on an array" : " on a scalar"));
  }
  std::vector<Value> keys;
  for (JsonMembers members(text); members.Next(&key, &value);) {
    keys.push_back(Value::Text(UnescapeJson(key)));
  }
  return MakeListCursor(std::move(keys));
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr SetRow kJsonSetRows[] = {
    {3955, "json_array_elements", {kJson}, kJson, kReturnsSet, ArrayElements<false>},
    {3969, "json_array_elements_text", {kJson}, kText, kReturnsSet, ArrayElements<true>},
    {3957, "json_object_keys", {kJson}, kText, kReturnsSet, ObjectKeys},
    {3219, "jsonb_array_elements", {kJsonb}, kJsonb, kReturnsSet, ArrayElements<false>},
    {3465, "jsonb_array_elements_text", {kJsonb}, kText, kReturnsSet, ArrayElements<true>},
    {3931, "jsonb_object_keys", {kJsonb}, kText, kReturnsSet, ObjectKeys},
};

}  // namespace

std::span<const SetRow> JsonSetRows() { return kJsonSetRows; }

}  // namespace omen::functions
