// What the producers of catalogue relations share: one list of relations, owners, arrays.
#include <fmt/format.h>

#include "exec/system/system_definition.h"
#include "types/datetime/datetime.h"

namespace omen::exec {

std::vector<RelationView> RelationsOfCatalog(const catalog::Snapshot& catalog) {
  std::vector<RelationView> all;
  for (const catalog::Object* object : catalog.All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    all.push_back({table.oid, table.schema, table.name, 'r', table.owner, &table.columns, &table});
  }
  for (const catalog::Object* object : catalog.All(catalog::ObjectClass::kView)) {
    const auto& view = std::get<catalog::View>(*object);
    all.push_back({view.oid, view.schema, view.name, 'v', view.owner, &view.columns, nullptr});
  }
  for (const catalog::Object* object : catalog.All(catalog::ObjectClass::kSequence)) {
    const auto& sequence = std::get<catalog::Sequence>(*object);
    all.push_back(
        {sequence.oid, sequence.schema, sequence.name, 'S', sequence.owner, nullptr, nullptr});
  }
  for (const catalog::Object* object : catalog.All(catalog::ObjectClass::kSystemRelation)) {
    const auto& relation = std::get<catalog::SystemRelation>(*object);
    const char kind = relation.schema == catalog::kPgCatalogSchema ? 'r' : 'v';
    all.push_back(
        {relation.oid, relation.schema, relation.name, kind, "omendb", &relation.columns, nullptr});
  }
  return all;
}

Oid OwnerOid(const catalog::Snapshot& catalog, std::string_view owner) {
  const catalog::Role* role = catalog.FindRole(owner.empty() ? "omendb" : owner);
  return role != nullptr ? role->oid : 10;
}

std::string SchemaName(const catalog::Snapshot& catalog, Oid schema) {
  const catalog::Schema* found = catalog.FindSchema(schema);
  return found != nullptr ? found->name : std::string();
}

Value CountValue(uint64_t count) { return Value::Int(static_cast<int64_t>(count)); }

Value UnixTimestamp(int64_t unix_micros) {
  if (unix_micros == 0) return {};
  return Value::Int(unix_micros - kUnixToPgSeconds * kMicrosPerSecond);
}

Value IntArray(Oid element, const std::vector<int64_t>& values) {
  ArrayData array;
  array.element = element;
  for (const int64_t value : values) array.elements.push_back(Value::Int(value));
  return Value::Array(std::move(array));
}

Value TextArray(const std::vector<std::string>& values) {
  ArrayData array;
  array.element = oid::kText;
  for (const std::string& value : values) array.elements.push_back(Value::Text(value));
  return Value::Array(std::move(array));
}

}  // namespace omen::exec
