// Window functions and their windows: OVER (...), named windows and frames.
#pragma once

#include <string_view>
#include <vector>

#include "sql/expr/expr.h"
#include "sql/grammar/internal/node_names.h"
#include "sql/typing/resolve.h"

namespace omen::sql {

/// Binds calls over windows, and keeps their windows in the query. One thread; made and used at one
/// query level. 42P20 for calls and windows that PostgreSQL refuses.
class WindowBinder {
 public:
  explicit WindowBinder(Binding& binding)
      : binding_(binding), exprs_(binding), scope_(*binding.scope()) {}

  ExprResult BindCall(const ::FuncCall& node, const Callee& callee, std::vector<ExprPtr> args,
                      Oid result);
  /// Those of WINDOW, used or not.
  Status BindNamed();

 private:
  Result<int> IndexOf(const ::WindowDef& node);
  Result<int> IndexOfNamed(std::string_view name, int location);
  Result<WindowDef> BindWindow(const ::WindowDef& node);
  bool Sees(const ::WindowDef& node, std::string_view base) const;
  /// What a window takes from the one that it names.
  Status CopyNamed(const ::WindowDef& node, WindowDef* window);
  Status BindFrame(const ::WindowDef& node, WindowDef* window);
  ExprResult BindFrameOffset(const ::Node* node, const WindowDef& window);

  Binding& binding_;
  ExprBinder exprs_;
  Scope& scope_;
};

}  // namespace omen::sql
