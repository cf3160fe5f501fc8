#include "sql/duckdb/expr/over.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/blame.h"
#include "sql/duckdb/expr/order.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/keys.h"
#include "sql/duckdb/text/streamed_union.h"
#include "types/column_functions.h"
#include "types/datetime/datetime.h"
#include "types/number/numeric.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

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
bool MayStayPut(Oid type) { return !IsInteger(type) && type != oid::kNumeric; }

}  // namespace

Result<std::string> OverPrinter::Print() {
  OMEN_ASSIGN_OR_RETURN(std::string partition, PrintPartition());
  Scoped<bool> range = printing_.WidenSortKeys(HasDistance(window_));
  OMEN_ASSIGN_OR_RETURN(std::string order, OrderPrinter(printing_).Print(window_.order_by));
  OMEN_ASSIGN_OR_RETURN(std::string frame, PrintFrame());
  // Without keys it would stream, wrongly over a UNION ALL.
  if (partition.empty() && order.empty() && ReadsStreamedUnion()) {
    partition = fmt::format("PARTITION BY {}(0)", names::kApart);
  }
  std::vector<std::string> parts;
  if (!partition.empty()) parts.push_back(std::move(partition));
  if (!order.empty()) parts.push_back(order.substr(1));
  if (!frame.empty()) parts.push_back(std::move(frame));
  return "(" + Join(parts, " ") + ")";
}

Result<std::string> OverPrinter::PrintPartition() {
  if (window_.partition_by.empty()) return std::string();
  std::vector<std::string> keys;
  const bool several =
      window_.partition_by.size() > 1 && printing_.level()->query->windows.size() > 1;
  for (const ExprPtr& key : window_.partition_by) {
    OMEN_ASSIGN_OR_RETURN(Text text, exprs_.PrintSortable(*key));
    // Keys that it simplified to the same would count twice when it looks for windows alike.
    const bool hide = several && key->kind != ExprKind::kColumn;
    std::string sql = hide ? Call(names::kApart, {text.sql}) : std::move(text.sql);
    if (std::ranges::find(keys, sql) == keys.end()) keys.push_back(std::move(sql));
  }
  return "PARTITION BY " + Join(keys, ", ");
}

bool OverPrinter::ReadsStreamedUnion() const {
  const Level* level = printing_.level();
  return std::ranges::any_of(level->query->relations, [&](const Relation& relation) {
    return StreamsUnion(relation, level);
  });
}

Status OverPrinter::CheckRange() {
  if (window_.order_by.size() != 1) return PathFault("RANGE frame without one sort key");
  OMEN_ASSIGN_OR_RETURN(Text key, exprs_.Print(*window_.order_by[0].expr));
  if (NeedsKey(window_.order_by[0].expr->type)) {
    return Refusal("RANGE frames over this type on columns");
  }
  if (key.form.is_blob()) {
    return Refusal("RANGE frames over numeric without a fixed scale on columns");
  }
  return Status::Ok();
}

Result<std::string> OverPrinter::PrintBound(Bound kind, const ExprPtr& offset, bool start) {
  if (kind == Bound::kUnboundedPreceding) return std::string("UNBOUNDED PRECEDING");
  if (kind == Bound::kUnboundedFollowing) return std::string("UNBOUNDED FOLLOWING");
  if (kind == Bound::kCurrentRow) return std::string("CURRENT ROW");
  const std::string_view side = kind == Bound::kPreceding ? " PRECEDING" : " FOLLOWING";
  OMEN_ASSIGN_OR_RETURN(Text text, exprs_.Print(*offset));
  if (text.form.is_blob()) return Refusal("this RANGE offset on columns");
  // DuckDB computes it for each row, and counts with a null.
  const Value* known = KnownValueOf(*offset);
  if (known == nullptr) return Refusal("a computed offset of a frame on columns");
  if (IsNegative(*offset, *known)) return NegativeOffset(window_, start);
  if (window_.frame == WindowDef::Frame::kRange) {
    // DuckDB looks on this side of the row only, where its peers are when the distance takes the
    // key nowhere: from infinity, or from 1e300.
    const bool beside = start == (kind == Bound::kFollowing);
    if (beside && MayStayPut(window_.order_by[0].expr->type.oid)) {
      return Refusal("such a RANGE offset at this end of a frame on columns");
    }
    if (!IsFinite(*offset, *known)) return Refusal("a RANGE offset without an end on columns");
    return text.sql + std::string(side);
  }
  return std::to_string(std::min(known->AsInt(), kRowsMax)) + std::string(side);
}

Result<std::string> OverPrinter::PrintFrame() {
  const Bound first = Settled(window_, window_.start, window_.start_offset);
  const Bound last = Settled(window_, window_.end, window_.end_offset);
  bool plain = window_.frame == WindowDef::Frame::kRange && first == Bound::kUnboundedPreceding &&
               last == Bound::kCurrentRow && window_.exclude == WindowDef::Exclude::kNone;
  if (plain) return std::string();
  const EndOrder ends = IsOneSided(window_) ? OrderOfEnds(window_) : EndOrder::kInOrder;
  // Nulls have their peers in it all the same.
  if (window_.frame == WindowDef::Frame::kRange && ends != EndOrder::kInOrder) {
    return Refusal("a RANGE frame that may end before it begins on columns");
  }
  // DuckDB may count its rows below zero.
  if (ends == EndOrder::kBackwards) {
    return fmt::format("ROWS BETWEEN {0} FOLLOWING AND {0} FOLLOWING", kRowsMax);
  }
  if (HasDistance(window_)) {
    OMEN_RETURN_IF_ERROR(CheckRange());
  }
  OMEN_ASSIGN_OR_RETURN(std::string start, PrintBound(first, window_.start_offset, true));
  OMEN_ASSIGN_OR_RETURN(std::string end, PrintBound(last, window_.end_offset, false));
  static constexpr std::array<std::string_view, 3> kFrames = {"RANGE", "ROWS", "GROUPS"};
  static constexpr std::array<std::string_view, 4> kExcludes = {"", " EXCLUDE CURRENT ROW",
                                                                " EXCLUDE GROUP", " EXCLUDE TIES"};
  return fmt::format("{} BETWEEN {} AND {}{}", kFrames[static_cast<size_t>(window_.frame)], start,
                     end, kExcludes[static_cast<size_t>(window_.exclude)]);
}

}  // namespace omen::sql::duckdb
