// Operators, row comparisons, IN, ANY/ALL over arrays and BETWEEN.

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/query/binder.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// IN lists of constants longer than this become one array constant.
constexpr int kLongList = 1000;

ExprPtr Combine(ExprKind kind, std::vector<ExprPtr> parts, int location) {
  if (parts.size() == 1) return std::move(parts[0]);
  auto expr = std::make_unique<Expr>(kind, Type{oid::kBool}, location);
  expr->args = std::move(parts);
  return expr;
}

ExprPtr Negate(ExprPtr expr) {
  auto negation = std::make_unique<Expr>(ExprKind::kNot, Type{oid::kBool}, expr->location);
  negation->args.push_back(std::move(expr));
  return negation;
}

bool IsNullLiteral(const Expr& expr) {
  return expr.kind == ExprKind::kConst && IsUnknown(expr) && expr.value.is_null();
}

bool HasColumn(const Expr& expr) {
  if (expr.kind == ExprKind::kColumn || expr.subquery) return true;
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [](const ExprPtr& arg) { return HasColumn(*arg); });
}

Status UnequalRows(int location) {
  return Status(sqlstate::kSyntaxError, "unequal number of entries in row expressions")
      .At(location);
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

}  // namespace

Result<bool> Binder::OperatorName(const A_Expr& node, std::string* name) {
  Items<> parts(node.name);
  *name = Text(parts.back());
  if (parts.size() > 1 && std::string_view(Text(parts[parts.size() - 2])) != "pg_catalog") {
    return Status(sqlstate::kInvalidSchemaName,
                  fmt::format("schema \"{}\" does not exist", Text(parts[parts.size() - 2])))
        .At(node.location);
  }
  return true;
}

ExprResult Binder::BindAExpr(const A_Expr& node) {
  switch (node.kind) {
    case AEXPR_OP:
    case AEXPR_LIKE:
    case AEXPR_ILIKE:
    case AEXPR_SIMILAR:
      return BindOperator(node);
    case AEXPR_OP_ANY:
      return BindArrayOperator(node, false);
    case AEXPR_OP_ALL:
      return BindArrayOperator(node, true);
    case AEXPR_DISTINCT:
      return BindDistinct(node, false);
    case AEXPR_NOT_DISTINCT:
      return BindDistinct(node, true);
    case AEXPR_NULLIF:
      return BindNullIf(node);
    case AEXPR_IN:
      return BindIn(node);
    default:
      return BindBetween(node);
  }
}

ExprResult Binder::Operate(std::string_view name, ExprPtr left, ExprPtr right, int location) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr call,
                        OperatorCall(name, std::move(left), std::move(right), location));
  return Fold(state_, std::move(call));
}

ExprResult Binder::OperatorCall(std::string_view name, ExprPtr left, ExprPtr right, int location) {
  Oid left_type = left ? left->type.oid : 0;
  OMEN_ASSIGN_OR_RETURN(const functions::Operator* op,
                        NeedOperator(name, left_type, right->type.oid, location));
  std::vector<Oid> actual, declared;
  if (left) {
    actual.push_back(left_type);
    declared.push_back(op->left);
  }
  actual.push_back(right->type.oid);
  declared.push_back(op->right);
  OMEN_ASSIGN_OR_RETURN(Oid result, ResolvePolymorphic(actual, &declared, op->function->result));
  auto expr = std::make_unique<Expr>(ExprKind::kFunction, Type{result}, location);
  expr->function = op->function;
  expr->op = op;
  if (IsPolymorphic(op->function->result)) {
    if (left) left = WithBlanks(state_, std::move(left));
    right = WithBlanks(state_, std::move(right));
  }
  if (left) {
    OMEN_ASSIGN_OR_RETURN(left, CoerceArgument(state_, std::move(left), declared[0]));
    expr->args.push_back(std::move(left));
  }
  OMEN_ASSIGN_OR_RETURN(right, CoerceArgument(state_, std::move(right), declared.back()));
  expr->args.push_back(std::move(right));
  return expr;
}

ExprResult Binder::BindOperator(const A_Expr& node) {
  std::string name;
  OMEN_ASSIGN_OR_RETURN([[maybe_unused]] bool ok, OperatorName(node, &name));
  ExprPtr left;
  if (node.lexpr != nullptr) {
    const auto* sub = NodeAs<SubLink>(node.rexpr, T_SubLink);
    if (NodeAs<RowExpr>(node.lexpr, T_RowExpr) && sub && sub->subLinkType == EXPR_SUBLINK) {
      return BindRowWithRow(node, name, *sub);
    }
    OMEN_ASSIGN_OR_RETURN(left, Bind(node.lexpr));
  }
  OMEN_ASSIGN_OR_RETURN(ExprPtr right, Bind(node.rexpr));
  if (left && left->kind == ExprKind::kRow && right->kind == ExprKind::kRow) {
    return RowComparison(name, std::move(left->args), std::move(right->args), node.location);
  }
  return Operate(name, std::move(left), std::move(right), node.location);
}

Status Binder::UnknownRowOperator(std::string_view name) {
  return Status(
             sqlstate::kFeatureNotSupported,
             fmt::format("could not determine interpretation of row comparison operator {}", name))
      .Hint("Row comparison operators must be associated with btree operator families.");
}

ExprResult Binder::BindRowWithRow(const A_Expr& node, std::string name, const SubLink& sub) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, Bind(node.lexpr));
  OMEN_ASSIGN_OR_RETURN(QueryPtr query, SubQuery(sub.subselect));
  return CompareWithRows(std::move(left->args), std::move(name), Quantifier::kOne, std::move(query),
                         node.location);
}

ExprResult Binder::RowComparison(std::string_view name, std::vector<ExprPtr> left,
                                 std::vector<ExprPtr> right, int location) {
  if (left.size() != right.size()) return UnequalRows(location);
  if (left.empty()) {
    return Status(sqlstate::kFeatureNotSupported, "cannot compare rows of zero length")
        .At(location);
  }
  if (name == "<" || name == "<=" || name == ">" || name == ">=") {
    OMEN_RETURN_IF_ERROR(state_->CannotWrite("the text of a row comparison"));
    return RowOrder(name, std::move(left), std::move(right), location);
  }
  if (name != "=" && name != "<>") {
    return UnknownRowOperator(name).At(location);
  }
  std::vector<ExprPtr> parts;
  for (size_t i = 0; i < left.size(); ++i) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr part,
                          Operate(name, std::move(left[i]), std::move(right[i]), location));
    parts.push_back(std::move(part));
  }
  return Combine(name == "=" ? ExprKind::kAnd : ExprKind::kOr, std::move(parts), location);
}

/// (a, b) < (c, d) as a < c OR (a = c AND b < d), from the last column backwards.
ExprResult Binder::RowOrder(std::string_view name, std::vector<ExprPtr> left,
                            std::vector<ExprPtr> right, int location) {
  std::string strict(name.substr(0, 1));
  size_t last = left.size() - 1;
  OMEN_ASSIGN_OR_RETURN(ExprPtr result,
                        Operate(name, std::move(left[last]), std::move(right[last]), location));
  for (size_t i = last; i-- > 0;) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr before,
                          Operate(strict, Copy(*left[i]), Copy(*right[i]), location));
    OMEN_ASSIGN_OR_RETURN(ExprPtr equal,
                          Operate("=", std::move(left[i]), std::move(right[i]), location));
    std::vector<ExprPtr> tie, either;
    tie.push_back(std::move(equal));
    tie.push_back(std::move(result));
    either.push_back(std::move(before));
    either.push_back(Combine(ExprKind::kAnd, std::move(tie), location));
    result = Combine(ExprKind::kOr, std::move(either), location);
  }
  return result;
}

ExprResult Binder::BindArrayOperator(const A_Expr& node, bool all) {
  std::string name;
  OMEN_ASSIGN_OR_RETURN([[maybe_unused]] bool ok, OperatorName(node, &name));
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, Bind(node.lexpr));
  OMEN_ASSIGN_OR_RETURN(ExprPtr array, Bind(node.rexpr));
  return OverArray(name, std::move(left), std::move(array), all, node.location);
}

ExprResult Binder::OverArray(std::string_view name, ExprPtr left, ExprPtr array, bool all,
                             int location) {
  Oid element = oid::kUnknown;
  if (!IsUnknown(*array)) {
    element = ElementOf(array->type.oid);
    if (element == 0) {
      return Status(sqlstate::kWrongObjectType, "op ANY/ALL (array) requires array on right side")
          .At(location);
    }
  }
  OMEN_ASSIGN_OR_RETURN(const functions::Operator* op,
                        NeedOperator(name, left->type.oid, element, location));
  if (op->function->result != oid::kBool) {
    return Status(sqlstate::kWrongObjectType,
                  "op ANY/ALL (array) requires operator to yield boolean")
        .At(location);
  }
  if (IsPolymorphic(op->right) || IsPolymorphic(op->left)) {
    return NotSupported("op ANY/ALL over arrays of arrays").At(location);
  }
  Oid array_type = ArrayOver(op->right);
  if (array_type == 0) {
    return Status(sqlstate::kUndefinedObject,
                  fmt::format("could not find array type for data type {}", NameOf(op->right)))
        .At(location);
  }
  auto expr =
      std::make_unique<Expr>(all ? ExprKind::kAll : ExprKind::kAny, Type{oid::kBool}, location);
  expr->op = op;
  expr->function = op->function;
  OMEN_ASSIGN_OR_RETURN(left, CoerceArgument(state_, std::move(left), op->left));
  OMEN_ASSIGN_OR_RETURN(array, CoerceArgument(state_, std::move(array), array_type));
  expr->args.push_back(std::move(left));
  expr->args.push_back(std::move(array));
  return expr;
}

ExprResult Binder::BindDistinct(const A_Expr& node, bool negated) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, Bind(node.lexpr));
  OMEN_ASSIGN_OR_RETURN(ExprPtr right, Bind(node.rexpr));
  if (state_->as_written() && (IsNullLiteral(*left) || IsNullLiteral(*right))) {
    auto test = std::make_unique<Expr>(negated ? ExprKind::kIsNull : ExprKind::kIsNotNull,
                                       Type{oid::kBool}, node.location);
    test->args.push_back(IsNullLiteral(*right) ? std::move(left) : std::move(right));
    return test;
  }
  std::vector<ExprPtr> lefts, rights;
  if (left->kind == ExprKind::kRow && right->kind == ExprKind::kRow) {
    lefts = std::move(left->args);
    rights = std::move(right->args);
  } else {
    lefts.push_back(std::move(left));
    rights.push_back(std::move(right));
  }
  OMEN_ASSIGN_OR_RETURN(ExprPtr distinct,
                        RowDistinct(std::move(lefts), std::move(rights), node.location));
  if (!negated) return distinct;
  if (distinct->kind != ExprKind::kIsDistinct) return Negate(std::move(distinct));
  distinct->kind = ExprKind::kIsNotDistinct;
  return distinct;
}

ExprResult Binder::RowDistinct(std::vector<ExprPtr> left, std::vector<ExprPtr> right,
                               int location) {
  if (left.size() != right.size()) return UnequalRows(location);
  std::vector<ExprPtr> parts;
  if (left.size() > 1) OMEN_RETURN_IF_ERROR(state_->CannotWrite("the text of distinct rows"));
  for (size_t i = 0; i < left.size(); ++i) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr equal,
                          OperatorCall("=", std::move(left[i]), std::move(right[i]), location));
    equal->kind = ExprKind::kIsDistinct;
    equal->type = {oid::kBool};
    parts.push_back(std::move(equal));
  }
  return Combine(ExprKind::kOr, std::move(parts), location);
}

ExprResult Binder::BindNullIf(const A_Expr& node) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, Bind(node.lexpr));
  OMEN_ASSIGN_OR_RETURN(ExprPtr right, Bind(node.rexpr));
  OMEN_ASSIGN_OR_RETURN(const functions::Operator* op,
                        NeedOperator("=", left->type.oid, right->type.oid, node.location));
  std::vector<Oid> actual{left->type.oid, right->type.oid}, declared{op->left, op->right};
  OMEN_ASSIGN_OR_RETURN([[maybe_unused]] Oid result,
                        ResolvePolymorphic(actual, &declared, oid::kBool));
  OMEN_ASSIGN_OR_RETURN(left, CoerceArgument(state_, std::move(left), declared[0]));
  OMEN_ASSIGN_OR_RETURN(right, CoerceArgument(state_, std::move(right), declared[1]));
  auto expr = std::make_unique<Expr>(ExprKind::kNullIf, left->type, node.location);
  expr->op = op;
  expr->function = op->function;
  expr->args.push_back(std::move(left));
  expr->args.push_back(std::move(right));
  return expr;
}

ExprResult Binder::BindIn(const A_Expr& node) {
  bool negated = std::string_view(Text(Items<>(node.name).back())) == "<>";
  OMEN_ASSIGN_OR_RETURN(ExprPtr left, Bind(node.lexpr));
  const List* nodes = reinterpret_cast<const List*>(node.rexpr);
  if (state_->as_written()) return InAsWritten(nodes, std::move(left), negated, node.location);
  if (Items<>(nodes).size() > kLongList && AllConstants(nodes) && left->kind != ExprKind::kRow) {
    return BindLongIn(nodes, std::move(left), negated, node.location);
  }
  std::vector<ExprPtr> plain, alternatives;
  for (const Node* item : Items<>(nodes)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr bound, Bind(item));
    if (left->kind != ExprKind::kRow && !HasColumn(*bound)) {
      plain.push_back(std::move(bound));
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(
        ExprPtr test, CompareItem(negated ? "<>" : "=", *left, std::move(bound), node.location));
    alternatives.push_back(std::move(test));
  }
  if (!plain.empty()) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr list, InList(negated ? "<>" : "=", std::move(left),
                                               std::move(plain), negated, node.location));
    alternatives.insert(alternatives.begin(), std::move(list));
  }
  return Combine(negated ? ExprKind::kAnd : ExprKind::kOr, std::move(alternatives), node.location);
}

ExprResult Binder::InAsWritten(const List* nodes, ExprPtr left, bool negated, int location) {
  const std::string_view name = negated ? "<>" : "=";
  std::vector<ExprPtr> items;
  std::vector<const Expr*> kinds{left.get()};
  for (const Node* item : Items<>(nodes)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr bound, Bind(item));
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
      OMEN_ASSIGN_OR_RETURN(item, CoerceToCommon(state_, std::move(item), common, "IN"));
      array->args.push_back(std::move(item));
    }
    std::erase(items, nullptr);
    OMEN_ASSIGN_OR_RETURN(result,
                          OverArray(name, Copy(*left), std::move(array), negated, location));
  }
  for (ExprPtr& item : items) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr test, CompareItem(name, *left, std::move(item), location));
    std::vector<ExprPtr> parts;
    if (result) parts.push_back(std::move(result));
    parts.push_back(std::move(test));
    result = Combine(negated ? ExprKind::kAnd : ExprKind::kOr, std::move(parts), location);
  }
  return result;
}

/// An item of an IN list against its left side.
ExprResult Binder::CompareItem(std::string_view name, const Expr& left, ExprPtr item,
                               int location) {
  ExprPtr subject = Copy(left);
  if (left.kind == ExprKind::kRow && item->kind == ExprKind::kRow) {
    return RowComparison(name, std::move(subject->args), std::move(item->args), location);
  }
  return Operate(name, std::move(subject), std::move(item), location);
}

ExprResult Binder::InList(std::string_view name, ExprPtr left, std::vector<ExprPtr> items,
                          bool negated, int location) {
  if (items.size() == 1) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr one,
                          Operate(name, std::move(left), std::move(items[0]), location));
    one->in_list = true;
    return one;
  }
  OMEN_ASSIGN_OR_RETURN(Oid common, CommonType(Representatives(*left, items), ""));
  if (common == oid::kInvalid) {
    std::vector<ExprPtr> parts;
    for (ExprPtr& item : items) {
      OMEN_ASSIGN_OR_RETURN(ExprPtr part, Operate(name, Copy(*left), std::move(item), location));
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
  OMEN_ASSIGN_OR_RETURN(left, CoerceArgument(state_, std::move(left), op->left));
  expr->args.push_back(std::move(left));
  for (ExprPtr& item : items) {
    OMEN_ASSIGN_OR_RETURN(item, CoerceToCommon(state_, std::move(item), common, "IN"));
    OMEN_ASSIGN_OR_RETURN(item, CoerceArgument(state_, std::move(item), op->right));
    expr->args.push_back(std::move(item));
  }
  return expr;
}

ExprResult Binder::BindLongIn(const List* nodes, ExprPtr left, bool negated, int location) {
  std::vector<ExprPtr> samples;
  for (const Node* node : Items<>(nodes)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr item, BindConst(*reinterpret_cast<const A_Const*>(node)));
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
    OMEN_ASSIGN_OR_RETURN(ExprPtr item, BindConst(*reinterpret_cast<const A_Const*>(node)));
    OMEN_ASSIGN_OR_RETURN(item, CoerceToCommon(state_, std::move(item), common, "IN"));
    OMEN_ASSIGN_OR_RETURN(item, CoerceArgument(state_, std::move(item), op->right));
    if (item->kind != ExprKind::kConst) return NotSupported("this long IN list").At(location);
    array.elements.push_back(std::move(item->value));
  }
  auto expr =
      std::make_unique<Expr>(negated ? ExprKind::kAll : ExprKind::kAny, Type{oid::kBool}, location);
  expr->op = op;
  expr->function = op->function;
  OMEN_ASSIGN_OR_RETURN(left, CoerceArgument(state_, std::move(left), op->left));
  expr->args.push_back(std::move(left));
  expr->args.push_back(MakeConst({ArrayOver(op->right)}, Value::Array(std::move(array)), location));
  return expr;
}

ExprResult Binder::BindBetween(const A_Expr& node) {
  Items<> bounds(reinterpret_cast<const List*>(node.rexpr));
  bool negated = node.kind == AEXPR_NOT_BETWEEN || node.kind == AEXPR_NOT_BETWEEN_SYM;
  bool symmetric = node.kind == AEXPR_BETWEEN_SYM || node.kind == AEXPR_NOT_BETWEEN_SYM;
  auto compare = [&](const char* name, const Node* bound) -> ExprResult {
    OMEN_ASSIGN_OR_RETURN(ExprPtr left, Bind(node.lexpr));
    OMEN_ASSIGN_OR_RETURN(ExprPtr right, Bind(bound));
    if (left->kind == ExprKind::kRow && right->kind == ExprKind::kRow) {
      return RowComparison(name, std::move(left->args), std::move(right->args), node.location);
    }
    return Operate(name, std::move(left), std::move(right), node.location);
  };
  auto range = [&](const Node* low, const Node* high) -> ExprResult {
    std::vector<ExprPtr> parts;
    OMEN_ASSIGN_OR_RETURN(ExprPtr lower, compare(negated ? "<" : ">=", low));
    OMEN_ASSIGN_OR_RETURN(ExprPtr upper, compare(negated ? ">" : "<=", high));
    parts.push_back(std::move(lower));
    parts.push_back(std::move(upper));
    return Combine(negated ? ExprKind::kOr : ExprKind::kAnd, std::move(parts), node.location);
  };
  OMEN_ASSIGN_OR_RETURN(ExprPtr forward, range(bounds[0], bounds[1]));
  if (!symmetric) return forward;
  OMEN_ASSIGN_OR_RETURN(ExprPtr backward, range(bounds[1], bounds[0]));
  std::vector<ExprPtr> both;
  both.push_back(std::move(forward));
  both.push_back(std::move(backward));
  return Combine(negated ? ExprKind::kAnd : ExprKind::kOr, std::move(both), node.location);
}

}  // namespace omen::sql
