#include "sql/duckdb/expr/aggregate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "functions/number/float_moments.h"
#include "sql/duckdb/expr/membership.h"
#include "sql/duckdb/expr/order.h"
#include "sql/duckdb/expr/over.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/keys.h"
#include "sql/duckdb/text/literal.h"
#include "sql/duckdb/text/numeric.h"
#include "types/column_functions.h"
#include "types/column_type.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;
using functions::Meaning;

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

CallPattern PatternOf(const Expr& call) {
  const functions::Aggregate& aggregate = *call.aggregate;
  const bool literal = !aggregate.duckdb_literal.empty() && call.args.size() == 2 &&
                       KnownValueOf(*call.args[1]) != nullptr;
  return TakeApart(literal ? aggregate.duckdb_literal : aggregate.duckdb);
}

std::string SignatureOfAggregate(const Expr& call) {
  std::vector<Type> types;
  for (const ExprPtr& arg : call.args) types.push_back(arg->type);
  return Quote(names::AdapterSignature(types, call.type));
}

}  // namespace

Result<Text> AggregatePrinter::Print() {
  if (call_.levels_up > 0) return Refusal("aggregates of an outer query on columns");
  Level& level = *printing_.level();
  // A window's arguments are taken after grouping, an aggregate's before.
  const bool over = call_.kind == ExprKind::kWindow;
  Scoped<bool> inside(level.in_aggregate, over ? level.in_aggregate : true);
  Scoped<bool> blocking(level.blocking, true);
  OMEN_RETURN_IF_ERROR(PrintSuffix());
  if (call_.aggregate->ordered_set) return PrintOrderedSet();
  bool handled = false;
  OMEN_ASSIGN_OR_RETURN(Text numeric, PrintNumeric(&handled));
  if (handled) return numeric;
  return PrintPlain();
}

Status AggregatePrinter::PrintSuffix() {
  if (call_.filter != nullptr) {
    OMEN_ASSIGN_OR_RETURN(Text filter, exprs_.Print(*call_.filter));
    suffix_ = " FILTER (WHERE " + filter.sql + ")";
  }
  if (call_.kind != ExprKind::kWindow) return Status::Ok();
  const Query& query = *printing_.level()->query;
  OverPrinter over(printing_, query.windows[static_cast<size_t>(call_.window)]);
  OMEN_ASSIGN_OR_RETURN(std::string window, over.Print());
  suffix_ += " OVER " + window;
  return Status::Ok();
}

Result<Text> AggregatePrinter::PrintPlain() {
  const functions::Aggregate& aggregate = *call_.aggregate;
  const bool extreme = aggregate.IsExtreme();
  if (extreme && !call_.args.empty() && call_.args[0]->type.oid == oid::kInterval) {
    return PrintSpanExtreme();
  }
  OMEN_RETURN_IF_ERROR(CheckCompared());
  OMEN_ASSIGN_OR_RETURN(std::vector<std::string> args, PrintArguments());
  OMEN_ASSIGN_OR_RETURN(std::string order, PrintOrder(args));
  const CallPattern pattern = PatternOf(call_);
  const bool over = call_.kind == ExprKind::kWindow;
  const bool sum = aggregate.meaning == Meaning::kSum;
  const bool adds_floats = (sum || aggregate.meaning == Meaning::kAvg) &&
                           (call_.type.oid == oid::kFloat8 || call_.type.oid == oid::kFloat4);
  std::string name = std::string(pattern.name);
  if (adds_floats && !over) {
    name = sum ? names::kFloatSum : names::kFloatAverage;
  } else if (name.empty()) {
    // A frame's rows are added up in their order.
    const bool merged = !over && functions::MergesFloats(aggregate);
    name = merged ? names::MergedAggregate(aggregate.oid) : names::AggregateAdapter(aggregate.oid);
    args.insert(args.begin(), SignatureOfAggregate(call_));
  }
  if (call_.args.empty()) args = {"*"};
  std::string sql = fmt::format("{}({}{}{}){}", name, call_.distinct ? "DISTINCT " : "",
                                Join(args, ", "), order, suffix_);
  if (!pattern.cast.empty()) sql = fmt::format("CAST({} AS {})", sql, pattern.cast);
  if (adds_floats && over && !pattern.name.empty()) {
    // An infinity out of finite values is an error.
    sql = fmt::format(
        "CASE WHEN NOT isfinite({0}) AND bool_and(isfinite({1})){2} THEN {3} ELSE {0} END", sql,
        args[0], suffix_, Call(names::kRaise, {"'22003'", "'value out of range: overflow'", sql}));
  }
  return Text{std::move(sql), FormOf(call_.type)};
}

Status AggregatePrinter::CheckCompared() const {
  const bool compares = call_.distinct || call_.aggregate->IsExtreme();
  for (const ExprPtr& arg : call_.args) {
    const bool counts =
        arg->type.oid == oid::kInterval && call_.aggregate->meaning == Meaning::kCount;
    if (compares && (NeedsKey(arg->type) || HasNoKey(arg->type)) && !counts) {
      return Refusal(fmt::format("aggregates that compare {} on columns", FormatType(arg->type)));
    }
  }
  return Status::Ok();
}

Result<std::vector<std::string>> AggregatePrinter::PrintArguments() {
  const Meaning meaning = call_.aggregate->meaning;
  std::vector<std::string> args;
  for (const ExprPtr& arg : call_.args) {
    OMEN_ASSIGN_OR_RETURN(Text text, PrintArgument(*arg));
    bool numeric = text.form.kind != Kind::kNone;
    if (call_.distinct) text.sql = KeyOf(arg->type, text.sql);
    if (numeric && meaning == Meaning::kArrayAgg) {
      const NumericForm form = FormOf({oid::kNumeric, call_.type.typmod});
      if (call_.distinct && !form.is_decimal()) return Refusal(kUnscaledDistinct);
      text.sql = Coerce(text, form);
    } else if (numeric && call_.distinct && !text.form.is_decimal()) {
      if (meaning != Meaning::kCount) return Refusal(kUnscaledDistinct);
      text.sql = Call(names::kNumKey, {Coerce(text, NumericForm::Blob())});
    } else if (text.form.kind == Kind::kScaled || text.form.is_null()) {
      text.sql = Coerce(text, NumericForm::Blob());
    }
    args.push_back(std::move(text.sql));
  }
  return args;
}

Result<std::string> AggregatePrinter::PrintOrder(const std::vector<std::string>& args) {
  if (!call_.distinct) return OrderPrinter(printing_).Print(call_.order_by);
  const Meaning meaning = call_.aggregate->meaning;
  const bool keeps_order = !call_.aggregate->IsExtreme() && meaning != Meaning::kCount &&
                           meaning != Meaning::kSum && meaning != Meaning::kAvg;
  return keeps_order ? PrintDistinctOrder(args) : std::string();
}

Result<std::string> AggregatePrinter::PrintDistinctOrder(const std::vector<std::string>& args) {
  if (std::ranges::any_of(call_.args, [&](const ExprPtr& arg) { return PrintsQueryFor(*arg); })) {
    return Refusal("DISTINCT over a subquery in an aggregate on columns");
  }
  // PostgreSQL finds distinct values by sorting, which shows.
  if (call_.order_by.empty()) return fmt::format(" ORDER BY {} ASC NULLS LAST", args[0]);
  std::string order;
  for (const SortKey& key : call_.order_by) {
    size_t i = 0;
    while (i < call_.args.size() && !SameExpr(*call_.args[i], *key.expr)) ++i;
    if (i == call_.args.size()) return InternalError("a DISTINCT aggregate's order is no argument");
    order += fmt::format("{}{} {} NULLS {}", order.empty() ? " ORDER BY " : ", ", args[i],
                         key.descending ? "DESC" : "ASC", key.nulls_first ? "FIRST" : "LAST");
  }
  return order;
}

bool AggregatePrinter::GuardsArgument(const Expr& arg) const {
  return call_.filter != nullptr && !IsSafe(arg);
}

bool AggregatePrinter::PrintsQueryFor(const Expr& arg) const {
  return PrintsQuery(arg) || (GuardsArgument(arg) && PrintsQuery(*call_.filter));
}

Result<Text> AggregatePrinter::PrintArgument(const Expr& arg) {
  OMEN_ASSIGN_OR_RETURN(Text text, exprs_.Print(arg));
  if (!GuardsArgument(arg) || text.form.is_null()) return text;
  OMEN_ASSIGN_OR_RETURN(Text filter, exprs_.Print(*call_.filter));
  text.sql = fmt::format("CASE WHEN {} THEN {} END", filter.sql, text.sql);
  return text;
}

Result<Text> AggregatePrinter::PrintSpanExtreme() {
  OMEN_ASSIGN_OR_RETURN(Text arg, PrintArgument(*call_.args[0]));
  const bool least = call_.aggregate->meaning == Meaning::kMin;
  const std::string_view function = least ? "arg_min" : "arg_max";
  return Text{Call(function, {arg.sql, KeyOf(call_.args[0]->type, arg.sql)}) + suffix_, {}};
}

Result<Text> AggregatePrinter::PrintNumeric(bool* handled) {
  const Meaning meaning = call_.aggregate->meaning;
  const bool sum = meaning == Meaning::kSum, avg = meaning == Meaning::kAvg;
  const bool extreme = call_.aggregate->IsExtreme();
  const Oid type = call_.args.empty() ? oid::kInvalid : call_.args[0]->type.oid;
  const bool integer = IsInteger(type) && (avg || (sum && type == oid::kInt8));
  *handled = integer || (type == oid::kNumeric && (sum || avg || extreme));
  if (!*handled) return Text{};
  OMEN_ASSIGN_OR_RETURN(Text arg, PrintArgument(*call_.args[0]));
  if (arg.form.is_null()) arg = {"NULL::DECIMAL(1,0)", NumericForm::Decimal(1, 0)};
  const std::string distinct = call_.distinct && !extreme ? "DISTINCT " : "";
  auto call = [&](std::string_view function, const std::string& value) {
    return fmt::format("{}({}{}){}", function, distinct, value, suffix_);
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
    if (form.is_decimal()) return Text{call(call_.aggregate->name, arg.sql), form};
    const bool least = meaning == Meaning::kMin;
    const std::string_view function = least ? names::kNumMin : names::kNumMax;
    return Text{call(function, Coerce(arg, NumericForm::Blob())), NumericForm::Blob()};
  }
  // Beyond that, DuckDB adds up the sums of its threads without looking for overflow.
  const int width = std::min(form.width, form.digits + form.scale);
  const bool exact = form.has_decimal() && width + kRowDigits <= kMaxWidth;
  if (!exact) {
    if (call_.distinct) {
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
                                      form.scale_text, suffix_);
  }
  if (sum) return out;
  std::string exact_sum = out.form.is_decimal() ? out.sql : Coerce(out, NumericForm::Blob());
  return Text{Call(names::kNumAverage, {exact_sum, call("count", arg.sql)}), NumericForm::Blob()};
}

Result<Text> AggregatePrinter::PrintOrderedSet() {
  const std::string_view name = call_.aggregate->name;
  const Meaning meaning = call_.aggregate->meaning;
  const bool continuous = meaning == Meaning::kPercentileCont && call_.type.oid == oid::kFloat8;
  const bool discrete =
      meaning == Meaning::kPercentileDisc && InfoOf(call_.type.oid).element == oid::kInvalid;
  if ((!continuous && !discrete) || call_.order_by.size() != 1 || call_.args.empty()) {
    return Refusal(fmt::format("aggregate {}() on columns", name));
  }
  const Value* fraction = KnownValueOf(*call_.args[0]);
  if (fraction == nullptr || fraction->AsDouble() < 0 || fraction->AsDouble() > 1) {
    return Refusal(fmt::format("aggregate {}() of this fraction on columns", name));
  }
  if (NeedsKey(call_.order_by[0].expr->type) || HasNoKey(call_.order_by[0].expr->type)) {
    return Refusal(fmt::format("aggregate {}() of this type on columns", name));
  }
  OMEN_ASSIGN_OR_RETURN(Text value, exprs_.Print(*call_.order_by[0].expr));
  if (value.form.kind != Kind::kNone && !value.form.is_decimal()) {
    return Refusal(fmt::format("aggregate {}() of numeric on columns", name));
  }
  OMEN_ASSIGN_OR_RETURN(std::string share,
                        LiteralPrinter(printing_).PrintValue(call_.args[0]->type, *fraction));
  bool descending = call_.order_by[0].descending;
  if (descending && fraction->AsDouble() == 0) {
    // DuckDB takes the lowest for -0 of all; the first from above is the last from below.
    share = "1::DOUBLE";
    descending = false;
  }
  std::string sql = fmt::format("{}({}) WITHIN GROUP (ORDER BY {}{}){}", name, share, value.sql,
                                descending ? " DESC" : "", suffix_);
  return Text{std::move(sql), value.form};
}

}  // namespace omen::sql::duckdb
