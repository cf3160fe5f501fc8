#include "sql/deparse/deparse_window.h"

#include "functions/kernel/quoting.h"
#include "sql/deparse/deparse_sort.h"

namespace omen::sql {

void WindowDeparser::PrintCall(const Expr& call) {
  text_.AddName(call.aggregate != nullptr ? call.aggregate->name : call.window_function->name);
  text_.Add("(");
  if (call.aggregate != nullptr && call.args.empty()) text_.Add("*");
  exprs_.PrintAll(call.args, true);
  if (call.filter) {
    text_.Add(") FILTER (WHERE ");
    exprs_.Print(*call.filter, false);
  }
  text_.Add(") OVER ");
  const WindowDef& window =
      text_.names().current().query->windows[static_cast<size_t>(call.window)];
  if (window.name.empty()) return PrintSpec(window);
  text_.AddName(window.name);
}

void WindowDeparser::PrintSpec(const WindowDef& window) {
  text_.Add("(");
  bool spaced = false;
  auto part = [&](std::string_view words) {
    if (spaced) text_.Add(" ");
    text_.Add(words);
    spaced = true;
  };
  if (!window.base.empty()) part(functions::QuoteIdentifier(window.base));
  if (window.base.empty() && !window.partition_by.empty()) {
    part("PARTITION BY ");
    std::string_view separator;
    for (const ExprPtr& expr : window.partition_by) {
      text_.Add(separator);
      SortDeparser(text_).PrintItem(*expr);
      separator = ", ";
    }
  }
  if (!window.order_by.empty() && !window.base_orders) {
    part("ORDER BY ");
    SortDeparser(text_).PrintKeys(window.order_by);
  }
  if (window.has_frame) {
    part("");
    PrintFrame(window);
  }
  text_.Add(")");
}

void WindowDeparser::PrintBound(WindowDef::Bound bound, const ExprPtr& offset) {
  switch (bound) {
    case WindowDef::Bound::kUnboundedPreceding:
      return text_.Add("UNBOUNDED PRECEDING");
    case WindowDef::Bound::kUnboundedFollowing:
      return text_.Add("UNBOUNDED FOLLOWING");
    case WindowDef::Bound::kCurrentRow:
      return text_.Add("CURRENT ROW");
    case WindowDef::Bound::kPreceding:
    case WindowDef::Bound::kFollowing:
      exprs_.Print(*offset, false);
      return text_.Add(bound == WindowDef::Bound::kPreceding ? " PRECEDING" : " FOLLOWING");
  }
}

void WindowDeparser::PrintFrame(const WindowDef& window) {
  text_.Add(window.frame == WindowDef::Frame::kRows     ? "ROWS "
            : window.frame == WindowDef::Frame::kGroups ? "GROUPS "
                                                        : "RANGE ");
  if (window.has_between) text_.Add("BETWEEN ");
  PrintBound(window.start, window.start_offset);
  if (window.has_between) {
    text_.Add(" AND ");
    PrintBound(window.end, window.end_offset);
  }
  switch (window.exclude) {
    case WindowDef::Exclude::kNone:
      return;
    case WindowDef::Exclude::kCurrentRow:
      return text_.Add(" EXCLUDE CURRENT ROW");
    case WindowDef::Exclude::kGroup:
      return text_.Add(" EXCLUDE GROUP");
    case WindowDef::Exclude::kTies:
      return text_.Add(" EXCLUDE TIES");
  }
}

}  // namespace omen::sql
