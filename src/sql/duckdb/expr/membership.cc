#include "sql/duckdb/expr/membership.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "sql/duckdb/expr/condition.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/keys.h"
#include "sql/duckdb/text/numeric.h"
#include "types/column_functions.h"
#include "types/column_type.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

namespace {

std::string_view OpName(const Expr& expr) {
  return expr.op != nullptr ? expr.op->name : std::string_view("=");
}

bool IsOrdering(std::string_view op) {
  return op == "=" || op == "<>" || op == "<" || op == "<=" || op == ">" || op == ">=";
}

/// `expr` as a call of its operator on two operands.
ExprPtr ApplyOperator(const Expr& expr, const Expr& left, const Expr& right) {
  auto call = std::make_unique<Expr>(ExprKind::kFunction, Type{oid::kBool, -1}, expr.location);
  call->op = expr.op;
  call->function = expr.op->function;
  call->args.push_back(CloneExpr(left));
  call->args.push_back(CloneExpr(right));
  return call;
}

/// Of ANY or ALL over known elements: is it IN or NOT IN?
bool IsListed(const Expr& expr) {
  return OpName(expr) == (expr.kind == ExprKind::kAny ? "=" : "<>");
}

/// Is a query over the elements printed for ANY or ALL? Not for a few that are known.
bool IsUnnested(const Expr& expr) {
  constexpr size_t kFewElements = 100;
  const Expr& array = *expr.args[1];
  if (array.kind == ExprKind::kArray) return array.args.size() > kFewElements && !IsListed(expr);
  const Value* constant = ConstantOf(array);
  if (constant == nullptr || constant->is_null()) return constant == nullptr;
  return constant->AsArray().elements.size() > kFewElements && !IsListed(expr);
}

}  // namespace

bool PrintsQuery(const Expr& expr) {
  if (IsSurelyNull(expr)) return false;
  const bool quantified = expr.kind == ExprKind::kAny || expr.kind == ExprKind::kAll;
  if (expr.subquery != nullptr || (quantified && IsUnnested(expr))) return true;
  return std::ranges::any_of(expr.args, [](const ExprPtr& arg) { return PrintsQuery(*arg); });
}

Result<Text> MembershipPrinter::PrintInList(const Expr& expr) {
  std::vector<Text> texts;
  for (const ExprPtr& arg : expr.args) {
    OMEN_ASSIGN_OR_RETURN(Text text, exprs_.PrintCompared(*arg));
    texts.push_back(std::move(text));
  }
  std::vector<const NumericForm*> forms;
  for (const Text& text : texts) forms.push_back(&text.form);
  bool numeric = texts[0].form.kind != NumericForm::Kind::kNone;
  bool by_key = numeric && !Comparable(printing_, forms);
  bool mixed_dates = expr.args[0]->type.oid == oid::kDate;
  std::vector<std::string> items;
  for (size_t i = 0; i < texts.size(); ++i) {
    std::string sql = texts[i].sql;
    if (numeric && texts[i].form.is_null()) sql = by_key ? "NULL::BLOB" : "NULL::DECIMAL(1,0)";
    if (by_key) sql = Call(names::kNumKey, {Coerce(texts[i], NumericForm::Blob())});
    if (mixed_dates && expr.args[i]->type.oid != oid::kDate) {
      return Refusal("IN lists that mix date and timestamp on columns");
    }
    items.push_back(std::move(sql));
  }
  std::string left = std::move(items[0]);
  items.erase(items.begin());
  return Text{fmt::format("({}{} ({}))", left, expr.negated ? " NOT IN" : " IN", Join(items, ", ")),
              {}};
}

Result<Text> MembershipPrinter::PrintAnyAll(const Expr& expr) {
  if (IsUnnested(expr)) return PrintUnnested(expr);
  const Expr& array = *expr.args[1];
  const bool any = expr.kind == ExprKind::kAny;
  std::vector<ExprPtr> elements;
  if (const Value* constant = ConstantOf(array); constant != nullptr) {
    if (constant->is_null()) return Text{"NULL::BOOLEAN", {}};
    const Type type{InfoOf(array.type.oid).element, array.type.typmod};
    for (const Value& element : constant->AsArray().elements) {
      elements.push_back(MakeConst(type, element));
    }
  } else {
    for (const ExprPtr& element : array.args) elements.push_back(CloneExpr(*element));
  }
  if (elements.empty()) return Text{any ? "false" : "true", {}};
  if (IsListed(expr)) {
    Expr list(ExprKind::kInList, {oid::kBool, -1}, expr.location);
    list.op = expr.op;
    list.negated = !any;
    list.args.push_back(CloneExpr(*expr.args[0]));
    for (ExprPtr& element : elements) list.args.push_back(std::move(element));
    return PrintInList(list);
  }
  Expr chain(any ? ExprKind::kOr : ExprKind::kAnd, {oid::kBool, -1}, expr.location);
  for (const ExprPtr& element : elements) {
    chain.args.push_back(ApplyOperator(expr, *expr.args[0], *element));
  }
  return ConditionPrinter(printing_).PrintBoolean(chain);
}

Result<Text> MembershipPrinter::PrintUnnested(const Expr& expr) {
  const Expr& value = *expr.args[0];
  const Expr& array = *expr.args[1];
  const Oid element = InfoOf(array.type.oid).element;
  const std::string_view op = OpName(expr);
  if (!IsOrdering(op) || element == oid::kNumeric || element != value.type.oid ||
      NeedsKey({element, -1})) {
    return Refusal("ANY or ALL over this array on columns");
  }
  OMEN_ASSIGN_OR_RETURN(std::string left, exprs_.PrintPlain(value));
  OMEN_ASSIGN_OR_RETURN(std::string list, exprs_.PrintPlain(array));
  return Text{fmt::format("CASE WHEN {1} IS NULL THEN NULL::BOOLEAN ELSE ({0} {2} {3} "
                          "(SELECT unnest({1}))) END",
                          left, list, op, expr.kind == ExprKind::kAny ? "ANY" : "ALL"),
              {}};
}

Result<Text> MembershipPrinter::PrintSubquery(const Expr& expr) {
  OMEN_ASSIGN_OR_RETURN(QueryText query, printing_.subqueries().Print(printing_, *expr.subquery));
  if (expr.kind == ExprKind::kExists) return Text{"EXISTS (" + query.sql + ")", {}};
  if (query.forms.size() != 1) return PathFault("a scalar subquery has one column");
  if (expr.kind == ExprKind::kSubquery) return Text{"(" + query.sql + ")", query.forms[0]};
  const bool numeric = InfoOf(expr.type.oid).element == oid::kNumeric;
  // A cast around the query would lose its order.
  if (numeric &&
      (!query.forms[0].is_blob() || !IsVariableNumeric({oid::kNumeric, expr.type.typmod}))) {
    return Refusal("ARRAY(SELECT numeric) on columns");
  }
  return Text{fmt::format("ARRAY({})", query.sql), {}};
}

Result<QueryText> MembershipPrinter::PrintComparedQuery(const Query& query) {
  OMEN_ASSIGN_OR_RETURN(QueryText text, printing_.subqueries().Print(printing_, query));
  std::vector<std::string> columns, items;
  const std::vector<OutputColumn> outputs = query.Outputs();
  for (size_t i = 0; i < outputs.size(); ++i) {
    columns.push_back(fmt::format("c{}", i + 1));
    if (HasNoKey(outputs[i].type)) return Refusal("comparison of this type on columns");
    items.push_back(KeyOf(outputs[i].type, columns[i]));
  }
  if (items == columns) return text;
  text.sql = fmt::format("SELECT {} FROM {}", Join(items, ", "),
                         Derived(text.sql, printing_.NewAlias('q'), columns.size()));
  return text;
}

Result<Text> MembershipPrinter::PrintInSubquery(const Expr& expr) {
  if (expr.args.size() != 1) return PrintRowInSubquery(expr);
  std::string_view op = OpName(expr);
  if (!IsOrdering(op)) return Refusal("this operator with ANY or ALL on columns");
  OMEN_ASSIGN_OR_RETURN(Text value, exprs_.PrintCompared(*expr.args[0]));
  OMEN_ASSIGN_OR_RETURN(QueryText query, PrintComparedQuery(*expr.subquery));
  std::string left = value.sql;
  if (value.form.kind != NumericForm::Kind::kNone &&
      !Comparable(printing_, {&value.form, &query.forms[0]})) {
    std::string alias = printing_.NewAlias('q');
    left = Call(names::kNumKey, {Coerce(value, NumericForm::Blob())});
    query.sql =
        fmt::format("SELECT {0}({1}.c1) FROM ({2}) AS {1}(c1)", names::kNumKey, alias, query.sql);
  } else if (value.form.is_null()) {
    left = "NULL::DECIMAL(1,0)";
  }
  const bool all = expr.quantifier == Quantifier::kAll;
  std::string middle = fmt::format(" {} {} ", op, all ? "ALL" : "ANY");
  if (op == "=" && !all) middle = " IN ";
  if (op == "<>" && all) middle = " NOT IN ";
  std::string sql = fmt::format("({}{}({}))", left, middle, query.sql);
  return Text{expr.negated ? "(NOT " + sql + ")" : sql, {}};
}

Result<Text> MembershipPrinter::PrintRowInSubquery(const Expr& expr) {
  bool is_in = OpName(expr) == "=" && expr.quantifier == Quantifier::kAny;
  bool is_not_in = OpName(expr) == "<>" && expr.quantifier == Quantifier::kAll;
  if (!is_in && !is_not_in) return Refusal("row comparison with a subquery on columns");
  std::vector<Text> values;
  for (const ExprPtr& arg : expr.args) {
    OMEN_ASSIGN_OR_RETURN(Text text, exprs_.PrintCompared(*arg));
    values.push_back(std::move(text));
  }
  OMEN_ASSIGN_OR_RETURN(QueryText query, PrintComparedQuery(*expr.subquery));
  if (values.size() != query.forms.size()) return PathFault("row sizes differ");
  std::string alias = printing_.NewAlias('q');
  std::vector<std::string> columns, equal;
  for (size_t i = 0; i < values.size(); ++i) {
    columns.push_back(fmt::format("c{}", i + 1));
    Text column{fmt::format("{}.c{}", alias, i + 1), query.forms[i]};
    equal.push_back(Compare(printing_, "=", values[i], column).sql);
  }
  // DuckDB compares structs with nulls as values; PostgreSQL's rows give null.
  std::string from =
      fmt::format("FROM ({}) AS {}({}) WHERE", query.sql, alias, Join(columns, ", "));
  std::string match = Join(equal, " AND ");
  std::string sql = fmt::format(
      "CASE WHEN EXISTS (SELECT 1 {0} {1}) THEN {2} WHEN EXISTS (SELECT 1 {0} ({1}) IS NULL) "
      "THEN NULL ELSE {3} END",
      from, match, is_in != expr.negated ? "true" : "false",
      is_in != expr.negated ? "false" : "true");
  return Text{std::move(sql), {}};
}

}  // namespace omen::sql::duckdb
