// What one binding carries besides scopes: settings, the statement being made, the
// parameters' types and how deep the recursion is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/tree/bind_context.h"
#include "sql/tree/statement.h"

namespace omen::sql {

using ExprResult = Result<ExprPtr>;

/// One binding. Lives on the binding thread's stack.
struct BindState {
  const BindContext& context;
  Statement* statement;
  std::vector<std::string> search_path;
  std::vector<Type> params;  // kInvalid: not seen, kUnknown: seen and not yet typed
  int depth = 0;
  /// The SELECT INTO that is the whole statement; INTO anywhere else is refused.
  const void* into_select = nullptr;
  /// Expressions made so far, and how many the text may make: BETWEEN and CASE repeat an
  /// operand, so nesting them would grow without bound.
  int64_t nodes = 0, node_budget = 0;

  BindState(const BindContext& context_in, Statement* statement_in);
  /// BindContext::as_written.
  bool as_written() const { return context.as_written; }
  /// Under as_written: the refusal of what the tree cannot keep. Ok elsewhere.
  Status CannotWrite(std::string_view what) const;
  /// Allows for `bytes` more of statement text.
  void AddText(size_t bytes);
};

/// Counts one level of recursion while it lives. Bound trees are walked recursively
/// everywhere, so their depth is what is limited.
class DepthGuard {
 public:
  explicit DepthGuard(BindState* state, int cost = 1) : state_(state), cost_(cost) {
    state_->depth += cost_;
  }
  ~DepthGuard() { state_->depth -= cost_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  /// 54001 when too deep.
  Status Check(int location) const;

 private:
  BindState* state_;
  int cost_;
};

/// Nesting of expressions that is accepted; a nested query costs kQueryDepth.
inline constexpr int kMaxDepth = 1200;
inline constexpr int kQueryDepth = 3;

}  // namespace omen::sql
