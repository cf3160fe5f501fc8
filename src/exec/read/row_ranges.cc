#include "exec/read/row_ranges.h"

#include "rowstore/key_codec.h"

namespace omen::exec {
namespace {

/// A condition is worth testing before rows are handed over where no more of them pass.
constexpr double kPassingMax = 0.7;

// Scans read rows, not entries of other indexes.
std::shared_ptr<const HiddenIndexes::Set> SecondaryOf(const catalog::Table& table) {
  auto hidden = std::make_shared<HiddenIndexes::Set>();
  for (const catalog::Index& index : table.indexes) {
    if (!index.primary) hidden->insert(index.storage_id);
  }
  return hidden;
}

/// It depends on nothing that the session has set.
bool IsImmutable(const sql::Expr& expr) {
  bool immutable = true;
  sql::WalkExpr(
      expr,
      [&](const sql::Expr& node, int) {
        const functions::Function* called = node.function;
        if (called == nullptr && node.op != nullptr) called = node.op->function;
        immutable = immutable &&
                    (called == nullptr || called->volatility == functions::Volatility::kImmutable);
        return immutable;
      },
      0);
  return immutable;
}

Status FindRanges(const TableScan& scan, const Row& params, StatementContext* context,
                  ScannedKeys* keys) {
  if (scan.condition_text.empty()) {
    keys->ranges = AllKeysOf(scan.table());
    return Status::Ok();
  }
  EvalContext evaluation;
  evaluation.params = params.data();
  evaluation.call = &context->call;
  bool points = false;
  OMEN_RETURN_IF_ERROR(scan.conditions().Ranges(evaluation, &keys->ranges, &points));
  if (!points) return Status::Ok();
  for (rowstore::KeyRange& range : keys->ranges) range.upper = rowstore::PrefixEnd(range.lower);
  return Status::Ok();
}

/// Where the row can tell, and few pass.
std::shared_ptr<const RowFilter> FilterOf(TableScan* scan, const sql::Query& filtered,
                                          const Scope& scope, const Row& params, double read) {
  if (scan->filter == nullptr || scan->rows > read * kPassingMax || !IsImmutable(*filtered.where)) {
    return nullptr;
  }
  const sql::Relation& relation = filtered.relations[0];
  std::vector<int> slots(relation.table->columns.size(), -1);
  bool reads = false;
  for (size_t i = 0; i < relation.attnums.size(); ++i) {
    const int attnum = relation.attnums[i], slot = scope.slots[0][i];
    if (slot < 0) continue;
    if (attnum < 1) return nullptr;
    slots[static_cast<size_t>(attnum) - 1] = slot;
    reads = true;
  }
  if (!reads) return nullptr;
  return std::make_shared<RowFilter>(*relation.table, std::move(scan->filter), slots,
                                     scope.slot_count, params);
}

Result<std::optional<ScannedKeys>> KeysOf(const PlanningServices& services,
                                          const sql::Query& filtered, const Row& params,
                                          StatementContext* context) {
  PlanEnvironment environment(services, 0, nullptr, &params);
  environment.hidden = SecondaryOf(*filtered.relations[0].table);
  LevelPlanner planner(&environment, filtered, nullptr);
  OMEN_ASSIGN_OR_RETURN(const PlanNodePtr node, planner.PlanFrom());
  auto* scan = dynamic_cast<TableScan*>(node.get());
  if (scan == nullptr || scan->secondary()) return {std::nullopt};
  ScannedKeys keys;
  OMEN_RETURN_IF_ERROR(FindRanges(*scan, params, context, &keys));
  keys.read = environment.touched;
  keys.condition_text = scan->condition_text;
  const bool filtered_later = scan->filter != nullptr;
  keys.filter = FilterOf(scan, filtered, *planner.scope(), params, keys.read);
  keys.rows = filtered_later && keys.filter == nullptr ? keys.read : scan->rows;
  if (keys.filter != nullptr) keys.filter_text = scan->filter_text;
  if (keys.filter == nullptr && keys.condition_text.empty()) return {std::nullopt};
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
