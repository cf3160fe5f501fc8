// pg_class and what hangs on it: attributes, indexes, constraints, defaults, sequences.
#include <fmt/format.h>

#include <cmath>

#include "catalog/comments.h"
#include "exec/system/system_definition.h"
#include "sql/definition/deparse.h"

namespace omen::exec {
namespace {

using catalog::kPgCatalogSchema;

constexpr Oid kDefaultCollation = 100;
constexpr Oid kHeapMethod = 2, kBtreeMethod = 403;

// Arrays of pg_index count from 0.
Value Vector(Oid element, const std::vector<int64_t>& values) {
  ArrayData array;
  array.element = element;
  array.lower_bound = 0;
  for (const int64_t value : values) array.elements.push_back(Value::Int(value));
  return Value::Array(std::move(array));
}

Oid CollationOf(Oid type) {
  return InfoOf(type).category == TypeCategory::kString ? kDefaultCollation : 0;
}

std::vector<const catalog::Table*> TablesOf(const catalog::Snapshot& catalog) {
  std::vector<const catalog::Table*> tables;
  for (const catalog::Object* object : catalog.All(catalog::ObjectClass::kTable)) {
    tables.push_back(&std::get<catalog::Table>(*object));
  }
  return tables;
}

void AddClass(SystemRows* rows, const RelationView& relation, Oid owner) {
  rows->Begin();
  rows->Int("oid", relation.oid).Text("relname", relation.name);
  rows->Int("relnamespace", relation.schema).Int("relowner", owner);
  rows->Int("relam", relation.kind == 'r' ? kHeapMethod : 0);
  rows->Int("relfilenode", relation.kind == 'v' ? 0 : relation.oid);
  rows->Text("relkind", std::string(1, relation.kind)).Text("relpersistence", "p");
  rows->Int("relnatts",
            relation.columns != nullptr ? static_cast<int64_t>(relation.columns->size()) : 3);
  rows->Set("reltuples", Value::Double(-1)).Bool("relispopulated", true);
  rows->Text("relreplident", relation.kind == 'r' ? "d" : "n");
  rows->Bool("relhasrules", relation.kind == 'v');
}

/// -1: not known.
double ShownRows(TableStatistics* statistics, catalog::StorageId storage) {
  const double rows = statistics->Rows(storage);
  return rows > 0 || statistics->Of(storage) != nullptr ? rows : -1;
}

/// Such as PostgreSQL would have, of 8 KB and with its row headers.
int64_t Pages(const statistics::TableStatisticsPtr& known) {
  constexpr double kPageBytes = 8192, kRowHeader = 28;
  if (known == nullptr) return 0;
  return static_cast<int64_t>(std::ceil((known->bytes + kRowHeader * known->rows) / kPageBytes));
}

Status PgClass(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_class", out);
  TableStatistics& statistics = *context.sources.statistics;
  for (const RelationView& relation : RelationsOfCatalog(context.catalog)) {
    const Oid owner = OwnerOid(context.catalog, relation.owner);
    AddClass(&rows, relation, owner);
    const catalog::Table* table = relation.table;
    if (table == nullptr) continue;
    rows.Bool("relhasindex", !table->indexes.empty());
    rows.Int("relchecks", static_cast<int64_t>(table->checks.size()));
    rows.Int("relfilenode", static_cast<int64_t>(table->storage_id & 0x7fffffff));
    const double count = ShownRows(&statistics, table->storage_id);
    rows.Set("reltuples", Value::Double(static_cast<float>(count)));
    rows.Int("relpages", Pages(statistics.Of(table->storage_id)));
    for (const catalog::Index& index : table->indexes) {
      AddClass(&rows, {index.oid, table->schema, index.name, 'i', table->owner, nullptr, nullptr},
               owner);
      rows.Int("relam", kBtreeMethod).Int("relnatts", static_cast<int64_t>(index.columns.size()));
      rows.Text("relreplident", "n");
      rows.Set("reltuples", Value::Double(static_cast<float>(count)));
    }
  }
  return Status::Ok();
}

void AddAttribute(SystemRows* rows, Oid relation, int attnum, const catalog::Column& column) {
  const TypeInfo& type = InfoOf(column.type.oid);
  rows->Begin();
  rows->Int("attrelid", relation).Int("attnum", attnum).Int("attstattarget", -1);
  rows->Int("attcacheoff", -1).Int("atttypmod", column.type.typmod).Bool("attislocal", true);
  rows->Int("attlen", type.length).Text("attalign", AlignmentOf(type));
  rows->Text("attstorage", type.length < 0 ? "x" : "p");
  rows->Bool("attbyval", type.length > 0 && type.length <= 8 && type.carrier != Carrier::kBytes);
  if (column.dropped) {
    rows->Text("attname", fmt::format("........pg.dropped.{}........", attnum));
    rows->Bool("attisdropped", true);
    return;
  }
  rows->Text("attname", column.name).Int("atttypid", column.type.oid);
  rows->Int("attndims", type.carrier == Carrier::kArray ? 1 : 0);
  rows->Bool("attnotnull", column.not_null).Bool("atthasdef", !column.default_sql.empty());
  if (column.identity != catalog::Identity::kNone) {
    rows->Text("attidentity", std::string(1, static_cast<char>(column.identity)));
  }
  rows->Int("attcollation", CollationOf(column.type.oid));
}

const std::vector<catalog::Column>& SequenceColumns() {
  static const std::vector<catalog::Column> columns =
      ParseSystemColumns("last_value int8,log_cnt int8,is_called bool");
  return columns;
}

Status PgAttribute(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_attribute", out);
  for (const RelationView& relation : RelationsOfCatalog(context.catalog)) {
    const auto& columns = relation.columns != nullptr ? *relation.columns : SequenceColumns();
    int attnum = 0;
    for (const catalog::Column& column : columns) {
      AddAttribute(&rows, relation.oid, ++attnum, column);
    }
    if (relation.table == nullptr) continue;
    for (const catalog::Index& index : relation.table->indexes) {
      int position = 0;
      for (const catalog::IndexColumn& key : index.columns) {
        catalog::Column column = relation.table->column(key.attnum);
        column.not_null = false;
        column.default_sql.clear();
        column.identity = catalog::Identity::kNone;
        AddAttribute(&rows, index.oid, ++position, column);
      }
    }
  }
  return Status::Ok();
}

Status PgIndex(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_index", out);
  for (const catalog::Table* table : TablesOf(context.catalog)) {
    for (const catalog::Index& index : table->indexes) {
      std::vector<int64_t> keys, collations, classes, options;
      for (const catalog::IndexColumn& column : index.columns) {
        keys.push_back(column.attnum);
        collations.push_back(CollationOf(table->column(column.attnum).type.oid));
        classes.push_back(0);
        options.push_back((column.descending ? 1 : 0) | (column.nulls_first ? 2 : 0));
      }
      const auto count = static_cast<int64_t>(index.columns.size());
      rows.Begin();
      rows.Int("indexrelid", index.oid).Int("indrelid", table->oid);
      rows.Int("indnatts", count).Int("indnkeyatts", count);
      rows.Bool("indisunique", index.unique).Bool("indisprimary", index.primary);
      rows.Bool("indnullsnotdistinct", index.nulls_not_distinct);
      rows.Bool("indimmediate", true).Bool("indisvalid", true).Bool("indisready", true);
      rows.Bool("indislive", true);
      rows.Set("indkey", Vector(oid::kInt2, keys))
          .Set("indcollation", Vector(oid::kOid, collations));
      rows.Set("indclass", Vector(oid::kOid, classes))
          .Set("indoption", Vector(oid::kInt2, options));
    }
  }
  return Status::Ok();
}

void BeginConstraint(SystemRows* rows, Oid oid, std::string_view name, const char* type,
                     const catalog::Table& table) {
  rows->Begin();
  rows->Int("oid", oid).Text("conname", name).Int("connamespace", table.schema);
  rows->Text("contype", type).Int("conrelid", table.oid).Bool("convalidated", true);
  rows->Bool("conislocal", true);
  for (const char* column : {"confupdtype", "confdeltype", "confmatchtype"}) {
    rows->Text(column, " ");
  }
}

Status PgConstraint(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_constraint", out);
  const sql::BindContext reader = ReaderOf(context);
  for (const catalog::Table* table : TablesOf(context.catalog)) {
    for (const catalog::Index& index : table->indexes) {
      if (!index.primary && !index.is_constraint) continue;
      BeginConstraint(&rows, index.oid, index.name, index.primary ? "p" : "u", *table);
      std::vector<int64_t> keys;
      for (const catalog::IndexColumn& column : index.columns) keys.push_back(column.attnum);
      rows.Int("conindid", index.oid).Set("conkey", IntArray(oid::kInt2, keys));
      rows.Bool("connoinherit", true);
    }
    for (const catalog::CheckConstraint& check : table->checks) {
      BeginConstraint(&rows, check.oid, check.name, "c", *table);
      rows.Text("conbin", sql::CheckText(check, *table, reader));
    }
  }
  return Status::Ok();
}

Status PgAttrdef(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_attrdef", out);
  const sql::BindContext reader = ReaderOf(context);
  for (const catalog::Table* table : TablesOf(context.catalog)) {
    for (const catalog::Column& column : table->columns) {
      if (column.default_sql.empty() || column.dropped) continue;
      rows.Begin();
      rows.Int("oid", (int64_t{table->oid} * 2000 + column.attnum) & 0xffffffff);
      rows.Int("adrelid", table->oid).Int("adnum", column.attnum);
      rows.Text("adbin", sql::DefaultText(column, reader));
    }
  }
  return Status::Ok();
}

Status PgNamespace(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_namespace", out);
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kSchema)) {
    const auto& schema = std::get<catalog::Schema>(*object);
    rows.Begin();
    rows.Int("oid", schema.oid).Text("nspname", schema.name);
    rows.Int("nspowner", OwnerOid(context.catalog, schema.owner));
  }
  return Status::Ok();
}

Status PgSequence(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_sequence", out);
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kSequence)) {
    const auto& sequence = std::get<catalog::Sequence>(*object);
    rows.Begin();
    rows.Int("seqrelid", sequence.oid).Int("seqtypid", sequence.type.oid);
    rows.Int("seqstart", sequence.start).Int("seqincrement", sequence.increment);
    rows.Int("seqmax", sequence.max).Int("seqmin", sequence.min).Int("seqcache", sequence.cache);
    rows.Bool("seqcycle", sequence.cycle);
  }
  return Status::Ok();
}

// Owned sequences, and the internal dependency of indexes on their constraints: what drivers
// follow to find serial columns.
Status PgDepend(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_depend", out);
  constexpr Oid kPgClass = 1259;
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kSequence)) {
    const auto& sequence = std::get<catalog::Sequence>(*object);
    if (sequence.owned_by_table == 0) continue;
    const catalog::Table* table = context.catalog.FindTable(sequence.owned_by_table);
    if (table == nullptr) continue;
    const bool identity =
        table->column(sequence.owned_by_attnum).identity != catalog::Identity::kNone;
    rows.Begin();
    rows.Int("classid", kPgClass).Int("objid", sequence.oid);
    rows.Int("refclassid", kPgClass).Int("refobjid", sequence.owned_by_table);
    rows.Int("refobjsubid", sequence.owned_by_attnum).Text("deptype", identity ? "i" : "a");
  }
  return Status::Ok();
}

void AddDescription(SystemRows* rows, const catalog::Description& description) {
  rows->Begin();
  rows->Int("objoid", description.object).Int("classoid", description.listed_in);
  rows->Text("description", description.text);
}

// Comments on roles are shared by all databases, the others are this one's.
Status Descriptions(const SystemContext& context, bool shared, std::vector<Row>* out) {
  using Class = catalog::ObjectClass;
  SystemRows rows(kPgCatalogSchema, shared ? "pg_shdescription" : "pg_description", out);
  for (const Class type :
       {Class::kSchema, Class::kTable, Class::kView, Class::kSequence, Class::kRole}) {
    if ((type == Class::kRole) != shared) continue;
    for (const catalog::Object* object : context.catalog.All(type)) {
      for (const catalog::Description& description : catalog::DescriptionsOf(*object)) {
        AddDescription(&rows, description);
        if (!shared) rows.Int("objsubid", description.part);
      }
    }
  }
  return Status::Ok();
}

Status PgDescription(const SystemContext& context, std::vector<Row>* out) {
  return Descriptions(context, false, out);
}

Status PgShdescription(const SystemContext& context, std::vector<Row>* out) {
  return Descriptions(context, true, out);
}

}  // namespace

void AddPgObjectProducers(ProducerTable* table) {
  (*table)["pg_class"] = PgClass;
  (*table)["pg_attribute"] = PgAttribute;
  (*table)["pg_index"] = PgIndex;
  (*table)["pg_constraint"] = PgConstraint;
  (*table)["pg_attrdef"] = PgAttrdef;
  (*table)["pg_namespace"] = PgNamespace;
  (*table)["pg_sequence"] = PgSequence;
  (*table)["pg_depend"] = PgDepend;
  (*table)["pg_description"] = PgDescription;
  (*table)["pg_shdescription"] = PgShdescription;
}

}  // namespace omen::exec
