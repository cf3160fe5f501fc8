#include "sql/operand/copy.h"

#include <memory>
#include <string>

namespace omen::sql {
namespace {

int64_t CountNodes(const Expr& expr) {
  int64_t count = 1;
  for (const ExprPtr& arg : expr.args) count += CountNodes(*arg);
  return count;
}

}  // namespace

ExprPtr CopyExpr(BindState* state, const Expr& expr) {
  state->nodes += CountNodes(expr);
  return CloneExpr(expr);
}

ExprPtr CopyAt(BindState* state, const Expr& expr, int location) {
  ExprPtr copy = CopyExpr(state, expr);
  copy->location = location;
  return copy;
}

ExprPtr KeepWriting(const BindState* state, ExprPtr expr, Wording::Form form,
                    std::string_view name) {
  if (!state->as_written()) return expr;
  expr->written = std::make_shared<const Wording>(Wording{form, std::string(name), {}});
  return expr;
}

}  // namespace omen::sql
