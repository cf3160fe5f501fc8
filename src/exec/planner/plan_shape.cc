// The steps above FROM and WHERE: grouping, targets, order, locks, limits.
#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "exec/planner/having.h"
#include "exec/planner/planner.h"

namespace omen::exec {

using sql::Expr;
using sql::ExprKind;

namespace {

/// Rows that a LIMIT lets through that is not known.
constexpr double kUnknownLimit = 100;

void CostDistinct(std::span<const Expr* const> keys, Estimates* estimates,
                  PlanEnvironment* environment, UnaryNode* distinct) {
  const PlanNode& child = *distinct->child;
  distinct->rows = estimates->Groups(keys, child.rows);
  distinct->cost = child.cost + child.rows * environment->costs.group_row;
  distinct->startup = child.startup;
  environment->engine_us += child.rows * environment->costs.engine_group_row;
}

void CostFilter(double share, Filter* filter) {
  filter->rows = std::max(1.0, filter->child->rows * share);
  filter->cost = filter->child->cost;
  filter->startup = filter->child->startup;
}

bool IsPlainColumn(const Expr& expr) {
  return expr.kind == ExprKind::kColumn && expr.levels_up == 0 && expr.rel >= 0;
}

std::vector<std::vector<bool>> SetsOf(const sql::Query& query) {
  std::vector<std::vector<bool>> sets;
  for (const std::vector<int>& keys : query.grouping_sets) {
    std::vector<bool>& set = sets.emplace_back(query.group_by.size());
    for (const int key : keys) set[static_cast<size_t>(key)] = true;
  }
  return sets;
}

// A bit for each argument, the last one's the lowest: is it not grouped by?
std::vector<int64_t> GroupingValues(const Expr& expr, const sql::Query& query) {
  std::vector<int64_t> values;
  for (const std::vector<bool>& set : SetsOf(query)) {
    int64_t value = 0;
    for (const sql::ExprPtr& arg : expr.args) {
      const auto key = std::ranges::find_if(
          query.group_by, [&](const sql::ExprPtr& group) { return sql::SameExpr(*group, *arg); });
      const auto at = static_cast<size_t>(key - query.group_by.begin());
      value = value * 2 + (at >= set.size() || !set[at]);
    }
    values.push_back(value);
  }
  return values;
}

std::string_view NameOfLock(sql::LockStrength strength) {
  switch (strength) {
    case sql::LockStrength::kKeyShare:
      return "FOR KEY SHARE";
    case sql::LockStrength::kShare:
      return "FOR SHARE";
    case sql::LockStrength::kNoKeyUpdate:
      return "FOR NO KEY UPDATE";
    default:
      return "FOR UPDATE";
  }
}

}  // namespace

// min() or max() of one column is the first row in its order that is not null.
void LevelPlanner::FindExtreme() {
  if (query_.from.size() != 1 || query_.from[0].relation < 0 || !query_.group_by.empty() ||
      !query_.grouping_sets.empty()) {
    return;
  }
  std::vector<const Expr*> calls;
  CollectFromTargets(query_, sql::CollectAggregates, &calls);
  if (calls.size() != 1 || calls[0]->args.size() != 1 || calls[0]->distinct ||
      calls[0]->filter != nullptr || !IsPlainColumn(*calls[0]->args[0])) {
    return;
  }
  const functions::Aggregate& aggregate = *calls[0]->aggregate;
  const Expr& column = *calls[0]->args[0];
  const sql::Relation& relation = query_.relations[static_cast<size_t>(column.rel)];
  if (!aggregate.IsExtreme() || relation.kind != sql::RelationKind::kTable) return;
  auto not_null = std::make_unique<Expr>(ExprKind::kIsNotNull, Type{oid::kBool, -1});
  not_null->args.push_back(sql::CloneExpr(column));
  AddCondition(std::move(not_null));
  order_.relation = column.rel;
  order_.columns = {{relation.attnums[static_cast<size_t>(column.column)],
                     aggregate.meaning == functions::Meaning::kMax, false}};
  order_.wanted = 1;
  extreme_ = true;
}

// An order over columns of one table can come from its key; aggregation would destroy it.
void LevelPlanner::FindWantedOrder() {
  if (query_.has_aggregates) FindExtreme();
  if (query_.order_by.empty() || query_.has_aggregates || !query_.group_by.empty()) return;
  if (!query_.windows.empty() || !query_.grouping_sets.empty()) return;
  WantedOrder order;
  for (const sql::SortKey& key : query_.order_by) {
    if (!IsPlainColumn(*key.expr)) return;
    const sql::Relation& relation = query_.relations[static_cast<size_t>(key.expr->rel)];
    if (relation.kind != sql::RelationKind::kTable) return;
    if (order.relation >= 0 && order.relation != key.expr->rel) return;
    order.relation = key.expr->rel;
    order.columns.push_back(
        {relation.attnums[static_cast<size_t>(key.expr->column)], key.descending, key.nulls_first});
  }
  if (query_.limit != nullptr && query_.distinct_on.empty()) {
    order.wanted = estimates_.NumberOf(query_.limit.get(), kUnknownLimit) +
                   estimates_.NumberOf(query_.offset.get(), 0);
    order.wanted = std::max(order.wanted, 1.0);
  }
  for (const sql::TargetEntry& target : query_.targets) {
    if (HasSetFunction(*target.expr)) order.wanted = 0;
  }
  order_ = std::move(order);
}

Result<AggregateCall> LevelPlanner::CompileAggregate(const Expr& expr) {
  if (expr.aggregate == nullptr || expr.aggregate->make == nullptr) {
    return Refusal("this aggregate on the row path");
  }
  AggregateCall call;
  call.aggregate = expr.aggregate;
  OMEN_ASSIGN_OR_RETURN(call.args, CompileAll(expr.args, &scope_));
  for (const sql::ExprPtr& arg : expr.args) call.types.push_back(arg->type);
  call.result = expr.type;
  call.distinct = expr.distinct;
  OMEN_ASSIGN_OR_RETURN(call.order, CompileSort(expr.order_by));
  // WITHIN GROUP's expressions are arguments too, where the binder keeps them apart.
  if (expr.aggregate->ordered_set && expr.args.size() < expr.aggregate->args.size()) {
    for (const sql::SortKey& key : expr.order_by) {
      OMEN_ASSIGN_OR_RETURN(EvaluatorPtr arg, Compile(*key.expr, &scope_));
      call.args.push_back(std::move(arg));
      call.types.push_back(key.expr->type);
    }
  }
  if (expr.filter != nullptr) {
    OMEN_ASSIGN_OR_RETURN(call.filter, Compile(*expr.filter, &scope_));
  }
  call.slot = scope_.NewSlot();
  return call;
}

Result<PlanNodePtr> LevelPlanner::PlanGrouping(PlanNodePtr node) {
  if (!query_.has_aggregates && query_.group_by.empty() && query_.grouping_sets.empty()) {
    if (query_.having == nullptr) return node;
  }
  if (extreme_ && order_satisfied_) {
    auto first = Numbered(std::make_unique<Limit>(std::move(node)));
    first->limit = MakeConstant(Value::Int(1));
    first->cost = environment_->costs.open + first->child->cost / std::max(first->child->rows, 1.0);
    key_lookup_ = query_.where == nullptr;
    node = std::move(first);
  }
  auto aggregate = Numbered(std::make_unique<Aggregate>(std::move(node)));
  aggregate->grouped = !query_.group_by.empty() || !query_.grouping_sets.empty();
  aggregate->sets = SetsOf(query_);
  std::vector<std::pair<const Expr*, int>> computed;
  std::vector<const Expr*> key_exprs;
  for (const sql::ExprPtr& expr : query_.group_by) {
    GroupKey key;
    OMEN_ASSIGN_OR_RETURN(key.value, Compile(*expr, &scope_));
    key.type = expr->type;
    // A plain column keeps its slot, so that subqueries above still find it there.
    const bool again = std::ranges::any_of(
        key_exprs, [&](const Expr* other) { return sql::SameExpr(*other, *expr); });
    key.slot =
        IsPlainColumn(*expr) && !again ? scope_.SlotOf(expr->rel, expr->column) : scope_.NewSlot();
    computed.emplace_back(expr.get(), key.slot);
    key_exprs.push_back(expr.get());
    aggregate->keys.push_back(std::move(key));
  }
  aggregate->text = KeysText(key_exprs, query_);
  std::vector<const Expr*> calls;
  CollectFromTargets(query_, sql::CollectAggregates, &calls);
  for (const Expr* expr : calls) {
    OMEN_ASSIGN_OR_RETURN(AggregateCall call, CompileAggregate(*expr));
    computed.emplace_back(expr, call.slot);
    aggregate->calls.push_back(std::move(call));
  }
  calls.clear();
  CollectFromTargets(query_, sql::CollectGroupings, &calls);
  for (const Expr* expr : calls) {
    if (expr->kind == ExprKind::kGroupKey) {
      computed.emplace_back(expr, aggregate->keys[static_cast<size_t>(expr->column)].slot);
      continue;
    }
    aggregate->groupings.push_back({GroupingValues(*expr, query_), scope_.NewSlot()});
    computed.emplace_back(expr, aggregate->groupings.back().slot);
  }
  scope_.computed = std::move(computed);
  scope_.carried = &aggregate->carried;
  const PlanNode& child = *aggregate->child;
  key_lookup_ = key_lookup_ && child.rows <= 10;
  const double sets = static_cast<double>(std::max<size_t>(aggregate->sets.size(), 1));
  const double work = child.rows * static_cast<double>(1 + aggregate->calls.size()) * sets;
  aggregate->rows = aggregate->grouped ? estimates_.Groups(key_exprs, child.rows) * sets : 1;
  aggregate->cost = child.cost + work * environment_->costs.group_row;
  aggregate->startup = aggregate->cost;
  environment_->engine_us += work * environment_->costs.engine_group_row;
  if (!query_.group_by.empty() && query_.grouping_sets.empty()) {
    environment_->NotePart(query_, sql::PlanPart::Kind::kGroup, ~uint64_t{0}, aggregate.get());
  }
  node = std::move(aggregate);
  if (query_.having == nullptr) return node;
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr condition, Compile(*query_.having, &scope_));
  auto having = Numbered(std::make_unique<Filter>(std::move(node), std::move(condition),
                                                  ExprText(*query_.having, query_), false));
  HavingEstimate estimate(&estimates_, key_exprs, from_rows_, having->child->rows);
  CostFilter(estimate.Share(*query_.having), having.get());
  return PlanNodePtr(std::move(having));
}

Result<PlanNodePtr> LevelPlanner::PlanSetFunctions(PlanNodePtr node) {
  std::vector<const Expr*> calls;
  CollectFromTargets(query_, sql::CollectSetFunctions, &calls);
  if (calls.empty()) return node;
  auto project = Numbered(std::make_unique<ProjectSet>(std::move(node)));
  std::vector<std::pair<const Expr*, int>> computed;
  for (const Expr* expr : calls) {
    ProjectSet::SetTarget target;
    target.function = expr->function;
    target.kernel = functions::Registry::Instance().FindSetKernel(expr->function->oid);
    if (target.kernel == nullptr) {
      return Refusal(fmt::format("function {} in the select list", expr->function->name));
    }
    OMEN_ASSIGN_OR_RETURN(target.args, CompileAll(expr->args, &scope_));
    for (const sql::ExprPtr& arg : expr->args) target.types.push_back(arg->type);
    target.result = expr->type;
    target.slot = scope_.NewSlot();
    computed.emplace_back(expr, target.slot);
    project->targets.push_back(std::move(target));
  }
  scope_.computed.insert(scope_.computed.end(), computed.begin(), computed.end());
  project->rows = project->child->rows * 10;
  project->cost = project->child->cost + project->rows * 0.1;
  project->startup = project->child->startup;
  return PlanNodePtr(std::move(project));
}

// Targets are computed below a sort only where that can be told: once, for volatile ones, and
// for DISTINCT, which compares them.
Result<PlanNodePtr> LevelPlanner::PlanTargets(PlanNodePtr node) {
  const bool is_volatile = !query_.order_by.empty() &&
                           std::ranges::any_of(query_.targets, [](const sql::TargetEntry& target) {
                             return IsVolatile(*target.expr);
                           });
  if (!query_.distinct && query_.distinct_on.empty() && !is_volatile) return node;
  if (query_.set_op != sql::SetOp::kNone) return node;
  auto project = Numbered(std::make_unique<Project>(std::move(node)));
  std::vector<std::pair<const Expr*, int>> computed;
  for (const sql::TargetEntry& target : query_.targets) {
    if (IsPlainColumn(*target.expr)) continue;
    OMEN_ASSIGN_OR_RETURN(EvaluatorPtr value, Compile(*target.expr, &scope_));
    const int slot = scope_.NewSlot();
    project->targets.emplace_back(std::move(value), slot);
    computed.emplace_back(target.expr.get(), slot);
  }
  scope_.computed.insert(scope_.computed.begin(), computed.begin(), computed.end());
  project->rows = project->child->rows;
  project->cost = project->child->cost;
  project->startup = project->child->startup;
  node = std::move(project);
  if (!query_.distinct) return node;
  auto distinct = Numbered(std::make_unique<Distinct>(std::move(node)));
  std::vector<const Expr*> keys;
  for (const sql::TargetEntry& target : query_.targets) {
    if (target.junk) continue;
    OMEN_ASSIGN_OR_RETURN(EvaluatorPtr key, Compile(*target.expr, &scope_));
    distinct->keys.push_back(std::move(key));
    distinct->types.push_back(target.expr->type);
    keys.push_back(target.expr.get());
  }
  CostDistinct(keys, &estimates_, environment_, distinct.get());
  return PlanNodePtr(std::move(distinct));
}

Result<std::vector<SortTerm>> LevelPlanner::CompileSort(const std::vector<sql::SortKey>& keys) {
  std::vector<SortTerm> terms;
  for (const sql::SortKey& key : keys) {
    SortTerm term;
    OMEN_ASSIGN_OR_RETURN(term.value, Compile(*key.expr, &scope_));
    term.type = key.expr->type.oid;
    term.descending = key.descending;
    term.nulls_first = key.nulls_first;
    terms.push_back(std::move(term));
  }
  return terms;
}

Result<PlanNodePtr> LevelPlanner::PlanOrder(PlanNodePtr node) {
  if (!query_.order_by.empty() && !order_satisfied_) {
    auto sort = Numbered(std::make_unique<Sort>(std::move(node)));
    OMEN_ASSIGN_OR_RETURN(sort->terms, CompileSort(query_.order_by));
    for (const sql::SortKey& key : query_.order_by) {
      if (!sort->text.empty()) sort->text += ", ";
      sort->text += ExprText(*key.expr, query_);
      if (key.descending) sort->text += " DESC";
    }
    if (query_.limit != nullptr && query_.distinct_on.empty() && query_.locks.empty() &&
        !query_.with_ties) {
      OMEN_ASSIGN_OR_RETURN(sort->limit, Compile(*query_.limit, &scope_));
      if (query_.offset != nullptr) {
        OMEN_ASSIGN_OR_RETURN(sort->offset, Compile(*query_.offset, &scope_));
      }
    }
    sort->rows = sort->child->rows;
    sort->cost = sort->child->cost + sort->rows * environment_->costs.sort_row;
    sort->startup = sort->cost;
    environment_->engine_us += sort->rows * environment_->costs.engine_group_row;
    node = std::move(sort);
  }
  if (query_.distinct_on.empty()) return node;
  auto distinct = Numbered(std::make_unique<Distinct>(std::move(node)));
  OMEN_ASSIGN_OR_RETURN(distinct->keys, CompileAll(query_.distinct_on, &scope_));
  std::vector<const Expr*> keys;
  for (const sql::ExprPtr& key : query_.distinct_on) {
    distinct->types.push_back(key->type);
    keys.push_back(key.get());
  }
  CostDistinct(keys, &estimates_, environment_, distinct.get());
  return PlanNodePtr(std::move(distinct));
}

Result<PlanNodePtr> LevelPlanner::PlanLocks(PlanNodePtr node) {
  if (query_.locks.empty()) return node;
  auto lock = Numbered(std::make_unique<LockRows>(std::move(node)));
  for (const sql::RowLock& rows : query_.locks) {
    for (const int relation : rows.relations) {
      const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
      if (source.kind != sql::RelationKind::kTable) {
        if (source.kind == sql::RelationKind::kSubquery) {
          return Refusal("row locks on a subquery or view");
        }
        continue;
      }
      // The join's condition could not be checked again on a newer version.
      if (((nullable_ >> relation) & 1) != 0) {
        return Status(sqlstate::kFeatureNotSupported,
                      fmt::format("{} cannot be applied to the nullable side of an outer join",
                                  NameOfLock(rows.strength)));
      }
      RowLockTarget target;
      target.key_slot = RequireRow(RowPart::kKey, relation);
      target.wait = rows.wait;
      target.relation = relation;
      target.table = source.table;
      target.attnums = source.attnums;
      lock->targets.push_back(std::move(target));
    }
  }
  OMEN_ASSIGN_OR_RETURN(lock->condition, CompileRecheck());
  lock->rows = lock->child->rows;
  lock->cost = lock->child->cost + lock->rows * environment_->costs.lock_row;
  lock->startup = lock->child->startup;
  return PlanNodePtr(std::move(lock));
}

Result<PlanNodePtr> LevelPlanner::PlanLimit(PlanNodePtr node) {
  if (query_.limit == nullptr && query_.offset == nullptr) return node;
  if (query_.with_ties) return Refusal("WITH TIES on the row path");
  auto limit = Numbered(std::make_unique<Limit>(std::move(node)));
  const PlanNode& child = *limit->child;
  limit->rows = child.rows;
  limit->cost = child.cost;
  limit->startup = child.startup;
  if (query_.limit != nullptr) {
    OMEN_ASSIGN_OR_RETURN(limit->limit, Compile(*query_.limit, &scope_));
    const double wanted = std::max(1.0, estimates_.NumberOf(query_.limit.get(), kUnknownLimit));
    const double read = wanted + estimates_.NumberOf(query_.offset.get(), 0);
    const double part = std::min(1.0, read / std::max(child.rows, 1.0));
    limit->cost = child.startup + (child.cost - child.startup) * part;
    limit->rows = std::max(1.0, std::min(child.rows, wanted));
  }
  if (query_.offset != nullptr) {
    OMEN_ASSIGN_OR_RETURN(limit->offset, Compile(*query_.offset, &scope_));
  }
  return PlanNodePtr(std::move(limit));
}

}  // namespace omen::exec
