// The views of pg_catalog over tables, indexes, views and sequences.
#include "exec/system/system_definition.h"
#include "sql/definition/deparse.h"
#include "sql/definition/index_text.h"

namespace omen::exec {
namespace {

using catalog::kPgCatalogSchema;

Status PgTables(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_tables", out);
  for (const RelationView& relation : RelationsOfCatalog(context.catalog)) {
    if (relation.kind != 'r') continue;
    rows.Begin();
    rows.Text("schemaname", SchemaName(context.catalog, relation.schema));
    rows.Text("tablename", relation.name).Text("tableowner", relation.owner);
    rows.Bool("hasindexes", relation.table != nullptr && !relation.table->indexes.empty());
  }
  return Status::Ok();
}

Status PgViews(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_views", out);
  const sql::BindContext reader = ReaderOf(context);
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kView)) {
    const auto& view = std::get<catalog::View>(*object);
    rows.Begin();
    rows.Text("schemaname", SchemaName(context.catalog, view.schema)).Text("viewname", view.name);
    rows.Text("viewowner", view.owner).Text("definition", sql::ViewText(view, reader));
  }
  return Status::Ok();
}

Status PgIndexes(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_indexes", out);
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    for (const catalog::Index& index : table.indexes) {
      rows.Begin();
      rows.Text("schemaname", SchemaName(context.catalog, table.schema));
      rows.Text("tablename", table.name).Text("indexname", index.name);
      rows.Text("indexdef", sql::IndexText(context.catalog, table, index));
    }
  }
  return Status::Ok();
}

Status PgSequences(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_sequences", out);
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kSequence)) {
    const auto& sequence = std::get<catalog::Sequence>(*object);
    OMEN_ASSIGN_OR_RETURN(const rowstore::SequenceState state,
                          context.sources.rows->ReadSequence(sequence.oid));
    rows.Begin();
    rows.Text("schemaname", SchemaName(context.catalog, sequence.schema));
    rows.Text("sequencename", sequence.name).Text("sequenceowner", sequence.owner);
    rows.Int("data_type", sequence.type.oid).Int("start_value", sequence.start);
    rows.Int("min_value", sequence.min).Int("max_value", sequence.max);
    rows.Int("increment_by", sequence.increment).Bool("cycle", sequence.cycle);
    rows.Int("cache_size", sequence.cache);
    if (state.is_called) rows.Int("last_value", state.last_value);
  }
  return Status::Ok();
}

}  // namespace

void AddPgViewProducers(ProducerTable* table) {
  (*table)["pg_tables"] = PgTables;
  (*table)["pg_views"] = PgViews;
  (*table)["pg_indexes"] = PgIndexes;
  (*table)["pg_sequences"] = PgSequences;
}

}  // namespace omen::exec
