// What stands behind everything in FROM that is no table.
#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "exec/planner/joiner.h"

namespace omen::exec {

using sql::Expr;
using sql::ExprKind;
using sql::RelationKind;

namespace {

using PlannedScan = Result<std::unique_ptr<DerivedScan>>;

constexpr double kUnknownRows = 100;

/// One column, of which each row has a value of its own.
ExpectedOutput DifferentRows(Type type, double rows) {
  auto column = std::make_shared<statistics::ColumnStatistics>();
  column->type = type;
  column->distinct = rows;
  auto columns = std::make_shared<statistics::TableStatistics>();
  columns->rows = rows;
  columns->columns.push_back(std::move(column));
  return {std::move(columns), {1}};
}

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
  explicit Inliner(const sql::Query& inner) {
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

  std::vector<const Expr*> targets_;
};

}  // namespace

/// Plans one relation that is no table.
class LevelPlanner::DerivedPlanner {
 public:
  DerivedPlanner(LevelPlanner* level, int relation)
      : level_(*level),
        relation_(relation),
        source_(level->query_.relations[static_cast<size_t>(relation)]) {}

  PlannedScan Plan(std::vector<Conjunct>* conjuncts) {
    PlannedScan scan = PlanScan(conjuncts);
    if (scan.ok()) level_.estimates_.SetOutput(relation_, (*scan)->rows, std::move(output_));
    return scan;
  }

 private:
  PlannedScan PlanScan(std::vector<Conjunct>* conjuncts);
  PlannedScan PlanValues();
  PlannedScan PlanSystem();
  PlannedScan PlanFunction();
  double SeriesRows(const Expr& call) const;
  PlannedScan PlanSubquery(std::vector<Conjunct>* conjuncts);
  PlannedScan PlanCommonTable();
  void PushDown(LevelPlanner* planner, std::vector<Conjunct>* conjuncts);

  LevelPlanner& level_;
  const int relation_;
  const sql::Relation& source_;
  ExpectedOutput output_;
};

PlannedScan LevelPlanner::DerivedPlanner::PlanScan(std::vector<Conjunct>* conjuncts) {
  switch (source_.kind) {
    case RelationKind::kSystem:
      return PlanSystem();
    case RelationKind::kValues:
      return PlanValues();
    case RelationKind::kFunction:
      return PlanFunction();
    case RelationKind::kSubquery:
      return PlanSubquery(conjuncts);
    case RelationKind::kCte:
      return PlanCommonTable();
    default:
      return InternalError("a relation that cannot be read");
  }
}

PlannedScan LevelPlanner::DerivedPlanner::PlanSystem() {
  level_.key_lookup_ = false;
  const SystemProducer producer = FindSystemProducer(source_.system->producer);
  if (producer == nullptr) return Refusal("relation " + source_.system->name);
  auto scan = std::make_unique<SystemScan>(relation_, *source_.system, producer,
                                           *level_.environment_->services.system);
  scan->rows = kUnknownRows;
  scan->cost = kUnknownRows;
  return std::unique_ptr<DerivedScan>(std::move(scan));
}

PlannedScan LevelPlanner::DerivedPlanner::PlanValues() {
  std::vector<std::vector<EvaluatorPtr>> values;
  for (const auto& row : source_.values) {
    OMEN_ASSIGN_OR_RETURN(std::vector<EvaluatorPtr> compiled, CompileAll(row, &level_.scope_));
    values.push_back(std::move(compiled));
  }
  auto scan = std::make_unique<ValuesScan>(relation_, source_.alias, std::move(values));
  scan->rows = static_cast<double>(source_.values.size());
  scan->cost = scan->rows * 0.1;
  return std::unique_ptr<DerivedScan>(std::move(scan));
}

// Of a series of whole numbers whose ends are known.
double LevelPlanner::DerivedPlanner::SeriesRows(const Expr& call) const {
  if (call.function == nullptr || call.function->meaning != functions::Meaning::kSeries) {
    return kUnknownRows;
  }
  std::vector<double> numbers;
  for (const sql::ExprPtr& arg : call.args) {
    const Value* value = level_.estimates_.ValueOf(*arg);
    const bool whole = arg->type.oid == oid::kInt4 || arg->type.oid == oid::kInt8;
    if (!whole || value == nullptr || value->is_null()) return kUnknownRows;
    numbers.push_back(static_cast<double>(value->AsInt()));
  }
  const double step = numbers.size() > 2 ? numbers[2] : 1;
  return step == 0 ? kUnknownRows : std::max(1.0, (numbers[1] - numbers[0]) / step + 1);
}

PlannedScan LevelPlanner::DerivedPlanner::PlanFunction() {
  const Expr& call = *source_.function_call;
  std::vector<EvaluatorPtr> args;
  EvaluatorPtr scalar;
  if (call.kind == ExprKind::kFunction && call.function != nullptr && call.function->returns_set) {
    if (functions::Registry::Instance().FindSetKernel(call.function->oid) == nullptr) {
      return Refusal(fmt::format("function {} in FROM", call.function->name));
    }
    OMEN_ASSIGN_OR_RETURN(args, CompileAll(call.args, &level_.scope_));
  } else {
    OMEN_ASSIGN_OR_RETURN(scalar, Compile(call, &level_.scope_));
  }
  auto scan =
      std::make_unique<FunctionScan>(relation_, source_, std::move(args), std::move(scalar));
  scan->rows = scan->scalar != nullptr ? 1 : SeriesRows(call);
  if (call.function != nullptr && call.function->meaning == functions::Meaning::kSeries) {
    output_ = DifferentRows(call.type, scan->rows);
  }
  scan->cost = scan->rows * 0.1;
  return std::unique_ptr<DerivedScan>(std::move(scan));
}

// Conditions on the subquery's columns alone move into it, where they may find a key.
void LevelPlanner::DerivedPlanner::PushDown(LevelPlanner* planner,
                                            std::vector<Conjunct>* conjuncts) {
  const sql::Query& inner = *source_.subquery;
  if (!AcceptsConditions(inner)) return;
  const Inliner inliner(inner);
  for (Conjunct& conjunct : *conjuncts) {
    if (conjunct.used || conjunct.is_volatile || conjunct.relations != uint64_t{1} << relation_ ||
        HasSubquery(*conjunct.expr)) {
      continue;
    }
    planner->AddCondition(inliner.Inline(*conjunct.expr));
    conjunct.used = true;
  }
}

PlannedScan LevelPlanner::DerivedPlanner::PlanSubquery(std::vector<Conjunct>* conjuncts) {
  LevelPlanner planner(level_.environment_, *source_.subquery, &level_);
  PushDown(&planner, conjuncts);
  OMEN_ASSIGN_OR_RETURN(std::unique_ptr<LevelPlan> level, planner.PlanSelect());
  level_.key_lookup_ = level_.key_lookup_ && level->key_lookup;
  const double rows = level->root->rows, cost = level->root->cost;
  output_ = Outputs(&planner).Expected(rows);
  auto scan = std::make_unique<SubqueryScan>(relation_, source_.alias, std::move(level));
  scan->rows = rows;
  scan->cost = cost + rows * 0.1;
  return std::unique_ptr<DerivedScan>(std::move(scan));
}

PlannedScan LevelPlanner::DerivedPlanner::PlanCommonTable() {
  LevelPlanner* owner = &level_;
  for (int i = 0; i < source_.cte_levels_up; ++i) {
    owner = owner->outer_;
    if (owner == nullptr) return InternalError("a WITH query of a level that is not there");
  }
  const bool working = owner->recursing_ != nullptr && owner->recursing_->name == source_.cte_name;
  size_t index = owner->ctes_.size();
  for (size_t i = 0; i < owner->ctes_.size(); ++i) {
    if (owner->ctes_[i].name == source_.cte_name) index = i;
  }
  if (!working && index == owner->ctes_.size()) {
    return InternalError("WITH query \"" + source_.cte_name + "\" is not planned");
  }
  // Its rows change with what it depends on itself; a recursive arm's own, from round to round.
  const int beyond = working ? 0 : owner->ctes_[index].reach;
  if (working || beyond > 0) level_.scope_.NoteOuterRead(source_.cte_levels_up + beyond);
  auto scan = std::make_unique<CommonTableScan>(relation_, source_.cte_name, source_.cte_levels_up,
                                                index, working);
  level_.key_lookup_ = level_.key_lookup_ && !working && owner->ctes_[index].level->key_lookup;
  scan->rows = working ? 10 : owner->ctes_[index].level->root->rows;
  if (!working) output_ = owner->cte_outputs_[index];
  scan->cost = scan->rows * 0.1;
  return std::unique_ptr<DerivedScan>(std::move(scan));
}

Result<std::unique_ptr<DerivedScan>> LevelPlanner::PlanDerived(int relation,
                                                               std::vector<Conjunct>* conjuncts) {
  return DerivedPlanner(this, relation).Plan(conjuncts);
}

}  // namespace omen::exec
