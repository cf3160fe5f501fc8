// What a level's rows are expected to hold, for the level around it: as many values of a column as
// the rows below have, of what is computed what can be told.
#include <algorithm>

#include "exec/planner/joiner.h"
#include "statistics/joins.h"

namespace omen::exec {

using functions::Meaning;
using sql::Expr;
using sql::ExprKind;
using statistics::ColumnStatistics;

namespace {

/// Values that are met among so many rows; 0: not known.
std::shared_ptr<ColumnStatistics> OutputColumn(Type type, double distinct, double rows) {
  auto column = std::make_shared<ColumnStatistics>();
  column->type = type;
  column->distinct = std::min(distinct, rows);
  return column;
}

/// The outputs, by numbers from 1, that are the keys of a grouping; none where one is missing.
std::vector<int> GroupOutputs(const sql::Query& query, const std::vector<const Expr*>& outputs) {
  std::vector<int> found;
  for (size_t key = 0; key < query.group_by.size(); ++key) {
    const auto output = std::ranges::find_if(outputs, [&](const Expr* expr) {
      return expr->kind == ExprKind::kGroupKey ? static_cast<size_t>(expr->column) == key
                                               : sql::SameExpr(*expr, *query.group_by[key]);
    });
    if (output == outputs.end()) return {};
    found.push_back(static_cast<int>(output - outputs.begin()) + 1);
  }
  return found;
}

std::vector<const Expr*> OutputsOf(const sql::Query& query) {
  std::vector<const Expr*> outputs;
  for (const sql::TargetEntry& target : query.targets) {
    if (!target.junk) outputs.push_back(target.expr.get());
  }
  return outputs;
}

}  // namespace

double LevelPlanner::Outputs::ValuesOf(const Expr& expr) const {
  const Expr* of = &expr;
  if (of->kind == ExprKind::kGroupKey)
    of = level_.query_.group_by[static_cast<size_t>(of->column)].get();
  if (of->kind == ExprKind::kAggregate) {
    // A least or greatest value is one of those below; of what else is computed nothing is known.
    if (!of->aggregate->IsExtreme() || of->args.size() != 1) return 0;
    of = of->args[0].get();
  }
  std::vector<const Expr*> computed;
  CollectAggregates(*of, &computed);
  CollectWindowCalls(*of, &computed);
  CollectSetFunctions(*of, &computed);
  if (!computed.empty()) return 0;
  return level_.estimates_.Groups({&of, 1}, level_.from_rows_);
}

ExpectedOutput LevelPlanner::Outputs::Expected(double rows) const {
  const sql::Query& query = level_.query_;
  const std::vector<const Expr*> outputs = OutputsOf(query);
  auto columns = std::make_shared<statistics::TableStatistics>();
  columns->rows = rows;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const double values =
        query.set_op == sql::SetOp::kNone ? ValuesOf(*outputs[i]) : level_.arm_values_[i];
    columns->columns.push_back(OutputColumn(outputs[i]->type, values, rows));
  }
  ExpectedOutput expected{std::move(columns), {}};
  const bool differ = query.distinct || (query.set_op != sql::SetOp::kNone && !query.set_all);
  if (differ) {
    for (size_t i = 0; i < outputs.size(); ++i) expected.key.push_back(static_cast<int>(i) + 1);
  } else if (query.grouping_sets.empty()) {
    expected.key = GroupOutputs(query, outputs);
  }
  return expected;
}

void LevelPlanner::Outputs::NoteArms(const ExpectedOutput& left, const ExpectedOutput& right) {
  for (size_t i = 0; i < left.columns->columns.size(); ++i) {
    const double a = left.columns->columns[i]->distinct, b = right.columns->columns[i]->distinct;
    const bool united = level_.query_.set_op == sql::SetOp::kUnion;
    level_.arm_values_.push_back(!united ? a : a > 0 && b > 0 ? a + b : 0);
  }
}

}  // namespace omen::exec
