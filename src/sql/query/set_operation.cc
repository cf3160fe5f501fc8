#include "sql/query/set_operation.h"

#include <fmt/format.h>

#include "sql/clause/limit.h"
#include "sql/clause/locks.h"
#include "sql/clause/order.h"
#include "sql/clause/target_match.h"
#include "sql/operand/operate.h"
#include "sql/query/query.h"
#include "sql/typing/coerce.h"
#include "sql/typing/rewrite.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

std::string_view SetName(SetOperation op) {
  return op == SETOP_UNION ? "UNION" : op == SETOP_INTERSECT ? "INTERSECT" : "EXCEPT";
}

SetOp SetKind(SetOperation op) {
  return op == SETOP_UNION       ? SetOp::kUnion
         : op == SETOP_INTERSECT ? SetOp::kIntersect
                                 : SetOp::kExcept;
}

ExprPtr ResultColumn(size_t index, Type type) {
  auto column = std::make_unique<Expr>(ExprKind::kColumn, type);
  column->rel = -1;
  column->column = static_cast<int>(index);
  return column;
}

}  // namespace

Status SetOperationBinder::Bind(const SelectStmt& select) {
  Query* query = scope_.query;
  query->set_op = SetKind(select.op);
  query->set_all = select.all;
  OMEN_ASSIGN_OR_RETURN(query->left, QueryBinder(binding_).BindSelect(*select.larg, true));
  OMEN_ASSIGN_OR_RETURN(query->right, QueryBinder(binding_).BindSelect(*select.rarg, true));
  OMEN_RETURN_IF_ERROR(BindTargets(SetName(select.op)));
  return BindOrder(select);
}

Status SetOperationBinder::BindTargets(std::string_view name) {
  Query* query = scope_.query;
  std::vector<TargetEntry>&left = query->left->targets, &right = query->right->targets;
  if (left.size() != right.size()) {
    return Status(sqlstate::kSyntaxError,
                  fmt::format("each {} query must have the same number of columns", name))
        .At(right.empty() ? -1 : LocationOf(*right[0].expr));
  }
  std::vector<Type> types;
  for (size_t i = 0; i < left.size(); ++i) {
    std::vector<const Expr*> pair{left[i].expr.get(), right[i].expr.get()};
    OMEN_ASSIGN_OR_RETURN(Oid common, CommonType(pair, name));
    types.push_back({common, CommonTypmod(pair, common)});
    if (query->set_op != SetOp::kUnion || !query->set_all) {
      Expr probe(ExprKind::kConst, types.back(), left[i].expr->location);
      OMEN_RETURN_IF_ERROR(NeedEquality(probe));
    }
  }
  OMEN_ASSIGN_OR_RETURN(query->left,
                        CoerceOutputs(binding_.state(), std::move(query->left), types, name));
  OMEN_ASSIGN_OR_RETURN(query->right,
                        CoerceOutputs(binding_.state(), std::move(query->right), types, name));
  for (size_t i = 0; i < types.size(); ++i) {
    query->targets.push_back(
        {ResultColumn(i, types[i]), {query->left->targets[i].output.name, types[i]}});
  }
  return Status::Ok();
}

Status SetOperationBinder::BindOrder(const SelectStmt& select) {
  // Only the result's columns can be named here, so expressions over them find nothing.
  std::vector<NsItem> names = std::move(scope_.items);
  scope_.items.clear();
  for (const SortBy* item : Items<SortBy>(select.sortClause)) {
    NsItem results;
    for (size_t i = 0; i < scope_.query->targets.size(); ++i) {
      const TargetEntry& entry = scope_.query->targets[i];
      results.columns.push_back({entry.output.name, ResultColumn(i, entry.output.type)});
    }
    scope_.items.clear();
    scope_.items.push_back(std::move(results));
    OMEN_ASSIGN_OR_RETURN(ExprPtr probe,
                          TargetMatcher(binding_).Match(item->node, Clause::kOrderBy));
    if (probe->kind != ExprKind::kColumn || probe->levels_up != 0) {
      return Status(sqlstate::kFeatureNotSupported,
                    "invalid UNION/INTERSECT/EXCEPT ORDER BY clause")
          .Detail("Only result column names can be used, not expressions or functions.")
          .Hint(
              "Add the expression/function to every SELECT, or move the UNION into a FROM clause.")
          .At(LocationOf(*probe));
    }
  }
  OMEN_RETURN_IF_ERROR(OrderBinder(binding_).Bind(select.sortClause));
  scope_.items = std::move(names);
  OMEN_RETURN_IF_ERROR(BindLimit(binding_, select));
  return BindLocks(binding_, select);
}

}  // namespace omen::sql
