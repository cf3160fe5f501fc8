#include "colstore/internal/engine/join_filters.h"

#include <algorithm>
#include <map>
#include <utility>

#include "colstore/internal/engine/rows_binding.h"
#include "duckdb/execution/operator/join/join_filter_pushdown.hpp"
#include "duckdb/main/client_config.hpp"
#include "duckdb/main/config.hpp"
#include "duckdb/main/settings.hpp"
#include "duckdb/optimizer/join_filter_pushdown_optimizer.hpp"
#include "duckdb/optimizer/optimizer_extension.hpp"
#include "duckdb/planner/operator/logical_comparison_join.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "types/column_functions.h"

namespace omen::colstore {
namespace {

using duckdb::LogicalGet;
using duckdb::LogicalOperator;
using duckdb::LogicalOperatorType;

/// By the engine's own setting.
constexpr uint64_t kKeysToldAnyway = 50;

bool ReadsRows(const LogicalGet& get) { return get.function.name == column_functions::kRows; }

/// By where a join leaves what it tells.
using Scans = std::map<const duckdb::DynamicTableFilterSet*, LogicalGet*>;

/// Filters of the statement itself are placed by now, above the scans of rows, which would have to
/// hold them exactly; what joins tell may be heeded or not. False where there is no such scan.
bool OpenScans(LogicalOperator& op) {
  bool any = false;
  for (auto& child : op.children) any = OpenScans(*child) || any;
  if (op.type != LogicalOperatorType::LOGICAL_GET) return any;
  auto& get = op.Cast<LogicalGet>();
  if (!ReadsRows(get)) return any;
  get.function.filter_pushdown = true;
  return true;
}

void AddScans(LogicalOperator& op, Scans* scans) {
  for (auto& child : op.children) AddScans(*child, scans);
  if (op.type != LogicalOperatorType::LOGICAL_GET) return;
  auto& get = op.Cast<LogicalGet>();
  if (ReadsRows(get) && get.dynamic_filters != nullptr) {
    scans->emplace(get.dynamic_filters.get(), &get);
  }
}

void NoteJoined(LogicalOperator& op, const Scans& scans) {
  for (auto& child : op.children) NoteJoined(*child, scans);
  if (op.type != LogicalOperatorType::LOGICAL_COMPARISON_JOIN) return;
  const auto& told = op.Cast<duckdb::LogicalComparisonJoin>().filter_pushdown;
  if (told == nullptr) return;
  for (const auto& scan : told->probe_info) {
    const auto found = scans.find(scan.dynamic_filters.get());
    if (found == scans.end()) continue;
    LogicalGet& get = *found->second;
    for (const auto& column : scan.columns) {
      const auto& id = get.GetColumnIds()[column.probe_column_index.column_index];
      get.bind_data->Cast<RowsBinding>().joined.insert(id.GetPrimaryIndex());
    }
  }
}

void TellRowScans(duckdb::OptimizerExtensionInput& input,
                  duckdb::unique_ptr<LogicalOperator>& plan) {
  if (!OpenScans(*plan)) return;
  duckdb::JoinFilterPushdownOptimizer(input.optimizer).VisitOperator(*plan);
  Scans scans;
  AddScans(*plan, &scans);
  NoteJoined(*plan, scans);
}

}  // namespace

void InstallJoinFilters(duckdb::DatabaseInstance& database) {
  duckdb::OptimizerExtension extension;
  extension.optimize_function = TellRowScans;
  duckdb::DBConfig::GetConfig(database).optimizer_extensions.push_back(std::move(extension));
}

void TellKeys(duckdb::ClientContext& context,
              const std::vector<std::shared_ptr<ScanSource>>& sources) {
  auto& settings = duckdb::ClientConfig::GetConfig(context).set_variables;
  const char* name = duckdb::DynamicOrFilterThresholdSetting::Name;
  settings.erase(name);
  double keys = 0;
  for (const auto& source : sources) {
    keys = std::max(keys, KeysTold(static_cast<double>(source->row_estimate())));
  }
  const auto most = static_cast<uint64_t>(keys);
  if (most > kKeysToldAnyway) settings[name] = duckdb::Value::UBIGINT(most);
}

}  // namespace omen::colstore
