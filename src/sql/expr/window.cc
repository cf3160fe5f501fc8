#include "sql/expr/window.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "functions/in_range.h"
#include "sql/expr/sort_keys.h"
#include "sql/operand/expr_search.h"
#include "sql/operand/operate.h"
#include "sql/tree/expr_lists.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

bool SameWindow(const WindowDef& a, const WindowDef& b) {
  if (a.base != b.base || a.has_frame != b.has_frame || a.has_between != b.has_between) {
    return false;
  }
  if (a.frame != b.frame || a.start != b.start || a.end != b.end || a.exclude != b.exclude ||
      a.partition_by.size() != b.partition_by.size() || !SameKeys(a.order_by, b.order_by)) {
    return false;
  }
  for (size_t i = 0; i < a.partition_by.size(); ++i) {
    if (!SameExpr(*a.partition_by[i], *b.partition_by[i])) return false;
  }
  return SameOptional(a.start_offset, b.start_offset) && SameOptional(a.end_offset, b.end_offset);
}

WindowDef::Bound StartBound(int options) {
  if (options & FRAMEOPTION_START_UNBOUNDED_PRECEDING) return WindowDef::Bound::kUnboundedPreceding;
  if (options & FRAMEOPTION_START_UNBOUNDED_FOLLOWING) return WindowDef::Bound::kUnboundedFollowing;
  if (options & FRAMEOPTION_START_OFFSET_PRECEDING) return WindowDef::Bound::kPreceding;
  if (options & FRAMEOPTION_START_OFFSET_FOLLOWING) return WindowDef::Bound::kFollowing;
  return WindowDef::Bound::kCurrentRow;
}

WindowDef::Bound EndBound(int options) {
  if (options & FRAMEOPTION_END_UNBOUNDED_PRECEDING) return WindowDef::Bound::kUnboundedPreceding;
  if (options & FRAMEOPTION_END_UNBOUNDED_FOLLOWING) return WindowDef::Bound::kUnboundedFollowing;
  if (options & FRAMEOPTION_END_OFFSET_PRECEDING) return WindowDef::Bound::kPreceding;
  if (options & FRAMEOPTION_END_OFFSET_FOLLOWING) return WindowDef::Bound::kFollowing;
  return WindowDef::Bound::kCurrentRow;
}

WindowDef::Exclude Exclusion(int options) {
  if (options & FRAMEOPTION_EXCLUDE_CURRENT_ROW) return WindowDef::Exclude::kCurrentRow;
  if (options & FRAMEOPTION_EXCLUDE_GROUP) return WindowDef::Exclude::kGroup;
  if (options & FRAMEOPTION_EXCLUDE_TIES) return WindowDef::Exclude::kTies;
  return WindowDef::Exclude::kNone;
}

int FrameOptionsOf(const Scope& scope, std::string_view window) {
  for (const auto& named : scope.windows) {
    if (window == named.node->name) return named.node->frameOptions;
  }
  return 0;
}

void KeepWritten(const ::WindowDef& node, WindowDef* window) {
  if (node.name != nullptr) window->name = node.name;
  if (node.refname != nullptr) window->base = node.refname;
  window->base_orders = node.refname != nullptr && node.orderClause == nullptr;
  window->has_frame = (node.frameOptions & FRAMEOPTION_NONDEFAULT) != 0;
  window->has_between = (node.frameOptions & FRAMEOPTION_BETWEEN) != 0;
}

Status NoWindow(std::string_view name, int location) {
  return Status(sqlstate::kUndefinedObject, fmt::format("window \"{}\" does not exist", name))
      .At(location);
}

// Of the types that a distance of the key may have: the offset's own, else what it can become.
ExprResult CoerceRangeOffset(BindState* state, ExprPtr offset, Oid key) {
  const std::span<const Oid> types = functions::InRange::OffsetTypes(key);
  const auto listed = [&](Oid type) { return std::ranges::find(types, type) != types.end(); };
  const auto refused = [&](std::string_view offset_type) {
    return Status(
        sqlstate::kFeatureNotSupported,
        fmt::format("RANGE with offset PRECEDING/FOLLOWING is not supported for column type {}{}",
                    NameOf(key), offset_type));
  };
  if (types.empty()) return refused("").At(offset->location);
  Oid wanted = offset->type.oid;
  if (IsUnknown(*offset)) wanted = listed(key) ? key : types.front();
  for (const Oid type : types) {
    if (!listed(wanted) && CanCoerce(wanted, type, CastContext::kImplicit)) wanted = type;
  }
  if (!listed(wanted)) {
    return refused(" and offset type " + NameOf(wanted))
        .Hint("Cast the offset value to an appropriate type.")
        .At(offset->location);
  }
  return Coerce(state, std::move(offset), {wanted, -1}, CastContext::kImplicit);
}

}  // namespace

ExprResult WindowBinder::BindCall(const FuncCall& node, const Callee& callee,
                                  std::vector<ExprPtr> args, Oid result) {
  if (node.agg_distinct) {
    return Status(sqlstate::kFeatureNotSupported,
                  "DISTINCT is not implemented for window functions")
        .At(node.location);
  }
  if (node.agg_within_group) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("OVER is not supported for ordered-set aggregate {}",
                              callee.aggregate->name))
        .At(node.location);
  }
  if (node.agg_order != nullptr) {
    return Status(sqlstate::kFeatureNotSupported,
                  "aggregate ORDER BY is not implemented for window functions")
        .At(node.location);
  }
  Clause clause = scope_.clause;
  if (clause != Clause::kTarget && clause != Clause::kOrderBy && clause != Clause::kDistinctOn) {
    return Status(sqlstate::kWindowingError,
                  fmt::format("window functions are not allowed in {}", ClauseName(clause)))
        .At(node.location);
  }
  for (const ExprPtr& arg : args) {
    if (const Expr* inner = FindNode(*arg, IsWindowNode)) {
      return Status(sqlstate::kWindowingError, "window function calls cannot be nested")
          .At(inner->location);
    }
  }
  auto expr = std::make_unique<Expr>(ExprKind::kWindow, Type{result}, node.location);
  expr->aggregate = callee.aggregate;
  expr->window_function = callee.window;
  expr->args = std::move(args);
  if (result == oid::kBpchar && !expr->args.empty()) expr->type = expr->args[0]->type;
  if (node.agg_filter) {
    OMEN_ASSIGN_OR_RETURN(expr->filter, exprs_.BindBool(node.agg_filter, Clause::kFilter));
  }
  OMEN_ASSIGN_OR_RETURN(expr->window, IndexOf(*node.over));
  return expr;
}

Status WindowBinder::BindNamed() {
  for (size_t i = 0; i < scope_.windows.size(); ++i) {
    const ::WindowDef* node = scope_.windows[i].node;
    for (size_t j = 0; j < i; ++j) {
      if (std::string_view(scope_.windows[j].node->name) != node->name) continue;
      return Status(sqlstate::kWindowingError,
                    fmt::format("window \"{}\" is already defined", node->name))
          .At(node->location);
    }
    OMEN_ASSIGN_OR_RETURN([[maybe_unused]] int index, IndexOfNamed(node->name, node->location));
  }
  return Status::Ok();
}

Result<int> WindowBinder::IndexOf(const ::WindowDef& node) {
  if (node.name != nullptr) return IndexOfNamed(node.name, node.location);
  OMEN_ASSIGN_OR_RETURN(WindowDef window, BindWindow(node));
  std::vector<WindowDef>& windows = scope_.query->windows;
  for (size_t i = 0; i < windows.size(); ++i) {
    if (SameWindow(windows[i], window)) return static_cast<int>(i);
  }
  windows.push_back(std::move(window));
  return static_cast<int>(windows.size()) - 1;
}

Result<int> WindowBinder::IndexOfNamed(std::string_view name, int location) {
  for (size_t i = 0; i < scope_.windows.size(); ++i) {
    if (name != scope_.windows[i].node->name) continue;
    if (scope_.windows[i].index < 0) {
      OMEN_ASSIGN_OR_RETURN(WindowDef window, BindWindow(*scope_.windows[i].node));
      scope_.query->windows.push_back(std::move(window));
      scope_.windows[i].index = static_cast<int>(scope_.query->windows.size()) - 1;
    }
    return scope_.windows[i].index;
  }
  return NoWindow(name, location);
}

Result<WindowDef> WindowBinder::BindWindow(const ::WindowDef& node) {
  DepthGuard guard(binding_.state());
  OMEN_RETURN_IF_ERROR(guard.Check(node.location));
  WindowDef window;
  if (binding_.as_written()) KeepWritten(node, &window);
  if (node.refname != nullptr) OMEN_RETURN_IF_ERROR(CopyNamed(node, &window));
  for (const Node* item : Items<>(node.partitionClause)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr expr, exprs_.BindExpr(item, Clause::kWindowPartition));
    OMEN_ASSIGN_OR_RETURN(expr, ResolveUnknown(binding_.state(), std::move(expr)));
    OMEN_RETURN_IF_ERROR(NeedEquality(*expr));
    window.partition_by.push_back(std::move(expr));
  }
  if (node.orderClause != nullptr) {
    OMEN_RETURN_IF_ERROR(
        BindSortKeys(binding_, node.orderClause, Clause::kWindowOrder, &window.order_by));
  }
  OMEN_RETURN_IF_ERROR(BindFrame(node, &window));
  return window;
}

/// A window of WINDOW sees those before it alone.
bool WindowBinder::Sees(const ::WindowDef& node, std::string_view base) const {
  if (node.name == nullptr) return true;
  for (const NamedWindow& named : scope_.windows) {
    if (named.node == &node) return false;
    if (base == named.node->name) return true;
  }
  return false;
}

Status WindowBinder::CopyNamed(const ::WindowDef& node, WindowDef* window) {
  if (!Sees(node, node.refname)) return NoWindow(node.refname, node.location);
  OMEN_ASSIGN_OR_RETURN(int base, IndexOfNamed(node.refname, node.location));
  const WindowDef& from = scope_.query->windows[static_cast<size_t>(base)];
  if ((FrameOptionsOf(scope_, node.refname) & FRAMEOPTION_NONDEFAULT) != 0) {
    Status copied(
        sqlstate::kWindowingError,
        fmt::format("cannot copy window \"{}\" because it has a frame clause", node.refname));
    const bool bare = node.partitionClause == nullptr && node.orderClause == nullptr &&
                      (node.frameOptions & FRAMEOPTION_NONDEFAULT) == 0 && node.name == nullptr;
    if (bare) copied = std::move(copied).Hint("Omit the parentheses in this OVER clause.");
    return std::move(copied).At(node.location);
  }
  if (node.partitionClause != nullptr) {
    return Status(sqlstate::kWindowingError,
                  fmt::format("cannot override PARTITION BY clause of window \"{}\"", node.refname))
        .At(node.location);
  }
  if (node.orderClause != nullptr && !from.order_by.empty()) {
    return Status(sqlstate::kWindowingError,
                  fmt::format("cannot override ORDER BY clause of window \"{}\"", node.refname))
        .At(node.location);
  }
  for (const ExprPtr& expr : from.partition_by) window->partition_by.push_back(CloneExpr(*expr));
  for (const SortKey& key : from.order_by) {
    window->order_by.push_back({CloneExpr(*key.expr), key.descending, key.nulls_first});
  }
  return Status::Ok();
}

Status WindowBinder::BindFrame(const ::WindowDef& node, WindowDef* window) {
  int options = node.frameOptions;
  window->frame = (options & FRAMEOPTION_ROWS)     ? WindowDef::Frame::kRows
                  : (options & FRAMEOPTION_GROUPS) ? WindowDef::Frame::kGroups
                                                   : WindowDef::Frame::kRange;
  window->start = StartBound(options);
  window->end = EndBound(options);
  window->exclude = Exclusion(options);
  bool offsets = node.startOffset != nullptr || node.endOffset != nullptr;
  if (offsets && window->frame == WindowDef::Frame::kRange && window->order_by.size() != 1) {
    return Status(sqlstate::kWindowingError,
                  "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column")
        .At(node.location);
  }
  if (window->frame == WindowDef::Frame::kGroups && window->order_by.empty()) {
    return Status(sqlstate::kWindowingError, "GROUPS mode requires an ORDER BY clause")
        .At(node.location);
  }
  if (node.startOffset != nullptr) {
    OMEN_ASSIGN_OR_RETURN(window->start_offset, BindFrameOffset(node.startOffset, *window));
  }
  if (node.endOffset != nullptr) {
    OMEN_ASSIGN_OR_RETURN(window->end_offset, BindFrameOffset(node.endOffset, *window));
  }
  return Status::Ok();
}

ExprResult WindowBinder::BindFrameOffset(const Node* node, const WindowDef& window) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr offset, exprs_.BindExpr(node, Clause::kWindowFrame));
  if (const Expr* variable = FindVariable(*offset)) {
    const char* mode = window.frame == WindowDef::Frame::kRange  ? "RANGE"
                       : window.frame == WindowDef::Frame::kRows ? "ROWS"
                                                                 : "GROUPS";
    return Status(sqlstate::kInvalidColumnReference,
                  fmt::format("argument of {} must not contain variables", mode))
        .At(variable->location);
  }
  if (window.frame != WindowDef::Frame::kRange) {
    std::string_view construct = window.frame == WindowDef::Frame::kRows ? "ROWS" : "GROUPS";
    return CoerceTo(binding_.state(), std::move(offset), oid::kInt8, construct);
  }
  return CoerceRangeOffset(binding_.state(), std::move(offset), window.order_by[0].expr->type.oid);
}

}  // namespace omen::sql
