#include "sql/expr/membership.h"

#include <algorithm>

#include "sql/operand/copy.h"
#include "sql/operand/literal.h"
#include "sql/operand/operate.h"
#include "sql/operand/row_comparison.h"
#include "sql/typing/coerce.h"
#include "sql/typing/resolve.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// IN lists of constants longer than this become one array constant.
constexpr int kLongList = 1000;

bool HasColumn(const Expr& expr) {
  if (expr.kind == ExprKind::kColumn || expr.subquery) return true;
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [](const ExprPtr& arg) { return HasColumn(*arg); });
}

bool AllConstants(const List* nodes) {
  for (const Node* node : Items<>(nodes)) {
    if (NodeAs<A_Const>(node, T_A_Const) == nullptr) return false;
  }
  return true;
}

/// One expression per distinct type among the items and the left side.
std::vector<const Expr*> Representatives(const Expr& left, const std::vector<ExprPtr>& samples) {
  std::vector<const Expr*> views{&left};
  for (const ExprPtr& sample : samples) views.push_back(sample.get());
  return views;
}

/// An item of an IN list against its left side.
ExprResult CompareItem(BindState* state, std::string_view name, const Expr& left, ExprPtr item,
                       int location) {
  ExprPtr subject = CopyExpr(state, left);
  if (left.kind == ExprKind::kRow && item->kind == ExprKind::kRow) {
    return RowComparison(state, name, std::move(subject->args), std::move(item->args), location);
  }
  return Operate(state, name, std::move(subject), std::move(item), location);
}

ExprResult InList(BindState* state, std::string_view name, ExprPtr left, std::vector<ExprPtr> items,
                  bool negated, int location) {
  if (items.size() == 1) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr one,
                          Operate(state, name, std::move(left), std::move(items[0]), location));
    one->in_list = true;
    return one;
  }
  OMEN_ASSIGN_OR_RETURN(Oid common, CommonType(Representatives(*left, items), ""));
  if (common == oid::kInvalid) {
    std::vector<ExprPtr> parts;
    for (ExprPtr& item : items) {
      OMEN_ASSIGN_OR_RETURN(
          ExprPtr part, Operate(state, name, CopyExpr(state, *left), std::move(item), location));
      parts.push_back(std::move(part));
    }
    return Combine(negated ? ExprKind::kAnd : ExprKind::kOr, std::move(parts), location);
  }
  OMEN_ASSIGN_OR_RETURN(const functions::Operator* op,
                        NeedOperator("=", left->type.oid, common, location));
  if (IsPolymorphic(op->left)) {
    return NotSupported("IN over arrays").At(location);
  }
  auto expr = std::make_unique<Expr>(ExprKind::kInList, Type{oid::kBool}, location);
  expr->op = op;
  expr->function = op->function;
  expr->negated = negated;
  OMEN_ASSIGN_OR_RETURN(left, CoerceArgument(state, std::move(left), op->left));
  expr->args.push_back(std::move(left));
  for (ExprPtr& item : items) {
    OMEN_ASSIGN_OR_RETURN(item, CoerceToCommon(state, std::move(item), common, "IN"));
    OMEN_ASSIGN_OR_RETURN(item, CoerceArgument(state, std::move(item), op->right));
    expr->args.push_back(std::move(item));
  }
  return expr;
}

ExprResult BindLongIn(BindState* state, const List* nodes, ExprPtr left, bool negated,
                      int location) {
  std::vector<ExprPtr> samples;
  for (const Node* node : Items<>(nodes)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr item, BindConst(state, *reinterpret_cast<const A_Const*>(node)));
    bool seen = std::any_of(samples.begin(), samples.end(), [&](const ExprPtr& sample) {
      return sample->type.oid == item->type.oid;
    });
    if (!seen) samples.push_back(std::move(item));
  }
  OMEN_ASSIGN_OR_RETURN(Oid common, CommonType(Representatives(*left, samples), "IN"));
  OMEN_ASSIGN_OR_RETURN(const functions::Operator* op,
                        NeedOperator(negated ? "<>" : "=", left->type.oid, common, location));
  ArrayData array;
  array.element = op->right;
  array.elements.reserve(static_cast<size_t>(Items<>(nodes).size()));
  for (const Node* node : Items<>(nodes)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr item, BindConst(state, *reinterpret_cast<const A_Const*>(node)));
    OMEN_ASSIGN_OR_RETURN(item, CoerceToCommon(state, std::move(item), common, "IN"));
    OMEN_ASSIGN_OR_RETURN(item, CoerceArgument(state, std::move(item), op->right));
    if (item->kind != ExprKind::kConst) return NotSupported("this long IN list").At(location);
    array.elements.push_back(std::move(item->value));
  }
  auto expr =
      std::make_unique<Expr>(negated ? ExprKind::kAll : ExprKind::kAny, Type{oid::kBool}, location);
  expr->op = op;
  expr->function = op->function;
  OMEN_ASSIGN_OR_RETURN(left, CoerceArgument(state, std::move(left), op->left));
  expr->args.push_back(std::move(left));
  expr->args.push_back(MakeConst({ArrayOver(op->right)}, Value::Array(std::move(array)), location));
  return expr;
}

}  // namespace

ExprResult MembershipBinder::BindIn(const A_Expr& node) {
  bool negated = std::string_view(Text(Items<>(node.name).back())) == "<>";
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, exprs_.Bind(node.lexpr));
  const List* nodes = reinterpret_cast<const List*>(node.rexpr);
  if (binding_.as_written()) return BindAsWritten(nodes, std::move(left), negated, node.location);
  if (Items<>(nodes).size() > kLongList && AllConstants(nodes) && left->kind != ExprKind::kRow) {
    return BindLongIn(binding_.state(), nodes, std::move(left), negated, node.location);
  }
  std::vector<ExprPtr> plain, alternatives;
  for (const Node* item : Items<>(nodes)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr bound, exprs_.Bind(item));
    if (left->kind != ExprKind::kRow && !HasColumn(*bound)) {
      plain.push_back(std::move(bound));
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(ExprPtr test, CompareItem(binding_.state(), negated ? "<>" : "=", *left,
                                                    std::move(bound), node.location));
    alternatives.push_back(std::move(test));
  }
  if (!plain.empty()) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr list,
                          InList(binding_.state(), negated ? "<>" : "=", std::move(left),
                                 std::move(plain), negated, node.location));
    alternatives.insert(alternatives.begin(), std::move(list));
  }
  return Combine(negated ? ExprKind::kAnd : ExprKind::kOr, std::move(alternatives), node.location);
}

ExprResult MembershipBinder::BindAsWritten(const List* nodes, ExprPtr left, bool negated,
                                           int location) {
  const std::string_view name = negated ? "<>" : "=";
  std::vector<ExprPtr> items;
  std::vector<const Expr*> kinds{left.get()};
  for (const Node* item : Items<>(nodes)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr bound, exprs_.Bind(item));
    if (!HasColumn(*bound)) kinds.push_back(bound.get());
    items.push_back(std::move(bound));
  }
  Oid common = oid::kInvalid;
  if (kinds.size() > 2 && left->kind != ExprKind::kRow) {
    OMEN_ASSIGN_OR_RETURN(common, CommonType(kinds, ""));
  }
  // Two values that are no columns make an array; what is left is compared on its own.
  ExprPtr result;
  if (const Oid array_type = ArrayOver(common); array_type != 0) {
    auto array = std::make_unique<Expr>(ExprKind::kArray, Type{array_type}, location);
    for (ExprPtr& item : items) {
      if (HasColumn(*item)) continue;
      OMEN_ASSIGN_OR_RETURN(item, CoerceToCommon(binding_.state(), std::move(item), common, "IN"));
      array->args.push_back(std::move(item));
    }
    std::erase(items, nullptr);
    OMEN_ASSIGN_OR_RETURN(result,
                          OverArray(binding_.state(), name, CopyExpr(binding_.state(), *left),
                                    std::move(array), negated, location));
  }
  for (ExprPtr& item : items) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr test,
                          CompareItem(binding_.state(), name, *left, std::move(item), location));
    std::vector<ExprPtr> parts;
    if (result) parts.push_back(std::move(result));
    parts.push_back(std::move(test));
    result = Combine(negated ? ExprKind::kAnd : ExprKind::kOr, std::move(parts), location);
  }
  return result;
}

}  // namespace omen::sql
