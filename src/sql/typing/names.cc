#include "sql/typing/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "sql/typing/coerce.h"

namespace omen::sql {
namespace {

Status InvalidName() { return Status(sqlstate::kInvalidName, "invalid name syntax"); }

bool IsIdentifierStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0;
}

bool IsIdentifierPart(char c) {
  return IsIdentifierStart(c) || std::isdigit(static_cast<unsigned char>(c)) || c == '$';
}

/// Reads one identifier at `at`, leaving `at` behind it.
Result<std::string> ReadIdentifier(std::string_view text, size_t* at) {
  std::string part;
  if (*at < text.size() && text[*at] == '"') {
    for (++*at;; ++*at) {
      if (*at >= text.size()) return InvalidName();
      if (text[*at] == '"') {
        if (*at + 1 >= text.size() || text[*at + 1] != '"') break;
        ++*at;
      }
      part += text[*at];
    }
    ++*at;
    return part;
  }
  if (*at >= text.size() || !IsIdentifierStart(text[*at])) return InvalidName();
  while (*at < text.size() && IsIdentifierPart(text[*at])) {
    part += static_cast<char>(std::tolower(static_cast<unsigned char>(text[*at])));
    ++*at;
  }
  return part;
}

void SkipSpace(std::string_view text, size_t* at) {
  while (*at < text.size() && std::isspace(static_cast<unsigned char>(text[*at]))) ++*at;
}

/// The schema that a name is qualified by, or nothing. 3F000.
Result<std::string> SchemaOf(const BindState& state, const std::vector<std::string>& parts) {
  if (parts.size() < 2) return std::string();
  const std::string& schema = parts[parts.size() - 2];
  if (state.context.catalog->FindSchema(schema) != nullptr) return schema;
  return Status(sqlstate::kInvalidSchemaName, fmt::format("schema \"{}\" does not exist", schema));
}

Result<int64_t> FindRegclass(const BindState& state, std::string_view text) {
  OMEN_ASSIGN_OR_RETURN(auto parts, SplitIdentifier(text));
  OMEN_ASSIGN_OR_RETURN(std::string schema, SchemaOf(state, parts));
  const catalog::Object* object = LookupRelation(state, schema, parts.back());
  if (object != nullptr) return catalog::OidOf(*object);
  for (const std::string& path :
       schema.empty() ? state.search_path : std::vector<std::string>{schema}) {
    const catalog::Schema* found = state.context.catalog->FindSchema(path);
    if (found == nullptr) continue;
    const catalog::Table* owner = state.context.catalog->FindIndexOwner(found->oid, parts.back());
    if (owner == nullptr) continue;
    for (const catalog::Index& index : owner->indexes) {
      if (index.name == parts.back()) return index.oid;
    }
  }
  return Status(sqlstate::kUndefinedTable,
                fmt::format("relation \"{}\" does not exist", fmt::join(parts, ".")));
}

Result<int64_t> FindRegproc(const BindState& state, std::string_view text) {
  OMEN_ASSIGN_OR_RETURN(auto parts, SplitIdentifier(text));
  OMEN_RETURN_IF_ERROR(SchemaOf(state, parts).status());
  const auto& registry = functions::Registry::Instance();
  auto found = registry.FunctionsNamed(parts.back());
  auto aggregates = registry.AggregatesNamed(parts.back());
  if (found.size() + aggregates.size() > 1) {
    return Status(sqlstate::kAmbiguousFunction,
                  fmt::format("more than one function named \"{}\"", text));
  }
  if (!found.empty()) return found[0]->oid;
  if (!aggregates.empty()) return aggregates[0]->oid;
  return Status(sqlstate::kUndefinedFunction, fmt::format("function \"{}\" does not exist", text));
}

Result<int64_t> FindRegnamespace(const BindState& state, std::string_view text) {
  OMEN_ASSIGN_OR_RETURN(auto parts, SplitIdentifier(text));
  const catalog::Schema* schema = state.context.catalog->FindSchema(parts.back());
  if (schema != nullptr) return schema->oid;
  return Status(sqlstate::kInvalidSchemaName, fmt::format("schema \"{}\" does not exist", text));
}

Result<int64_t> FindNamed(const BindState& state, std::string_view text, Oid type) {
  if (text == "-") return 0;
  if (!text.empty() && std::isdigit(static_cast<unsigned char>(text[0]))) {
    uint32_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  switch (type) {
    case oid::kRegclass:
      return FindRegclass(state, text);
    case oid::kRegtype: {
      OMEN_ASSIGN_OR_RETURN(Type found, TypeFromText(text));
      return found.oid;
    }
    case oid::kRegproc:
      return FindRegproc(state, text);
    default:
      return FindRegnamespace(state, text);
  }
}

}  // namespace

Result<std::vector<std::string>> SplitIdentifier(std::string_view text) {
  std::vector<std::string> parts;
  size_t at = 0;
  SkipSpace(text, &at);
  while (true) {
    OMEN_ASSIGN_OR_RETURN(std::string part, ReadIdentifier(text, &at));
    parts.push_back(std::move(part));
    SkipSpace(text, &at);
    if (at == text.size()) return parts;
    if (text[at] != '.') return InvalidName();
    ++at;
    SkipSpace(text, &at);
  }
}

bool IsSystemColumn(std::string_view name) {
  static constexpr std::string_view kKnown[] = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
  return std::ranges::find(kKnown, name) != std::end(kKnown);
}

Status CheckColumnName(std::string_view name) {
  if (!IsSystemColumn(name)) return Status::Ok();
  return Status(sqlstate::kDuplicateColumn,
                fmt::format("column name \"{}\" conflicts with a system column name", name));
}

const catalog::Object* LookupRelation(const BindState& state, std::string_view schema,
                                      std::string_view name) {
  const catalog::Snapshot& catalog = *state.context.catalog;
  if (schema.empty()) return catalog.FindRelation(state.search_path, name);
  const catalog::Schema* found = catalog.FindSchema(schema);
  return found ? catalog.FindRelation(found->oid, name) : nullptr;
}

const catalog::Schema* CreationSchema(const BindState& state) {
  for (const std::string& name : state.search_path) {
    const std::string& actual = name == "$user" ? state.context.current_user : name;
    if (const catalog::Schema* schema = state.context.catalog->FindSchema(actual)) return schema;
  }
  return nullptr;
}

bool IsNameReference(Oid type) {
  return type == oid::kRegclass || type == oid::kRegtype || type == oid::kRegproc ||
         type == oid::kRegnamespace;
}

ExprResult NameLiteral(BindState* state, std::string_view text, Type type, int location) {
  auto found = FindNamed(*state, text, type.oid);
  if (!found.ok()) return std::move(found).status().At(location);
  return MakeConst(type, Value::Int(*found), location);
}

}  // namespace omen::sql
