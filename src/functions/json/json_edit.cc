// Changing jsonb: ||, -, #-, jsonb_set and its like.
#include <algorithm>
#include <charconv>

#include "functions/json/json_text.h"
#include "functions/json/json_values.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"

namespace omen::functions {

namespace {

using ValueKind = JsonValue::Kind;

bool IsEmpty(const JsonValue& value) { return value.items.empty() && value.members.empty(); }

Status ReturnJsonb(const JsonValue& value, Value* out) {
  std::string text;
  AppendJsonb(value, text);
  return ReturnText(out, text);
}

Result<JsonValue> Document(const CallArgs& args) { return ParseJson(BytesArg(args, 0)); }

JsonValue AsArray(JsonValue value) {
  if (value.kind == ValueKind::kArray) return value;
  JsonValue array;
  array.kind = ValueKind::kArray;
  array.items.push_back(std::move(value));
  return array;
}

Status ConcatenateJsonb(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(JsonValue a, Document(args));
  OMEN_ASSIGN_OR_RETURN(JsonValue b, ParseJson(BytesArg(args, 1)));
  if (a.kind == ValueKind::kObject && b.kind == ValueKind::kObject) {
    for (auto& member : b.members) a.members.push_back(std::move(member));
    NormalizeMembers(a);
    return ReturnJsonb(a, out);
  }
  a = AsArray(std::move(a));
  b = AsArray(std::move(b));
  for (JsonValue& item : b.items) a.items.push_back(std::move(item));
  return ReturnJsonb(a, out);
}

void DeleteName(JsonValue& document, std::string_view name) {
  std::erase_if(document.members, [&](const auto& member) { return member.first == name; });
  std::erase_if(document.items, [&](const JsonValue& item) {
    return item.kind == ValueKind::kString && item.string == name;
  });
}

// By one key, by the keys of an array, or by spread keys.
Status DeleteKey(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(JsonValue document, Document(args));
  if (!IsContainer(document)) return BadUse("cannot delete from scalar");
  for (size_t i = 1; i < args.values.size(); ++i) {
    if (InfoOf(args.types[i].oid).carrier != Carrier::kArray) {
      DeleteName(document, BytesArg(args, i));
      continue;
    }
    for (const Value& key : args.values[i].AsArray().elements) {
      if (!key.is_null()) DeleteName(document, key.AsBytes());
    }
  }
  return ReturnJsonb(document, out);
}

void DeleteItem(JsonValue& array, int64_t index) {
  auto size = static_cast<int64_t>(array.items.size());
  if (index < 0) index += size;
  if (index >= 0 && index < size) array.items.erase(array.items.begin() + index);
}

Status DeleteIndex(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(JsonValue document, Document(args));
  if (document.kind == ValueKind::kObject) {
    return BadUse("cannot delete from object using integer index");
  }
  if (document.kind != ValueKind::kArray) return BadUse("cannot delete from scalar");
  DeleteItem(document, IntArg(args, 1));
  return ReturnJsonb(document, out);
}

/// What to do at the end of a path.
enum class Edit { kDelete, kReplace, kReplaceOrCreate, kInsertBefore, kInsertAfter };

class PathEdit {
 public:
  PathEdit(Edit edit, const std::vector<Value>& path, const JsonValue* value)
      : edit_(edit), path_(path), value_(value) {}

  Status Apply(JsonValue& node, size_t depth = 0) {
    if (depth == path_.size()) return Status::Ok();
    if (path_[depth].is_null()) {
      return Status(SqlState{"22004"},
                    "path element at position " + std::to_string(depth + 1) + " is null");
    }
    if (node.kind == ValueKind::kObject) return InObject(node, depth);
    if (node.kind == ValueKind::kArray) return InArray(node, depth);
    return Status::Ok();
  }

 private:
  bool IsLast(size_t depth) const { return depth + 1 == path_.size(); }
  bool Inserts() const { return edit_ == Edit::kInsertBefore || edit_ == Edit::kInsertAfter; }
  bool Creates() const { return edit_ == Edit::kReplaceOrCreate || Inserts(); }

  Status InObject(JsonValue& node, size_t depth) {
    std::string_view name = path_[depth].AsBytes();
    auto found = std::find_if(node.members.begin(), node.members.end(),
                              [&](const auto& member) { return member.first == name; });
    if (found == node.members.end()) {
      if (IsLast(depth) && Creates()) {
        node.members.emplace_back(std::string(name), *value_);
        NormalizeMembers(node);
      }
      return Status::Ok();
    }
    if (!IsLast(depth)) return Apply(found->second, depth + 1);
    if (Inserts()) {
      return BadUse("cannot replace existing key")
          .Hint("Try using the function jsonb_set to replace key value.");
    }
    if (edit_ == Edit::kDelete) {
      node.members.erase(found);
    } else {
      found->second = *value_;
    }
    return Status::Ok();
  }

  Result<int64_t> Index(size_t depth) {
    std::string_view text = path_[depth].AsBytes();
    int32_t index = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error != std::errc() || end != text.data() + text.size()) {
      return Status(sqlstate::kInvalidText,
                    "path element at position " + std::to_string(depth + 1) +
                        " is not an integer: \"" + std::string(text) + "\"");
    }
    return int64_t{index};
  }

  Status InArray(JsonValue& node, size_t depth) {
    OMEN_ASSIGN_OR_RETURN(int64_t index, Index(depth));
    auto size = static_cast<int64_t>(node.items.size());
    if (index < 0) index += size;
    bool inside = index >= 0 && index < size;
    if (inside && !IsLast(depth)) return Apply(node.items[static_cast<size_t>(index)], depth + 1);
    if (!IsLast(depth)) return Status::Ok();
    if (!inside) {
      // Beyond an end, the new element goes to that end.
      if (Creates()) node.items.insert(index < 0 ? node.items.begin() : node.items.end(), *value_);
      return Status::Ok();
    }
    auto at = node.items.begin() + index;
    switch (edit_) {
      case Edit::kDelete:
        node.items.erase(at);
        break;
      case Edit::kInsertBefore:
        node.items.insert(at, *value_);
        break;
      case Edit::kInsertAfter:
        node.items.insert(at + 1, *value_);
        break;
      default:
        *at = *value_;
        break;
    }
    return Status::Ok();
  }

  Edit edit_;
  const std::vector<Value>& path_;
  const JsonValue* value_;
};

Status DeletePath(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(JsonValue document, Document(args));
  if (!IsContainer(document)) return BadUse("cannot delete path in scalar");
  if (IsEmpty(document)) return ReturnJsonb(document, out);
  const std::vector<Value>& path = args.values[1].AsArray().elements;
  OMEN_RETURN_IF_ERROR(PathEdit(Edit::kDelete, path, nullptr).Apply(document));
  return ReturnJsonb(document, out);
}

Status EditWith(const CallArgs& args, Edit edit, Value* out) {
  OMEN_ASSIGN_OR_RETURN(JsonValue document, Document(args));
  OMEN_ASSIGN_OR_RETURN(JsonValue value, ParseJson(BytesArg(args, 2)));
  if (!IsContainer(document)) return BadUse("cannot set path in scalar");
  if (IsEmpty(document) && edit == Edit::kReplace) return ReturnJsonb(document, out);
  const std::vector<Value>& path = args.values[1].AsArray().elements;
  OMEN_RETURN_IF_ERROR(PathEdit(edit, path, &value).Apply(document));
  return ReturnJsonb(document, out);
}

Status Set(CallContext&, const CallArgs& args, Value* out) {
  bool create = args.values.size() < 4 || args.values[3].AsBool();
  return EditWith(args, create ? Edit::kReplaceOrCreate : Edit::kReplace, out);
}

Status Insert(CallContext&, const CallArgs& args, Value* out) {
  bool after = args.values.size() == 4 && args.values[3].AsBool();
  return EditWith(args, after ? Edit::kInsertAfter : Edit::kInsertBefore, out);
}

void Strip(JsonValue& value) {
  std::erase_if(value.members,
                [](const auto& member) { return member.second.kind == ValueKind::kNull; });
  for (auto& member : value.members) Strip(member.second);
  for (JsonValue& item : value.items) Strip(item);
}

Status StripNulls(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(JsonValue document, Document(args));
  Strip(document);
  return ReturnJsonb(document, out);
}

/// json keeps its members' order and repetitions, but not its blanks.
void AppendStripped(std::string_view text, std::string& out) {
  std::string_view key, value;
  JsonKind kind = KindOfJson(text);
  bool first = true;
  if (kind == JsonKind::kObject) {
    out += '{';
    for (JsonMembers members(text); members.Next(&key, &value);) {
      if (KindOfJson(value) == JsonKind::kNull) continue;
      if (!first) out += ',';
      first = false;
      AppendJsonString(UnescapeJson(key), out);
      out += ':';
      AppendStripped(value, out);
    }
    out += '}';
  } else if (kind == JsonKind::kArray) {
    out += '[';
    for (JsonItems items(text); items.Next(&value); first = false) {
      if (!first) out += ',';
      AppendStripped(value, out);
    }
    out += ']';
  } else if (kind == JsonKind::kString) {
    AppendJsonString(UnescapeJson(text), out);
  } else {
    out += text;
  }
}

Status StripNullsText(CallContext&, const CallArgs& args, Value* out) {
  std::string text;
  std::string_view json = BytesArg(args, 0);
  OMEN_RETURN_IF_ERROR(CheckEscapes(oid::kJson, json));
  while (json.ends_with(' ') || json.ends_with('\n') || json.ends_with('\t')) json.remove_suffix(1);
  AppendStripped(json, text);
  return ReturnText(out, text);
}

void AppendPretty(const JsonValue& value, size_t indent, std::string& out) {
  if (!IsContainer(value)) return AppendJsonb(value, out);
  bool object = value.kind == ValueKind::kObject;
  size_t count = object ? value.members.size() : value.items.size();
  out += object ? "{\n" : "[\n";
  for (size_t i = 0; i < count; ++i) {
    out.append(indent + 4, ' ');
    if (object) {
      AppendJsonString(value.members[i].first, out);
      out += ": ";
    }
    AppendPretty(object ? value.members[i].second : value.items[i], indent + 4, out);
    out += i + 1 < count ? ",\n" : "\n";
  }
  out.append(indent, ' ');
  out += object ? '}' : ']';
}

Status Pretty(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(JsonValue document, Document(args));
  std::string text;
  AppendPretty(document, 0, text);
  return ReturnText(out, text);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kJsonEditRows[] = {
    {3301, "jsonb_concat", {kJsonb, kJsonb}, kJsonb, kPure, ConcatenateJsonb},
    {3302, "jsonb_delete", {kJsonb, kText}, kJsonb, kPure, DeleteKey},
    {3343, "jsonb_delete", {kJsonb, kText}, kJsonb, kVariadic, DeleteKey},
    {3303, "jsonb_delete", {kJsonb, kInt4}, kJsonb, kPure, DeleteIndex},
    {3304, "jsonb_delete_path", {kJsonb, kTextArray}, kJsonb, kPure, DeletePath},
    {3305, "jsonb_set", {kJsonb, kTextArray, kJsonb, kBool}, kJsonb, kPure, Set},
    {3579, "jsonb_insert", {kJsonb, kTextArray, kJsonb, kBool}, kJsonb, kPure, Insert},
    {3306, "jsonb_pretty", {kJsonb}, kText, kPure, Pretty},
    {3262, "jsonb_strip_nulls", {kJsonb}, kJsonb, kPure, StripNulls},
    {3261, "json_strip_nulls", {kJson}, kJson, kPure, StripNullsText},
    {90030, "jsonb_set", {kJsonb, kTextArray, kJsonb}, kJsonb, kPure, Set},
    {90031, "jsonb_insert", {kJsonb, kTextArray, kJsonb}, kJsonb, kPure, Insert},
};

}  // namespace

std::span<const FunctionRow> JsonEditRows() { return kJsonEditRows; }

}  // namespace omen::functions
