#include "colstore/internal/store/plan_watch.h"

#include "colstore/internal/kernel/registration.h"
#include "colstore/internal/store/table_layout.h"
#include "duckdb/catalog/catalog_entry/table_catalog_entry.hpp"
#include "duckdb/execution/operator/scan/physical_table_scan.hpp"
#include "duckdb/function/table/table_scan.hpp"
#include "duckdb/main/client_config.hpp"
#include "duckdb/main/query_profiler.hpp"

namespace omen::colstore {
namespace {

using duckdb::MetricsType;
using duckdb::PhysicalOperatorType;
using Kind = PlanOperator::Kind;

Kind KindOf(PhysicalOperatorType type) {
  switch (type) {
    case PhysicalOperatorType::TABLE_SCAN:
      return Kind::kScan;
    case PhysicalOperatorType::FILTER:
      return Kind::kFilter;
    case PhysicalOperatorType::PROJECTION:
      return Kind::kProjection;
    case PhysicalOperatorType::HASH_JOIN:
    case PhysicalOperatorType::NESTED_LOOP_JOIN:
    case PhysicalOperatorType::BLOCKWISE_NL_JOIN:
    case PhysicalOperatorType::PIECEWISE_MERGE_JOIN:
    case PhysicalOperatorType::IE_JOIN:
    case PhysicalOperatorType::CROSS_PRODUCT:
      return Kind::kJoin;
    case PhysicalOperatorType::HASH_GROUP_BY:
    case PhysicalOperatorType::PERFECT_HASH_GROUP_BY:
    case PhysicalOperatorType::PARTITIONED_AGGREGATE:
      return Kind::kGroup;
    case PhysicalOperatorType::UNGROUPED_AGGREGATE:
      return Kind::kAggregate;
    case PhysicalOperatorType::LIMIT:
    case PhysicalOperatorType::LIMIT_PERCENT:
    case PhysicalOperatorType::STREAMING_LIMIT:
      return Kind::kLimit;
    case PhysicalOperatorType::TOP_N:
      return Kind::kTopN;
    default:
      return Kind::kOther;
  }
}

catalog::StorageId StorageOf(const duckdb::PhysicalTableScan& scan) {
  const auto* table = dynamic_cast<const duckdb::TableScanBindData*>(scan.bind_data.get());
  catalog::StorageId storage = 0;
  uint32_t version = 0;
  return table != nullptr && ParseTableName(table->table.name, &storage, &version) ? storage : 0;
}

template <typename T>
T Metric(const duckdb::ProfilingInfo& info, MetricsType type) {
  const auto found = info.metrics.find(type);
  return found == info.metrics.end() || found->second.IsNull() ? T{} : found->second.GetValue<T>();
}

}  // namespace

void WatchOperators(duckdb::ClientContext& context, bool details) {
  auto& config = duckdb::ClientConfig::GetConfig(context);
  config.enable_profiler = true;
  config.emit_profiler_output = false;
  // The profiler reads an operator's type itself.
  config.profiler_settings = {MetricsType::OPERATOR_TYPE, MetricsType::OPERATOR_CARDINALITY,
                              MetricsType::OPERATOR_TIMING};
  if (details) config.profiler_settings.insert(MetricsType::EXTRA_INFO);
}

PlanWatch::PlanWatch(duckdb::ClientContext& context) : context_(context) {
  for (const auto& [of, node] : duckdb::QueryProfiler::Get(context).GetTreeMap()) {
    const duckdb::PhysicalOperator& planned = of.get();
    Known known{KindOf(planned.type), planned.GetName(), 0, -1,
                static_cast<double>(planned.estimated_cardinality)};
    if (planned.type == PhysicalOperatorType::TABLE_SCAN) {
      const auto& scan = planned.Cast<duckdb::PhysicalTableScan>();
      known.storage = StorageOf(scan);
      known.source = RowSourceIndex(scan.bind_data.get());
    }
    known_.emplace(&node.get(), std::move(known));
  }
}

PlanOperator PlanWatch::Read(Counts counts) const {
  PlanOperator root;
  duckdb::QueryProfiler::Get(context_).GetRootUnderLock(
      [&](duckdb::optional_ptr<duckdb::ProfilingNode> node) {
        // The first collects the result.
        if (node != nullptr && node->GetChildCount() > 0) root = Read(*node->GetChild(0), counts);
      });
  return root;
}

PlanOperator PlanWatch::Read(duckdb::ProfilingNode& node, Counts counts) const {
  PlanOperator read;
  if (const auto found = known_.find(&node); found != known_.end()) {
    const Known& known = found->second;
    read.kind = known.kind;
    read.name = known.name;
    read.storage = known.storage;
    read.source = known.source;
    read.estimated_rows = known.estimated_rows;
  }
  const duckdb::ProfilingInfo& info = node.GetProfilingInfo();
  if (counts == Counts::kRead) {
    read.rows = Metric<uint64_t>(info, MetricsType::OPERATOR_CARDINALITY);
    read.nanos = static_cast<int64_t>(Metric<double>(info, MetricsType::OPERATOR_TIMING) * 1e9);
  }
  for (const auto& [name, text] : info.extra_info) read.details.emplace_back(name, text);
  for (const auto& child : node.children) read.inputs.push_back(Read(*child, counts));
  return read;
}

}  // namespace omen::colstore
