#include "sql/deparse/deparse_call.h"

#include "sql/deparse/deparse_sort.h"

namespace omen::sql {
namespace {

bool IsTextual(Oid type) { return type == oid::kText || type == oid::kBytea; }

// SUBSTRING(a FROM 1 FOR 2), with positions.
bool TakesPositions(const Expr& call) {
  return call.args.size() >= 2 && IsTextual(call.args[0]->type.oid) &&
         call.args[1]->type.oid == oid::kInt4;
}

}  // namespace

void CallDeparser::PrintFunction(const Expr& call) {
  if (call.written && call.written->form == Wording::Form::kSqlSyntax && PrintSqlSyntax(call))
    return;
  const functions::Function& function = *call.function;
  if (function.name.find('.') != std::string_view::npos) return text_.Fail();
  text_.AddName(function.name);
  text_.Add("(");
  const bool gathered = function.variadic && function.args.back() != oid::kAny;
  const size_t single = gathered ? function.args.size() - 1 : call.args.size();
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (i > 0) text_.Add(", ");
    if (i == single) text_.Add("VARIADIC ARRAY[");
    exprs_.Print(*call.args[i], true);
  }
  text_.Add(gathered && call.args.size() > single ? "])" : ")");
}

void CallDeparser::PrintTrim(const Expr& call, std::string_view side) {
  text_.Add("TRIM(");
  text_.Add(side);
  if (call.args.size() == 2) {
    text_.Add(" ");
    exprs_.Print(*call.args[1], false);
  }
  text_.Add(" FROM ");
  exprs_.Print(*call.args[0], false);
  text_.Add(")");
}

void CallDeparser::PrintWorded(const Expr& call, std::initializer_list<std::string_view> words) {
  auto word = words.begin();
  text_.Add(*word++);
  exprs_.Print(*call.args[0], false);
  for (size_t i = 1; i < call.args.size() && word != words.end(); ++i) {
    text_.Add(*word++);
    exprs_.Print(*call.args[i], false);
  }
  text_.Add(")");
}

bool CallDeparser::PrintSqlSyntax(const Expr& call) {
  const std::string_view name = call.function->name;
  const size_t count = call.args.size();
  if (name == "timezone" && count == 2) {
    text_.Add("(");
    exprs_.PrintOperand(*call.args[1], false, call);
    text_.Add(" AT TIME ZONE ");
    exprs_.PrintOperand(*call.args[0], false, call);
    text_.Add(")");
  } else if (name == "overlaps" && count == 4) {
    PrintWorded(call, {"((", ", ", ") OVERLAPS (", ", "});
    text_.Add(")");
  } else if (name == "extract" && count == 2 && call.args[0]->kind == ExprKind::kConst) {
    text_.Add("EXTRACT(");
    text_.Add(call.args[0]->value.AsBytes());
    text_.Add(" FROM ");
    exprs_.Print(*call.args[1], false);
    text_.Add(")");
  } else if (name == "overlay" && count >= 3) {
    PrintWorded(call, {"OVERLAY(", " PLACING ", " FROM ", " FOR "});
  } else if (name == "position" && count == 2) {
    text_.Add("POSITION((");
    exprs_.Print(*call.args[1], false);
    text_.Add(") IN (");
    exprs_.Print(*call.args[0], false);
    text_.Add("))");
  } else if (name == "substring" && TakesPositions(call)) {
    PrintWorded(call, {"SUBSTRING(", " FROM ", " FOR "});
  } else if (name == "substring" && count == 3) {
    PrintWorded(call, {"SUBSTRING(", " SIMILAR ", " ESCAPE "});
  } else if (name == "btrim" || name == "ltrim" || name == "rtrim") {
    PrintTrim(call, name == "btrim" ? "BOTH" : name == "ltrim" ? "LEADING" : "TRAILING");
  } else {
    // These have words of their own that this server does not know.
    if (name == "normalize" || name == "is_normalized") text_.Fail();
    return false;
  }
  return true;
}

void CallDeparser::PrintAggregate(const Expr& call) {
  const functions::Aggregate& aggregate = *call.aggregate;
  text_.AddName(aggregate.name);
  text_.Add(call.distinct ? "(DISTINCT " : "(");
  if (aggregate.ordered_set) {
    const size_t direct = call.args.size() - call.order_by.size();
    for (size_t i = 0; i < direct; ++i) {
      if (i > 0) text_.Add(", ");
      exprs_.Print(*call.args[i], true);
    }
    text_.Add(") WITHIN GROUP (ORDER BY ");
    SortDeparser(text_).PrintKeys(call.order_by);
  } else {
    if (call.args.empty()) text_.Add("*");
    exprs_.PrintAll(call.args, true);
    if (!call.order_by.empty()) {
      text_.Add(" ORDER BY ");
      SortDeparser(text_).PrintKeys(call.order_by);
    }
  }
  if (call.filter) {
    text_.Add(") FILTER (WHERE ");
    exprs_.Print(*call.filter, false);
  }
  text_.Add(")");
}

}  // namespace omen::sql
