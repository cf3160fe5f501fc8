// Text forms of every type, read and written.
#include "types/internal/array_text.h"
#include "types/internal/datetime_text.h"
#include "types/internal/scalar_text.h"
#include "types/io.h"
#include "types/json.h"
#include "types/numeric.h"

namespace omen {

using namespace types_internal;  // NOLINT: the text forms of this folder

namespace {

template <typename T, typename Make>
Result<Value> Wrap(Result<T> parsed, Make make) {
  if (!parsed.ok()) return std::move(parsed).status();
  return make(*parsed);
}

Result<Value> ParseBytesType(Oid type, std::string_view text) {
  char storage;
  switch (type) {
    case oid::kBytea:
      return Wrap(ParseBytea(text), [](const std::string& b) { return Value::Bytes(b); });
    case oid::kChar:
      return Value::Bytes(ParseChar(text, &storage));
    case oid::kName:
      return Value::Bytes(ClipUtf8(text, kNameBytes));
    case oid::kJson:
      OMEN_RETURN_IF_ERROR(ValidateJson(text));
      return Value::Bytes(text);
    case oid::kJsonb:
      return Wrap(CanonicalJsonb(text), [](const std::string& b) { return Value::Bytes(b); });
    case oid::kText:
    case oid::kVarchar:
    case oid::kBpchar:
    case oid::kUnknown:
      return Value::Bytes(text);
    default:
      return NotSupported(InfoOf(type).sql_name);
  }
}

Result<int64_t> ParseDateTime(Oid type, std::string_view text, const DateTimeContext& context) {
  switch (type) {
    case oid::kDate:
      return ParseDate(text, context);
    case oid::kTime:
      return ParseTime(text, context);
    case oid::kTimestamp:
      return ParseTimestamp(text, false, context);
    case oid::kTimestamptz:
      return ParseTimestamp(text, true, context);
    default:
      return NotSupported(InfoOf(type).sql_name);
  }
}

/// What regtype prints, or a number.
Result<int64_t> ParseTypeName(std::string_view text) {
  std::string name(TrimSpace(text));
  if (name == "-") return 0;
  for (char& c : name) c = ToLower(c);
  for (const TypeInfo& info : AllTypes()) {
    if (name == info.sql_name || name == info.name) return info.oid;
  }
  if (!name.empty() && name.find_first_not_of("0123456789") == std::string::npos) {
    return ParseOid(text);
  }
  return Status(sqlstate::kUndefinedObject, "type \"" + std::string(text) + "\" does not exist");
}

Result<Value> ParseIntType(Oid type, std::string_view text, const TextStyle& style,
                           int64_t now_micros) {
  switch (type) {
    case oid::kBool:
      return Wrap(ParseBool(text), [](bool b) { return Value::Bool(b); });
    case oid::kInt2:
    case oid::kInt4:
    case oid::kInt8:
      return Wrap(ParseInteger(type, text), [](int64_t i) { return Value::Int(i); });
    case oid::kOid:
    case oid::kRegproc:
    case oid::kRegclass:
    case oid::kRegnamespace:
      return Wrap(ParseOid(text), [](int64_t i) { return Value::Int(i); });
    case oid::kRegtype:
      return Wrap(ParseTypeName(text), [](int64_t i) { return Value::Int(i); });
    default:
      return Wrap(ParseDateTime(type, text, {style.time_zone, now_micros}),
                  [](int64_t i) { return Value::Int(i); });
  }
}

Result<Value> ParseNumeric(int32_t typmod, std::string_view text) {
  Result<Numeric> number = Numeric::Parse(text);
  if (number.ok() && typmod >= 0) number = number->ApplyTypmod(typmod);
  if (!number.ok()) return std::move(number).status();
  return number->ToValue();
}

/// int2vector and oidvector: elements between spaces.
Result<Value> ParseVector(Oid element, std::string_view text) {
  ArrayData array{element, 0, {}};
  for (std::string_view rest = TrimSpace(text); !rest.empty(); rest = TrimSpace(rest)) {
    size_t end = 0;
    while (end < rest.size() && !IsSpace(rest[end])) ++end;
    OMEN_ASSIGN_OR_RETURN(Value value, ParseText({element}, rest.substr(0, end)));
    array.elements.push_back(std::move(value));
    rest.remove_prefix(end);
  }
  return Value::Array(std::move(array));
}

Result<Value> ParseArray(Oid type, Oid element, std::string_view text, const TextStyle& style,
                         int64_t now_micros) {
  if (type == oid::kInt2Vector || type == oid::kOidVector) return ParseVector(element, text);
  OMEN_ASSIGN_OR_RETURN(ArrayLiteral literal, ParseArrayLiteral(text));
  ArrayData array{element, literal.lower_bound, {}};
  array.elements.reserve(literal.elements.size());
  for (const std::optional<std::string>& item : literal.elements) {
    if (!item) {
      array.elements.emplace_back();
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(Value value, ParseText({element}, *item, style, now_micros));
    array.elements.push_back(std::move(value));
  }
  return Value::Array(std::move(array));
}

}  // namespace

Result<Value> ParseText(Type type, std::string_view text, const TextStyle& style,
                        int64_t now_micros) {
  const TypeInfo& info = InfoOf(type.oid);
  if (type.oid == oid::kNumeric) return ParseNumeric(type.typmod, text);
  auto parse = [&]() -> Result<Value> {
    switch (info.carrier) {
      case Carrier::kInt:
        return ParseIntType(type.oid, text, style, now_micros);
      case Carrier::kDouble:
        return Wrap(ParseFloat(type.oid == oid::kFloat4, text),
                    [](double d) { return Value::Double(d); });
      case Carrier::kInterval: {
        int fields = type.typmod < 0 ? interval_field::kAll : IntervalFields(type.typmod);
        return Wrap(ParseInterval(text, fields),
                    [](const IntervalData& i) { return Value::Interval(i); });
      }
      case Carrier::kUuid:
        return Wrap(ParseUuid(text), [](const UuidData& u) { return Value::Uuid(u); });
      case Carrier::kBytes:
        return ParseBytesType(type.oid, text);
      case Carrier::kArray:
        return ParseArray(type.oid, info.element, text, style, now_micros);
    }
    return NotSupported(info.sql_name);
  };
  Result<Value> value = parse();
  if (type.typmod < 0 || !value.ok()) return value;
  return ApplyTypmod(type, std::move(value).value(), false);
}

namespace {

void AppendPadded(Type type, std::string_view text, std::string& out) {
  out += text;
  if (type.typmod < 4) return;
  size_t characters = CountCharacters(text);
  size_t length = type.typmod - 4;
  if (characters < length) out.append(length - characters, ' ');
}

void AppendTypeName(int64_t type, std::string& out) {
  if (type == 0) return out.push_back('-');
  const TypeInfo* known = FindType(static_cast<Oid>(type));
  if (known == nullptr) return AppendInt(type, out);
  out += known->sql_name;
}

void AppendIntType(Oid type, const Value& value, const TextStyle& style, std::string& out) {
  switch (type) {
    case oid::kBool:
      return out.push_back(value.AsBool() ? 't' : 'f');
    case oid::kDate:
      return AppendDate(value.AsInt(), out);
    case oid::kTime:
      return AppendTime(value.AsInt(), out);
    case oid::kTimestamp:
      return AppendTimestamp(value.AsInt(), out);
    case oid::kTimestamptz:
      return AppendTimestamptz(value.AsInt(), style.time_zone, out);
    case oid::kRegtype:
      return AppendTypeName(value.AsInt(), out);
    default:
      return AppendInt(value.AsInt(), out);
  }
}

void AppendBytesType(Type type, const Value& value, const TextStyle& style, std::string& out) {
  switch (type.oid) {
    case oid::kBytea:
      return AppendBytea(value.AsBytes(), style.bytea_hex, out);
    case oid::kChar:
      return AppendChar(value.AsBytes(), out);
    case oid::kNumeric:
      return Numeric::FromValue(value).AppendTo(out);
    case oid::kBpchar:
      return AppendPadded(type, value.AsBytes(), out);
    default:
      out += value.AsBytes();
  }
}

void AppendArray(Type type, const ArrayData& array, const TextStyle& style, std::string& out) {
  Type element{InfoOf(type.oid).element, type.typmod};
  bool vector = type.oid == oid::kInt2Vector || type.oid == oid::kOidVector;
  if (array.lower_bound != 1 && !vector && !array.elements.empty()) {
    out.push_back('[');
    AppendInt(array.lower_bound, out);
    out.push_back(':');
    AppendInt(array.lower_bound + static_cast<int64_t>(array.elements.size()) - 1, out);
    out += "]=";
  }
  if (!vector) out.push_back('{');
  std::string text;
  for (size_t i = 0; i < array.elements.size(); ++i) {
    if (i > 0) out.push_back(vector ? ' ' : ',');
    if (array.elements[i].is_null()) {
      out += "NULL";
      continue;
    }
    text.clear();
    AppendText(element, array.elements[i], style, text);
    AppendArrayElement(text, out);
  }
  if (!vector) out.push_back('}');
}

}  // namespace

void AppendText(Type type, const Value& value, const TextStyle& style, std::string& out) {
  switch (InfoOf(type.oid).carrier) {
    case Carrier::kInt:
      return AppendIntType(type.oid, value, style, out);
    case Carrier::kDouble:
      return AppendFloat(type.oid == oid::kFloat4, value.AsDouble(), style.extra_float_digits, out);
    case Carrier::kUuid:
      return AppendUuid(value.AsUuid(), out);
    case Carrier::kBytes:
      return AppendBytesType(type, value, style, out);
    case Carrier::kInterval:
      return AppendInterval(value.AsInterval(), out);
    case Carrier::kArray:
      return AppendArray(type, value.AsArray(), style, out);
  }
}

std::string ToText(Type type, const Value& value, const TextStyle& style) {
  std::string text;
  AppendText(type, value, style, text);
  return text;
}

}  // namespace omen
