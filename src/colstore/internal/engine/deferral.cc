#include "colstore/internal/engine/deferral.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "duckdb/planner/binder.hpp"
#include "duckdb/planner/expression/bound_columnref_expression.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "duckdb/planner/operator/logical_order.hpp"
#include "duckdb/planner/operator/logical_projection.hpp"
#include "types/column_functions.h"

namespace omen::colstore {
namespace {

using duckdb::BoundColumnRefExpression;
using duckdb::Expression;
using duckdb::ExpressionClass;
using duckdb::idx_t;
using duckdb::LogicalOperatorType;
using Expressions = duckdb::vector<duckdb::unique_ptr<Expression>>;

/// Of sums and counts of the engine's own, which have room.
bool NeverFails(const Expression& expression) {
  return expression.GetExpressionClass() == ExpressionClass::BOUND_FUNCTION &&
         expression.Cast<duckdb::BoundFunctionExpression>().function.name ==
             column_functions::kNumAverage;
}

/// One projection, in two: what stays below and what goes above. One thread, used once.
class Split {
 public:
  Split(idx_t table, idx_t below) : table_(table), below_table_(below) {}

  /// Which columns are moved is what `stays` says.
  void Divide(Expressions expressions, const std::vector<bool>& stays) {
    for (idx_t i = 0; i < expressions.size(); ++i) {
      auto& expression = expressions[i];
      if (stays[i]) {
        place_of_.push_back(below.size());
        above.push_back(Below(std::move(expression)));
        continue;
      }
      place_of_.push_back(duckdb::DConstants::INVALID_INDEX);
      duckdb::ExpressionIterator::EnumerateChildren(
          *expression,
          [&](duckdb::unique_ptr<Expression>& argument) { argument = Below(std::move(argument)); });
      above.push_back(std::move(expression));
    }
  }

  /// References to the projection become such to what stays below.
  void Redirect(duckdb::unique_ptr<Expression>* expression) const {
    if ((*expression)->GetExpressionClass() == ExpressionClass::BOUND_COLUMN_REF) {
      auto& column = (*expression)->Cast<BoundColumnRefExpression>();
      if (column.binding.table_index == table_) {
        column.binding = {below_table_, place_of_[column.binding.column_index]};
      }
    }
    duckdb::ExpressionIterator::EnumerateChildren(
        **expression, [&](duckdb::unique_ptr<Expression>& child) { Redirect(&child); });
  }

  Expressions below, above;

 private:
  /// Computes it below; a reference to it.
  duckdb::unique_ptr<Expression> Below(duckdb::unique_ptr<Expression> expression) {
    auto reference = duckdb::make_uniq<BoundColumnRefExpression>(
        expression->GetAlias(), expression->return_type,
        duckdb::ColumnBinding(below_table_, below.size()));
    below.push_back(std::move(expression));
    return reference;
  }

  const idx_t table_, below_table_;
  std::vector<idx_t> place_of_;  // below, of those that stay
};

/// Notes the columns of the projection that the expression reads.
void MarkRead(const Expression& expression, idx_t table, std::vector<bool>* read) {
  if (expression.GetExpressionClass() == ExpressionClass::BOUND_COLUMN_REF) {
    const auto& column = expression.Cast<BoundColumnRefExpression>();
    if (column.binding.table_index == table) (*read)[column.binding.column_index] = true;
  }
  duckdb::ExpressionIterator::EnumerateChildren(
      expression, [&](const Expression& child) { MarkRead(child, table, read); });
}

void DeferOne(duckdb::Optimizer& optimizer, duckdb::unique_ptr<duckdb::LogicalOperator>* limit) {
  auto& order_node = (*limit)->children[0];
  if (order_node->type != LogicalOperatorType::LOGICAL_ORDER_BY ||
      order_node->children[0]->type != LogicalOperatorType::LOGICAL_PROJECTION) {
    return;
  }
  auto& order = order_node->Cast<duckdb::LogicalOrder>();
  auto& projection = order.children[0]->Cast<duckdb::LogicalProjection>();
  if (order.HasProjectionMap()) return;
  std::vector<bool> stays(projection.expressions.size());
  for (const auto& key : order.orders) MarkRead(*key.expression, projection.table_index, &stays);
  for (idx_t i = 0; i < stays.size(); ++i) {
    stays[i] = stays[i] || !NeverFails(*projection.expressions[i]);
  }
  if (std::ranges::find(stays, false) == stays.end()) return;
  const idx_t table = projection.table_index, below = optimizer.binder.GenerateTableIndex();
  Split split(table, below);
  split.Divide(std::move(projection.expressions), stays);
  for (auto& key : order.orders) split.Redirect(&key.expression);
  auto inner = std::move(projection.children[0]);
  order.children[0] = duckdb::make_uniq<duckdb::LogicalProjection>(below, std::move(split.below));
  order.children[0]->children.push_back(std::move(inner));
  auto outer = duckdb::make_uniq<duckdb::LogicalProjection>(table, std::move(split.above));
  outer->children.push_back(std::move(*limit));
  *limit = std::move(outer);
}

}  // namespace

void DeferPastLimits(duckdb::Optimizer& optimizer,
                     duckdb::unique_ptr<duckdb::LogicalOperator>* plan) {
  for (auto& child : (*plan)->children) DeferPastLimits(optimizer, &child);
  if ((*plan)->type == LogicalOperatorType::LOGICAL_LIMIT) DeferOne(optimizer, plan);
}

}  // namespace omen::colstore
