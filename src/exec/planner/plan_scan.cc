// Leaves: which key a table is read by, and what stands behind everything else in FROM.
#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "exec/planner/planner.h"

namespace omen::exec {

using sql::Expr;
using sql::ExprKind;
using sql::RelationKind;

namespace {

constexpr double kUnknownRows = 100;

// A level whose rows can be filtered before they are computed: nothing above the filter could
// tell the difference.
bool AcceptsConditions(const sql::Query& query) {
  if (query.set_op != sql::SetOp::kNone || query.has_aggregates || !query.group_by.empty() ||
      query.distinct || !query.distinct_on.empty() || query.limit != nullptr ||
      query.offset != nullptr || !query.windows.empty() || !query.grouping_sets.empty() ||
      !query.locks.empty()) {
    return false;
  }
  return std::ranges::none_of(query.targets, [](const sql::TargetEntry& target) {
    return HasSetFunction(*target.expr) || IsVolatile(*target.expr);
  });
}

// Replaces columns of the subquery by what it computes them from, one level further in.
class Inliner {
 public:
  Inliner(int relation, const sql::Query& inner) : relation_(relation) {
    for (const sql::TargetEntry& target : inner.targets) {
      if (!target.junk) targets_.push_back(target.expr.get());
    }
  }

  sql::ExprPtr Inline(const Expr& condition) const {
    sql::ExprPtr copy = sql::CloneExpr(condition);
    Replace(&copy);
    return copy;
  }

 private:
  void Replace(sql::ExprPtr* expr) const {
    if ((*expr)->kind == ExprKind::kColumn) {
      if ((*expr)->levels_up == 0) {
        *expr = sql::CloneExpr(*targets_[static_cast<size_t>((*expr)->column)]);
      } else {
        ++(*expr)->levels_up;
      }
      return;
    }
    for (sql::ExprPtr& arg : (*expr)->args) Replace(&arg);
  }

  int relation_;
  std::vector<const Expr*> targets_;
};

}  // namespace

double LevelPlanner::TableRows(int relation) const {
  return environment_->services.statistics->Rows(
      query_.relations[static_cast<size_t>(relation)].table->storage_id);
}

Result<PlanNodePtr> LevelPlanner::PlanRelation(int relation, uint64_t available,
                                               std::vector<Conjunct>* conjuncts, bool driving) {
  const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
  if (source.kind == RelationKind::kTable) {
    const AccessPath path =
        ChooseAccessPath(source, relation, available, *conjuncts, TableRows(relation),
                         driving ? &order_ : nullptr, environment_->hidden.get());
    if (driving) order_satisfied_ = path.ordered;
    return BuildTableScan(relation, path, available, conjuncts);
  }
  OMEN_ASSIGN_OR_RETURN(std::unique_ptr<DerivedScan> scan, PlanDerived(relation, conjuncts));
  OMEN_RETURN_IF_ERROR(ClaimFilters(available | (uint64_t{1} << relation), conjuncts, scan.get(),
                                    &scan->filter, &scan->filter_text));
  return PlanNodePtr(Numbered(std::move(scan)));
}

// Takes the conditions that `visible` relations decide, and scales the node's rows by them.
Status LevelPlanner::ClaimFilters(uint64_t visible, std::vector<Conjunct>* conjuncts,
                                  PlanNode* node, EvaluatorPtr* filter, std::string* text) {
  std::vector<const Expr*> filters;
  for (Conjunct& conjunct : *conjuncts) {
    if (conjunct.used || conjunct.is_volatile || conjunct.relations == 0) continue;
    if ((conjunct.relations & ~visible) != 0) continue;
    filters.push_back(conjunct.expr);
    conjunct.used = true;
    node->rows = std::max(1.0, node->rows * Selectivity(*conjunct.expr));
  }
  OMEN_ASSIGN_OR_RETURN(*filter, CompileConjunction(filters, &scope_));
  *text = ConjunctText(filters, query_);
  return Status::Ok();
}

Result<PlanNodePtr> LevelPlanner::BuildTableScan(int relation, const AccessPath& path,
                                                 uint64_t available,
                                                 std::vector<Conjunct>* conjuncts) {
  const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
  KeyConditions conditions(*source.table, path.index);
  std::vector<const Expr*> held;
  for (const KeyMatch& match : path.terms) {
    KeyTerm term;
    if (match.kind == KeyMatch::Kind::kIsNull) {
      term.is_null = true;
    } else if (match.kind == KeyMatch::Kind::kAnyArray) {
      OMEN_ASSIGN_OR_RETURN(term.array, Compile(*match.value->args[1], &scope_));
    } else if (match.kind == KeyMatch::Kind::kInList) {
      for (size_t i = 1; i < match.value->args.size(); ++i) {
        OMEN_ASSIGN_OR_RETURN(EvaluatorPtr value, Compile(*match.value->args[i], &scope_));
        term.values.push_back(std::move(value));
      }
    } else {
      OMEN_ASSIGN_OR_RETURN(EvaluatorPtr value, Compile(*match.value, &scope_));
      term.values.push_back(std::move(value));
    }
    conditions.AddTerm(std::move(term));
    (*conjuncts)[match.conjunct].used = true;
    held.push_back((*conjuncts)[match.conjunct].expr);
  }
  for (const KeyMatch& match : path.limits) {
    EvaluatorPtr value;
    if (match.kind != KeyMatch::Kind::kNotNull) {
      OMEN_ASSIGN_OR_RETURN(value, Compile(*match.value, &scope_));
    }
    conditions.AddLimit({std::move(value), match.op});
    (*conjuncts)[match.conjunct].used = true;
    held.push_back((*conjuncts)[match.conjunct].expr);
  }
  auto scan = Numbered(std::make_unique<TableScan>(relation, source, std::move(conditions)));
  scan->condition_text = ConjunctText(held, query_);
  scan->rows = path.rows;
  scan->cost = path.cost;
  scan->backward = path.ordered && path.backward;
  scan->key_slot = key_slots_[static_cast<size_t>(relation)];
  OMEN_RETURN_IF_ERROR(ClaimFilters(available | (uint64_t{1} << relation), conjuncts, scan.get(),
                                    &scan->filter, &scan->filter_text));
  key_lookup_ = key_lookup_ && path.point;
  environment_->touched += path.rows;
  return PlanNodePtr(std::move(scan));
}

Result<std::unique_ptr<DerivedScan>> LevelPlanner::PlanDerived(int relation,
                                                               std::vector<Conjunct>* conjuncts) {
  const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
  switch (source.kind) {
    case RelationKind::kSystem: {
      key_lookup_ = false;
      const SystemProducer producer = FindSystemProducer(source.system->producer);
      if (producer == nullptr) return Refusal("relation " + source.system->name);
      auto scan = std::make_unique<SystemScan>(relation, *source.system, producer,
                                               *environment_->services.system);
      scan->rows = kUnknownRows;
      scan->cost = kUnknownRows;
      return std::unique_ptr<DerivedScan>(std::move(scan));
    }
    case RelationKind::kValues: {
      std::vector<std::vector<EvaluatorPtr>> values;
      for (const auto& row : source.values) {
        OMEN_ASSIGN_OR_RETURN(std::vector<EvaluatorPtr> compiled, CompileAll(row, &scope_));
        values.push_back(std::move(compiled));
      }
      auto scan = std::make_unique<ValuesScan>(relation, source.alias, std::move(values));
      scan->rows = static_cast<double>(source.values.size());
      scan->cost = scan->rows * 0.1;
      return std::unique_ptr<DerivedScan>(std::move(scan));
    }
    case RelationKind::kFunction:
      return PlanFunctionScan(relation);
    case RelationKind::kSubquery:
      return PlanSubqueryScan(relation, conjuncts);
    case RelationKind::kCte:
      return PlanCommonTableScan(relation);
    default:
      return InternalError("a relation that cannot be read");
  }
}

Result<std::unique_ptr<DerivedScan>> LevelPlanner::PlanFunctionScan(int relation) {
  const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
  const Expr& call = *source.function_call;
  std::vector<EvaluatorPtr> args;
  EvaluatorPtr scalar;
  if (call.kind == ExprKind::kFunction && call.function != nullptr && call.function->returns_set) {
    if (functions::Registry::Instance().FindSetKernel(call.function->oid) == nullptr) {
      return Refusal(fmt::format("function {} in FROM", call.function->name));
    }
    OMEN_ASSIGN_OR_RETURN(args, CompileAll(call.args, &scope_));
  } else {
    OMEN_ASSIGN_OR_RETURN(scalar, Compile(call, &scope_));
  }
  auto scan = std::make_unique<FunctionScan>(relation, source, std::move(args), std::move(scalar));
  scan->rows = scan->scalar != nullptr ? 1 : kUnknownRows;
  scan->cost = scan->rows * 0.1;
  return std::unique_ptr<DerivedScan>(std::move(scan));
}

// Conditions on the subquery's columns alone move into it, where they may find a key.
void LevelPlanner::PushDown(int relation, const sql::Query& inner, LevelPlanner* planner,
                            std::vector<Conjunct>* conjuncts) {
  if (!AcceptsConditions(inner)) return;
  const Inliner inliner(relation, inner);
  for (Conjunct& conjunct : *conjuncts) {
    if (conjunct.used || conjunct.is_volatile || conjunct.relations != uint64_t{1} << relation ||
        HasSubquery(*conjunct.expr)) {
      continue;
    }
    planner->AddCondition(inliner.Inline(*conjunct.expr));
    conjunct.used = true;
  }
}

Result<std::unique_ptr<DerivedScan>> LevelPlanner::PlanSubqueryScan(
    int relation, std::vector<Conjunct>* conjuncts) {
  const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
  LevelPlanner planner(environment_, *source.subquery, this);
  PushDown(relation, *source.subquery, &planner, conjuncts);
  OMEN_ASSIGN_OR_RETURN(std::unique_ptr<LevelPlan> level, planner.PlanSelect());
  key_lookup_ = key_lookup_ && level->key_lookup;
  const double rows = level->root->rows, cost = level->root->cost;
  auto scan = std::make_unique<SubqueryScan>(relation, source.alias, std::move(level));
  scan->rows = rows;
  scan->cost = cost + rows * 0.1;
  return std::unique_ptr<DerivedScan>(std::move(scan));
}

Result<std::unique_ptr<DerivedScan>> LevelPlanner::PlanCommonTableScan(int relation) {
  const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
  LevelPlanner* owner = this;
  for (int i = 0; i < source.cte_levels_up; ++i) {
    owner = owner->outer_;
    if (owner == nullptr) return InternalError("a WITH query of a level that is not there");
  }
  const bool working = owner->recursing_ != nullptr && owner->recursing_->name == source.cte_name;
  size_t index = owner->ctes_.size();
  for (size_t i = 0; i < owner->ctes_.size(); ++i) {
    if (owner->ctes_[i].name == source.cte_name) index = i;
  }
  if (!working && index == owner->ctes_.size()) {
    return InternalError("WITH query \"" + source.cte_name + "\" is not planned");
  }
  // Its rows change with what it depends on itself; a recursive arm's own, from round to round.
  const int beyond = working ? 0 : owner->ctes_[index].reach;
  if (working || beyond > 0) scope_.NoteOuterRead(source.cte_levels_up + beyond);
  auto scan = std::make_unique<CommonTableScan>(relation, source.cte_name, source.cte_levels_up,
                                                index, working);
  key_lookup_ = key_lookup_ && !working && owner->ctes_[index].level->key_lookup;
  scan->rows = working ? 10 : owner->ctes_[index].level->root->rows;
  scan->cost = scan->rows * 0.1;
  return std::unique_ptr<DerivedScan>(std::move(scan));
}

uint64_t LevelPlanner::NeedsOf(uint64_t relations) {
  uint64_t needs = 0;
  if (lateral_needs_.empty()) {
    for (size_t i = 0; i < query_.relations.size(); ++i) {
      lateral_needs_.push_back(LateralNeeds(static_cast<int>(i)));
    }
  }
  for (size_t i = 0; i < lateral_needs_.size(); ++i) {
    if (((relations >> i) & 1) != 0) needs |= lateral_needs_[i];
  }
  return needs & ~relations;
}

// Relations that must be placed before this one because it refers to their columns.
uint64_t LevelPlanner::LateralNeeds(int relation) const {
  const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
  uint64_t needs = 0;
  const auto note = [&](const Expr& node, int depth) {
    if (node.kind == ExprKind::kColumn && node.levels_up == depth && node.rel >= 0) {
      needs |= uint64_t{1} << node.rel;
    }
    return true;
  };
  if (source.subquery != nullptr) WalkQuery(*source.subquery, note, 1);
  if (source.function_call != nullptr) WalkExpr(*source.function_call, note, 0);
  for (const auto& row : source.values) {
    for (const sql::ExprPtr& value : row) WalkExpr(*value, note, 0);
  }
  return needs & ~(uint64_t{1} << relation);
}

}  // namespace omen::exec
