#include "exec/system_relations.h"

#include <fmt/format.h>

#include <map>

#include "base/check.h"
#include "exec/system_definition.h"

namespace omen::exec {
namespace {

const std::vector<SystemDefinition>& AllDefinitions() {
  static const std::vector<SystemDefinition> all = [] {
    std::vector<SystemDefinition> definitions;
    for (const auto& list : {OmendbRelations()}) {
      definitions.insert(definitions.end(), list.begin(), list.end());
    }
    return definitions;
  }();
  return all;
}

std::string_view TakeWord(std::string_view* text, char end) {
  const size_t at = text->find(end);
  std::string_view word = text->substr(0, at);
  text->remove_prefix(at == std::string_view::npos ? text->size() : at + 1);
  while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
  return word;
}

std::vector<catalog::Column> ParseColumns(std::string_view text) {
  std::vector<catalog::Column> columns;
  while (!text.empty()) {
    std::string_view entry = TakeWord(&text, ',');
    catalog::Column column;
    column.name = TakeWord(&entry, ' ');
    const TypeInfo* type = FindTypeByName(entry);
    OMEN_CHECK(type != nullptr);
    column.type = {type->oid, -1};
    column.attnum = static_cast<int>(columns.size()) + 1;
    columns.push_back(std::move(column));
  }
  return columns;
}

std::string ProducerName(const SystemDefinition& definition) {
  return fmt::format("{}.{}", definition.schema, definition.name);
}

}  // namespace

SystemProducer FindSystemProducer(std::string_view name) {
  static const std::map<std::string, SystemProducer, std::less<>> producers = [] {
    std::map<std::string, SystemProducer, std::less<>> map;
    for (const SystemDefinition& definition : AllDefinitions()) {
      map.emplace(ProducerName(definition), definition.producer);
    }
    return map;
  }();
  const auto found = producers.find(name);
  return found != producers.end() ? found->second : nullptr;
}

std::vector<catalog::SystemRelation> SystemRelations() {
  std::vector<catalog::SystemRelation> relations;
  for (const SystemDefinition& definition : AllDefinitions()) {
    catalog::SystemRelation relation;
    relation.oid = definition.oid;
    relation.schema = definition.schema;
    relation.name = definition.name;
    relation.columns = ParseColumns(definition.columns);
    relation.producer = ProducerName(definition);
    relations.push_back(std::move(relation));
  }
  return relations;
}

}  // namespace omen::exec
