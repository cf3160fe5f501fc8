// How computed relations are declared: a shape, and the producer of its rows.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exec/system/system_relations.h"

namespace omen::exec {

/// Name and columns of one relation. `columns` is "name type,name type,..." with pg_type's
/// type names.
struct SystemShape {
  Oid oid;
  std::string_view name;
  std::string_view columns;
  enum Rows : uint8_t {
    kProduced,
    kNoRows,     // nothing of its kind is in this server, which is the truth to tell
    kNotFilled,  // PostgreSQL has rows in it; clients find the columns alone
  } rows = kProduced;
};

/// One computed relation.
struct SystemDefinition {
  Oid schema;
  SystemShape shape;
  SystemProducer producer;
};

using ProducerTable = std::map<std::string_view, SystemProducer>;

std::span<const SystemShape> PgCatalogShapes();
std::span<const SystemShape> InformationSchemaShapes();
/// Producers by relation name: one for every shape that is not without rows, which is checked.
void AddPgObjectProducers(ProducerTable* table);      // system_pg_objects.cc
void AddPgTypeProducers(ProducerTable* table);        // system_pg_types.cc
void AddPgServerProducers(ProducerTable* table);      // system_pg_server.cc
void AddPgViewProducers(ProducerTable* table);        // system_pg_views.cc
void AddPgStatisticsProducers(ProducerTable* table);  // system_statistics.cc
void AddPgWorkloadProducers(ProducerTable* table);    // system_workload.cc
void AddInformationProducers(ProducerTable* table);   // system_information.cc
std::vector<SystemDefinition> OmendbRelations();
std::vector<SystemDefinition> WorkloadRelations();  // system_workload.cc
std::vector<SystemDefinition> LearningRelations();  // system_learning.cc
/// omendb.templates and omendb.plan_parts. system_templates.cc
Status TemplateRows(const SystemContext& context, std::vector<Row>* rows);
Status PlanPartRows(const SystemContext& context, std::vector<Row>* rows);
/// Names of columns with their table's, and of tables; numbers where the catalogue has none.
std::string ColumnName(const catalog::Snapshot& catalog, const sql::ColumnRef& column);
Value TableNames(const catalog::Snapshot& catalog, const std::vector<Oid>& tables);
Value ColumnNames(const catalog::Snapshot& catalog, const std::vector<sql::ColumnRef>& columns);
/// omendb.workload. system_classes.cc
Status WorkloadRows(const SystemContext& context, std::vector<Row>* rows);
/// omendb.statistics, omendb.statistics_pairs. system_statistics.cc
Status StatisticsRows(const SystemContext& context, std::vector<Row>* rows);
Status StatisticsPairRows(const SystemContext& context, std::vector<Row>* rows);

std::vector<catalog::Column> ParseSystemColumns(std::string_view text);

/// Builds rows of one shape by column name. Columns not set read as false, zero or null, by
/// type. One thread.
class SystemRows {
 public:
  /// `name` is of a relation in PgCatalogShapes() or InformationSchemaShapes().
  SystemRows(Oid schema, std::string_view name, std::vector<Row>* rows);
  void Begin();
  SystemRows& Set(std::string_view column, Value value);
  SystemRows& Text(std::string_view column, std::string_view value) {
    return Set(column, Value::Text(value));
  }
  SystemRows& Int(std::string_view column, int64_t value) { return Set(column, Value::Int(value)); }
  SystemRows& Bool(std::string_view column, bool value) { return Set(column, Value::Bool(value)); }

 private:
  struct Layout {
    std::map<std::string, size_t, std::less<>> columns;
    Row defaults;
  };
  static const Layout& LayoutOf(Oid schema, std::string_view name);
  const Layout& layout_;
  std::vector<Row>* rows_;
};

/// Rows for the objects a catalogue holds, whatever their class.
struct RelationView {
  Oid oid;
  Oid schema;
  std::string_view name;
  char kind;  // pg_class.relkind
  std::string_view owner;
  const std::vector<catalog::Column>* columns;  // null for a sequence
  const catalog::Table* table;                  // null unless a table
};
std::vector<RelationView> RelationsOfCatalog(const catalog::Snapshot& catalog);
/// pg_type.typalign.
std::string_view AlignmentOf(const TypeInfo& type);
/// Oids for owners, schemas and values.
Oid OwnerOid(const catalog::Snapshot& catalog, std::string_view owner);
std::string SchemaName(const catalog::Snapshot& catalog, Oid schema);
Value IntArray(Oid array_element, const std::vector<int64_t>& values);
Value TextArray(const std::vector<std::string>& values);
Value CountValue(uint64_t count);
/// Null for 0, which is no time.
Value UnixTimestamp(int64_t unix_micros);

}  // namespace omen::exec
