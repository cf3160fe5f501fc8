// to_json, json_build_*, and the json aggregates.
#include "functions/json/json_build.h"

#include "functions/kernel/aggregate_state.h"
#include "functions/kernel/rows.h"
#include "types/json/json.h"

namespace omen::functions {

namespace {

bool IsNumberType(Oid type) {
  return type == oid::kInt2 || type == oid::kInt4 || type == oid::kInt8 || type == oid::kFloat4 ||
         type == oid::kFloat8 || type == oid::kNumeric;
}

bool IsArrayType(Oid type) { return InfoOf(type).carrier == Carrier::kArray; }

/// ISO 8601: a T for the blank, and minutes for a zone that has none.
std::string IsoTimestamp(Oid type, std::string text) {
  size_t blank = text.find(' ');
  if (blank == std::string::npos) return text;
  text[blank] = 'T';
  if (type != oid::kTimestamptz) return text;
  size_t zone = text.find_first_of("+-", blank);
  size_t end = std::min(text.find(' ', blank), text.size());
  if (zone != std::string::npos && end - zone == 3) text.insert(end, ":00");
  return text;
}

void AppendArray(const CallContext& context, Oid element, const ArrayData& array,
                 std::string_view separator, std::string& out) {
  out += '[';
  for (size_t i = 0; i < array.elements.size(); ++i) {
    if (i > 0) out += separator;
    AppendJson(context, {element, -1}, array.elements[i], out);
  }
  out += ']';
}

Status ToJson(CallContext& context, const CallArgs& args, Value* out) {
  std::string text;
  AppendJson(context, args.types[0], args.values[0], text);
  return ReturnText(out, text);
}

Status ToJsonb(CallContext& context, const CallArgs& args, Value* out) {
  std::string text;
  AppendJson(context, args.types[0], args.values[0], text);
  return ReturnJson(true, text, out);
}

Status ArrayToJson(CallContext& context, const CallArgs& args, Value* out) {
  std::string text;
  AppendArray(context, InfoOf(args.types[0].oid).element, args.values[0].AsArray(),
              args.values[1].AsBool() ? ",\n " : ",", text);
  return ReturnText(out, text);
}

template <bool kCanonical>
Status BuildArray(CallContext& context, const CallArgs& args, Value* out) {
  std::string text = "[";
  for (size_t i = 0; i < args.values.size(); ++i) {
    if (i > 0) text += ", ";
    AppendJson(context, args.types[i], args.values[i], text);
  }
  return ReturnJson(kCanonical, text + "]", out);
}

template <bool kCanonical>
Status BuildObject(CallContext& context, const CallArgs& args, Value* out) {
  constexpr const char* kName = kCanonical ? "jsonb_build_object()" : "json_build_object()";
  if (args.values.size() % 2 != 0) {
    return Status(sqlstate::kInvalidParameter, "argument list must have even number of elements")
        .Hint(std::string("The arguments of ") + kName +
              " must consist of alternating keys and values.");
  }
  std::string text = "{";
  for (size_t i = 0; i < args.values.size(); i += 2) {
    if (args.values[i].is_null()) {
      Status status(sqlstate::kInvalidParameter,
                    "argument " + std::to_string(i + 1) +
                        (kCanonical ? ": key must not be null" : " cannot be null"));
      return kCanonical ? std::move(status) : std::move(status).Hint("Object keys should be text.");
    }
    if (i > 0) text += ", ";
    OMEN_RETURN_IF_ERROR(AppendJsonKey(context, args.types[i], args.values[i], text));
    text += " : ";
    AppendJson(context, args.types[i + 1], args.values[i + 1], text);
  }
  return ReturnJson(kCanonical, text + "}", out);
}

Status NullKey() { return Status(SqlState{"22004"}, "null value not allowed for object key"); }

Status AppendTextMember(const Value& key, const Value& value, std::string& out) {
  if (key.is_null()) return NullKey();
  if (out.size() > 1) out += ", ";
  AppendJsonString(key.AsBytes(), out);
  out += " : ";
  if (value.is_null()) {
    out += "null";
  } else {
    AppendJsonString(value.AsBytes(), out);
  }
  return Status::Ok();
}

template <bool kCanonical>
Status ObjectOfPairs(CallContext&, const CallArgs& args, Value* out) {
  const std::vector<Value>& elements = args.values[0].AsArray().elements;
  if (elements.size() % 2 != 0) {
    return Status(sqlstate::kArraySubscript, "array must have even number of elements");
  }
  std::string text = "{";
  for (size_t i = 0; i < elements.size(); i += 2) {
    OMEN_RETURN_IF_ERROR(AppendTextMember(elements[i], elements[i + 1], text));
  }
  return ReturnJson(kCanonical, text + "}", out);
}

template <bool kCanonical>
Status ObjectOfLists(CallContext&, const CallArgs& args, Value* out) {
  const std::vector<Value>& keys = args.values[0].AsArray().elements;
  const std::vector<Value>& values = args.values[1].AsArray().elements;
  if (keys.size() != values.size()) {
    return Status(sqlstate::kArraySubscript, "mismatched array dimensions");
  }
  std::string text = "{";
  for (size_t i = 0; i < keys.size(); ++i) {
    OMEN_RETURN_IF_ERROR(AppendTextMember(keys[i], values[i], text));
  }
  return ReturnJson(kCanonical, text + "}", out);
}

/// json_agg and jsonb_agg. Arrays are set off by newlines in json.
template <bool kCanonical>
class Elements final : public AggregateState {
 public:
  Elements(std::span<const Type> types, Type) : type_(types[0]) {}
  Status Step(CallContext& context, const CallArgs& args) override {
    bool structured = !args.values[0].is_null() && IsArrayType(type_.oid);
    text_ += text_.empty() ? "[" : structured ? ", \n " : ", ";
    AppendJson(context, type_, args.values[0], text_);
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    if (text_.empty()) return Return(out, Value());
    return ReturnJson(kCanonical, text_ + "]", out);
  }

 private:
  Type type_;
  std::string text_;
};

template <bool kCanonical>
class Members final : public AggregateState {
 public:
  Members(std::span<const Type> types, Type) : key_(types[0]), value_(types[1]) {}
  Status Step(CallContext& context, const CallArgs& args) override {
    if (args.values[0].is_null()) {
      return Status(sqlstate::kInvalidParameter, "field name must not be null");
    }
    text_ += text_.empty() ? "{ " : ", ";
    OMEN_RETURN_IF_ERROR(AppendJsonKey(context, key_, args.values[0], text_));
    text_ += " : ";
    AppendJson(context, value_, args.values[1], text_);
    return Status::Ok();
  }
  Status Finish(CallContext&, Value* out) override {
    if (text_.empty()) return Return(out, Value());
    return ReturnJson(kCanonical, text_ + " }", out);
  }

 private:
  Type key_, value_;
  std::string text_;
};

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kJsonBuildRows[] = {
    {3176, "to_json", {kAnyelement}, kJson, kStable | kReadsZone | kReadsStyle, ToJson},
    {3787, "to_jsonb", {kAnyelement}, kJsonb, kStable | kReadsZone | kReadsStyle, ToJsonb},
    {3153, "array_to_json", {kAnyarray}, kJson, kStable | kReadsZone | kReadsStyle, ToJson},
    {3154,
     "array_to_json",
     {kAnyarray, kBool},
     kJson,
     kStable | kReadsZone | kReadsStyle,
     ArrayToJson},
    {3198,
     "json_build_array",
     {kAny},
     kJson,
     kNotStrict | kStable | kReadsZone | kReadsStyle | kVariadic,
     BuildArray<false>},
    {3199,
     "json_build_array",
     {},
     kJson,
     kNotStrict | kStable | kReadsZone | kReadsStyle,
     BuildArray<false>},
    {3200,
     "json_build_object",
     {kAny},
     kJson,
     kNotStrict | kStable | kReadsZone | kReadsStyle | kVariadic,
     BuildObject<false>},
    {3201,
     "json_build_object",
     {},
     kJson,
     kNotStrict | kStable | kReadsZone | kReadsStyle,
     BuildObject<false>},
    {3202, "json_object", {kTextArray}, kJson, kPure, ObjectOfPairs<false>},
    {3203, "json_object", {kTextArray, kTextArray}, kJson, kPure, ObjectOfLists<false>},
    {3271,
     "jsonb_build_array",
     {kAny},
     kJsonb,
     kNotStrict | kStable | kReadsZone | kReadsStyle | kVariadic,
     BuildArray<true>},
    {3272,
     "jsonb_build_array",
     {},
     kJsonb,
     kNotStrict | kStable | kReadsZone | kReadsStyle,
     BuildArray<true>},
    {3273,
     "jsonb_build_object",
     {kAny},
     kJsonb,
     kNotStrict | kStable | kReadsZone | kReadsStyle | kVariadic,
     BuildObject<true>},
    {3274,
     "jsonb_build_object",
     {},
     kJsonb,
     kNotStrict | kStable | kReadsZone | kReadsStyle,
     BuildObject<true>},
    {3263, "jsonb_object", {kTextArray}, kJsonb, kPure, ObjectOfPairs<true>},
    {3264, "jsonb_object", {kTextArray, kTextArray}, kJsonb, kPure, ObjectOfLists<true>},
};

constexpr AggregateRow kAggregates[] = {
    {3175,
     "json_agg",
     {kAnyelement},
     kJson,
     kTakesNulls | kShowsValues,
     MakeTyped<Elements<false>>},
    {3267,
     "jsonb_agg",
     {kAnyelement},
     kJsonb,
     kTakesNulls | kShowsValues,
     MakeTyped<Elements<true>>},
    {3197,
     "json_object_agg",
     {kAny, kAny},
     kJson,
     kTakesNulls | kShowsValues,
     MakeTyped<Members<false>>},
    {3270,
     "jsonb_object_agg",
     {kAny, kAny},
     kJsonb,
     kTakesNulls | kShowsValues,
     MakeTyped<Members<true>>},
};

}  // namespace

void AppendJson(const CallContext& context, Type type, const Value& value, std::string& out) {
  if (value.is_null()) {
    out += "null";
  } else if (type.oid == oid::kBool) {
    out += value.AsBool() ? "true" : "false";
  } else if (type.oid == oid::kJson || type.oid == oid::kJsonb) {
    out += value.AsBytes();
  } else if (IsArrayType(type.oid)) {
    AppendArray(context, InfoOf(type.oid).element, value.AsArray(), ",", out);
  } else {
    std::string text = ToText(type, value, context.style);
    // NaN and the infinities are not JSON numbers.
    bool number = IsNumberType(type.oid) && text.find_first_of("Ny") == std::string::npos;
    if (type.oid == oid::kTimestamp || type.oid == oid::kTimestamptz) {
      text = IsoTimestamp(type.oid, std::move(text));
    }
    if (number) {
      out += text;
    } else {
      AppendJsonString(text, out);
    }
  }
}

Status AppendJsonKey(const CallContext& context, Type type, const Value& value, std::string& out) {
  if (type.oid == oid::kJson || type.oid == oid::kJsonb || IsArrayType(type.oid)) {
    return Status(sqlstate::kInvalidParameter,
                  "key value must be scalar, not array, composite, or json");
  }
  std::string text = ToText(type, value, context.style);
  if (type.oid == oid::kBool) text = value.AsBool() ? "true" : "false";
  if (type.oid == oid::kTimestamp || type.oid == oid::kTimestamptz) {
    text = IsoTimestamp(type.oid, std::move(text));
  }
  AppendJsonString(text, out);
  return Status::Ok();
}

Status ReturnJson(bool canonical, const std::string& text, Value* out) {
  if (!canonical) return ReturnText(out, text);
  OMEN_ASSIGN_OR_RETURN(std::string jsonb, CanonicalJsonb(text));
  return ReturnText(out, jsonb);
}

std::span<const FunctionRow> JsonBuildRows() { return kJsonBuildRows; }
std::span<const AggregateRow> JsonAggregateRows() { return kAggregates; }

}  // namespace omen::functions
