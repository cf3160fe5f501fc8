#include "exec/read/row_ranges.h"

#include "rowstore/key_codec.h"

namespace omen::exec {
namespace {

/// More are read as one range around them all: each needs an iterator.
constexpr size_t kRangesMax = 64;

// Scans read rows, not entries of other indexes.
std::shared_ptr<const HiddenIndexes::Set> SecondaryOf(const catalog::Table& table) {
  auto hidden = std::make_shared<HiddenIndexes::Set>();
  for (const catalog::Index& index : table.indexes) {
    if (!index.primary) hidden->insert(index.storage_id);
  }
  return hidden;
}

std::vector<rowstore::KeyRange> AsFewRanges(std::vector<rowstore::KeyRange> ranges, bool points) {
  for (rowstore::KeyRange& range : ranges) {
    if (points) range.upper = rowstore::PrefixEnd(range.lower);
  }
  if (ranges.size() > kRangesMax) {
    ranges.front().upper = std::move(ranges.back().upper);
    ranges.resize(1);
  }
  return ranges;
}

Result<std::optional<ScannedKeys>> KeysOf(const PlanningServices& services,
                                          const sql::Query& filtered, const Row& params,
                                          StatementContext* context) {
  PlanEnvironment environment(services, 0, nullptr, &params);
  environment.hidden = SecondaryOf(*filtered.relations[0].table);
  LevelPlanner planner(&environment, filtered, nullptr);
  OMEN_ASSIGN_OR_RETURN(const PlanNodePtr node, planner.PlanFrom());
  const auto* scan = dynamic_cast<const TableScan*>(node.get());
  if (scan == nullptr || scan->secondary() || scan->condition_text.empty()) return {std::nullopt};
  EvalContext evaluation;
  evaluation.params = params.data();
  evaluation.call = &context->call;
  ScannedKeys keys;
  bool points = false;
  OMEN_RETURN_IF_ERROR(scan->conditions().Ranges(evaluation, &keys.ranges, &points));
  keys.ranges = AsFewRanges(std::move(keys.ranges), points);
  keys.rows = scan->rows;
  return {std::move(keys)};
}

}  // namespace

Result<std::vector<std::optional<ScannedKeys>>> KeysOfScans(const PlanningServices& services,
                                                            const std::vector<sql::RowScan>& scans,
                                                            const Row& params,
                                                            StatementContext* context) {
  std::vector<std::optional<ScannedKeys>> keys(scans.size());
  for (size_t i = 0; i < scans.size(); ++i) {
    if (scans[i].filtered == nullptr) continue;
    OMEN_ASSIGN_OR_RETURN(keys[i], KeysOf(services, *scans[i].filtered, params, context));
  }
  return keys;
}

}  // namespace omen::exec
