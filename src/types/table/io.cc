// The forms, the order and the limits of values, by their type's row.
#include "types/io.h"

#include "types/operations.h"

namespace omen {

Result<Value> ParseText(Type type, std::string_view text, const TextStyle& style,
                        int64_t now_micros) {
  const TypeInfo& info = InfoOf(type.oid);
  Result<Value> value = info.operations->read_text(info, type.typmod, text, {style, now_micros});
  if (type.typmod < 0 || !value.ok() || info.operations->reads_typmod) return value;
  return ApplyTypmod(type, std::move(value).value(), false);
}

void AppendText(Type type, const Value& value, const TextStyle& style, std::string& out) {
  const TypeInfo& info = InfoOf(type.oid);
  info.operations->write_text(info, type.typmod, value, style, out);
}

std::string ToText(Type type, const Value& value, const TextStyle& style) {
  std::string text;
  AppendText(type, value, style, text);
  return text;
}

Result<Value> ParseBinary(Type type, std::string_view bytes) {
  const TypeInfo& info = InfoOf(type.oid);
  Result<Value> value = info.operations->read_binary(info, bytes);
  if (type.typmod < 0 || !value.ok()) return value;
  return ApplyTypmod(type, std::move(value).value(), false);
}

void AppendBinary(Type type, const Value& value, std::string& out) {
  const TypeInfo& info = InfoOf(type.oid);
  info.operations->write_binary(info, type.typmod, value, out);
}

Result<Value> ApplyTypmod(Type type, Value value, bool explicit_cast) {
  if (type.typmod < 0 || value.is_null()) return value;
  const TypeInfo& info = InfoOf(type.oid);
  if (info.operations->apply_typmod == nullptr) return value;
  return info.operations->apply_typmod(info, type.typmod, std::move(value), explicit_cast);
}

int CompareValues(Oid type, const Value& a, const Value& b) {
  return InfoOf(type).operations->compare(a, b);
}

uint64_t HashValue(Oid type, const Value& value) { return InfoOf(type).operations->hash(value); }

}  // namespace omen
