#include "sql/tree/query.h"

#include "sql/tree/expr_lists.h"

namespace omen::sql {
namespace {

std::unique_ptr<Query> CloneSub(const std::unique_ptr<Query>& query) {
  return query ? CloneQuery(*query) : nullptr;
}

Relation CloneRelation(const Relation& from) {
  Relation to{from.kind};
  to.alias = from.alias;
  to.columns = from.columns;
  to.table = from.table;
  to.attnums = from.attnums;
  to.system = from.system;
  to.subquery = CloneSub(from.subquery);
  to.lateral = from.lateral;
  to.function_call = CloneOptional(from.function_call);
  to.with_ordinality = from.with_ordinality;
  for (const auto& row : from.values) to.values.push_back(CloneAll(row));
  to.cte_name = from.cte_name;
  to.cte_levels_up = from.cte_levels_up;
  to.aliased = from.aliased;
  to.column_aliases = from.column_aliases;
  to.view = from.view;
  return to;
}

FromItem CloneFrom(const FromItem& from) {
  FromItem to;
  to.relation = from.relation;
  to.join = from.join;
  if (from.left) to.left = std::make_unique<FromItem>(CloneFrom(*from.left));
  if (from.right) to.right = std::make_unique<FromItem>(CloneFrom(*from.right));
  to.condition = CloneOptional(from.condition);
  to.using_columns = from.using_columns;
  to.merges_values = from.merges_values;
  to.alias = from.alias;
  to.column_aliases = from.column_aliases;
  return to;
}

std::vector<TargetEntry> CloneTargets(const std::vector<TargetEntry>& from) {
  std::vector<TargetEntry> to;
  to.reserve(from.size());
  for (const TargetEntry& entry : from) {
    to.push_back({CloneOptional(entry.expr), entry.output, entry.junk});
  }
  return to;
}

WindowDef CloneWindow(const WindowDef& from) {
  WindowDef to;
  to.partition_by = CloneAll(from.partition_by);
  to.order_by = CloneKeys(from.order_by);
  to.frame = from.frame;
  to.start = from.start;
  to.end = from.end;
  to.start_offset = CloneOptional(from.start_offset);
  to.end_offset = CloneOptional(from.end_offset);
  to.exclude = from.exclude;
  to.name = from.name;
  to.base = from.base;
  to.base_orders = from.base_orders;
  to.has_frame = from.has_frame;
  to.has_between = from.has_between;
  return to;
}

std::vector<std::pair<int, ExprPtr>> CloneSet(const std::vector<std::pair<int, ExprPtr>>& from) {
  std::vector<std::pair<int, ExprPtr>> to;
  for (const auto& [attnum, expr] : from) to.emplace_back(attnum, CloneOptional(expr));
  return to;
}

OnConflict CloneConflict(const OnConflict& from) {
  OnConflict to;
  to.do_update = from.do_update;
  to.arbiter = from.arbiter;
  to.set = CloneSet(from.set);
  to.where = CloneOptional(from.where);
  return to;
}

void CloneClauses(const Query& from, Query* to) {
  for (const CommonTable& table : from.ctes) {
    to->ctes.push_back({table.name, CloneSub(table.query), table.recursive, table.materialized,
                        table.column_aliases});
  }
  to->with_recursive = from.with_recursive;
  for (const Relation& relation : from.relations) to->relations.push_back(CloneRelation(relation));
  for (const FromItem& item : from.from) to->from.push_back(CloneFrom(item));
  to->targets = CloneTargets(from.targets);
  to->where = CloneOptional(from.where);
  to->group_by = CloneAll(from.group_by);
  to->grouping_sets = from.grouping_sets;
  to->grouping_items = from.grouping_items;
  to->group_distinct = from.group_distinct;
  to->has_aggregates = from.has_aggregates;
  to->having = CloneOptional(from.having);
  for (const WindowDef& window : from.windows) to->windows.push_back(CloneWindow(window));
  to->distinct = from.distinct;
  to->distinct_on = CloneAll(from.distinct_on);
  to->order_by = CloneKeys(from.order_by);
  to->limit = CloneOptional(from.limit);
  to->offset = CloneOptional(from.offset);
  to->with_ties = from.with_ties;
  to->locks = from.locks;
}

}  // namespace

std::vector<OutputColumn> Query::Outputs() const {
  std::vector<OutputColumn> outputs;
  for (const TargetEntry& entry : kind == QueryKind::kSelect ? targets : returning) {
    if (!entry.junk) outputs.push_back(entry.output);
  }
  return outputs;
}

std::unique_ptr<Query> CloneQuery(const Query& from) {
  auto to = std::make_unique<Query>();
  to->kind = from.kind;
  CloneClauses(from, to.get());
  to->set_op = from.set_op;
  to->set_all = from.set_all;
  to->left = CloneSub(from.left);
  to->right = CloneSub(from.right);
  to->target_relation = from.target_relation;
  to->insert_attnums = from.insert_attnums;
  to->insert_source = CloneSub(from.insert_source);
  to->insert_default_values = from.insert_default_values;
  to->overriding = from.overriding;
  to->set = CloneSet(from.set);
  if (from.on_conflict) to->on_conflict = CloneConflict(*from.on_conflict);
  to->returning = CloneTargets(from.returning);
  return to;
}

}  // namespace omen::sql
