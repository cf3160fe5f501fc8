// What is known of tables' data: pg_stats, pg_stat_user_tables and pg_stat_all_tables,
// omendb.statistics and omendb.statistics_pairs.
#include <algorithm>
#include <cmath>

#include "exec/system/system_definition.h"
#include "statistics/statistics.h"
#include "types/datetime/datetime.h"
#include "types/io.h"

namespace omen::exec {
namespace {

using catalog::kPgCatalogSchema;
using statistics::ColumnStatistics;
using statistics::TableStatisticsPtr;

// From so many distinct values on, as a share of rows, pg_stats tells the share.
constexpr double kShareOfRows = 0.1;

Value FloatArray(const std::vector<double>& values) {
  ArrayData array;
  array.element = oid::kFloat4;
  for (const double value : values)
    array.elements.push_back(Value::Double(static_cast<float>(value)));
  return Value::Array(std::move(array));
}

/// Each table of the statement's catalogue that was taken, and what is known of it.
template <typename Visit>
void ForEachKnown(const SystemContext& context, const Visit& visit) {
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    const TableStatisticsPtr known = context.sources.statistics->Of(table.storage_id);
    if (known != nullptr) visit(table, *known);
  }
}

/// n_distinct: negative where the number grows with the table, as a share of its rows.
double DistinctShown(const ColumnStatistics& column, double rows) {
  if (rows <= 0 || column.distinct <= kShareOfRows * rows) return std::floor(column.distinct + 0.5);
  return -std::min(1.0, column.distinct / rows);
}

void SetCommon(const ColumnStatistics& column, const TextStyle& style, SystemRows* rows) {
  if (column.common.empty()) return;
  std::vector<std::string> values;
  std::vector<double> shares;
  for (const statistics::CommonValue& common : column.common) {
    values.push_back(ToText(column.type, common.value, style));
    shares.push_back(common.share);
  }
  rows->Set("most_common_vals", TextArray(values)).Set("most_common_freqs", FloatArray(shares));
}

void SetBounds(const ColumnStatistics& column, const TextStyle& style, SystemRows* rows) {
  if (column.bounds.empty()) return;
  std::vector<std::string> values;
  for (const Value& bound : column.bounds) values.push_back(ToText(column.type, bound, style));
  rows->Set("histogram_bounds", TextArray(values));
}

Status PgStats(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_stats", out);
  const TextStyle& style = context.statement->call.style;
  ForEachKnown(context, [&](const catalog::Table& table, const statistics::TableStatistics& known) {
    for (const catalog::Column& column : table.columns) {
      const ColumnStatistics* of = column.dropped ? nullptr : known.column(column.attnum);
      if (of == nullptr || known.rows <= 0) continue;
      rows.Begin();
      rows.Text("schemaname", SchemaName(context.catalog, table.schema));
      rows.Text("tablename", table.name).Text("attname", column.name);
      rows.Set("null_frac", Value::Double(static_cast<float>(of->null_share)));
      rows.Int("avg_width", static_cast<int64_t>(of->average_width));
      rows.Set("n_distinct", Value::Double(static_cast<float>(DistinctShown(*of, known.rows))));
      SetCommon(*of, style, &rows);
      SetBounds(*of, style, &rows);
      const bool ordered = !of->common.empty() || !of->bounds.empty();
      rows.Set("correlation",
               ordered ? Value::Double(static_cast<float>(of->correlation)) : Value());
    }
  });
  return Status::Ok();
}

void SetCounters(const statistics::TableReport& report, SystemRows* rows) {
  const statistics::TableCounters& counters = report.counters;
  const auto set = [rows](const char* column, uint64_t value) {
    rows->Int(column, static_cast<int64_t>(value));
  };
  set("n_tup_ins", counters.inserted);
  set("n_tup_upd", counters.updated);
  set("n_tup_del", counters.deleted);
  set("n_mod_since_analyze", report.changed);
  set("analyze_count", counters.by_command);
  set("autoanalyze_count", counters.in_background);
  rows->Set("last_analyze", UnixTimestamp(counters.by_command_micros));
  rows->Set("last_autoanalyze", UnixTimestamp(counters.in_background_micros));
}

template <bool kAll>
Status PgStatTables(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, kAll ? "pg_stat_all_tables" : "pg_stat_user_tables", out);
  TableStatistics& statistics = *context.sources.statistics;
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    rows.Begin();
    rows.Int("relid", table.oid).Text("relname", table.name);
    rows.Text("schemaname", SchemaName(context.catalog, table.schema));
    rows.Int("n_live_tup", static_cast<int64_t>(statistics.Rows(table.storage_id)));
    if (statistics.known() == nullptr) continue;
    const auto report = statistics.known()->Report(table.storage_id);
    if (report) SetCounters(*report, &rows);
  }
  return Status::Ok();
}

Value SourceName(statistics::Source source) {
  constexpr const char* kNames[] = {"columns", "rows", "changes"};
  return Value::Text(kNames[static_cast<size_t>(source)]);
}

void AddColumn(const ColumnStatistics& column, Row* row) {
  row->push_back(Value::Double(column.null_share));
  row->push_back(Value::Double(column.average_width));
  row->push_back(Value::Double(column.distinct));
  row->push_back(CountValue(column.common.size()));
  row->push_back(CountValue(column.bounds.size()));
  row->push_back(Value::Double(column.correlation));
}

}  // namespace

// A row of each column; of a table that was never taken, one without a column.
Status StatisticsRows(const SystemContext& context, std::vector<Row>* rows) {
  const statistics::Statistics* store = context.sources.statistics->known();
  if (store == nullptr) return Status::Ok();
  constexpr size_t kColumns = 15;
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    const auto report = store->Report(table.storage_id);
    if (!report) continue;
    Row head = {Value::Text(SchemaName(context.catalog, table.schema)), Value::Text(table.name),
                report->rows ? Value::Double(*report->rows) : Value(), CountValue(report->changed),
                CountValue(report->followed)};
    const TableStatisticsPtr& known = report->statistics;
    for (const catalog::Column& column : table.columns) {
      const ColumnStatistics* of =
          column.dropped || known == nullptr ? nullptr : known->column(column.attnum);
      if (of == nullptr) continue;
      Row row = head;
      row.insert(row.end(), {UnixTimestamp(known->taken_micros), CountValue(known->commit_id),
                             SourceName(known->source), Value::Text(column.name)});
      AddColumn(*of, &row);
      rows->push_back(std::move(row));
    }
    if (known != nullptr) continue;
    head.resize(kColumns);
    rows->push_back(std::move(head));
  }
  return Status::Ok();
}

Status StatisticsPairRows(const SystemContext& context, std::vector<Row>* rows) {
  ForEachKnown(context, [&](const catalog::Table& table, const statistics::TableStatistics& known) {
    for (const statistics::PairStatistics& pair : known.pairs) {
      rows->push_back({Value::Text(SchemaName(context.catalog, table.schema)),
                       Value::Text(table.name), Value::Text(table.column(pair.a).name),
                       Value::Text(table.column(pair.b).name), Value::Double(pair.distinct),
                       Value::Double(pair.a_gives_b), Value::Double(pair.b_gives_a),
                       CountValue(pair.common.size())});
    }
  });
  return Status::Ok();
}

void AddPgStatisticsProducers(ProducerTable* table) {
  (*table)["pg_stats"] = PgStats;
  (*table)["pg_stat_user_tables"] = PgStatTables<false>;
  (*table)["pg_stat_all_tables"] = PgStatTables<true>;
}

}  // namespace omen::exec
