// What stands directly in an expression and in a query: the one list of it, for every walk that
// reads or changes them. Absent parts are passed by.
#pragma once

#include <type_traits>

#include "sql/tree/query.h"

namespace omen::sql {

/// Calls `each` with every expression directly below, as an ExprPtr; the subquery is none.
template <typename Node, typename Each>
void ForEachOperand(Node& expr, const Each& each) {
  for (auto& arg : expr.args) {
    if (arg != nullptr) each(arg);
  }
  for (auto& key : expr.order_by) each(key.expr);
  if (expr.filter != nullptr) each(expr.filter);
}

/// Goes through one level of a query. `on_expr` gets an ExprPtr of each expression's root,
/// `on_query` each query directly inside that is in no expression, in the order of the text.
template <typename Level, typename OnExpr, typename OnQuery>
class QueryParts {
 public:
  QueryParts(const OnExpr& on_expr, const OnQuery& on_query)
      : on_expr_(on_expr), on_query_(on_query) {}

  void Visit(Level& query) const {
    for (auto& table : query.ctes) One(table.query);
    for (auto& relation : query.relations) {
      One(relation.subquery);
      One(relation.function_call);
      for (auto& row : relation.values) All(row);
    }
    for (auto& item : query.from) From(item);
    for (auto& target : query.targets) One(target.expr);
    One(query.where);
    All(query.group_by);
    One(query.having);
    for (auto& window : query.windows) Window(window);
    All(query.distinct_on);
    Keys(query.order_by);
    One(query.limit);
    One(query.offset);
    One(query.left);
    One(query.right);
    Writes(query);
  }

 private:
  void Writes(Level& query) const {
    One(query.insert_source);
    for (auto& [attnum, expr] : query.set) One(expr);
    if (query.on_conflict) {
      for (auto& [attnum, expr] : query.on_conflict->set) One(expr);
      One(query.on_conflict->where);
    }
    for (auto& target : query.returning) One(target.expr);
  }
  template <typename Definition>
  void Window(Definition& window) const {
    All(window.partition_by);
    Keys(window.order_by);
    One(window.start_offset);
    One(window.end_offset);
  }
  template <typename Item>
  void From(Item& item) const {
    if (item.left != nullptr) From(*item.left);
    if (item.right != nullptr) From(*item.right);
    One(item.condition);
  }
  template <typename Exprs>
  void All(Exprs& exprs) const {
    for (auto& expr : exprs) One(expr);
  }
  template <typename SortKeys>
  void Keys(SortKeys& keys) const {
    for (auto& key : keys) One(key.expr);
  }
  template <typename Part>
  void One(Part& part) const {
    if (part == nullptr) return;
    if constexpr (std::is_same_v<std::remove_const_t<Part>, ExprPtr>) {
      on_expr_(part);
    } else {
      on_query_(part);
    }
  }

  const OnExpr& on_expr_;
  const OnQuery& on_query_;
};

template <typename Level, typename OnExpr, typename OnQuery>
void ForEachPart(Level& query, const OnExpr& on_expr, const OnQuery& on_query) {
  QueryParts<Level, OnExpr, OnQuery>(on_expr, on_query).Visit(query);
}

}  // namespace omen::sql
