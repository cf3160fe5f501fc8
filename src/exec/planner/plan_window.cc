// Windows: which of them share an order, and the steps that compute them.
#include <algorithm>

#include "base/blame.h"
#include "exec/planner/planner.h"
#include "exec/window/window.h"

namespace omen::exec {

using sql::Expr;
using sql::WindowDef;

namespace {

constexpr double kWindowSortCost = 0.5, kWindowCallCost = 0.3, kFrameRowCost = 0.05;

struct Key {
  const Expr* expr;
  bool descending, nulls_first;

  bool operator==(const Key& other) const {
    return descending == other.descending && nulls_first == other.nulls_first &&
           sql::SameExpr(*expr, *other.expr);
  }
};

std::vector<Key> KeysOf(const WindowDef& window) {
  std::vector<Key> keys;
  for (const sql::ExprPtr& expr : window.partition_by) keys.push_back({expr.get(), false, false});
  for (const sql::SortKey& key : window.order_by) {
    keys.push_back({key.expr.get(), key.descending, key.nulls_first});
  }
  return keys;
}

bool BeginsWith(const std::vector<Key>& keys, const std::vector<Key>& start) {
  return start.size() <= keys.size() && std::equal(start.begin(), start.end(), keys.begin());
}

Status CheckCall(const Expr& call) {
  if (call.aggregate != nullptr) {
    if (call.aggregate->make != nullptr && !call.aggregate->ordered_set) return Status::Ok();
    return Refusal("this aggregate over a window on the row path");
  }
  if (IsOfWindows(call.window_function->meaning) && !call.ignore_nulls) return Status::Ok();
  return Refusal("this window function on the row path");
}

// What a row's frame costs where it is not that of the row before, and more.
double FrameCost(const WindowPlan& window, double rows) {
  const bool grows = window.start.bound == WindowDef::Bound::kUnboundedPreceding &&
                     window.exclude == WindowDef::Exclude::kNone;
  const bool aggregates = std::ranges::any_of(
      window.calls, [](const WindowCall& call) { return call.aggregate != nullptr; });
  return grows || !aggregates ? 0 : rows * rows * kFrameRowCost;
}

}  // namespace

/// Compiles the windows of one query. One use.
class LevelPlanner::WindowPlanner {
 public:
  explicit WindowPlanner(LevelPlanner* level) : level_(*level) {}

  Result<PlanNodePtr> Plan(PlanNodePtr node, std::vector<const Expr*> calls) {
    calls_ = std::move(calls);
    for (const std::vector<int>& windows : ByOrder()) {
      OMEN_ASSIGN_OR_RETURN(node, PlanNode(std::move(node), windows));
    }
    auto& computed = level_.scope_.computed;
    computed.insert(computed.end(), computed_.begin(), computed_.end());
    return node;
  }

 private:
  const WindowDef& Definition(int window) const {
    return level_.query_.windows[static_cast<size_t>(window)];
  }

  // The windows in use, those together that one order serves; its own first.
  std::vector<std::vector<int>> ByOrder() const {
    std::vector<int> used;
    for (const Expr* call : calls_) {
      if (std::ranges::find(used, call->window) == used.end()) used.push_back(call->window);
    }
    std::ranges::stable_sort(used, [&](int a, int b) {
      return KeysOf(Definition(a)).size() > KeysOf(Definition(b)).size();
    });
    std::vector<std::vector<int>> orders;
    for (const int window : used) {
      const std::vector<Key> keys = KeysOf(Definition(window));
      size_t at = 0;
      while (at < orders.size() && !BeginsWith(KeysOf(Definition(orders[at].front())), keys)) ++at;
      if (at == orders.size()) orders.emplace_back();
      orders[at].push_back(window);
    }
    return orders;
  }

  Result<PlanNodePtr> PlanNode(PlanNodePtr child, const std::vector<int>& windows) {
    auto node = level_.Numbered(std::make_unique<WindowAgg>(std::move(child)));
    const double rows = node->child->rows;
    node->rows = rows;
    node->cost = node->child->cost + rows * kWindowSortCost;
    for (const Key& key : KeysOf(Definition(windows.front()))) {
      SortTerm term{nullptr, key.expr->type.oid, key.descending, key.nulls_first};
      OMEN_ASSIGN_OR_RETURN(term.value, Compile(*key.expr, &level_.scope_));
      if (!node->text.empty()) node->text += ", ";
      node->text += ExprText(*key.expr, level_.query_);
      if (key.descending) node->text += " DESC";
      node->terms.push_back(std::move(term));
    }
    for (const int window : windows) {
      OMEN_ASSIGN_OR_RETURN(WindowPlan plan, CompileWindow(window));
      node->cost += rows * kWindowCallCost * static_cast<double>(plan.calls.size());
      node->cost += FrameCost(plan, rows);
      node->windows.push_back(std::move(plan));
    }
    node->startup = node->cost;
    return PlanNodePtr(std::move(node));
  }

  Result<WindowPlan> CompileWindow(int window) {
    const WindowDef& definition = Definition(window);
    WindowPlan plan;
    plan.partition_terms = definition.partition_by.size();
    plan.key_terms = plan.partition_terms + definition.order_by.size();
    plan.mode = definition.frame;
    plan.exclude = definition.exclude;
    if (!definition.order_by.empty()) {
      plan.descending = definition.order_by[0].descending;
      plan.nulls_first = definition.order_by[0].nulls_first;
    }
    OMEN_RETURN_IF_ERROR(
        CompileEnd(definition, definition.start, definition.start_offset, &plan.start));
    OMEN_RETURN_IF_ERROR(CompileEnd(definition, definition.end, definition.end_offset, &plan.end));
    for (const Expr* call : calls_) {
      if (call->window != window) continue;
      OMEN_ASSIGN_OR_RETURN(WindowCall compiled, CompileCall(*call));
      computed_.emplace_back(call, compiled.slot);
      plan.calls.push_back(std::move(compiled));
    }
    return plan;
  }

  Status CompileEnd(const WindowDef& definition, WindowDef::Bound bound, const sql::ExprPtr& offset,
                    FrameEnd* end) {
    end->bound = bound;
    if (offset == nullptr) return Status::Ok();
    OMEN_ASSIGN_OR_RETURN(end->offset, Compile(*offset, &level_.scope_));
    if (definition.frame != WindowDef::Frame::kRange) return Status::Ok();
    end->in_range =
        functions::InRange::Find(definition.order_by[0].expr->type.oid, offset->type.oid);
    if (!end->in_range) return Refusal("a RANGE offset of this type on the row path");
    return Status::Ok();
  }

  Result<WindowCall> CompileCall(const Expr& expr) {
    OMEN_RETURN_IF_ERROR(CheckCall(expr));
    WindowCall call;
    call.aggregate = expr.aggregate;
    if (expr.window_function != nullptr) call.meaning = expr.window_function->meaning;
    OMEN_ASSIGN_OR_RETURN(call.args, CompileAll(expr.args, &level_.scope_));
    for (const sql::ExprPtr& arg : expr.args) call.types.push_back(arg->type);
    call.result = expr.type;
    if (expr.filter != nullptr) {
      OMEN_ASSIGN_OR_RETURN(call.filter, Compile(*expr.filter, &level_.scope_));
    }
    call.slot = level_.scope_.NewSlot();
    return call;
  }

  LevelPlanner& level_;
  std::vector<const Expr*> calls_;
  std::vector<std::pair<const Expr*, int>> computed_;
};

Result<PlanNodePtr> LevelPlanner::PlanWindows(PlanNodePtr node) {
  if (query_.windows.empty()) return node;
  std::vector<const Expr*> calls;
  CollectFromTargets(query_, sql::CollectWindowCalls, &calls);
  if (calls.empty()) return node;
  return WindowPlanner(this).Plan(std::move(node), std::move(calls));
}

}  // namespace omen::exec
