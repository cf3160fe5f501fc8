#include "sql/expr/branch.h"

#include <fmt/format.h>

#include <utility>

#include "sql/operand/casts.h"
#include "sql/operand/copy.h"
#include "sql/operand/expr_search.h"
#include "sql/operand/operate.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// Whether such a set would be made is not known before each row: PostgreSQL refuses it.
ExprResult WithoutSets(ExprPtr bound, std::string_view construct) {
  const Expr* found = FindNode(*bound, IsSetNode);
  if (found == nullptr) return bound;
  return Status(sqlstate::kFeatureNotSupported,
                fmt::format("set-returning functions are not allowed in {}", construct))
      .Hint("You might be able to move the set-returning function into a LATERAL FROM item.")
      .At(found->location);
}

}  // namespace

ExprResult BranchBinder::BindCase(const CaseExpr& node) {
  ExprPtr subject;
  if (node.arg != nullptr) {
    OMEN_ASSIGN_OR_RETURN(subject, exprs_.Bind(reinterpret_cast<const Node*>(node.arg)));
    OMEN_ASSIGN_OR_RETURN(subject, ResolveUnknown(binding_.state(), std::move(subject)));
  }
  std::vector<ExprPtr> conditions, results;
  for (const CaseWhen* when : Items<CaseWhen>(node.args)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr condition,
                          exprs_.Bind(reinterpret_cast<const Node*>(when->expr)));
    if (subject) {
      OMEN_ASSIGN_OR_RETURN(condition,
                            Operate(binding_.state(), "=", CopyExpr(binding_.state(), *subject),
                                    std::move(condition), when->location));
    }
    OMEN_ASSIGN_OR_RETURN(condition,
                          CoerceToBool(binding_.state(), std::move(condition), "CASE/WHEN"));
    conditions.push_back(std::move(condition));
    OMEN_ASSIGN_OR_RETURN(ExprPtr result, exprs_.Bind(reinterpret_cast<const Node*>(when->result)));
    results.push_back(std::move(result));
  }
  // PostgreSQL looks at ELSE first when it chooses the type.
  ExprPtr otherwise = MakeConst({oid::kUnknown}, Value::Null(), node.location);
  if (node.defresult != nullptr) {
    OMEN_ASSIGN_OR_RETURN(otherwise, exprs_.Bind(reinterpret_cast<const Node*>(node.defresult)));
  }
  results.insert(results.begin(), std::move(otherwise));
  auto expr = std::make_unique<Expr>(ExprKind::kCase, Type{}, node.location);
  OMEN_RETURN_IF_ERROR(Unify(binding_.state(), &results, "CASE", &expr->type));
  for (size_t i = 0; i < conditions.size(); ++i) {
    expr->args.push_back(std::move(conditions[i]));
    expr->args.push_back(std::move(results[i + 1]));
  }
  if (node.defresult != nullptr) {
    expr->args.push_back(std::move(results[0]));
    expr->has_else = true;
  }
  if (subject) {
    expr = KeepWriting(binding_.state(), std::move(expr), Wording::Form::kSimpleCase);
  }
  return WithoutSets(std::move(expr), "CASE");
}

ExprResult BranchBinder::BindCoalesce(const CoalesceExpr& node) {
  auto expr = std::make_unique<Expr>(ExprKind::kCoalesce, Type{}, node.location);
  OMEN_ASSIGN_OR_RETURN(expr->args, exprs_.BindAll(node.args));
  OMEN_RETURN_IF_ERROR(Unify(binding_.state(), &expr->args, "COALESCE", &expr->type));
  return WithoutSets(std::move(expr), "COALESCE");
}

ExprResult BranchBinder::BindExtreme(const MinMaxExpr& node) {
  bool greatest = node.op == IS_GREATEST;
  auto expr = std::make_unique<Expr>(greatest ? ExprKind::kGreatest : ExprKind::kLeast, Type{},
                                     node.location);
  OMEN_ASSIGN_OR_RETURN(expr->args, exprs_.BindAll(node.args));
  OMEN_RETURN_IF_ERROR(
      Unify(binding_.state(), &expr->args, greatest ? "GREATEST" : "LEAST", &expr->type));
  return expr;
}

}  // namespace omen::sql
