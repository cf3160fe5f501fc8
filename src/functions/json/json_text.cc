#include "functions/json/json_text.h"

#include "base/work.h"
#include "types/json/json.h"

namespace omen::functions {

namespace {

void SkipBlanks(std::string_view& text) {
  size_t start = text.find_first_not_of(" \t\r\n");
  text.remove_prefix(std::min(start, text.size()));
}

size_t StringEnd(std::string_view text) {
  size_t i = 1;
  while (text[i] != '"') i += text[i] == '\\' ? 2 : 1;
  return i + 1;
}

size_t ContainerEnd(std::string_view text) {
  size_t depth = 0;
  for (size_t i = 0;;) {
    char c = text[i];
    if (c == '"') {
      i += StringEnd(text.substr(i));
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    ++i;
    if ((c == '}' || c == ']') && --depth == 0) return i;
  }
}

std::string_view TakeValue(std::string_view& text) {
  SkipBlanks(text);
  char c = text.front();
  size_t end = 0;
  if (c == '"') {
    end = StringEnd(text);
  } else if (c == '{' || c == '[') {
    end = ContainerEnd(text);
  } else {
    end = std::min(text.find_first_of(",}] \t\r\n:"), text.size());
  }
  Work::Poll(1 + end / 16);
  std::string_view value = text.substr(0, end);
  text.remove_prefix(end);
  SkipBlanks(text);
  return value;
}

/// What follows the opening bracket.
std::string_view Inside(std::string_view container) {
  SkipBlanks(container);
  container.remove_prefix(1);
  SkipBlanks(container);
  return container;
}

void SkipComma(std::string_view& rest) {
  if (rest.starts_with(',')) rest.remove_prefix(1);
}

bool KeyIs(std::string_view literal, std::string_view name) {
  std::string_view inside = literal.substr(1, literal.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return inside == name;
  return UnescapeJson(literal) == name;
}

}  // namespace

JsonKind KindOfJson(std::string_view text) {
  SkipBlanks(text);
  switch (text.front()) {
    case '{':
      return JsonKind::kObject;
    case '[':
      return JsonKind::kArray;
    case '"':
      return JsonKind::kString;
    case 't':
    case 'f':
      return JsonKind::kBool;
    case 'n':
      return JsonKind::kNull;
    default:
      return JsonKind::kNumber;
  }
}

std::string_view NameOf(JsonKind kind) {
  switch (kind) {
    case JsonKind::kObject:
      return "object";
    case JsonKind::kArray:
      return "array";
    case JsonKind::kString:
      return "string";
    case JsonKind::kNumber:
      return "number";
    case JsonKind::kBool:
      return "boolean";
    case JsonKind::kNull:
      return "null";
  }
  return {};
}

Status CheckEscapes(Oid type, std::string_view text) {
  return type == oid::kJson ? CheckJsonEscapes(text) : Status::Ok();
}

std::string UnescapeJson(std::string_view literal) {
  std::string_view inside = literal.substr(1, literal.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return std::string(inside);
  Result<JsonValue> parsed = ParseJson(literal);
  return parsed.ok() ? parsed->string : std::string(inside);
}

JsonMembers::JsonMembers(std::string_view object) : rest_(Inside(object)) {}

bool JsonMembers::Next(std::string_view* key, std::string_view* value) {
  if (rest_.starts_with('}')) return false;
  *key = TakeValue(rest_);
  rest_.remove_prefix(1);
  *value = TakeValue(rest_);
  SkipComma(rest_);
  return true;
}

JsonItems::JsonItems(std::string_view array) : rest_(Inside(array)) {}

bool JsonItems::Next(std::string_view* value) {
  if (rest_.starts_with(']')) return false;
  *value = TakeValue(rest_);
  SkipComma(rest_);
  return true;
}

bool FindJsonMember(std::string_view object, std::string_view name, std::string_view* value) {
  JsonMembers members(object);
  std::string_view key, candidate;
  bool found = false;
  while (members.Next(&key, &candidate)) {
    if (!KeyIs(key, name)) continue;
    *value = candidate;
    found = true;
  }
  return found;
}

int64_t CountJsonItems(std::string_view array) {
  JsonItems items(array);
  std::string_view value;
  int64_t count = 0;
  while (items.Next(&value)) ++count;
  return count;
}

bool FindJsonItem(std::string_view array, int64_t index, std::string_view* value) {
  if (index < 0) index += CountJsonItems(array);
  JsonItems items(array);
  for (int64_t i = 0; index >= 0 && items.Next(value); ++i) {
    if (i == index) return true;
  }
  return false;
}

}  // namespace omen::functions
