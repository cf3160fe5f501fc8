// Expressions: dispatch by node, and the kinds that are neither names, operators,
// calls nor subqueries.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "sql/query/binder.h"
#include "sql/typing/rewrite.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

std::string_view BooleanTestName(BoolTestType type) {
  switch (type) {
    case IS_TRUE:
      return "IS TRUE";
    case IS_NOT_TRUE:
      return "IS NOT TRUE";
    case IS_FALSE:
      return "IS FALSE";
    case IS_NOT_FALSE:
      return "IS NOT FALSE";
    case IS_UNKNOWN:
      return "IS UNKNOWN";
    case IS_NOT_UNKNOWN:
      return "IS NOT UNKNOWN";
  }
  return "";
}

ExprKind BooleanTestKind(BoolTestType type) {
  switch (type) {
    case IS_TRUE:
      return ExprKind::kIsTrue;
    case IS_NOT_TRUE:
      return ExprKind::kIsNotTrue;
    case IS_FALSE:
      return ExprKind::kIsFalse;
    case IS_NOT_FALSE:
      return ExprKind::kIsNotFalse;
    case IS_UNKNOWN:
      return ExprKind::kIsUnknown;
    default:
      return ExprKind::kIsNotUnknown;
  }
}

/// An integer literal too large for int4: int8 if it fits, else numeric.
ExprResult BigNumber(BindState* state, const char* text, int location) {
  std::string_view digits(text);
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc() && end == digits.data() + digits.size()) {
    return MakeConst({oid::kInt8}, Value::Int(value), location);
  }
  return LiteralAs(state, digits, {oid::kNumeric}, false, location);
}

int64_t CountNodes(const Expr& expr) {
  int64_t count = 1;
  for (const ExprPtr& arg : expr.args) count += CountNodes(*arg);
  return count;
}

/// Whether such a set would be made is not known before each row: PostgreSQL refuses it.
ExprResult WithoutSets(ExprResult bound, std::string_view construct) {
  if (!bound.ok()) return bound;
  int location = -1;
  bool found = false;
  VisitNodes(*bound, [&](ExprPtr& node, int depth) {
    const bool set = node->kind == ExprKind::kFunction && node->function->returns_set;
    if (depth == 0 && set && !std::exchange(found, true)) location = node->location;
  });
  if (!found) return bound;
  return Status(sqlstate::kFeatureNotSupported,
                fmt::format("set-returning functions are not allowed in {}", construct))
      .Hint("You might be able to move the set-returning function into a LATERAL FROM item.")
      .At(location);
}

}  // namespace

std::string_view ClauseName(Clause clause) {
  switch (clause) {
    case Clause::kWhere:
      return "WHERE";
    case Clause::kHaving:
      return "HAVING";
    case Clause::kGroupBy:
      return "GROUP BY";
    case Clause::kOrderBy:
      return "ORDER BY";
    case Clause::kDistinctOn:
      return "DISTINCT ON";
    case Clause::kJoinOn:
      return "JOIN conditions";
    case Clause::kFromFunction:
      return "functions in FROM";
    case Clause::kLimit:
      return "LIMIT";
    case Clause::kOffset:
      return "OFFSET";
    case Clause::kReturning:
      return "RETURNING";
    case Clause::kValues:
    case Clause::kInsertValues:
      return "VALUES";
    case Clause::kUpdateSource:
      return "UPDATE";
    case Clause::kColumnDefault:
      return "DEFAULT expressions";
    case Clause::kCheck:
      return "check constraints";
    case Clause::kAlterUsing:
      return "transform expressions";
    case Clause::kWindowPartition:
    case Clause::kWindowOrder:
      return "window definitions";
    case Clause::kWindowFrame:
      return "window frame";
    case Clause::kFilter:
      return "FILTER";
    case Clause::kExecute:
      return "EXECUTE parameters";
    case Clause::kTarget:
      return "SELECT";
    case Clause::kNone:
      return "this context";
  }
  return "";
}

ExprResult Binder::BindExpr(const Node* node, Clause clause) {
  Clause outer = scope_->clause;
  scope_->clause = clause;
  auto result = Bind(node);
  scope_->clause = outer;
  return result;
}

ExprResult Binder::BindBool(const Node* node, Clause clause) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, BindExpr(node, clause));
  std::string_view construct = clause == Clause::kJoinOn ? "JOIN/ON" : ClauseName(clause);
  return CoerceToBool(state_, std::move(expr), construct);
}

ExprResult Binder::Bind(const Node* node) {
  DepthGuard guard(state_);
  OMEN_RETURN_IF_ERROR(guard.Check(-1));
  if (++state_->nodes > state_->node_budget) {
    return Status(sqlstate::kTooComplex, "statement is too complex");
  }
  return BindNode(node);
}

ExprResult Binder::BindNode(const Node* node) {
  switch (nodeTag(node)) {
    case T_ColumnRef:
      return BindColumnRef(As<ColumnRef>(node));
    case T_A_Const:
      return BindConst(As<A_Const>(node));
    case T_ParamRef:
      return BindParam(As<ParamRef>(node));
    case T_A_Expr:
      return BindAExpr(As<A_Expr>(node));
    case T_BoolExpr:
      return BindBoolExpr(As<BoolExpr>(node));
    case T_FuncCall:
      return BindCall(As<FuncCall>(node));
    case T_TypeCast:
      return BindTypeCast(As<TypeCast>(node));
    case T_SubLink:
      return BindSubLink(As<SubLink>(node));
    case T_CaseExpr:
      return WithoutSets(BindCase(As<CaseExpr>(node)), "CASE");
    case T_NullTest:
      return BindNullTest(As<NullTest>(node));
    case T_BooleanTest:
      return BindBooleanTest(As<BooleanTest>(node));
    case T_CoalesceExpr:
      return WithoutSets(BindCoalesce(As<CoalesceExpr>(node).args, As<CoalesceExpr>(node).location),
                         "COALESCE");
    case T_MinMaxExpr:
      return BindMinMax(As<MinMaxExpr>(node));
    case T_SQLValueFunction:
      return BindValueFunction(As<SQLValueFunction>(node));
    case T_A_ArrayExpr:
      return BindArray(As<A_ArrayExpr>(node), {});
    case T_RowExpr:
      return BindRow(As<RowExpr>(node));
    case T_A_Indirection:
      return BindIndirection(As<A_Indirection>(node));
    case T_CollateClause:
      return BindCollate(As<CollateClause>(node));
    case T_GroupingFunc:
      return BindGrouping(As<GroupingFunc>(node));
    case T_SetToDefault:
      return Status(sqlstate::kSyntaxError, "DEFAULT is not allowed in this context")
          .At(As<SetToDefault>(node).location);
    case T_MultiAssignRef:
      return MultiAssign(As<MultiAssignRef>(node));
    case T_NamedArgExpr:
      return NotSupported("named argument notation").At(As<NamedArgExpr>(node).location);
    case T_CurrentOfExpr:
      return NotSupported("WHERE CURRENT OF");
    case T_XmlExpr:
    case T_XmlSerialize:
      return NotSupported("type xml");
    default:
      return NotSupported(
          fmt::format("this kind of expression ({})", static_cast<int>(nodeTag(node))));
  }
}

ExprPtr Binder::Copy(const Expr& expr) {
  state_->nodes += CountNodes(expr);
  return CloneExpr(expr);
}

Result<std::vector<ExprPtr>> Binder::BindList(const List* nodes) {
  std::vector<ExprPtr> exprs;
  exprs.reserve(static_cast<size_t>(Items<>(nodes).size()));
  for (const Node* node : Items<>(nodes)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr expr, Bind(node));
    exprs.push_back(std::move(expr));
  }
  return exprs;
}

ExprResult Binder::BindConst(const A_Const& node) {
  if (node.isnull) return MakeConst({oid::kUnknown}, Value::Null(), node.location);
  switch (nodeTag(&node.val)) {
    case T_Integer:
      return MakeConst({oid::kInt4}, Value::Int(node.val.ival.ival), node.location);
    case T_Float:
      return BigNumber(state_, node.val.fval.fval, node.location);
    case T_Boolean:
      return MakeConst({oid::kBool}, Value::Bool(node.val.boolval.boolval), node.location);
    case T_String:
      return MakeConst({oid::kUnknown}, Value::Text(node.val.sval.sval), node.location);
    default:
      return NotSupported("type bit").At(node.location);
  }
}

ExprResult Binder::BindParam(const ParamRef& node) {
  constexpr int kMaxParams = 65535;
  if (node.number <= 0 || node.number > kMaxParams || !state_->context.has_params) {
    return Status(sqlstate::kUndefinedParameter,
                  fmt::format("there is no parameter ${}", node.number))
        .At(node.location);
  }
  size_t index = static_cast<size_t>(node.number) - 1;
  if (index >= state_->params.size()) state_->params.resize(index + 1);
  Type& known = state_->params[index];
  if (known.oid == oid::kInvalid) known.oid = oid::kUnknown;
  auto expr = std::make_unique<Expr>(ExprKind::kParam, known, node.location);
  expr->param_index = static_cast<int>(index);
  return expr;
}

ExprResult Binder::ExplicitCast(ExprPtr expr, Type target, int location) {
  Oid from = expr->type.oid;
  int at = location >= 0 ? location : LocationOf(*expr);
  OMEN_ASSIGN_OR_RETURN(ExprPtr cast,
                        Coerce(state_, std::move(expr), target, CastContext::kExplicit));
  if (cast) return cast;
  return Status(sqlstate::kCannotCoerce,
                fmt::format("cannot cast type {} to {}", NameOf(from), NameOf(target.oid)))
      .At(at);
}

ExprResult Binder::BindTypeCast(const TypeCast& node) {
  OMEN_ASSIGN_OR_RETURN(Type target, ResolveType(*node.typeName));
  ExprPtr expr;
  if (const auto* array = NodeAs<A_ArrayExpr>(node.arg, T_A_ArrayExpr);
      array != nullptr && ElementOf(target.oid) != 0) {
    OMEN_ASSIGN_OR_RETURN(expr, BindArray(*array, target));
  } else {
    OMEN_ASSIGN_OR_RETURN(expr, Bind(node.arg));
  }
  int location = node.location >= 0 ? node.location : node.typeName->location;
  return ExplicitCast(std::move(expr), target, location);
}

ExprResult Binder::BindCollate(const CollateClause& node) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, Bind(node.arg));
  std::string_view name = Text(Items<>(node.collname).back());
  if (name != "C" && name != "default" && name != "POSIX" && name != "ucs_basic") {
    return NotSupported(fmt::format("collation \"{}\"", name)).At(node.location);
  }
  OMEN_ASSIGN_OR_RETURN(expr, ResolveUnknown(state_, std::move(expr)));
  if (CategoryOf(expr->type.oid) != TypeCategory::kString) {
    return Status(sqlstate::kDatatypeMismatch,
                  fmt::format("collations are not supported by type {}", NameOf(expr->type.oid)))
        .At(node.location);
  }
  if (!state_->as_written()) return expr;
  auto collated = std::make_unique<Expr>(ExprKind::kCast, expr->type, node.location);
  collated->args.push_back(std::move(expr));
  return KeepWriting(std::move(collated), Wording::Form::kCollate, name);
}

ExprResult Binder::BindBoolExpr(const BoolExpr& node) {
  ExprKind kind = node.boolop == AND_EXPR  ? ExprKind::kAnd
                  : node.boolop == OR_EXPR ? ExprKind::kOr
                                           : ExprKind::kNot;
  std::string_view name = node.boolop == AND_EXPR ? "AND" : node.boolop == OR_EXPR ? "OR" : "NOT";
  auto expr = std::make_unique<Expr>(kind, Type{oid::kBool}, node.location);
  expr->args.reserve(static_cast<size_t>(Items<>(node.args).size()));
  for (const Node* arg : Items<>(node.args)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr operand, Bind(arg));
    OMEN_ASSIGN_OR_RETURN(operand, CoerceToBool(state_, std::move(operand), name));
    expr->args.push_back(std::move(operand));
  }
  return expr;
}

ExprResult Binder::BindNullTest(const NullTest& node) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr arg, Bind(reinterpret_cast<const Node*>(node.arg)));
  bool is_null = node.nulltesttype == IS_NULL;
  auto make = [&](ExprPtr operand) {
    auto test = std::make_unique<Expr>(is_null ? ExprKind::kIsNull : ExprKind::kIsNotNull,
                                       Type{oid::kBool}, node.location);
    test->args.push_back(std::move(operand));
    return test;
  };
  if (arg->kind != ExprKind::kRow) return make(std::move(arg));
  OMEN_RETURN_IF_ERROR(state_->CannotWrite("the text of IS NULL of a row"));
  auto all = std::make_unique<Expr>(ExprKind::kAnd, Type{oid::kBool}, node.location);
  for (ExprPtr& field : arg->args) all->args.push_back(make(std::move(field)));
  if (all->args.size() == 1) return std::move(all->args[0]);
  return all;
}

ExprResult Binder::BindBooleanTest(const BooleanTest& node) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr arg, Bind(reinterpret_cast<const Node*>(node.arg)));
  OMEN_ASSIGN_OR_RETURN(arg,
                        CoerceToBool(state_, std::move(arg), BooleanTestName(node.booltesttype)));
  auto test =
      std::make_unique<Expr>(BooleanTestKind(node.booltesttype), Type{oid::kBool}, node.location);
  test->args.push_back(std::move(arg));
  return test;
}

Status Binder::Unify(std::vector<ExprPtr>* exprs, std::string_view construct, Type* type) {
  std::vector<const Expr*> views;
  for (const ExprPtr& expr : *exprs) views.push_back(expr.get());
  OMEN_ASSIGN_OR_RETURN(Oid common, CommonType(views, construct));
  for (ExprPtr& expr : *exprs) {
    OMEN_ASSIGN_OR_RETURN(expr, CoerceToCommon(state_, std::move(expr), common, construct));
  }
  views.clear();
  for (const ExprPtr& expr : *exprs) views.push_back(expr.get());
  *type = {common, CommonTypmod(views, common)};
  if (type->typmod < 0) {
    for (ExprPtr& expr : *exprs) expr = WithBlanks(state_, std::move(expr));
  }
  return Status::Ok();
}

ExprResult Binder::BindCase(const CaseExpr& node) {
  ExprPtr subject;
  if (node.arg != nullptr) {
    OMEN_ASSIGN_OR_RETURN(subject, Bind(reinterpret_cast<const Node*>(node.arg)));
    OMEN_ASSIGN_OR_RETURN(subject, ResolveUnknown(state_, std::move(subject)));
  }
  std::vector<ExprPtr> conditions, results;
  for (const CaseWhen* when : Items<CaseWhen>(node.args)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr condition, Bind(reinterpret_cast<const Node*>(when->expr)));
    if (subject) {
      OMEN_ASSIGN_OR_RETURN(condition,
                            Operate("=", Copy(*subject), std::move(condition), when->location));
    }
    OMEN_ASSIGN_OR_RETURN(condition, CoerceToBool(state_, std::move(condition), "CASE/WHEN"));
    conditions.push_back(std::move(condition));
    OMEN_ASSIGN_OR_RETURN(ExprPtr result, Bind(reinterpret_cast<const Node*>(when->result)));
    results.push_back(std::move(result));
  }
  // PostgreSQL looks at ELSE first when it chooses the type.
  ExprPtr otherwise = MakeConst({oid::kUnknown}, Value::Null(), node.location);
  if (node.defresult != nullptr) {
    OMEN_ASSIGN_OR_RETURN(otherwise, Bind(reinterpret_cast<const Node*>(node.defresult)));
  }
  results.insert(results.begin(), std::move(otherwise));
  auto expr = std::make_unique<Expr>(ExprKind::kCase, Type{}, node.location);
  OMEN_RETURN_IF_ERROR(Unify(&results, "CASE", &expr->type));
  for (size_t i = 0; i < conditions.size(); ++i) {
    expr->args.push_back(std::move(conditions[i]));
    expr->args.push_back(std::move(results[i + 1]));
  }
  if (node.defresult != nullptr) {
    expr->args.push_back(std::move(results[0]));
    expr->has_else = true;
  }
  if (subject) return KeepWriting(std::move(expr), Wording::Form::kSimpleCase);
  return expr;
}

ExprResult Binder::BindCoalesce(const List* args, int location) {
  auto expr = std::make_unique<Expr>(ExprKind::kCoalesce, Type{}, location);
  OMEN_ASSIGN_OR_RETURN(expr->args, BindList(args));
  OMEN_RETURN_IF_ERROR(Unify(&expr->args, "COALESCE", &expr->type));
  return expr;
}

ExprResult Binder::BindMinMax(const MinMaxExpr& node) {
  bool greatest = node.op == IS_GREATEST;
  auto expr = std::make_unique<Expr>(greatest ? ExprKind::kGreatest : ExprKind::kLeast, Type{},
                                     node.location);
  OMEN_ASSIGN_OR_RETURN(expr->args, BindList(node.args));
  OMEN_RETURN_IF_ERROR(Unify(&expr->args, greatest ? "GREATEST" : "LEAST", &expr->type));
  return expr;
}

ExprResult Binder::BindArray(const A_ArrayExpr& node, Type target) {
  std::vector<ExprPtr> elements;
  for (const Node* element : Items<>(node.elements)) {
    if (NodeAs<A_ArrayExpr>(element, T_A_ArrayExpr) != nullptr) {
      return NotSupported("arrays of more than one dimension").At(node.location);
    }
    OMEN_ASSIGN_OR_RETURN(ExprPtr bound, Bind(element));
    if (ElementOf(bound->type.oid) != 0 && target.oid == 0) {
      return NotSupported("arrays of more than one dimension").At(node.location);
    }
    elements.push_back(std::move(bound));
  }
  auto array = std::make_unique<Expr>(ExprKind::kArray, target, node.location);
  if (target.oid != 0) {
    for (ExprPtr& element : elements) {
      OMEN_ASSIGN_OR_RETURN(
          element, ExplicitCast(std::move(element), {ElementOf(target.oid), target.typmod}, -1));
    }
  } else {
    if (elements.empty()) {
      return Status(sqlstate::kIndeterminateDatatype, "cannot determine type of empty array")
          .Hint("Explicitly cast to the desired type, for example ARRAY[]::integer[].")
          .At(node.location);
    }
    Type element;
    OMEN_RETURN_IF_ERROR(Unify(&elements, "ARRAY", &element));
    array->type = {ArrayOver(element.oid), element.typmod};
    if (array->type.oid == 0) {
      return Status(sqlstate::kUndefinedObject,
                    fmt::format("could not find array type for data type {}", NameOf(element.oid)))
          .At(node.location);
    }
  }
  const bool to_vector = target.oid == oid::kOidVector || target.oid == oid::kInt2Vector;
  const auto is_null = [](const ExprPtr& element) {
    return element->kind == ExprKind::kConst && element->value.is_null();
  };
  if (to_vector && (elements.empty() || std::ranges::any_of(elements, is_null))) {
    return Status(sqlstate::kDatatypeMismatch,
                  fmt::format("array is not a valid {}", NameOf(target.oid)))
        .At(node.location);
  }
  array->args = std::move(elements);
  return Fold(state_, std::move(array));
}

ExprResult Binder::BindRow(const RowExpr& node) {
  auto row = std::make_unique<Expr>(ExprKind::kRow, Type{oid::kRecord}, node.location);
  OMEN_ASSIGN_OR_RETURN(row->args, BindFields(node.args));
  return row;
}

Result<std::vector<ExprPtr>> Binder::BindFields(const List* nodes) {
  std::vector<ExprPtr> fields;
  for (const Node* node : Items<>(nodes)) {
    if (!IsStar(node)) {
      OMEN_ASSIGN_OR_RETURN(ExprPtr field, Bind(node));
      fields.push_back(std::move(field));
      continue;
    }
    std::vector<TargetEntry> columns;
    OMEN_RETURN_IF_ERROR(BindStar(As<ColumnRef>(node), &columns));
    for (TargetEntry& column : columns) fields.push_back(std::move(column.expr));
  }
  return fields;
}

ExprResult Binder::BindIndirection(const A_Indirection& node) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, Bind(node.arg));
  // a[1:2][1] is one subscript of two dimensions, not an element of a slice.
  if (Items<>(node.indirection).size() > 1) {
    return NotSupported("a subscript of more than one dimension").At(LocationOf(*expr));
  }
  for (const Node* step : Items<>(node.indirection)) {
    if (NodeAs<A_Indices>(step, T_A_Indices) == nullptr) {
      std::string_view field = NodeAs<::String>(step, T_String) ? Text(step) : "*";
      if (expr->type.oid == oid::kRecord) return NotSupported("selecting a field of a row");
      return Status(sqlstate::kWrongObjectType,
                    fmt::format(
                        "column notation .{} applied to type {}, which is not a composite type",
                        field, NameOf(expr->type.oid)))
          .At(LocationOf(*expr));
    }
    OMEN_ASSIGN_OR_RETURN(expr, BindSubscript(std::move(expr), step));
  }
  return expr;
}

ExprResult Binder::BindSubscript(ExprPtr base, const Node* node) {
  const auto& indices = As<A_Indices>(node);
  Oid element = ElementOf(base->type.oid);
  if (element == 0) {
    if (base->type.oid == oid::kJsonb) return NotSupported("subscripting of jsonb");
    return Status(sqlstate::kDatatypeMismatch,
                  fmt::format("cannot subscript type {} because it does not support subscripting",
                              NameOf(base->type.oid)))
        .At(base->location);
  }
  int location = base->location;
  bool slice = indices.is_slice;
  auto expr =
      std::make_unique<Expr>(slice ? ExprKind::kSlice : ExprKind::kSubscript,
                             Type{slice ? base->type.oid : element, base->type.typmod}, location);
  expr->args.push_back(std::move(base));
  auto add = [&](const Node* bound) -> Status {
    if (bound == nullptr) {
      expr->args.push_back(MakeConst({oid::kVoid}, Value::Null()));
      return Status::Ok();
    }
    OMEN_ASSIGN_OR_RETURN(ExprPtr index, Bind(bound));
    Oid from = index->type.oid;
    int at = index->location;
    OMEN_ASSIGN_OR_RETURN(index,
                          Coerce(state_, std::move(index), {oid::kInt4}, CastContext::kAssignment));
    if (!index) {
      return Status(sqlstate::kDatatypeMismatch,
                    fmt::format("array subscript must have type integer, not {}", NameOf(from)))
          .At(at);
    }
    expr->args.push_back(std::move(index));
    return Status::Ok();
  };
  if (slice) OMEN_RETURN_IF_ERROR(add(indices.lidx));
  OMEN_RETURN_IF_ERROR(add(indices.uidx));
  return expr;
}

ExprResult Binder::BindGrouping(const GroupingFunc& node) {
  auto expr = std::make_unique<Expr>(ExprKind::kGrouping, Type{oid::kInt4}, node.location);
  if (Items<>(node.args).size() > 31) {
    return Status(SqlState("54023"), "GROUPING must have fewer than 32 arguments")
        .At(node.location);
  }
  OMEN_RETURN_IF_ERROR(CheckAggregatePlace(*expr, node.location));
  OMEN_ASSIGN_OR_RETURN(expr->args, BindList(node.args));
  const bool outer = std::ranges::any_of(expr->args, [](const ExprPtr& arg) {
    return arg->kind == ExprKind::kColumn && arg->levels_up > 0;
  });
  if (outer) return NotSupported("GROUPING over an outer query's columns").At(node.location);
  scope_->has_aggregates = true;
  return expr;
}

}  // namespace omen::sql
