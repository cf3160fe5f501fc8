// Windows. DuckDB sorts once for windows that it takes for alike, and finds a frame's ends from
// those of the row before: where that goes wrong, the definition is written so that it cannot.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/blame.h"
#include "sql/duckdb/printer.h"
#include "sql/duckdb/scopes.h"
#include "types/column_functions.h"
#include "types/datetime.h"
#include "types/numeric.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;
using Bound = WindowDef::Bound;

namespace {

/// No partition has more rows; what is added to a row's number must not overflow.
constexpr int64_t kRowsMax = 1'000'000'000'000'000;

bool IsZero(const Expr& offset) {
  const Value* value = KnownValueOf(offset);
  if (value == nullptr) return false;
  switch (offset.type.oid) {
    case oid::kInterval: {
      const IntervalData& span = value->AsInterval();
      return span.months == 0 && span.days == 0 && span.micros == 0;
    }
    case oid::kNumeric:
      return Numeric::FromValue(*value).is_zero();
    case oid::kFloat4:
    case oid::kFloat8:
      return value->AsDouble() == 0;
    default:
      return value->AsInt() == 0;
  }
}

bool IsNegative(const Expr& offset, const Value& value) {
  switch (offset.type.oid) {
    case oid::kInterval:
      return IntervalSpan(value.AsInterval()) < 0;
    case oid::kNumeric:
      return Numeric::FromValue(value).sign() < 0;
    case oid::kFloat4:
    case oid::kFloat8:
      return value.AsDouble() < 0;
    default:
      return value.AsInt() < 0;
  }
}

bool IsFinite(const Expr& offset, const Value& value) {
  const bool is_float = offset.type.oid == oid::kFloat4 || offset.type.oid == oid::kFloat8;
  return !is_float || std::isfinite(value.AsDouble());
}

Status NegativeOffset(const WindowDef& window, bool start) {
  constexpr SqlState kInvalidSize{"22013"};
  if (window.frame == WindowDef::Frame::kRange) {
    return Status(kInvalidSize, "invalid preceding or following size in window function");
  }
  return Status(kInvalidSize,
                fmt::format("frame {} offset must not be negative", start ? "starting" : "ending"));
}

/// RANGE of no distance is the row and its peers.
Bound Settled(const WindowDef& window, Bound bound, const ExprPtr& offset) {
  const bool ranges = window.frame == WindowDef::Frame::kRange && offset != nullptr;
  return ranges && IsZero(*offset) ? Bound::kCurrentRow : bound;
}

bool IsOffset(Bound bound) { return bound == Bound::kPreceding || bound == Bound::kFollowing; }

/// A RANGE frame that begins or ends at a distance of the sort key.
bool HasDistance(const WindowDef& window) {
  return window.frame == WindowDef::Frame::kRange &&
         (IsOffset(Settled(window, window.start, window.start_offset)) ||
          IsOffset(Settled(window, window.end, window.end_offset)));
}

/// Of distances: is `a` shorter? Those in months only beside as many months.
bool IsShorter(Oid type, const Value& a, const Value& b) {
  switch (type) {
    case oid::kInterval:
      return IntervalSpan(a.AsInterval()) < IntervalSpan(b.AsInterval());
    case oid::kNumeric:
      return Numeric::FromValue(a).ToDouble() < Numeric::FromValue(b).ToDouble();
    case oid::kFloat4:
    case oid::kFloat8:
      return a.AsDouble() < b.AsDouble();
    default:
      return a.AsInt() < b.AsInt();
  }
}

/// Both ends at a distance on the same side of the row.
bool IsOneSided(const WindowDef& window) {
  return window.start == window.end && window.start_offset != nullptr &&
         window.end_offset != nullptr;
}

enum class EndOrder { kNotSure, kInOrder, kBackwards };

/// Of such a frame: does it begin before it ends, whatever the row?
EndOrder OrderOfEnds(const WindowDef& window) {
  const Value *start = KnownValueOf(*window.start_offset), *end = KnownValueOf(*window.end_offset);
  const Oid type = window.start_offset->type.oid;
  if (start == nullptr || end == nullptr || type != window.end_offset->type.oid) {
    return EndOrder::kNotSure;
  }
  if (type == oid::kInterval && start->AsInterval().months != end->AsInterval().months) {
    return EndOrder::kNotSure;
  }
  const bool backwards = window.start == Bound::kPreceding ? IsShorter(type, *start, *end)
                                                           : IsShorter(type, *end, *start);
  return backwards ? EndOrder::kBackwards : EndOrder::kInOrder;
}

/// Are there values of the type to which a distance above 0 may be added without a change?
bool MayStayPut(Oid type) {
  const bool counts = type == oid::kInt2 || type == oid::kInt4 || type == oid::kInt8;
  return !counts && type != oid::kNumeric;
}

}  // namespace

Result<Text> Printer::PrintWindow(const Expr& expr) {
  if (expr.aggregate != nullptr) return PrintAggregate(expr);
  const std::string_view name = expr.window_function->name;
  Scoped<bool> blocking(level_->blocking, true);
  const WindowDef& definition = level_->query->windows[static_cast<size_t>(expr.window)];
  OMEN_ASSIGN_OR_RETURN(std::string window, PrintOver(definition));
  if (name == "lag" || name == "lead") return PrintOffset(expr, " OVER " + window);
  const bool takes_a_row = name.ends_with("_value");
  if (takes_a_row && definition.exclude == WindowDef::Exclude::kTies) {
    // Where the row itself is not in its frame, DuckDB takes one beside it.
    return Refusal("EXCLUDE TIES for the values of rows on columns");
  }
  if (name == "ntile" || name == "nth_value") {
    const Value* count = KnownValueOf(*expr.args.back());
    if (count == nullptr || count->AsInt() <= 0) {
      return Refusal(fmt::format("{}() of a computed argument on columns", name));
    }
  }
  std::vector<std::string> args;
  NumericForm form;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    OMEN_ASSIGN_OR_RETURN(Text text, Print(*expr.args[i]));
    if (text.form.kind != Kind::kNone && !text.form.is_decimal()) {
      text = {Coerce(text, NumericForm::Blob()), NumericForm::Blob()};
    }
    if (i == 0) form = text.form;
    args.push_back(std::move(text.sql));
  }
  std::string sql = Call(name, args) + " OVER " + window;
  if (name == "first_value" && definition.partition_by.empty() && definition.order_by.empty()) {
    // Streamed, it would be the first of all rows, whatever the frame is.
    args.emplace_back("1");
    sql = Call("nth_value", args) + " OVER " + window;
  }
  if (name == "ntile") return Text{"CAST(" + sql + " AS INTEGER)", {}};
  return Text{std::move(sql), form};
}

bool Printer::ReadsStreamedUnion() const {
  return std::ranges::any_of(level_->query->relations,
                             [&](const Relation& relation) { return StreamsUnion(relation); });
}

Result<Text> Printer::PrintOffset(const Expr& expr, const std::string& over) {
  std::vector<std::string> args;
  OMEN_ASSIGN_OR_RETURN(Text value, Print(*expr.args[0]));
  Text fallback;
  NumericForm form = value.form;
  if (expr.args.size() == 3) {
    OMEN_ASSIGN_OR_RETURN(fallback, Print(*expr.args[2]));
    form = CommonForm({value.form, fallback.form});
  } else if (form.kind != Kind::kNone && !form.is_decimal()) {
    form = NumericForm::Blob();
  }
  args.push_back(Coerce(value, form));
  if (expr.args.size() >= 2) {
    OMEN_ASSIGN_OR_RETURN(std::string offset, PrintPlain(*expr.args[1]));
    args.push_back(std::move(offset));
  }
  if (expr.args.size() == 3) args.push_back(Coerce(fallback, form));
  return Text{Call(expr.window_function->name, args) + over, form};
}

Result<std::string> Printer::PrintOver(const WindowDef& window) {
  std::vector<std::string> parts;
  if (!window.partition_by.empty()) {
    std::vector<std::string> keys;
    const bool several = window.partition_by.size() > 1 && level_->query->windows.size() > 1;
    for (const ExprPtr& key : window.partition_by) {
      OMEN_ASSIGN_OR_RETURN(Text text, PrintSortable(*key));
      // Keys that it simplified to the same would count twice when it looks for windows alike.
      const bool hide = several && key->kind != ExprKind::kColumn;
      std::string sql = hide ? Call(names::kApart, {text.sql}) : std::move(text.sql);
      if (std::ranges::find(keys, sql) == keys.end()) keys.push_back(std::move(sql));
    }
    parts.push_back("PARTITION BY " + Join(keys, ", "));
  }
  Scoped<bool> range(range_key_, HasDistance(window));
  OMEN_ASSIGN_OR_RETURN(std::string order, PrintOrderBy(window.order_by, nullptr, nullptr));
  OMEN_ASSIGN_OR_RETURN(std::string frame, PrintFrame(window));
  // Without keys it would stream, wrongly over a UNION ALL.
  if (parts.empty() && order.empty() && ReadsStreamedUnion()) {
    parts.push_back(fmt::format("PARTITION BY {}(0)", names::kApart));
  }
  if (!order.empty()) parts.push_back(order.substr(1));
  if (!frame.empty()) parts.push_back(std::move(frame));
  return "(" + Join(parts, " ") + ")";
}

Status Printer::CheckRange(const WindowDef& window) {
  if (window.order_by.size() != 1) return PathFault("RANGE frame without one sort key");
  OMEN_ASSIGN_OR_RETURN(Text key, Print(*window.order_by[0].expr));
  if (NeedsKey(window.order_by[0].expr->type)) {
    return Refusal("RANGE frames over this type on columns");
  }
  if (key.form.is_blob()) {
    return Refusal("RANGE frames over numeric without a fixed scale on columns");
  }
  return Status::Ok();
}

Result<std::string> Printer::PrintFrameBound(const WindowDef& window, Bound kind,
                                             const ExprPtr& offset, bool start) {
  if (kind == Bound::kUnboundedPreceding) return std::string("UNBOUNDED PRECEDING");
  if (kind == Bound::kUnboundedFollowing) return std::string("UNBOUNDED FOLLOWING");
  if (kind == Bound::kCurrentRow) return std::string("CURRENT ROW");
  const std::string_view side = kind == Bound::kPreceding ? " PRECEDING" : " FOLLOWING";
  OMEN_ASSIGN_OR_RETURN(Text text, Print(*offset));
  if (text.form.is_blob()) return Refusal("this RANGE offset on columns");
  // DuckDB computes it for each row, and counts with a null.
  const Value* known = KnownValueOf(*offset);
  if (known == nullptr) return Refusal("a computed offset of a frame on columns");
  if (IsNegative(*offset, *known)) return NegativeOffset(window, start);
  if (window.frame == WindowDef::Frame::kRange) {
    // DuckDB looks on this side of the row only, where its peers are when the distance takes the
    // key nowhere: from infinity, or from 1e300.
    const bool beside = start == (kind == Bound::kFollowing);
    if (beside && MayStayPut(window.order_by[0].expr->type.oid)) {
      return Refusal("such a RANGE offset at this end of a frame on columns");
    }
    if (!IsFinite(*offset, *known)) return Refusal("a RANGE offset without an end on columns");
    return text.sql + std::string(side);
  }
  return std::to_string(std::min(known->AsInt(), kRowsMax)) + std::string(side);
}

Result<std::string> Printer::PrintFrame(const WindowDef& window) {
  const Bound first = Settled(window, window.start, window.start_offset);
  const Bound last = Settled(window, window.end, window.end_offset);
  bool plain = window.frame == WindowDef::Frame::kRange && first == Bound::kUnboundedPreceding &&
               last == Bound::kCurrentRow && window.exclude == WindowDef::Exclude::kNone;
  if (plain) return std::string();
  const EndOrder ends = IsOneSided(window) ? OrderOfEnds(window) : EndOrder::kInOrder;
  // Nulls have their peers in it all the same.
  if (window.frame == WindowDef::Frame::kRange && ends != EndOrder::kInOrder) {
    return Refusal("a RANGE frame that may end before it begins on columns");
  }
  // DuckDB may count its rows below zero.
  if (ends == EndOrder::kBackwards) {
    return fmt::format("ROWS BETWEEN {0} FOLLOWING AND {0} FOLLOWING", kRowsMax);
  }
  if (HasDistance(window)) {
    OMEN_RETURN_IF_ERROR(CheckRange(window));
  }
  OMEN_ASSIGN_OR_RETURN(std::string start,
                        PrintFrameBound(window, first, window.start_offset, true));
  OMEN_ASSIGN_OR_RETURN(std::string end, PrintFrameBound(window, last, window.end_offset, false));
  static constexpr std::array<std::string_view, 3> kFrames = {"RANGE", "ROWS", "GROUPS"};
  static constexpr std::array<std::string_view, 4> kExcludes = {"", " EXCLUDE CURRENT ROW",
                                                                " EXCLUDE GROUP", " EXCLUDE TIES"};
  return fmt::format("{} BETWEEN {} AND {}{}", kFrames[static_cast<size_t>(window.frame)], start,
                     end, kExcludes[static_cast<size_t>(window.exclude)]);
}

}  // namespace omen::sql::duckdb
