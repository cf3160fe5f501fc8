// omendb.templates: what each statement's identity says, and what its runs have shown.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "exec/system/system_definition.h"
#include "types/datetime/datetime.h"

namespace omen::exec {
namespace {

using Texts = std::vector<std::string>;

std::string TableName(const catalog::Snapshot& catalog, Oid oid) {
  const catalog::Table* table = catalog.FindTable(oid);
  if (table == nullptr) return std::to_string(oid);
  const std::string schema = SchemaName(catalog, table->schema);
  return schema == "public" ? table->name : schema + "." + table->name;
}

Value Predicates(const catalog::Snapshot& catalog, const sql::StatementTraits& traits) {
  Texts texts;
  for (const sql::Predicate& predicate : traits.predicates) {
    texts.push_back(fmt::format("{} {}", ColumnName(catalog, predicate.column),
                                sql::PredicateName(predicate.kind)));
  }
  return TextArray(texts);
}

Value DependsOn(const sql::StatementTraits& traits) {
  constexpr std::pair<uint16_t, const char*> kNames[] = {
      {functions::kOnClock, "now"},        {functions::kOnZone, "timezone"},
      {functions::kOnStyle, "styles"},     {functions::kOnRole, "role"},
      {functions::kOnPath, "search_path"}, {functions::kOnSettings, "settings"},
      {functions::kOnCatalog, "catalog"},  {functions::kOnSequences, "sequences"},
      {functions::kOnChance, "chance"},    {functions::kOnServer, "server"},
  };
  Texts texts;
  for (const auto& [bit, name] : kNames) {
    if ((traits.surroundings & bit) != 0) texts.emplace_back(name);
  }
  return TextArray(texts);
}

std::string Shape(const sql::StatementShape& shape) {
  const std::pair<int, const char*> counts[] = {
      {shape.relations, "relations"},
      {shape.inner_joins, "inner joins"},
      {shape.outer_joins, "outer joins"},
      {shape.subqueries, "subqueries"},
      {shape.ctes, "with"},
      {shape.set_operations, "set operations"},
      {shape.group_keys, "group keys"},
      {shape.aggregates, "aggregates"},
      {shape.windows, "windows"},
      {shape.order_keys, "order keys"},
      {shape.distinct, "distinct"},
      {shape.limit, "limit"},
      {shape.recursive, "recursive"},
      {shape.locks, "locks"},
  };
  std::string text;
  for (const auto& [count, name] : counts) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
  }
  return text;
}

const char* KindName(sql::PlanPart::Kind kind) {
  constexpr const char* kNames[] = {"scan", "join", "group"};
  return kNames[static_cast<size_t>(kind)];
}

Value Parts(const catalog::Snapshot& catalog, const sql::StatementTraits& traits) {
  Texts texts;
  for (const sql::PlanPart& part : traits.parts) {
    Texts tables;
    for (const Oid table : part.tables) tables.push_back(TableName(catalog, table));
    texts.push_back(
        fmt::format("{} {:016x} {}", KindName(part.kind), part.id, fmt::join(tables, ",")));
  }
  return TextArray(texts);
}

const char* VolatilityName(functions::Volatility volatility) {
  constexpr const char* kNames[] = {"immutable", "stable", "volatile"};
  return kNames[static_cast<size_t>(volatility)];
}

void AddTraits(const SystemContext& context, const sql::StatementTraits& traits, Row* row) {
  row->push_back(TableNames(context.catalog, traits.tables_read));
  row->push_back(TableNames(context.catalog, traits.tables_written));
  row->push_back(ColumnNames(context.catalog, traits.columns_read));
  row->push_back(ColumnNames(context.catalog, traits.columns_written));
  row->push_back(Predicates(context.catalog, traits));
  row->push_back(Value::Text(VolatilityName(traits.volatility)));
  row->push_back(DependsOn(traits));
  row->push_back(Value::Text(Shape(traits.shape)));
  row->push_back(Parts(context.catalog, traits));
}

constexpr size_t kColumns = 29;

void AddTotals(const TemplateRuns::Totals& totals, Row* row) {
  const TemplateRuns::OnPath all = totals.all();
  row->push_back(CountValue(all.calls));
  row->push_back(Value::Int(all.total_us));
  for (const Path path : {Path::kRow, Path::kColumn, Path::kMixed}) {
    const TemplateRuns::OnPath& of = totals.by_path[static_cast<size_t>(path)];
    row->push_back(CountValue(of.calls));
    row->push_back(Value::Int(of.total_us));
  }
  row->push_back(CountValue(all.rows));
  row->push_back(CountValue(all.errors));
  row->push_back(Value::Int(all.cpu_us));
  row->push_back(Value::Int(all.waited_us));
  row->push_back(CountValue(all.rows_read));
  row->push_back(CountValue(all.bytes));
  row->push_back(all.calls > 0 ? Value::Int(totals.min_us) : Value());
  row->push_back(all.calls > 0 ? Value::Int(totals.max_us) : Value());
  row->push_back(UnixTimestamp(totals.last_run_micros));
}

/// How many times too high or too low the estimate was (Moerkotte, Neumann and Steidl, "Preventing
/// bad plans by bounding the impact of cardinality estimation errors", 2009), of one row at least.
double QError(const PlanParts::Seen& seen) {
  const double estimated = std::max(seen.last_estimated_rows, 1.0);
  const double counted = std::max(seen.last_rows, 1.0);
  return std::max(estimated / counted, counted / estimated);
}

}  // namespace

std::string ColumnName(const catalog::Snapshot& catalog, const sql::ColumnRef& column) {
  const catalog::Table* table = catalog.FindTable(column.table);
  const bool known = table != nullptr && column.attnum >= 1 &&
                     static_cast<size_t>(column.attnum) <= table->columns.size();
  return fmt::format("{}.{}", TableName(catalog, column.table),
                     known ? table->column(column.attnum).name : std::to_string(column.attnum));
}

Value TableNames(const catalog::Snapshot& catalog, const std::vector<Oid>& tables) {
  Texts names;
  for (const Oid table : tables) names.push_back(TableName(catalog, table));
  return TextArray(names);
}

Value ColumnNames(const catalog::Snapshot& catalog, const std::vector<sql::ColumnRef>& columns) {
  Texts names;
  for (const sql::ColumnRef& column : columns) names.push_back(ColumnName(catalog, column));
  return TextArray(names);
}

Status TemplateRows(const SystemContext& context, std::vector<Row>* rows) {
  const Templates* templates = context.sources.templates;
  if (templates == nullptr) return Status::Ok();
  for (const auto& known : templates->All()) {
    Row row = {CountValue(known->traits.template_id), Value::Text(known->text),
               Value::Text(known->tag)};
    AddTotals(known->runs.totals(), &row);
    AddTraits(context, known->traits, &row);
    rows->push_back(std::move(row));
  }
  const TemplateRuns::Totals others = templates->others();
  if (others.all().calls == 0) return Status::Ok();
  Row row = {Value::Int(0), Value::Text("(all that took least time)"), Value()};
  AddTotals(others, &row);
  row.resize(kColumns);
  rows->push_back(std::move(row));
  return Status::Ok();
}

Status PlanPartRows(const SystemContext& context, std::vector<Row>* rows) {
  if (context.sources.plan_parts == nullptr) return Status::Ok();
  const std::map<uint64_t, PlanParts::Seen> all = context.sources.plan_parts->All();
  std::map<uint64_t, const sql::PlanPart*> known;
  const auto templates = context.sources.templates->All();
  for (const auto& of : templates) {
    for (const sql::PlanPart& part : of->traits.parts) known.emplace(part.id, &part);
  }
  for (const auto& [id, seen] : all) {
    Row row = {Value::Text(fmt::format("{:016x}", id)), Value(), Value()};
    if (const auto found = known.find(id); found != known.end()) {
      row[1] = Value::Text(KindName(found->second->kind));
      row[2] = TableNames(context.catalog, found->second->tables);
    }
    row.push_back(Value::Int(static_cast<int64_t>(seen.runs)));
    row.push_back(Value::Double(seen.total_rows / static_cast<double>(seen.runs)));
    row.push_back(Value::Double(seen.last_rows));
    const bool estimated = seen.last_estimated_rows > 0;
    row.push_back(estimated ? Value::Double(seen.last_estimated_rows) : Value());
    row.push_back(estimated ? Value::Double(QError(seen)) : Value());
    row.push_back(UnixTimestamp(seen.last_run_micros));
    rows->push_back(std::move(row));
  }
  return Status::Ok();
}

}  // namespace omen::exec
