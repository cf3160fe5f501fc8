// information_schema.
#include <fmt/format.h>

#include <algorithm>

#include "exec/system/system_definition.h"
#include "sql/definition/deparse.h"

namespace omen::exec {
namespace {

using catalog::kInformationSchema;

std::string CatalogName(const SystemContext& context) {
  functions::SessionHooks* hooks = context.statement->call.hooks;
  return hooks != nullptr ? hooks->CurrentDatabase() : "omendb";
}

const char* YesNo(bool value) { return value ? "YES" : "NO"; }

Status Schemata(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kInformationSchema, "schemata", out);
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kSchema)) {
    const auto& schema = std::get<catalog::Schema>(*object);
    rows.Begin();
    rows.Text("catalog_name", CatalogName(context)).Text("schema_name", schema.name);
    rows.Text("schema_owner", schema.owner);
  }
  return Status::Ok();
}

Status Tables(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kInformationSchema, "tables", out);
  for (const RelationView& relation : RelationsOfCatalog(context.catalog)) {
    if (relation.kind == 'S') continue;
    rows.Begin();
    rows.Text("table_catalog", CatalogName(context));
    rows.Text("table_schema", SchemaName(context.catalog, relation.schema));
    rows.Text("table_name", relation.name);
    rows.Text("table_type", relation.kind == 'r' ? "BASE TABLE" : "VIEW");
    rows.Text("is_insertable_into", YesNo(relation.table != nullptr)).Text("is_typed", "NO");
  }
  return Status::Ok();
}

void SetTypeColumns(SystemRows* rows, Type type) {
  const TypeInfo& info = InfoOf(type.oid);
  rows->Text("data_type", info.carrier == Carrier::kArray ? "ARRAY" : info.sql_name);
  rows->Text("udt_schema", "pg_catalog").Text("udt_name", info.name);
  switch (type.oid) {
    case oid::kVarchar:
    case oid::kBpchar:
      if (type.typmod >= 0) rows->Int("character_maximum_length", type.typmod - 4);
      [[fallthrough]];
    case oid::kText:
      rows->Int("character_octet_length", type.typmod >= 0 ? (type.typmod - 4) * 4 : 1073741824);
      break;
    case oid::kInt2:
    case oid::kInt4:
    case oid::kInt8:
      rows->Int("numeric_precision", info.length * 8).Int("numeric_precision_radix", 2);
      rows->Int("numeric_scale", 0);
      break;
    case oid::kFloat4:
    case oid::kFloat8:
      rows->Int("numeric_precision", type.oid == oid::kFloat4 ? 24 : 53);
      rows->Int("numeric_precision_radix", 2);
      break;
    case oid::kNumeric:
      rows->Int("numeric_precision_radix", 10);
      if (type.typmod < 0) break;
      rows->Int("numeric_precision", NumericPrecision(type.typmod));
      rows->Int("numeric_scale", NumericScale(type.typmod));
      break;
    case oid::kDate:
      rows->Int("datetime_precision", 0);
      break;
    case oid::kTime:
    case oid::kTimestamp:
    case oid::kTimestamptz:
    case oid::kInterval:
      rows->Int("datetime_precision", type.typmod >= 0 ? type.typmod & 0xffff : 6);
      break;
    default:
      break;
  }
}

void AddColumnRow(SystemRows* rows, const SystemContext& context, const sql::BindContext& reader,
                  const RelationView& relation, const catalog::Column& column) {
  const std::string database = CatalogName(context);
  const bool identity = column.identity != catalog::Identity::kNone;
  rows->Begin();
  rows->Text("table_catalog", database);
  rows->Text("table_schema", SchemaName(context.catalog, relation.schema));
  rows->Text("table_name", relation.name).Text("column_name", column.name);
  rows->Int("ordinal_position", column.attnum);
  if (!column.default_sql.empty()) {
    rows->Text("column_default", sql::DefaultText(column, reader));
  }
  rows->Text("is_nullable", YesNo(!column.not_null)).Text("udt_catalog", database);
  SetTypeColumns(rows, column.type);
  rows->Text("dtd_identifier", std::to_string(column.attnum));
  rows->Text("is_self_referencing", "NO").Text("is_identity", YesNo(identity));
  rows->Text("identity_cycle", "NO").Text("is_generated", "NEVER");
  rows->Text("is_updatable", YesNo(relation.table != nullptr));
  if (!identity) return;
  rows->Text("identity_generation",
             column.identity == catalog::Identity::kAlways ? "ALWAYS" : "BY DEFAULT");
}

Status Columns(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kInformationSchema, "columns", out);
  const sql::BindContext reader = ReaderOf(context);
  for (const RelationView& relation : RelationsOfCatalog(context.catalog)) {
    if (relation.columns == nullptr) continue;
    for (const catalog::Column& column : *relation.columns) {
      if (!column.dropped) AddColumnRow(&rows, context, reader, relation, column);
    }
  }
  return Status::Ok();
}

Status Views(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kInformationSchema, "views", out);
  const sql::BindContext reader = ReaderOf(context);
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kView)) {
    const auto& view = std::get<catalog::View>(*object);
    rows.Begin();
    rows.Text("table_catalog", CatalogName(context)).Text("table_name", view.name);
    rows.Text("table_schema", SchemaName(context.catalog, view.schema));
    rows.Text("view_definition", sql::ViewText(view, reader)).Text("check_option", "NONE");
    for (const char* column : {"is_updatable", "is_insertable_into", "is_trigger_updatable",
                               "is_trigger_deletable", "is_trigger_insertable_into"}) {
      rows.Text(column, "NO");
    }
  }
  return Status::Ok();
}

// Every constraint with a name: keys, unique constraints, checks.
template <typename Visit>
void ForEachConstraint(const SystemContext& context, Visit visit) {
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    for (const catalog::Index& index : table.indexes) {
      if (index.primary || index.is_constraint) visit(table, index.name, &index);
    }
    for (const catalog::CheckConstraint& check : table.checks) visit(table, check.name, nullptr);
  }
}

Status TableConstraints(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kInformationSchema, "table_constraints", out);
  ForEachConstraint(context, [&](const catalog::Table& table, const std::string& name,
                                 const catalog::Index* index) {
    const std::string schema = SchemaName(context.catalog, table.schema);
    rows.Begin();
    rows.Text("constraint_catalog", CatalogName(context)).Text("constraint_schema", schema);
    rows.Text("constraint_name", name).Text("table_catalog", CatalogName(context));
    rows.Text("table_schema", schema).Text("table_name", table.name);
    rows.Text("constraint_type", index == nullptr ? "CHECK"
                                 : index->primary ? "PRIMARY KEY"
                                                  : "UNIQUE");
    rows.Text("is_deferrable", "NO").Text("initially_deferred", "NO").Text("enforced", "YES");
  });
  return Status::Ok();
}

template <bool kUsage>
Status KeyColumns(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kInformationSchema, kUsage ? "constraint_column_usage" : "key_column_usage", out);
  ForEachConstraint(context, [&](const catalog::Table& table, const std::string& name,
                                 const catalog::Index* index) {
    if (index == nullptr) return;
    int64_t position = 0;
    for (const catalog::IndexColumn& column : index->columns) {
      const std::string schema = SchemaName(context.catalog, table.schema);
      rows.Begin();
      rows.Text("constraint_catalog", CatalogName(context)).Text("constraint_schema", schema);
      rows.Text("constraint_name", name).Text("table_catalog", CatalogName(context));
      rows.Text("table_schema", schema).Text("table_name", table.name);
      rows.Text("column_name", table.column(column.attnum).name);
      ++position;
      if (!kUsage) rows.Int("ordinal_position", position);
    }
  });
  return Status::Ok();
}

Status CheckConstraints(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kInformationSchema, "check_constraints", out);
  const sql::BindContext reader = ReaderOf(context);
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    for (const catalog::CheckConstraint& check : table.checks) {
      rows.Begin();
      rows.Text("constraint_catalog", CatalogName(context)).Text("constraint_name", check.name);
      rows.Text("constraint_schema", SchemaName(context.catalog, table.schema));
      rows.Text("check_clause", fmt::format("({})", sql::CheckText(check, table, reader)));
    }
  }
  return Status::Ok();
}

Status Sequences(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kInformationSchema, "sequences", out);
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kSequence)) {
    const auto& sequence = std::get<catalog::Sequence>(*object);
    const TypeInfo& type = InfoOf(sequence.type.oid);
    rows.Begin();
    rows.Text("sequence_catalog", CatalogName(context)).Text("sequence_name", sequence.name);
    rows.Text("sequence_schema", SchemaName(context.catalog, sequence.schema));
    rows.Text("data_type", type.sql_name).Int("numeric_precision", type.length * 8);
    rows.Int("numeric_precision_radix", 2).Int("numeric_scale", 0);
    rows.Text("start_value", std::to_string(sequence.start));
    rows.Text("minimum_value", std::to_string(sequence.min));
    rows.Text("maximum_value", std::to_string(sequence.max));
    rows.Text("increment", std::to_string(sequence.increment));
    rows.Text("cycle_option", YesNo(sequence.cycle));
  }
  return Status::Ok();
}

Status CharacterSets(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kInformationSchema, "character_sets", out);
  rows.Begin();
  rows.Text("character_set_name", "UTF8").Text("character_repertoire", "UCS");
  rows.Text("form_of_use", "UTF8").Text("default_collate_catalog", CatalogName(context));
  rows.Text("default_collate_schema", "pg_catalog").Text("default_collate_name", "default");
  return Status::Ok();
}

Status InformationCatalog(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kInformationSchema, "information_schema_catalog_name", out);
  rows.Begin();
  rows.Text("catalog_name", CatalogName(context));
  return Status::Ok();
}

}  // namespace

void AddInformationProducers(ProducerTable* table) {
  (*table)["schemata"] = Schemata;
  (*table)["tables"] = Tables;
  (*table)["columns"] = Columns;
  (*table)["views"] = Views;
  (*table)["table_constraints"] = TableConstraints;
  (*table)["key_column_usage"] = KeyColumns<false>;
  (*table)["constraint_column_usage"] = KeyColumns<true>;
  (*table)["check_constraints"] = CheckConstraints;
  (*table)["sequences"] = Sequences;
  (*table)["character_sets"] = CharacterSets;
  (*table)["information_schema_catalog_name"] = InformationCatalog;
}

}  // namespace omen::exec
