#include "exec/system/system_relations.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ranges>

#include "base/check.h"
#include "exec/system/system_definition.h"

namespace omen::exec {
namespace {

SystemShape::Rows RowsOf(const SystemDefinition& definition) { return definition.shape.rows; }

Status NoRows(const SystemContext&, std::vector<Row>*) { return Status::Ok(); }

void AddShapes(Oid schema, std::span<const SystemShape> shapes, const ProducerTable& producers,
               std::vector<SystemDefinition>* definitions) {
  for (const SystemShape& shape : shapes) {
    const auto found = producers.find(shape.name);
    OMEN_CHECK((found != producers.end()) == (shape.rows == SystemShape::kProduced));
    definitions->push_back({schema, shape, found != producers.end() ? found->second : NoRows});
  }
}

const std::vector<SystemDefinition>& AllDefinitions() {
  static const std::vector<SystemDefinition> all = [] {
    std::vector<SystemDefinition> definitions = OmendbRelations();
    std::ranges::move(WorkloadRelations(), std::back_inserter(definitions));
    std::ranges::move(LearningRelations(), std::back_inserter(definitions));
    ProducerTable pg, information;
    AddPgObjectProducers(&pg);
    AddPgTypeProducers(&pg);
    AddPgServerProducers(&pg);
    AddPgViewProducers(&pg);
    AddPgStatisticsProducers(&pg);
    AddPgWorkloadProducers(&pg);
    AddInformationProducers(&information);
    const size_t of_omendb = definitions.size();
    AddShapes(catalog::kPgCatalogSchema, PgCatalogShapes(), pg, &definitions);
    AddShapes(catalog::kInformationSchema, InformationSchemaShapes(), information, &definitions);
    const auto produced = std::ranges::count(
        definitions | std::views::drop(of_omendb) | std::views::transform(RowsOf),
        SystemShape::kProduced);
    OMEN_CHECK(static_cast<size_t>(produced) == pg.size() + information.size());
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

std::string ProducerName(const SystemDefinition& definition) {
  return fmt::format("{}.{}", definition.schema, definition.shape.name);
}

Value DefaultOf(Type type) {
  if (type.oid == oid::kChar) return Value::Text("");
  switch (InfoOf(type.oid).form) {
    case TypeForm::kBool:
    case TypeForm::kInt2:
    case TypeForm::kInt4:
    case TypeForm::kInt8:
      return Value::Int(0);
    case TypeForm::kFloat4:
    case TypeForm::kFloat8:
      return Value::Double(0);
    default:
      return Value();
  }
}

}  // namespace

std::vector<catalog::Column> ParseSystemColumns(std::string_view text) {
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

const SystemRows::Layout& SystemRows::LayoutOf(Oid schema, std::string_view name) {
  static const auto layouts = [] {
    std::map<std::pair<Oid, std::string_view>, Layout> all;
    for (const SystemDefinition& definition : AllDefinitions()) {
      Layout layout;
      for (const catalog::Column& column : ParseSystemColumns(definition.shape.columns)) {
        layout.columns.emplace(column.name, layout.defaults.size());
        layout.defaults.push_back(
            definition.schema == catalog::kPgCatalogSchema ? DefaultOf(column.type) : Value());
      }
      all.emplace(std::pair(definition.schema, definition.shape.name), std::move(layout));
    }
    return all;
  }();
  const auto found = layouts.find({schema, name});
  OMEN_CHECK(found != layouts.end());
  return found->second;
}

SystemRows::SystemRows(Oid schema, std::string_view name, std::vector<Row>* rows)
    : layout_(LayoutOf(schema, name)), rows_(rows) {}

void SystemRows::Begin() { rows_->push_back(layout_.defaults); }

SystemRows& SystemRows::Set(std::string_view column, Value value) {
  const auto found = layout_.columns.find(column);
  OMEN_CHECK(found != layout_.columns.end());
  rows_->back()[found->second] = std::move(value);
  return *this;
}

sql::BindContext ReaderOf(const SystemContext& context) {
  const StatementContext& statement = *context.statement;
  sql::BindContext reader;
  reader.catalog = &context.catalog;
  reader.search_path = statement.search_path;
  reader.current_user = statement.user;
  reader.style = statement.call.style;
  return reader;
}

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
    relation.oid = definition.shape.oid;
    relation.schema = definition.schema;
    relation.name = definition.shape.name;
    relation.columns = ParseSystemColumns(definition.shape.columns);
    relation.producer = ProducerName(definition);
    relations.push_back(std::move(relation));
  }
  return relations;
}

}  // namespace omen::exec
