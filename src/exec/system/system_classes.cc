// omendb.workload: of each template what kind of work it is, which of the hot tables and columns it
// is about, and how often it will run in the next hour, beside the last hour's runs.
#include <fmt/format.h>

#include "exec/system/system_definition.h"
#include "exec/template/hot_set.h"
#include "exec/template/workload_class.h"

namespace omen::exec {
namespace {

using KnownTemplates = std::vector<std::shared_ptr<const StatementTemplate>>;

/// What is hot of all templates together, of what the catalogue still holds.
struct Hot {
  std::set<Oid> tables;
  std::set<sql::ColumnRef> columns;
};

Hot HotOf(const Templates& templates, const KnownTemplates& all) {
  HotSet set;
  for (const auto& known : all) {
    set.Add(known->traits, templates.RecentMicros(known->traits.template_id));
  }
  return {set.tables(), set.columns()};
}

Value HotTables(const SystemContext& context, const sql::StatementTraits& traits, const Hot& hot) {
  std::set<Oid> tables(traits.tables_read.begin(), traits.tables_read.end());
  tables.insert(traits.tables_written.begin(), traits.tables_written.end());
  std::erase_if(tables, [&](Oid table) {
    return !hot.tables.contains(table) || context.catalog.FindTable(table) == nullptr;
  });
  return TableNames(context.catalog, {tables.begin(), tables.end()});
}

Value HotColumns(const SystemContext& context, const sql::StatementTraits& traits, const Hot& hot) {
  std::vector<sql::ColumnRef> columns = WorkedColumns(traits);
  std::erase_if(columns, [&](const sql::ColumnRef& column) {
    return !hot.columns.contains(column) || context.catalog.FindTable(column.table) == nullptr;
  });
  return ColumnNames(context.catalog, columns);
}

/// How the values given for a column follow each other, never the values.
Value KeyRanges(const SystemContext& context, const sql::StatementTraits& traits,
                const std::vector<ParameterShapes::Shown>& shown) {
  std::map<sql::ColumnRef, std::vector<ParameterShapes::Shown>> by_column;
  for (const sql::KeyOperand& operand : traits.key_operands) {
    const auto position = static_cast<size_t>(operand.position);
    if (position < shown.size()) by_column[operand.column].push_back(shown[position]);
  }
  std::vector<std::string> ranges;
  for (const auto& [column, given] : by_column) {
    const auto shape = TellingMost(given);
    if (!shape || context.catalog.FindTable(column.table) == nullptr) continue;
    ranges.push_back(
        fmt::format("{} {}", ColumnName(context.catalog, column), learn::PatternName(*shape)));
  }
  return TextArray(ranges);
}

void AddForecast(const std::optional<Forecasts::Forecast>& forecast, Row* row) {
  constexpr size_t kForecastColumns = 9;
  if (!forecast) {
    row->resize(row->size() + kForecastColumns);
    return;
  }
  const learn::ArrivalForecast& next = forecast->next;
  const bool tried = next.hours_tried > 0;
  row->push_back(UnixTimestamp(forecast->from_micros));
  row->push_back(Value::Double(next.runs));
  row->push_back(Value::Bool(next.will_run));
  row->push_back(Value::Double(next.probability));
  row->push_back(Value::Double(next.last_hour_runs));
  row->push_back(Value::Text(learn::HourModelName(next.model)));
  row->push_back(tried ? Value::Double(next.error_runs) : Value());
  row->push_back(tried ? Value::Double(next.last_hour_error_runs) : Value());
  row->push_back(CountValue(next.hours_tried));
}

template <typename Enum>
Value NameOrNull(const std::optional<Enum>& of, std::string_view (*name)(Enum)) {
  return of ? Value::Text(name(*of)) : Value();
}

}  // namespace

Status WorkloadRows(const SystemContext& context, std::vector<Row>* rows) {
  const Templates* templates = context.sources.templates;
  const Forecasts* forecasts = context.sources.forecasts;
  if (templates == nullptr || forecasts == nullptr) return Status::Ok();
  const KnownTemplates all = templates->All();
  const Hot hot = HotOf(*templates, all);
  for (const auto& known : all) {
    const sql::StatementTraits& traits = known->traits;
    const TemplateRuns::Totals runs = known->runs.totals();
    const auto shown = known->parameters.All();
    Row row = {CountValue(traits.template_id),
               Value::Text(known->text),
               CountValue(runs.all().calls),
               NameOrNull(WorkloadClassOf(traits, runs), WorkloadClassName),
               NameOrNull(AccessPatternOf(traits, shown), AccessPatternName),
               HotTables(context, traits, hot),
               HotColumns(context, traits, hot)};
    row.push_back(KeyRanges(context, traits, shown));
    AddForecast(forecasts->Of(traits.template_id), &row);
    rows->push_back(std::move(row));
  }
  return Status::Ok();
}

}  // namespace omen::exec
