#include "types/json/json.h"

#include <algorithm>

#include "types/json/internal/json_lexer.h"

namespace omen {

using namespace types_internal;  // NOLINT: the lexer of this folder

namespace {

using JsonKind = JsonValue::Kind;

/// Short names first, then by bytes.
bool NameBefore(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

/// Recursive descent with one token of look-ahead. `out` is null when only checking.
class JsonParser {
 public:
  JsonParser(std::string_view text, bool build) : lexer_(text, build), build_(build) {}

  Status Parse(JsonValue* out) {
    OMEN_RETURN_IF_ERROR(lexer_.Next());
    OMEN_RETURN_IF_ERROR(ParseValue(out, 0));
    if (lexer_.token() != JsonToken::kEnd) return lexer_.Expected("end of input");
    return Status::Ok();
  }

 private:
  Status ParseValue(JsonValue* out, int depth) {
    switch (lexer_.token()) {
      case JsonToken::kObjectStart:
        return ParseObject(out, depth + 1);
      case JsonToken::kArrayStart:
        return ParseArray(out, depth + 1);
      case JsonToken::kString:
        if (build_) out->string = std::move(lexer_.string());
        return Scalar(JsonKind::kString, out);
      case JsonToken::kNumber:
        if (build_) {
          OMEN_ASSIGN_OR_RETURN(out->number, Numeric::Parse(lexer_.raw()));
        }
        return Scalar(JsonKind::kNumber, out);
      case JsonToken::kTrue:
        return Scalar(JsonKind::kTrue, out);
      case JsonToken::kFalse:
        return Scalar(JsonKind::kFalse, out);
      case JsonToken::kNull:
        return Scalar(JsonKind::kNull, out);
      default:
        return lexer_.Expected("JSON value");
    }
  }

  Status Scalar(JsonKind kind, JsonValue* out) {
    if (build_) out->kind = kind;
    return lexer_.Next();
  }

  static Status TooDeep() { return Status(sqlstate::kTooComplex, "stack depth limit exceeded"); }

  Status ParseArray(JsonValue* out, int depth) {
    if (depth > kMaxJsonDepth) return TooDeep();
    if (build_) out->kind = JsonKind::kArray;
    OMEN_RETURN_IF_ERROR(lexer_.Next());
    if (lexer_.token() == JsonToken::kArrayEnd) return lexer_.Next();
    while (true) {
      JsonValue* item = nullptr;
      if (build_) item = &out->items.emplace_back();
      OMEN_RETURN_IF_ERROR(ParseValue(item, depth));
      if (lexer_.token() == JsonToken::kArrayEnd) return lexer_.Next();
      if (lexer_.token() != JsonToken::kComma) return lexer_.Expected("\",\" or \"]\"");
      OMEN_RETURN_IF_ERROR(lexer_.Next());
    }
  }

  Status ParseObject(JsonValue* out, int depth) {
    if (depth > kMaxJsonDepth) return TooDeep();
    if (build_) out->kind = JsonKind::kObject;
    OMEN_RETURN_IF_ERROR(lexer_.Next());
    if (lexer_.token() == JsonToken::kObjectEnd) return lexer_.Next();
    const char* expected = "string or \"}\"";
    while (true) {
      if (lexer_.token() != JsonToken::kString) return lexer_.Expected(expected);
      JsonValue* value = nullptr;
      if (build_) {
        value = &out->members.emplace_back(std::move(lexer_.string()), JsonValue()).second;
      }
      OMEN_RETURN_IF_ERROR(lexer_.Next());
      if (lexer_.token() != JsonToken::kColon) return lexer_.Expected("\":\"");
      OMEN_RETURN_IF_ERROR(lexer_.Next());
      OMEN_RETURN_IF_ERROR(ParseValue(value, depth));
      if (lexer_.token() == JsonToken::kObjectEnd) break;
      if (lexer_.token() != JsonToken::kComma) return lexer_.Expected("\",\" or \"}\"");
      OMEN_RETURN_IF_ERROR(lexer_.Next());
      expected = "string";
    }
    if (build_) NormalizeMembers(*out);
    return lexer_.Next();
  }

  JsonLexer lexer_;
  bool build_;
};

}  // namespace

const JsonValue* JsonValue::Find(std::string_view name) const {
  auto found = std::lower_bound(
      members.begin(), members.end(), name,
      [](const auto& member, std::string_view key) { return NameBefore(member.first, key); });
  return found != members.end() && found->first == name ? &found->second : nullptr;
}

void NormalizeMembers(JsonValue& object) {
  auto& members = object.members;
  std::stable_sort(members.begin(), members.end(),
                   [](const auto& a, const auto& b) { return NameBefore(a.first, b.first); });
  size_t kept = 0;
  for (size_t i = 0; i < members.size(); ++i) {
    bool last = i + 1 == members.size() || members[i + 1].first != members[i].first;
    if (!last) continue;
    if (kept != i) members[kept] = std::move(members[i]);
    ++kept;
  }
  members.resize(kept);
}

Status ValidateJson(std::string_view text) { return JsonParser(text, false).Parse(nullptr); }

Result<JsonValue> ParseJson(std::string_view text) {
  JsonValue value;
  OMEN_RETURN_IF_ERROR(JsonParser(text, true).Parse(&value));
  return value;
}

Status CheckJsonEscapes(std::string_view text) {
  if (text.find("\\u") == std::string_view::npos) return Status::Ok();
  JsonLexer lexer(text, true);
  do {
    OMEN_RETURN_IF_ERROR(lexer.Next());
  } while (lexer.token() != JsonToken::kEnd);
  return Status::Ok();
}

void AppendJsonString(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  static constexpr std::string_view kSpecial = "\"\\\b\f\n\r\t";
  static constexpr std::string_view kLetters = "\"\\bfnrt";
  out.push_back('"');
  for (char c : text) {
    size_t special = kSpecial.find(c);
    if (special != std::string_view::npos) {
      out.push_back('\\');
      out.push_back(kLetters[special]);
    } else if (static_cast<uint8_t>(c) < 0x20) {
      out += "\\u00";
      out.push_back(kHex[c >> 4]);
      out.push_back(kHex[c & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void AppendJsonb(const JsonValue& value, std::string& out) {
  const char* separator = "";
  switch (value.kind) {
    case JsonKind::kNull:
      out += "null";
      break;
    case JsonKind::kFalse:
      out += "false";
      break;
    case JsonKind::kTrue:
      out += "true";
      break;
    case JsonKind::kNumber:
      out += value.number.ToString();
      break;
    case JsonKind::kString:
      AppendJsonString(value.string, out);
      break;
    case JsonKind::kArray:
      out.push_back('[');
      for (const JsonValue& item : value.items) {
        out += std::exchange(separator, ", ");
        AppendJsonb(item, out);
      }
      out.push_back(']');
      break;
    case JsonKind::kObject:
      out.push_back('{');
      for (const auto& [name, member] : value.members) {
        out += std::exchange(separator, ", ");
        AppendJsonString(name, out);
        out += ": ";
        AppendJsonb(member, out);
      }
      out.push_back('}');
      break;
  }
}

Result<std::string> CanonicalJsonb(std::string_view text) {
  OMEN_ASSIGN_OR_RETURN(JsonValue value, ParseJson(text));
  std::string canonical;
  AppendJsonb(value, canonical);
  return canonical;
}

}  // namespace omen
