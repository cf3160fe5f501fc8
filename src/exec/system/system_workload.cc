// What runs have shown of templates, by path, parameter and minute, and of the tables and columns
// they use; pg_stat_statements over the same.
#include <algorithm>
#include <cmath>

#include "exec/system/system_definition.h"
#include "types/number/numeric.h"

namespace omen::exec {
namespace {

constexpr size_t kPaths = TemplateRuns::kPaths;

void AddUses(const Heat::Uses& reads, const Heat::Uses& writes, Row* row) {
  row->push_back(UnixTimestamp(reads.last_micros));
  row->push_back(UnixTimestamp(writes.last_micros));
}

Row HeadOf(const SystemContext& context, const catalog::Table& table) {
  return {Value::Int(table.oid), Value::Text(SchemaName(context.catalog, table.schema)),
          Value::Text(table.name)};
}

void SetTimes(const TemplateRuns::Totals& totals, SystemRows* rows) {
  constexpr double kMicrosPerMilli = 1000;
  const TemplateRuns::OnPath all = totals.all();
  const auto calls = static_cast<double>(all.calls);
  const auto set = [&](std::string_view column, double us) {
    rows->Set(column, Value::Double(us / kMicrosPerMilli));
  };
  const double mean = static_cast<double>(all.total_us) / calls;
  set("total_exec_time", static_cast<double>(all.total_us));
  set("min_exec_time", static_cast<double>(totals.min_us));
  set("max_exec_time", static_cast<double>(totals.max_us));
  set("mean_exec_time", mean);
  set("stddev_exec_time", std::sqrt(std::max(totals.squares_us2 / calls - mean * mean, 0.0)));
}

/// Of what PostgreSQL counts and this server does not, there was none to count: no buffers of its
/// kind are dirtied, nothing is compiled, plans are kept.
Status PgStatStatements(const SystemContext& context, std::vector<Row>* out) {
  if (context.sources.templates == nullptr) return Status::Ok();
  SystemRows rows(catalog::kPgCatalogSchema, "pg_stat_statements", out);
  for (const auto& known : context.sources.templates->All()) {
    const TemplateRuns::Totals totals = known->runs.totals();
    const TemplateRuns::OnPath all = totals.all();
    if (all.calls == 0) continue;
    rows.Begin();
    rows.Int("userid", OwnerOid(context.catalog, "")).Int("dbid", catalog::kDatabaseOid);
    rows.Bool("toplevel", true).Text("query", known->text);
    rows.Set("queryid", CountValue(known->traits.template_id));
    rows.Set("calls", CountValue(all.calls)).Set("rows", CountValue(all.rows));
    rows.Set("shared_blks_hit", CountValue(totals.blocks_cached));
    rows.Set("shared_blks_read", CountValue(totals.blocks_read));
    rows.Set("wal_bytes", Numeric::FromInt(0).ToValue());
    SetTimes(totals, &rows);
  }
  return Status::Ok();
}

Status TemplatePathRows(const SystemContext& context, std::vector<Row>* rows) {
  if (context.sources.templates == nullptr) return Status::Ok();
  for (const auto& known : context.sources.templates->All()) {
    const TemplateRuns::Totals totals = known->runs.totals();
    for (size_t number = 0; number < kPaths; ++number) {
      const auto path = static_cast<Path>(number);
      const TemplateRuns::OnPath& of = totals.by_path[number];
      const learn::DecayedQuantiles* recent = known->runs.recent(path);
      if (of.calls == 0 || recent == nullptr) continue;
      rows->push_back({CountValue(known->traits.template_id), Value::Text(PathName(path)),
                       CountValue(of.calls), CountValue(of.errors), Value::Int(of.total_us),
                       Value::Int(of.cpu_us), Value::Int(of.waited_us), CountValue(of.rows),
                       CountValue(of.rows_read), CountValue(of.bytes),
                       Value::Double(recent->weight()), Value::Double(recent->Quantile(0.5)),
                       Value::Double(recent->Quantile(0.9)),
                       Value::Double(recent->Quantile(0.99))});
    }
  }
  return Status::Ok();
}

Status TemplateParameterRows(const SystemContext& context, std::vector<Row>* rows) {
  if (context.sources.templates == nullptr) return Status::Ok();
  for (const auto& known : context.sources.templates->All()) {
    int64_t position = 0;
    for (const ParameterShapes::Shown& shown : known->parameters.All()) {
      rows->push_back({CountValue(known->traits.template_id), Value::Int(++position),
                       Value::Text(learn::PatternName(shown.shape)), Value::Double(shown.values),
                       Value::Double(shown.distinct), Value::Double(shown.top_share)});
    }
  }
  return Status::Ok();
}

Status ArrivalRows(const SystemContext& context, std::vector<Row>* rows) {
  const Templates* templates = context.sources.templates;
  if (templates == nullptr) return Status::Ok();
  constexpr int64_t kMicrosPerMinute = 60'000'000;
  for (const auto& known : templates->All()) {
    const uint64_t id = known->traits.template_id;
    templates->CountedOf(id).arrivals.ForEach([&](int64_t minute, int64_t minutes, uint64_t count) {
      rows->push_back({CountValue(id), UnixTimestamp(minute * kMicrosPerMinute),
                       Value::Int(minutes), CountValue(count)});
    });
  }
  return Status::Ok();
}

// Of what the catalogue still holds.
Status TableHeatRows(const SystemContext& context, std::vector<Row>* rows) {
  if (context.sources.templates == nullptr) return Status::Ok();
  const Heat heat = context.sources.templates->heat();
  for (const auto& [oid, of] : heat.tables()) {
    const catalog::Table* table = context.catalog.FindTable(oid);
    if (table == nullptr) continue;
    Row row = HeadOf(context, *table);
    row.push_back(CountValue(of.reads.statements));
    row.push_back(CountValue(of.writes.statements));
    row.push_back(Value::Int(of.read_us));
    row.push_back(Value::Int(of.write_us));
    AddUses(of.reads, of.writes, &row);
    rows->push_back(std::move(row));
  }
  return Status::Ok();
}

Status ColumnHeatRows(const SystemContext& context, std::vector<Row>* rows) {
  if (context.sources.templates == nullptr) return Status::Ok();
  const Heat heat = context.sources.templates->heat();
  for (const auto& [column, of] : heat.columns()) {
    const catalog::Table* table = context.catalog.FindTable(column.table);
    const bool known = table != nullptr && column.attnum >= 1 &&
                       static_cast<size_t>(column.attnum) <= table->columns.size();
    if (!known || table->column(column.attnum).dropped) continue;
    Row row = HeadOf(context, *table);
    row.push_back(Value::Text(table->column(column.attnum).name));
    row.push_back(CountValue(of.reads.statements));
    row.push_back(CountValue(of.writes.statements));
    for (const uint64_t statements : of.filtered) row.push_back(CountValue(statements));
    AddUses(of.reads, of.writes, &row);
    rows->push_back(std::move(row));
  }
  return Status::Ok();
}

}  // namespace

std::vector<SystemDefinition> WorkloadRelations() {
  using catalog::kOmendbSchema;
  return {
      {kOmendbSchema,
       {13506, "templates",
        "template_id int8, query text, tag text, calls int8, total_us int8, row_calls int8, "
        "row_us int8, column_calls int8, column_us int8, mixed_calls int8, mixed_us int8, "
        "rows int8, errors int8, cpu_us int8, waited_us int8, rows_read int8, bytes int8, "
        "min_us int8, max_us int8, last_run timestamptz, tables_read _text, tables_written _text, "
        "columns_read _text, columns_written _text, predicates _text, volatility text, "
        "depends_on _text, shape text, parts _text"},
       TemplateRows},
      {kOmendbSchema,
       {13510, "plan_parts",
        "part_id text, kind text, tables _text, runs int8, mean_rows float8, last_rows float8, "
        "estimated_rows float8, q_error float8, last_run timestamptz"},
       PlanPartRows},
      {kOmendbSchema,
       {13513, "template_paths",
        "template_id int8, path text, calls int8, errors int8, total_us int8, cpu_us int8, "
        "waited_us int8, rows int8, rows_read int8, bytes int8, recent_calls float8, "
        "p50_us float8, p90_us float8, p99_us float8"},
       TemplatePathRows},
      {kOmendbSchema,
       {13514, "template_parameters",
        "template_id int8, position int4, shape text, seen float8, distinct_values float8, "
        "top_share float8"},
       TemplateParameterRows},
      {kOmendbSchema,
       {13515, "arrivals", "template_id int8, began timestamptz, minutes int4, calls int8"},
       ArrivalRows},
      {kOmendbSchema,
       {13516, "table_heat",
        "table_oid oid, schema_name text, table_name text, reads int8, writes int8, "
        "read_us int8, write_us int8, last_read timestamptz, last_write timestamptz"},
       TableHeatRows},
      {kOmendbSchema,
       {13517, "column_heat",
        "table_oid oid, schema_name text, table_name text, column_name text, reads int8, "
        "writes int8, equal int8, in_list int8, range int8, pattern int8, is_null int8, "
        "is_not_null int8, joined int8, other int8, last_read timestamptz, "
        "last_write timestamptz"},
       ColumnHeatRows},
      {kOmendbSchema,
       {13522, "workload",
        "template_id int8, query text, calls int8, class text, access text, hot_tables _text, "
        "hot_columns _text, key_ranges _text, forecast_from timestamptz, next_hour_runs float8, "
        "will_run bool, run_probability float8, last_hour_repeats float8, model text, "
        "error_runs float8, last_hour_error_runs float8, hours_tried int4"},
       WorkloadRows},
  };
}

void AddPgWorkloadProducers(ProducerTable* table) {
  (*table)["pg_stat_statements"] = PgStatStatements;
}

}  // namespace omen::exec
