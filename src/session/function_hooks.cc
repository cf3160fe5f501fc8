#include "session/function_hooks.h"

#include <fmt/format.h>

#include <algorithm>

namespace omen::session {
namespace {

/// The index of that OID, and its table; nulls where there is none.
std::pair<const catalog::Table*, const catalog::Index*> FindIndex(const catalog::Snapshot& snapshot,
                                                                  Oid oid) {
  for (const catalog::Object* object : snapshot.All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    for (const catalog::Index& index : table.indexes) {
      if (index.oid == oid) return {&table, &index};
    }
  }
  return {nullptr, nullptr};
}

Oid FindIndexOid(const catalog::Snapshot& snapshot, Oid schema, std::string_view name) {
  const catalog::Table* table = snapshot.FindIndexOwner(schema, name);
  if (table == nullptr) return oid::kInvalid;
  for (const catalog::Index& index : table->indexes) {
    if (index.name == name) return index.oid;
  }
  return oid::kInvalid;
}

std::pair<Oid, std::string> SchemaAndName(const catalog::Object& object) {
  return std::visit(
      [](const auto& o) -> std::pair<Oid, std::string> {
        if constexpr (requires { o.schema; }) return {o.schema, o.name};
        return {oid::kInvalid, std::string()};
      },
      object);
}

/// "a"."B c" or a.b into its parts, unquoted ones in lower case. False when malformed.
bool SplitQualifiedName(std::string_view text, std::vector<std::string>* parts) {
  std::string list;
  bool quoted = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    list += c == '.' && !quoted ? ',' : c;
  }
  return SplitIdentifiers(list, parts) && !parts->empty() && parts->size() <= 3;
}

}  // namespace

Result<catalog::Sequence> FunctionHooks::FindSequence(Oid sequence) const {
  const auto snapshot = session_->Catalog();
  if (const catalog::Sequence* found = snapshot->FindSequence(sequence)) return *found;
  const catalog::Object* other = snapshot->FindRelation(sequence);
  if (other != nullptr) {
    return Status(sqlstate::kWrongObjectType,
                  fmt::format("\"{}\" is not a sequence", SchemaAndName(*other).second));
  }
  return Status(sqlstate::kUndefinedTable,
                fmt::format("could not open relation with OID {}", sequence));
}

Result<int64_t> FunctionHooks::NextValue(Oid sequence) {
  OMEN_ASSIGN_OR_RETURN(catalog::Sequence found, FindSequence(sequence));
  if (session_->transaction != nullptr && session_->transaction->read_only()) {
    return Status(sqlstate::kReadOnlyTransaction,
                  "cannot execute nextval() in a read-only transaction");
  }
  OMEN_ASSIGN_OR_RETURN(int64_t value, session_->database->NextSequenceValue(found));
  values_[sequence] = value;
  last_ = sequence;
  return value;
}

Result<int64_t> FunctionHooks::CurrentValue(Oid sequence) {
  OMEN_ASSIGN_OR_RETURN(catalog::Sequence found, FindSequence(sequence));
  auto it = values_.find(sequence);
  if (it == values_.end()) {
    return Status(
        sqlstate::kNotInPrerequisiteState,
        fmt::format("currval of sequence \"{}\" is not yet defined in this session", found.name));
  }
  return it->second;
}

Result<int64_t> FunctionHooks::SetValue(Oid sequence, int64_t value, bool is_called) {
  OMEN_ASSIGN_OR_RETURN(catalog::Sequence found, FindSequence(sequence));
  if (value < found.min || value > found.max) {
    return Status(sqlstate::kNumericOutOfRange,
                  fmt::format("setval: value {} is out of bounds for sequence \"{}\" ({}..{})",
                              value, found.name, found.min, found.max));
  }
  OMEN_RETURN_IF_ERROR(
      session_->database->parts().rows->WriteSequence(sequence, {value, is_called}));
  if (is_called) values_[sequence] = value;
  return value;
}

Result<int64_t> FunctionHooks::LastValue() {
  if (!last_ || !FindSequence(*last_).ok()) {
    return Status(sqlstate::kNotInPrerequisiteState, "lastval is not yet defined in this session");
  }
  return values_.at(*last_);
}

void FunctionHooks::ForgetSequences() {
  values_.clear();
  last_.reset();
}

Result<Value> FunctionHooks::Setting(std::string_view name, bool missing_ok) {
  auto value = session_->ShowSetting(name);
  if (value.ok()) return Value::Text(*value);
  if (missing_ok && value.status().Is(sqlstate::kUndefinedObject)) return Value::Null();
  return std::move(value).status();
}

Status FunctionHooks::SetSetting(std::string_view name, std::string_view value, bool local) {
  if (FindSetting(name) >= 0 && ToLower(name) == "search_path") {
    return session_->settings.SetText(name, value, local);
  }
  return session_->SetSetting(name, {std::string(value)}, local);
}

std::vector<std::string> FunctionHooks::CurrentSchemas(bool include_implicit) {
  const auto snapshot = session_->Catalog();
  std::vector<std::string> schemas;
  const auto& path = session_->settings.effective().search_path;
  const bool named = std::ranges::find(path, "pg_catalog") != path.end();
  if (include_implicit && !named) schemas.emplace_back("pg_catalog");
  for (const std::string& schema : path) {
    if (snapshot->FindSchema(schema) != nullptr) schemas.push_back(schema);
  }
  return schemas;
}

Result<Oid> FunctionHooks::RelationByName(std::string_view name) {
  std::vector<std::string> parts;
  if (!SplitQualifiedName(name, &parts)) {
    return Status(sqlstate::kInvalidName, "invalid name syntax");
  }
  const auto snapshot = session_->Catalog();
  const std::string& relation = parts.back();
  Oid found = oid::kInvalid;
  auto look = [&](const catalog::Schema* schema) {
    if (schema == nullptr || found != oid::kInvalid) return;
    const catalog::Object* object = snapshot->FindRelation(schema->oid, relation);
    found = object != nullptr ? catalog::OidOf(*object)
                              : FindIndexOid(*snapshot, schema->oid, relation);
  };
  if (parts.size() > 1) {
    look(snapshot->FindSchema(parts[parts.size() - 2]));
  } else {
    for (const std::string& schema : CurrentSchemas(true)) look(snapshot->FindSchema(schema));
  }
  if (found != oid::kInvalid) return found;
  std::string shown = parts.size() > 1 ? parts[parts.size() - 2] + "." + relation : relation;
  return Status(sqlstate::kUndefinedTable, fmt::format("relation \"{}\" does not exist", shown));
}

std::string FunctionHooks::RelationName(Oid relation) {
  const auto snapshot = session_->Catalog();
  std::pair<Oid, std::string> found;
  if (const catalog::Object* object = snapshot->FindRelation(relation)) {
    found = SchemaAndName(*object);
  } else if (auto [table, index] = FindIndex(*snapshot, relation); index != nullptr) {
    found = {table->schema, index->name};
  } else {
    return std::string();
  }
  std::string quoted = QuoteIdentifier(found.second);
  auto visible = RelationByName(quoted);
  if (visible.ok() && *visible == relation) return quoted;
  const catalog::Schema* schema = snapshot->FindSchema(found.first);
  return schema == nullptr ? quoted : QuoteIdentifier(schema->name) + "." + quoted;
}

}  // namespace omen::session
