#include "sql/operand/row_comparison.h"

#include <fmt/format.h>

#include <string>

#include "sql/operand/copy.h"
#include "sql/operand/operate.h"
#include "sql/typing/coerce.h"

namespace omen::sql {
namespace {

Status UnequalRows(int location) {
  return Status(sqlstate::kSyntaxError, "unequal number of entries in row expressions")
      .At(location);
}

Status NotARowOperator(Oid type) {
  return Status(
      sqlstate::kDatatypeMismatch,
      fmt::format("row comparison operator must yield type boolean, not type {}", NameOf(type)));
}

/// (a, b) < (c, d) as a <= c AND (a <> c OR b < d), from the last column backwards: what bounds
/// the first column stands alone, where a key can use it.
ExprResult RowOrder(BindState* state, std::string_view name, std::vector<ExprPtr> left,
                    std::vector<ExprPtr> right, int location) {
  const std::string or_equal = std::string(name.substr(0, 1)) + "=";
  size_t last = left.size() - 1;
  OMEN_ASSIGN_OR_RETURN(ExprPtr result, Operate(state, name, std::move(left[last]),
                                                std::move(right[last]), location));
  for (size_t i = last; i-- > 0;) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr bound, Operate(state, or_equal, CopyExpr(state, *left[i]),
                                                 CopyExpr(state, *right[i]), location));
    OMEN_ASSIGN_OR_RETURN(ExprPtr differs,
                          Operate(state, "<>", std::move(left[i]), std::move(right[i]), location));
    std::vector<ExprPtr> either, both;
    either.push_back(std::move(differs));
    either.push_back(std::move(result));
    both.push_back(std::move(bound));
    both.push_back(Combine(ExprKind::kOr, std::move(either), location));
    result = Combine(ExprKind::kAnd, std::move(both), location);
  }
  return result;
}

}  // namespace

Status UnknownRowOperator(std::string_view name) {
  return Status(
             sqlstate::kFeatureNotSupported,
             fmt::format("could not determine interpretation of row comparison operator {}", name))
      .Hint("Row comparison operators must be associated with btree operator families.");
}

ExprResult RowComparison(BindState* state, std::string_view name, std::vector<ExprPtr> left,
                         std::vector<ExprPtr> right, int location) {
  if (left.size() != right.size()) return UnequalRows(location);
  if (left.empty()) {
    return Status(sqlstate::kFeatureNotSupported, "cannot compare rows of zero length")
        .At(location);
  }
  if (name == "<" || name == "<=" || name == ">" || name == ">=") {
    OMEN_RETURN_IF_ERROR(state->CannotWrite("the text of a row comparison"));
    return RowOrder(state, name, std::move(left), std::move(right), location);
  }
  std::vector<ExprPtr> parts;
  for (size_t i = 0; i < left.size(); ++i) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr part,
                          Operate(state, name, std::move(left[i]), std::move(right[i]), location));
    if (part->type.oid != oid::kBool) return NotARowOperator(part->type.oid).At(location);
    parts.push_back(std::move(part));
  }
  if (name != "=" && name != "<>") return UnknownRowOperator(name).At(location);
  return Combine(name == "=" ? ExprKind::kAnd : ExprKind::kOr, std::move(parts), location);
}

ExprResult RowDistinct(BindState* state, std::vector<ExprPtr> left, std::vector<ExprPtr> right,
                       int location) {
  if (left.size() != right.size()) return UnequalRows(location);
  std::vector<ExprPtr> parts;
  if (left.size() > 1) OMEN_RETURN_IF_ERROR(state->CannotWrite("the text of distinct rows"));
  for (size_t i = 0; i < left.size(); ++i) {
    OMEN_ASSIGN_OR_RETURN(
        ExprPtr equal, OperatorCall(state, "=", std::move(left[i]), std::move(right[i]), location));
    equal->kind = ExprKind::kIsDistinct;
    equal->type = {oid::kBool};
    parts.push_back(std::move(equal));
  }
  return Combine(ExprKind::kOr, std::move(parts), location);
}

}  // namespace omen::sql
