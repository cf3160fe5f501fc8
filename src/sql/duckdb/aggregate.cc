// Aggregates and windows. Sums and averages of exact types are computed from the engine's own
// sum and count; what it cannot do exactly goes to our aggregates.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/blame.h"
#include "sql/duckdb/printer.h"
#include "sql/duckdb/scopes.h"
#include "types/column_functions.h"
#include "types/column_type.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;

namespace {

/// No sum has more rows than this many digits count.
constexpr int kRowDigits = 18;
constexpr std::string_view kUnscaledDistinct =
    "DISTINCT over numeric without a fixed scale on columns";

/// A template "CAST(sum($1) AS BIGINT)" or "count($1)" taken apart, so that DISTINCT, ORDER BY,
/// FILTER and OVER can be put on the call inside.
struct CallPattern {
  std::string_view name;  // empty: not of this shape
  std::string_view cast;  // BIGINT, or empty
};

CallPattern TakeApart(std::string_view pattern) {
  CallPattern out;
  if (pattern.starts_with("CAST(")) {
    size_t as = pattern.rfind(" AS ");
    if (as == std::string_view::npos || !pattern.ends_with(")")) return {};
    out.cast = pattern.substr(as + 4, pattern.size() - as - 5);
    pattern = pattern.substr(5, as - 5);
  }
  size_t open = pattern.find('(');
  if (open == std::string_view::npos || !pattern.ends_with(")")) return {};
  std::string_view args = pattern.substr(open + 1, pattern.size() - open - 2);
  if (args != "*" && args != "$1" && args != "$1, $2") return {};
  out.name = pattern.substr(0, open);
  return out;
}

// The order in which a DISTINCT aggregate takes its values. Its keys are arguments, so they are
// said in the words of those: DuckDB takes no others.
Result<std::string> DistinctOrder(const Expr& expr, std::span<const std::string> args) {
  const auto is_query = [](const std::string& arg) { return arg.find("SELECT") != arg.npos; };
  if (std::ranges::any_of(args, is_query)) {
    return Refusal("DISTINCT over a subquery in an aggregate on columns");
  }
  // PostgreSQL finds distinct values by sorting, which shows.
  if (expr.order_by.empty()) return fmt::format(" ORDER BY {} ASC NULLS LAST", args[0]);
  std::string order;
  for (const SortKey& key : expr.order_by) {
    size_t i = 0;
    while (i < expr.args.size() && !SameExpr(*expr.args[i], *key.expr)) ++i;
    if (i == expr.args.size()) return InternalError("a DISTINCT aggregate's order is no argument");
    order += fmt::format("{}{} {} NULLS {}", order.empty() ? " ORDER BY " : ", ", args[i],
                         key.descending ? "DESC" : "ASC", key.nulls_first ? "FIRST" : "LAST");
  }
  return order;
}

}  // namespace

Result<Text> Printer::PrintArgument(const Expr& expr, const Expr& arg) {
  OMEN_ASSIGN_OR_RETURN(Text text, Print(arg));
  if (expr.filter == nullptr || IsSafe(arg) || text.form.is_null()) return text;
  // DuckDB evaluates arguments of rows that the filter leaves out; an error there is not ours.
  OMEN_ASSIGN_OR_RETURN(Text filter, Print(*expr.filter));
  text.sql = fmt::format("CASE WHEN {} THEN {} END", filter.sql, text.sql);
  return text;
}

Result<Text> Printer::PrintAggregate(const Expr& expr) {
  if (expr.levels_up > 0) return Refusal("aggregates of an outer query on columns");
  bool over = expr.kind == ExprKind::kWindow;
  // A window's arguments are taken after grouping, an aggregate's before.
  Scoped<bool> inside(level_->in_aggregate, over ? level_->in_aggregate : true);
  Scoped<bool> blocking(level_->blocking, true);
  std::string suffix;
  if (expr.filter != nullptr) {
    OMEN_ASSIGN_OR_RETURN(Text filter, Print(*expr.filter));
    suffix = " FILTER (WHERE " + filter.sql + ")";
  }
  if (over) {
    OMEN_ASSIGN_OR_RETURN(std::string window,
                          PrintOver(level_->query->windows[static_cast<size_t>(expr.window)]));
    suffix += " OVER " + window;
  }
  if (expr.aggregate->ordered_set) return PrintOrderedSet(expr, suffix);
  bool handled = false;
  OMEN_ASSIGN_OR_RETURN(Text numeric, PrintNumericAggregate(expr, suffix, &handled));
  if (handled) return numeric;
  return PrintPlainAggregate(expr, suffix);
}

Result<Text> Printer::PrintPlainAggregate(const Expr& expr, const std::string& suffix) {
  const functions::Aggregate& aggregate = *expr.aggregate;
  std::string_view pattern = aggregate.duckdb;
  if (!aggregate.duckdb_literal.empty() && expr.args.size() == 2) {
    if (KnownValueOf(*expr.args[1]) != nullptr) pattern = aggregate.duckdb_literal;
  }
  CallPattern call = TakeApart(pattern);
  const bool extreme = aggregate.name == "min" || aggregate.name == "max";
  for (const ExprPtr& arg : expr.args) {
    const bool spans = arg->type.oid == oid::kInterval;
    if (spans && extreme) return PrintSpanExtreme(expr, suffix);
    if ((expr.distinct || extreme) && (NeedsKey(arg->type) || HasNoKey(arg->type)) &&
        !(spans && aggregate.name == "count")) {
      return Refusal(fmt::format("aggregates that compare {} on columns", FormatType(arg->type)));
    }
  }
  bool collects = aggregate.name == "array_agg";
  std::vector<std::string> args;
  if (call.name.empty()) {
    std::vector<Type> types;
    for (const ExprPtr& arg : expr.args) types.push_back(arg->type);
    args.push_back(Quote(names::AdapterSignature(types, expr.type)));
  }
  for (const ExprPtr& arg : expr.args) {
    OMEN_ASSIGN_OR_RETURN(Text text, PrintArgument(expr, *arg));
    bool numeric = text.form.kind != Kind::kNone;
    if (expr.distinct) text.sql = KeyOf(arg->type, text.sql);
    if (numeric && collects) {
      const NumericForm form = FormOf({oid::kNumeric, expr.type.typmod});
      if (expr.distinct && !form.is_decimal()) return Refusal(kUnscaledDistinct);
      text.sql = Coerce(text, form);
    } else if (numeric && expr.distinct && !text.form.is_decimal()) {
      if (aggregate.name != "count") {
        return Refusal(kUnscaledDistinct);
      }
      text.sql = Call(names::kNumKey, {Coerce(text, NumericForm::Blob())});
    } else if (text.form.kind == Kind::kScaled || text.form.is_null()) {
      text.sql = Coerce(text, NumericForm::Blob());
    }
    args.push_back(std::move(text.sql));
  }
  if (expr.args.empty()) args = {"*"};
  const bool keeps_order =
      !extreme && aggregate.name != "count" && aggregate.name != "sum" && aggregate.name != "avg";
  std::string order;
  if (!expr.distinct) {
    OMEN_ASSIGN_OR_RETURN(order, PrintOrderBy(expr.order_by, nullptr, nullptr));
  } else if (keeps_order) {
    OMEN_ASSIGN_OR_RETURN(order,
                          DistinctOrder(expr, std::span(args).subspan(call.name.empty() ? 1 : 0)));
  }
  std::string name =
      call.name.empty() ? names::AggregateAdapter(aggregate.oid) : std::string(call.name);
  std::string sql = fmt::format("{}({}{}{}){}", name, expr.distinct ? "DISTINCT " : "",
                                Join(args, ", "), order, suffix);
  if (!call.cast.empty()) sql = fmt::format("CAST({} AS {})", sql, call.cast);
  const bool adds = !call.name.empty() && (call.name == "sum" || call.name == "avg");
  if (adds && expr.type.oid == oid::kFloat8) {
    // An infinity out of finite values is an error.
    sql = fmt::format(
        "CASE WHEN NOT isfinite({0}) AND bool_and(isfinite({1})){2} THEN {3} ELSE {0} END", sql,
        args[0], suffix, Call(names::kRaise, {"'22003'", "'value out of range: overflow'", sql}));
  }
  return Text{std::move(sql), FormOf(expr.type)};
}

Result<Text> Printer::PrintSpanExtreme(const Expr& expr, const std::string& suffix) {
  OMEN_ASSIGN_OR_RETURN(Text arg, PrintArgument(expr, *expr.args[0]));
  std::string_view function = expr.aggregate->name == "min" ? "arg_min" : "arg_max";
  return Text{Call(function, {arg.sql, KeyOf(expr.args[0]->type, arg.sql)}) + suffix, {}};
}

Result<Text> Printer::PrintNumericAggregate(const Expr& expr, const std::string& suffix,
                                            bool* handled) {
  const std::string_view name = expr.aggregate->name;
  const bool sum = name == "sum", avg = name == "avg", extreme = name == "min" || name == "max";
  const Oid type = expr.args.empty() ? oid::kInvalid : expr.args[0]->type.oid;
  const bool integer = IsInteger(type) && (avg || (sum && type == oid::kInt8));
  *handled = integer || (type == oid::kNumeric && (sum || avg || extreme));
  if (!*handled) return Text{};
  OMEN_ASSIGN_OR_RETURN(Text arg, PrintArgument(expr, *expr.args[0]));
  if (arg.form.is_null()) arg = {"NULL::DECIMAL(1,0)", NumericForm::Decimal(1, 0)};
  const std::string distinct = expr.distinct && !extreme ? "DISTINCT " : "";
  auto call = [&](std::string_view function, const std::string& value) {
    return fmt::format("{}({}{}){}", function, distinct, value, suffix);
  };
  if (integer) {
    if (avg) {
      return Text{Call(names::kNumAverage, {call("sum", arg.sql), call("count", arg.sql)}),
                  NumericForm::Blob()};
    }
    return Text{fmt::format("CAST({} AS {})", call("sum", arg.sql), DecimalType(kMaxWidth, 0)),
                NumericForm::Decimal(kMaxWidth, 0)};
  }
  const NumericForm& form = arg.form;
  if (extreme) {
    if (form.is_decimal()) return Text{call(name, arg.sql), form};
    std::string_view function = name == "min" ? names::kNumMin : names::kNumMax;
    return Text{call(function, Coerce(arg, NumericForm::Blob())), NumericForm::Blob()};
  }
  // Beyond that, DuckDB adds up the sums of its threads without looking for overflow.
  const int width = std::min(form.width, form.digits + form.scale);
  const bool exact = form.has_decimal() && width + kRowDigits <= kMaxWidth;
  if (!exact) {
    if (expr.distinct) {
      return Refusal(kUnscaledDistinct);
    }
    std::string value = form.is_decimal() ? arg.sql : Coerce(arg, NumericForm::Blob());
    return Text{call(avg ? names::kNumAvg : names::kNumSum, value), NumericForm::Blob()};
  }
  NumericForm total = NumericForm::Decimal(kMaxWidth, form.scale);
  total.digits = std::min(kMaxWidth - form.scale, width - form.scale + kRowDigits);
  Text out{call("sum", arg.sql), total};
  if (form.kind == Kind::kScaled) {
    out.form.kind = Kind::kScaled;
    out.form.scale_text = fmt::format("max(CASE WHEN {} IS NOT NULL THEN {} END){}", arg.sql,
                                      form.scale_text, suffix);
  }
  if (sum) return out;
  std::string exact_sum = out.form.is_decimal() ? out.sql : Coerce(out, NumericForm::Blob());
  return Text{Call(names::kNumAverage, {exact_sum, call("count", arg.sql)}), NumericForm::Blob()};
}

Result<Text> Printer::PrintOrderedSet(const Expr& expr, const std::string& suffix) {
  const std::string_view name = expr.aggregate->name;
  bool continuous = name == "percentile_cont" && expr.type.oid == oid::kFloat8;
  bool discrete = name == "percentile_disc" && InfoOf(expr.type.oid).element == oid::kInvalid;
  if ((!continuous && !discrete) || expr.order_by.size() != 1 || expr.args.empty()) {
    return Refusal(fmt::format("aggregate {}() on columns", name));
  }
  const Value* fraction = KnownValueOf(*expr.args[0]);
  if (fraction == nullptr || fraction->AsDouble() < 0 || fraction->AsDouble() > 1) {
    return Refusal(fmt::format("aggregate {}() of this fraction on columns", name));
  }
  if (NeedsKey(expr.order_by[0].expr->type) || HasNoKey(expr.order_by[0].expr->type)) {
    return Refusal(fmt::format("aggregate {}() of this type on columns", name));
  }
  OMEN_ASSIGN_OR_RETURN(Text value, Print(*expr.order_by[0].expr));
  if (value.form.kind != Kind::kNone && !value.form.is_decimal()) {
    return Refusal(fmt::format("aggregate {}() of numeric on columns", name));
  }
  OMEN_ASSIGN_OR_RETURN(std::string share, Literal(expr.args[0]->type, *fraction));
  bool descending = expr.order_by[0].descending;
  if (descending && fraction->AsDouble() == 0) {
    // DuckDB takes the lowest for -0 of all; the first from above is the last from below.
    share = "1::DOUBLE";
    descending = false;
  }
  std::string sql = fmt::format("{}({}) WITHIN GROUP (ORDER BY {}{}){}", name, share, value.sql,
                                descending ? " DESC" : "", suffix);
  return Text{std::move(sql), value.form};
}

}  // namespace omen::sql::duckdb
