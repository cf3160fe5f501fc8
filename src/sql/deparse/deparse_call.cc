// Calls of functions, aggregates and window functions, and subqueries within expressions.

#include "functions/kernel/quoting.h"
#include "sql/deparse/deparser.h"

namespace omen::sql {
namespace {

bool IsTextual(Oid type) { return type == oid::kText || type == oid::kBytea; }

// SUBSTRING(a FROM 1 FOR 2), with positions.
bool TakesPositions(const Expr& call) {
  return call.args.size() >= 2 && IsTextual(call.args[0]->type.oid) &&
         call.args[1]->type.oid == oid::kInt4;
}

}  // namespace

void Deparser::Function(const Expr& call) {
  if (call.written && call.written->form == Wording::Form::kSqlSyntax && SqlSyntax(call)) return;
  const functions::Function& function = *call.function;
  if (function.name.find('.') != std::string_view::npos) return Fail();
  AddName(function.name);
  Add("(");
  const bool gathered = function.variadic && function.args.back() != oid::kAny;
  const size_t single = gathered ? function.args.size() - 1 : call.args.size();
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (i > 0) Add(", ");
    if (i == single) Add("VARIADIC ARRAY[");
    Expression(*call.args[i], true);
  }
  Add(gathered && call.args.size() > single ? "])" : ")");
}

void Deparser::Trim(const Expr& call, std::string_view side) {
  Add("TRIM(");
  Add(side);
  if (call.args.size() == 2) {
    Add(" ");
    Expression(*call.args[1], false);
  }
  Add(" FROM ");
  Expression(*call.args[0], false);
  Add(")");
}

// The arguments in order, each but the first after its word.
void Deparser::Worded(const Expr& call, std::initializer_list<std::string_view> words) {
  auto word = words.begin();
  Add(*word++);
  Expression(*call.args[0], false);
  for (size_t i = 1; i < call.args.size() && word != words.end(); ++i) {
    Add(*word++);
    Expression(*call.args[i], false);
  }
  Add(")");
}

bool Deparser::SqlSyntax(const Expr& call) {
  const std::string_view name = call.function->name;
  const size_t count = call.args.size();
  if (name == "timezone" && count == 2) {
    Add("(");
    Operand(*call.args[1], false, call);
    Add(" AT TIME ZONE ");
    Operand(*call.args[0], false, call);
    Add(")");
  } else if (name == "overlaps" && count == 4) {
    Worded(call, {"((", ", ", ") OVERLAPS (", ", "});
    Add(")");
  } else if (name == "extract" && count == 2 && call.args[0]->kind == ExprKind::kConst) {
    Add("EXTRACT(");
    Add(call.args[0]->value.AsBytes());
    Add(" FROM ");
    Expression(*call.args[1], false);
    Add(")");
  } else if (name == "overlay" && count >= 3) {
    Worded(call, {"OVERLAY(", " PLACING ", " FROM ", " FOR "});
  } else if (name == "position" && count == 2) {
    Add("POSITION((");
    Expression(*call.args[1], false);
    Add(") IN (");
    Expression(*call.args[0], false);
    Add("))");
  } else if (name == "substring" && TakesPositions(call)) {
    Worded(call, {"SUBSTRING(", " FROM ", " FOR "});
  } else if (name == "substring" && count == 3) {
    Worded(call, {"SUBSTRING(", " SIMILAR ", " ESCAPE "});
  } else if (name == "btrim" || name == "ltrim" || name == "rtrim") {
    Trim(call, name == "btrim" ? "BOTH" : name == "ltrim" ? "LEADING" : "TRAILING");
  } else {
    // These have words of their own that this server does not know.
    if (name == "normalize" || name == "is_normalized") Fail();
    return false;
  }
  return true;
}

void Deparser::Aggregate(const Expr& call) {
  const functions::Aggregate& aggregate = *call.aggregate;
  AddName(aggregate.name);
  Add(call.distinct ? "(DISTINCT " : "(");
  if (aggregate.ordered_set) {
    const size_t direct = call.args.size() - call.order_by.size();
    for (size_t i = 0; i < direct; ++i) {
      if (i > 0) Add(", ");
      Expression(*call.args[i], true);
    }
    Add(") WITHIN GROUP (ORDER BY ");
    SortItems(call.order_by);
  } else {
    if (call.args.empty()) Add("*");
    Expressions(call.args, true);
    if (!call.order_by.empty()) {
      Add(" ORDER BY ");
      SortItems(call.order_by);
    }
  }
  if (call.filter) {
    Add(") FILTER (WHERE ");
    Expression(*call.filter, false);
  }
  Add(")");
}

void Deparser::WindowCall(const Expr& call) {
  AddName(call.aggregate != nullptr ? call.aggregate->name : call.window_function->name);
  Add("(");
  if (call.aggregate != nullptr && call.args.empty()) Add("*");
  Expressions(call.args, true);
  if (call.filter) {
    Add(") FILTER (WHERE ");
    Expression(*call.filter, false);
  }
  Add(") OVER ");
  const WindowDef& window = scopes_.back().query->windows[static_cast<size_t>(call.window)];
  if (window.name.empty()) return WindowSpec(window);
  AddName(window.name);
}

void Deparser::WindowSpec(const WindowDef& window) {
  Add("(");
  bool spaced = false;
  auto part = [&](std::string_view words) {
    if (spaced) Add(" ");
    Add(words);
    spaced = true;
  };
  if (!window.base.empty()) part(functions::QuoteIdentifier(window.base));
  if (window.base.empty() && !window.partition_by.empty()) {
    part("PARTITION BY ");
    std::string_view separator;
    for (const ExprPtr& expr : window.partition_by) {
      Add(separator);
      SortItem(*expr);
      separator = ", ";
    }
  }
  if (!window.order_by.empty() && !window.base_orders) {
    part("ORDER BY ");
    SortItems(window.order_by);
  }
  if (window.has_frame) {
    part("");
    Frame(window);
  }
  Add(")");
}

void Deparser::FrameBound(WindowDef::Bound bound, const ExprPtr& offset) {
  switch (bound) {
    case WindowDef::Bound::kUnboundedPreceding:
      return Add("UNBOUNDED PRECEDING");
    case WindowDef::Bound::kUnboundedFollowing:
      return Add("UNBOUNDED FOLLOWING");
    case WindowDef::Bound::kCurrentRow:
      return Add("CURRENT ROW");
    case WindowDef::Bound::kPreceding:
    case WindowDef::Bound::kFollowing:
      Expression(*offset, false);
      return Add(bound == WindowDef::Bound::kPreceding ? " PRECEDING" : " FOLLOWING");
  }
}

void Deparser::Frame(const WindowDef& window) {
  Add(window.frame == WindowDef::Frame::kRows     ? "ROWS "
      : window.frame == WindowDef::Frame::kGroups ? "GROUPS "
                                                  : "RANGE ");
  if (window.has_between) Add("BETWEEN ");
  FrameBound(window.start, window.start_offset);
  if (window.has_between) {
    Add(" AND ");
    FrameBound(window.end, window.end_offset);
  }
  switch (window.exclude) {
    case WindowDef::Exclude::kNone:
      return;
    case WindowDef::Exclude::kCurrentRow:
      return Add(" EXCLUDE CURRENT ROW");
    case WindowDef::Exclude::kGroup:
      return Add(" EXCLUDE GROUP");
    case WindowDef::Exclude::kTies:
      return Add(" EXCLUDE TIES");
  }
}

void Deparser::Subquery(const Expr& expr) {
  Add(expr.kind == ExprKind::kArraySubquery ? "ARRAY(" : "(");
  const bool compared = expr.kind == ExprKind::kInSubquery;
  if (compared) {
    const bool row = expr.args.size() > 1;
    if (row) Add("(");
    Expressions(expr.args, true);
    Add(row ? ") " : " ");
    const bool in = expr.quantifier == Quantifier::kAny && expr.op->name == "=";
    Add(in ? "IN" : expr.op->name);
    if (!in && expr.quantifier != Quantifier::kOne) {
      Add(expr.quantifier == Quantifier::kAny ? " ANY" : " ALL");
    }
    Add(" (");
  } else if (expr.kind == ExprKind::kExists) {
    Add("EXISTS (");
  }
  Select(*expr.subquery, nullptr, false);
  Add(compared || expr.kind == ExprKind::kExists ? "))" : ")");
}

}  // namespace omen::sql
