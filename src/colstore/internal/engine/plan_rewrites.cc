#include "colstore/internal/engine/plan_rewrites.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "colstore/internal/engine/deferral.h"
#include "colstore/internal/engine/truncation_ranges.h"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/main/config.hpp"
#include "duckdb/optimizer/optimizer_extension.hpp"
#include "duckdb/planner/expression/bound_case_expression.hpp"
#include "duckdb/planner/expression/bound_columnref_expression.hpp"
#include "duckdb/planner/expression/bound_comparison_expression.hpp"
#include "duckdb/planner/expression/bound_conjunction_expression.hpp"
#include "duckdb/planner/expression/bound_operator_expression.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "duckdb/planner/logical_operator_visitor.hpp"
#include "duckdb/planner/operator/logical_aggregate.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "duckdb/planner/operator/logical_join.hpp"
#include "duckdb/planner/operator/logical_order.hpp"
#include "duckdb/planner/operator/logical_projection.hpp"
#include "duckdb/storage/statistics/numeric_stats.hpp"

namespace omen::colstore {
namespace {

using duckdb::BaseStatistics;
using duckdb::Expression;
using duckdb::ExpressionClass;
using duckdb::LogicalOperator;
using duckdb::LogicalOperatorType;

/// Which columns of an operator are columns of tables, and may be null no more than those.
class ColumnFacts {
 public:
  explicit ColumnFacts(duckdb::ClientContext& context) : context_(&context) {}

  duckdb::ClientContext& context() const { return *context_; }

  void AddTable(duckdb::LogicalGet& get) { tables_.insert_or_assign(get.table_index, &get); }
  /// The operator's columns that are copies of columns known here.
  void AddNames(duckdb::idx_t table,
                const duckdb::vector<duckdb::unique_ptr<Expression>>& expressions) {
    for (duckdb::idx_t i = 0; i < expressions.size(); ++i) {
      if (const auto* column = ColumnOf(*expressions[i])) {
        names_.insert_or_assign(Binding(table, i),
                                Binding(column->binding.table_index, column->binding.column_index));
      }
    }
  }
  void Merge(ColumnFacts other) {
    tables_.merge(std::move(other.tables_));
    names_.merge(std::move(other.names_));
  }

  /// Null for what is no column of a table.
  duckdb::unique_ptr<BaseStatistics> Of(const Expression& expression) const {
    const auto* column = ColumnOf(expression);
    if (column == nullptr) return nullptr;
    Binding binding(column->binding.table_index, column->binding.column_index);
    for (auto name = names_.find(binding); name != names_.end(); name = names_.find(binding)) {
      binding = name->second;
    }
    const auto table = tables_.find(binding.first);
    if (table == tables_.end() || table->second->function.statistics == nullptr) return nullptr;
    const auto& columns = table->second->GetColumnIds();
    if (binding.second >= columns.size()) return nullptr;
    return table->second->function.statistics(*context_, table->second->bind_data.get(),
                                              columns[binding.second].GetPrimaryIndex());
  }

 private:
  using Binding = std::pair<duckdb::idx_t, duckdb::idx_t>;  // of an operator's table, and column
  static const duckdb::BoundColumnRefExpression* ColumnOf(const Expression& expression) {
    if (expression.GetExpressionClass() != ExpressionClass::BOUND_COLUMN_REF) return nullptr;
    const auto& column = expression.Cast<duckdb::BoundColumnRefExpression>();
    return column.depth == 0 ? &column : nullptr;
  }

  duckdb::ClientContext* context_;
  std::map<duckdb::idx_t, duckdb::LogicalGet*> tables_;
  std::map<Binding, Binding> names_;
};

std::optional<duckdb::Value> ConstantOf(const ColumnFacts& facts, const Expression& expression) {
  duckdb::Value value;
  if (!expression.IsFoldable() ||
      !duckdb::ExpressionExecutor::TryEvaluateScalar(facts.context(), expression, value) ||
      value.IsNull()) {
    return std::nullopt;
  }
  return value;
}

/// c >= a or c <= b, of every value that the column's statistics allow.
bool IsTrueBound(const ColumnFacts& facts, const Expression& condition, const Expression& column,
                 const BaseStatistics& statistics) {
  if (condition.GetExpressionClass() != ExpressionClass::BOUND_COMPARISON) return false;
  const auto& bound = condition.Cast<duckdb::BoundComparisonExpression>();
  if (!bound.left->Equals(column)) return false;
  const auto limit = ConstantOf(facts, *bound.right);
  if (!limit || limit->type() != statistics.GetType()) return false;
  if (bound.GetExpressionType() == duckdb::ExpressionType::COMPARE_GREATERTHANOREQUALTO) {
    return duckdb::NumericStats::Min(statistics) >= *limit;
  }
  return bound.GetExpressionType() == duckdb::ExpressionType::COMPARE_LESSTHANOREQUALTO &&
         duckdb::NumericStats::Max(statistics) <= *limit;
}

/// The range of a column that the condition asks for: by now BETWEEN is two comparisons.
struct Range {
  const Expression* column = nullptr;  // null: it asks for something else
  const Expression* low = nullptr;
  const Expression* high = nullptr;
  bool or_null = false;
};

Range RangeOf(const Expression& condition) {
  Range range;
  const Expression* both = &condition;
  const Expression* null_test = nullptr;
  if (condition.GetExpressionType() == duckdb::ExpressionType::CONJUNCTION_OR) {
    const auto& parts = condition.Cast<duckdb::BoundConjunctionExpression>().children;
    if (parts.size() != 2) return range;
    null_test = parts[0].get();
    both = parts[1].get();
  }
  if (both->GetExpressionType() != duckdb::ExpressionType::CONJUNCTION_AND) return range;
  const auto& bounds = both->Cast<duckdb::BoundConjunctionExpression>().children;
  if (bounds.size() != 2 || bounds[0]->GetExpressionClass() != ExpressionClass::BOUND_COMPARISON) {
    return range;
  }
  const Expression& column = *bounds[0]->Cast<duckdb::BoundComparisonExpression>().left;
  if (null_test != nullptr) {
    if (null_test->GetExpressionType() != duckdb::ExpressionType::OPERATOR_IS_NULL) return range;
    const auto& tested = *null_test->Cast<duckdb::BoundOperatorExpression>().children[0];
    if (!tested.Equals(column)) return range;
  }
  return {&column, bounds[0].get(), bounds[1].get(), null_test != nullptr};
}

bool IsAlwaysTrue(const ColumnFacts& facts, const Expression& condition) {
  const Range range = RangeOf(condition);
  if (range.column == nullptr) return false;
  const auto statistics = facts.Of(*range.column);
  if (statistics == nullptr ||
      statistics->GetStatsType() != duckdb::StatisticsType::NUMERIC_STATS ||
      !duckdb::NumericStats::HasMinMax(*statistics) ||
      (statistics->CanHaveNull() && !range.or_null)) {
    return false;
  }
  return IsTrueBound(facts, *range.low, *range.column, *statistics) &&
         IsTrueBound(facts, *range.high, *range.column, *statistics);
}

void RemoveGuards(const ColumnFacts& facts, duckdb::unique_ptr<Expression>* expression) {
  duckdb::ExpressionIterator::EnumerateChildren(
      **expression, [&](duckdb::unique_ptr<Expression>& child) { RemoveGuards(facts, &child); });
  if ((*expression)->GetExpressionClass() != ExpressionClass::BOUND_CASE) return;
  auto& choice = (*expression)->Cast<duckdb::BoundCaseExpression>();
  if (choice.case_checks.size() != 1) return;
  auto& check = choice.case_checks[0];
  if (!IsAlwaysTrue(facts, *check.when_expr)) return;
  if (check.then_expr->return_type != choice.return_type) return;
  auto own = std::move(check.then_expr);
  own->SetAlias(choice.GetAlias());
  *expression = std::move(own);
}

void SortWithoutNulls(const ColumnFacts& facts, duckdb::LogicalOrder& order) {
  for (duckdb::BoundOrderByNode& key : order.orders) {
    if (key.null_order != duckdb::OrderByNullType::NULLS_FIRST) continue;
    const auto column = facts.Of(*key.expression);
    if (column != nullptr && !column->CanHaveNull()) {
      key.null_order = duckdb::OrderByNullType::NULLS_LAST;
    }
  }
}

/// What the operator passes on of what is known below it.
ColumnFacts PassedOn(LogicalOperator& op, duckdb::ClientContext& context,
                     std::vector<ColumnFacts> below) {
  ColumnFacts facts(context);
  switch (op.type) {
    case LogicalOperatorType::LOGICAL_GET:
      facts.AddTable(op.Cast<duckdb::LogicalGet>());
      break;
    case LogicalOperatorType::LOGICAL_PROJECTION:
      facts = std::move(below[0]);
      facts.AddNames(op.Cast<duckdb::LogicalProjection>().table_index, op.expressions);
      break;
    case LogicalOperatorType::LOGICAL_AGGREGATE_AND_GROUP_BY: {
      auto& aggregate = op.Cast<duckdb::LogicalAggregate>();
      facts = std::move(below[0]);
      // A set that leaves a key out makes it null.
      if (aggregate.grouping_sets.size() <= 1) {
        facts.AddNames(aggregate.group_index, aggregate.groups);
      }
      break;
    }
    case LogicalOperatorType::LOGICAL_FILTER:
    case LogicalOperatorType::LOGICAL_ORDER_BY:
    case LogicalOperatorType::LOGICAL_LIMIT:
      facts = std::move(below[0]);
      break;
    case LogicalOperatorType::LOGICAL_CROSS_PRODUCT:
      facts = std::move(below[0]);
      facts.Merge(std::move(below[1]));
      break;
    case LogicalOperatorType::LOGICAL_COMPARISON_JOIN:
    case LogicalOperatorType::LOGICAL_ANY_JOIN:
      if (op.Cast<duckdb::LogicalJoin>().join_type == duckdb::JoinType::INNER) {
        facts = std::move(below[0]);
        facts.Merge(std::move(below[1]));
      }
      break;
    default:
      break;
  }
  return facts;
}

/// Returns what is known of the operator's columns.
ColumnFacts Rewrite(LogicalOperator& op, duckdb::ClientContext& context) {
  std::vector<ColumnFacts> below;
  for (auto& child : op.children) below.push_back(Rewrite(*child, context));
  if (op.children.size() == 1) {
    duckdb::LogicalOperatorVisitor::EnumerateExpressions(op,
                                                         [&](duckdb::unique_ptr<Expression>* each) {
                                                           RemoveGuards(below[0], each);
                                                           CompareRanges(context, each);
                                                         });
    if (op.type == LogicalOperatorType::LOGICAL_ORDER_BY) {
      SortWithoutNulls(below[0], op.Cast<duckdb::LogicalOrder>());
    }
  }
  return PassedOn(op, context, std::move(below));
}

void RewritePlan(duckdb::OptimizerExtensionInput& input,
                 duckdb::unique_ptr<LogicalOperator>& plan) {
  Rewrite(*plan, input.context);
  DeferPastLimits(input.optimizer, &plan);
}

}  // namespace

void InstallPlanRewrites(duckdb::DatabaseInstance& database) {
  duckdb::OptimizerExtension extension;
  extension.pre_optimize_function = RewritePlan;
  duckdb::DBConfig::GetConfig(database).optimizer_extensions.push_back(std::move(extension));
}

}  // namespace omen::colstore
