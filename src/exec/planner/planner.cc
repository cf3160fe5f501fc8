#include "exec/planner/planner.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "exec/planner/joiner.h"
#include "exec/rows/subplan.h"

namespace omen::exec {

using sql::Expr;
using sql::ExprKind;

void PlanEnvironment::NotePart(const sql::Query& level, sql::PlanPart::Kind kind,
                               uint64_t relations, PlanNode* node) {
  if (&level != parts_of) return;
  PartRows part{kind, {}, node->rows};
  for (size_t i = 0; i < level.relations.size(); ++i) {
    if ((relations >> i & 1) != 0) part.tables.push_back(level.relations[i].table->oid);
  }
  std::ranges::sort(part.tables);
  node->counted = true;
  parts.push_back({std::move(part), node->id});
}

/// Of a recursive WITH query, where nothing tells how many.
constexpr double kRounds = 10;

LevelPlanner::LevelPlanner(PlanEnvironment* environment, const sql::Query& query,
                           LevelPlanner* outer)
    : environment_(environment),
      unnested_(environment->unnested.emplace_back(Unnest(query))),
      query_(unnested_.query != nullptr ? *unnested_.query : query),
      outer_(outer),
      estimates_(query_, environment->services.statistics, environment->params,
                 environment->statement != nullptr ? &environment->sensitive : nullptr) {
  scope_.outer = outer != nullptr ? &outer->scope_ : nullptr;
  scope_.planner = this;
  for (const sql::Relation& relation : query_.relations) {
    scope_.slots.emplace_back(relation.columns.size(), -1);
  }
  key_slots_.assign(query_.relations.size(), -1);
  row_slots_ = key_slots_;
  scanned_.assign(query_.relations.size(), -1);
}

LevelPlanner::~LevelPlanner() = default;

void LevelPlanner::AddCondition(sql::ExprPtr condition) {
  added_.push_back(environment_->conditions.emplace_back(std::move(condition)).get());
}

int LevelPlanner::RequireRow(RowPart part, int relation) {
  int& slot = (part == RowPart::kKey ? key_slots_ : row_slots_)[static_cast<size_t>(relation)];
  if (slot < 0) slot = scope_.NewSlot();
  return slot;
}

Result<std::unique_ptr<SubPlan>> LevelPlanner::PlanSubquery(const sql::Query& query, Scope*) {
  LevelPlanner planner(environment_, query, this);
  OMEN_ASSIGN_OR_RETURN(std::unique_ptr<LevelPlan> level, planner.PlanSelect());
  key_lookup_ = key_lookup_ && level->key_lookup;
  auto plan = std::make_unique<SubPlan>();
  plan->types = level->output_types;
  plan->correlated = level->reach > 0;
  plan->level = std::move(level);
  return plan;
}

Result<EvaluatorPtr> LevelPlanner::CompileSubquery(const sql::Expr& expr, Scope* scope) {
  return exec::CompileSubquery(expr, scope);
}

Result<PlanNodePtr> LevelPlanner::PlanFrom(int extra_relation) {
  if (query_.relations.size() > 64) return Refusal("more than 64 relations on the row path");
  std::vector<const sql::FromItem*> items;
  for (const sql::FromItem& item : query_.from) items.push_back(&item);
  sql::FromItem extra;
  extra.relation = extra_relation;
  const bool listed = std::ranges::any_of(
      query_.from, [&](const sql::FromItem& item) { return item.relation == extra_relation; });
  if (extra_relation >= 0 && !listed) items.push_back(&extra);
  std::vector<const Expr*> parts;
  SplitConjunction(query_.where.get(), &parts);
  parts.insert(parts.end(), added_.begin(), added_.end());
  std::vector<Conjunct> conjuncts;
  for (const Expr* part : parts) {
    const bool joined = std::ranges::any_of(
        unnested_.joins, [&](const SemiJoin& join) { return join.condition == part; });
    if (!joined) conjuncts.push_back(MakeConjunct(part));
    recheck_.push_back(part);
  }
  OMEN_ASSIGN_OR_RETURN(PlanNodePtr node,
                        PlanGroup(items, std::move(conjuncts), true, unnested_.joins));
  from_rows_ = node->rows;
  return node;
}

// Subqueries in it are asked seldom: of rows that another transaction has changed.
Result<EvaluatorPtr> LevelPlanner::CompileRecheck() {
  const double touched = environment_->touched, engine_us = environment_->engine_us;
  rechecks_ = scope_.subplans.size();
  Result<EvaluatorPtr> condition = CompileConjunction(recheck_, &scope_);
  rechecks_end_ = scope_.subplans.size();
  environment_->touched = touched;
  environment_->engine_us = engine_us;
  return condition;
}

Status LevelPlanner::PlanCommonTables() {
  for (const sql::CommonTable& table : query_.ctes) {
    if (table.query->kind != sql::QueryKind::kSelect) {
      return Refusal("data-modifying statements in WITH");
    }
    CommonTablePlan plan;
    ExpectedOutput output;
    if (table.recursive && table.query->set_op != sql::SetOp::kNone) {
      OMEN_ASSIGN_OR_RETURN(plan, PlanRecursive(table));
    } else {
      LevelPlanner planner(environment_, *table.query, this);
      OMEN_ASSIGN_OR_RETURN(plan.level, planner.PlanSelect());
      plan.reach = std::max(plan.level->reach - 1, 0);
      output = Outputs(&planner).Expected(plan.level->root->rows);
    }
    plan.name = table.name;
    plan.types = plan.level->output_types;
    ctes_.push_back(std::move(plan));
    cte_outputs_.push_back(std::move(output));
  }
  return Status::Ok();
}

// The set operation itself is a level: its arms see this level two steps out, so each is planned
// below a planner for the whole that adds nothing of its own.
Result<CommonTablePlan> LevelPlanner::PlanRecursive(const sql::CommonTable& table) {
  const sql::Query& whole = *table.query;
  if (whole.set_op != sql::SetOp::kUnion || !whole.order_by.empty() || whole.limit != nullptr ||
      whole.offset != nullptr || !whole.ctes.empty()) {
    return Refusal("this form of WITH RECURSIVE on the row path");
  }
  CommonTablePlan plan;
  plan.union_all = whole.set_all;
  LevelPlanner middle(environment_, whole, this);
  LevelPlanner first(environment_, *whole.left, &middle);
  OMEN_ASSIGN_OR_RETURN(plan.level, first.PlanSelect());
  recursing_ = &table;
  LevelPlanner second(environment_, *whole.right, &middle);
  Result<std::unique_ptr<LevelPlan>> recursive = second.PlanSelect();
  recursing_ = nullptr;
  if (!recursive.ok()) return std::move(recursive).status();
  plan.recursive = std::move(recursive).value();
  plan.reach = std::max({plan.level->reach - 2, plan.recursive->reach - 2, 0});
  key_lookup_ = false;
  return plan;
}

Result<PlanNodePtr> LevelPlanner::PlanSetOperation() {
  auto node = Numbered(std::make_unique<SetOperation>());
  node->op = query_.set_op;
  node->all = query_.set_all;
  LevelPlanner left(environment_, *query_.left, this);
  OMEN_ASSIGN_OR_RETURN(node->left, left.PlanSelect());
  LevelPlanner right(environment_, *query_.right, this);
  OMEN_ASSIGN_OR_RETURN(node->right, right.PlanSelect());
  key_lookup_ = node->left->key_lookup && node->right->key_lookup;
  for (const sql::TargetEntry& target : query_.targets) {
    scope_.output_slots.push_back(scope_.NewSlot());
    node->types.push_back(target.output.type);
  }
  node->slots = scope_.output_slots;
  if (node->left->outputs.size() != node->slots.size() ||
      node->right->outputs.size() != node->slots.size()) {
    return InternalError("arms of different widths");
  }
  const PlanNode& a = *node->left->root;
  const PlanNode& b = *node->right->root;
  Outputs(this).NoteArms(Outputs(&left).Expected(a.rows), Outputs(&right).Expected(b.rows));
  node->rows = a.rows + b.rows;
  node->cost = a.cost + b.cost + node->rows * 0.2;
  node->startup = a.cost + b.cost;
  return PlanNodePtr(std::move(node));
}

// FROM, WHERE and grouping: the rows that the select list is computed over.
Result<PlanNodePtr> LevelPlanner::PlanBody() {
  if (query_.set_op != sql::SetOp::kNone) return PlanSetOperation();
  FindWantedOrder();
  for (const sql::RowLock& lock : query_.locks) {
    for (const int relation : lock.relations) {
      if (query_.relations[static_cast<size_t>(relation)].kind == sql::RelationKind::kTable) {
        RequireRow(RowPart::kKey, relation);
      }
    }
  }
  OMEN_ASSIGN_OR_RETURN(PlanNodePtr node, PlanFrom());
  return PlanGrouping(std::move(node));
}

Result<std::unique_ptr<LevelPlan>> LevelPlanner::PlanSelect() {
  if (query_.kind != sql::QueryKind::kSelect) return NotSupported("a writing statement here");
  OMEN_RETURN_IF_ERROR(PlanCommonTables());
  OMEN_ASSIGN_OR_RETURN(PlanNodePtr node, PlanBody());
  OMEN_ASSIGN_OR_RETURN(node, PlanWindows(std::move(node)));
  OMEN_ASSIGN_OR_RETURN(node, PlanSetFunctions(std::move(node)));
  OMEN_ASSIGN_OR_RETURN(node, PlanTargets(std::move(node)));
  OMEN_ASSIGN_OR_RETURN(node, PlanOrder(std::move(node)));
  OMEN_ASSIGN_OR_RETURN(node, PlanLocks(std::move(node)));
  OMEN_ASSIGN_OR_RETURN(node, PlanLimit(std::move(node)));
  std::vector<EvaluatorPtr> outputs;
  std::vector<Type> types;
  for (const sql::TargetEntry& target : query_.targets) {
    if (target.junk) continue;
    OMEN_ASSIGN_OR_RETURN(EvaluatorPtr output, Compile(*target.expr, &scope_));
    outputs.push_back(std::move(output));
    types.push_back(target.expr->type);
  }
  return Finish(std::move(node), std::move(outputs), std::move(types));
}

namespace {

// What the column engine reads: every row of the columns in use.
void CostTables(const sql::Query& level, const Scope& scope, std::span<const double> scanned,
                Estimates* estimates, PlanEnvironment* environment) {
  for (size_t i = 0; i < level.relations.size(); ++i) {
    if (level.relations[i].kind != sql::RelationKind::kTable) continue;
    const double rows = estimates->TableRows(static_cast<int>(i));
    const auto used = std::ranges::count_if(scope.slots[i], [](int slot) { return slot >= 0; });
    if (const auto& table = level.relations[i].table; table != nullptr) {
      const double read = scanned[i] < 0 ? rows : std::min(rows, scanned[i]);
      environment->handed.push_back({table->oid, read * environment->costs.mixed_row});
    }
    environment->engine_us += environment->costs.engine_table +
                              rows * static_cast<double>(used) * environment->costs.engine_value;
  }
}

/// Where each output is a slot of its own, of rows that fill their slots anew.
std::vector<int> TakenSlots(const LevelPlan& plan) {
  if (!plan.root->refills_slots()) return {};
  std::vector<int> slots;
  for (const EvaluatorPtr& output : plan.outputs) {
    const int slot = output->slot();
    if (slot < 0 || std::ranges::count(slots, slot) > 0) return {};
    slots.push_back(slot);
  }
  return slots;
}

}  // namespace

std::unique_ptr<LevelPlan> LevelPlanner::Finish(PlanNodePtr root, std::vector<EvaluatorPtr> outputs,
                                                std::vector<Type> types) {
  root->Finalize(scope_);
  auto plan = std::make_unique<LevelPlan>();
  // One in WHERE is asked for every row that it might keep.
  const double asked = std::max(root->rows, 2 * from_rows_);
  for (size_t i = 0; i < scope_.subplans.size(); ++i) {
    if (i >= rechecks_ && i < rechecks_end_) continue;
    const SubPlan& subplan = *scope_.subplans[i];
    const PlanNode& inner = *subplan.level->root;
    root->cost += subplan.correlated ? inner.cost * asked : inner.cost;
  }
  for (const CommonTablePlan& table : ctes_) {
    root->cost += table.level->root->cost;
    if (table.recursive != nullptr) root->cost += kRounds * table.recursive->root->cost;
  }
  CostTables(query_, scope_, scanned_, &estimates_, environment_);
  if (outer_ == nullptr) {
    environment_->engine_us += environment_->costs.engine_start;
    const double values = root->rows * static_cast<double>(outputs.size());
    root->cost += root->rows * environment_->costs.output_row;
    const CostModel& costs = environment_->costs;
    environment_->engine_us += values * costs.engine_output_value;
    plan->fields_save_us = values * (costs.engine_output_value - costs.engine_output_field);
  }
  plan->slot_count = scope_.slot_count;
  plan->root = std::move(root);
  plan->outputs = std::move(outputs);
  plan->taken_slots = TakenSlots(*plan);
  plan->output_types = std::move(types);
  plan->subplans = std::move(scope_.subplans);
  plan->ctes = std::move(ctes_);
  plan->reach = scope_.reach;
  plan->touched = environment_->touched;
  plan->engine_us = environment_->engine_us;
  plan->handed = environment_->handed;
  plan->key_lookup = key_lookup_;
  return plan;
}

}  // namespace omen::exec
