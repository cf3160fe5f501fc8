// What the calls over a window give for its current row.
#pragma once

#include <memory>

#include "exec/window/window_frame.h"

namespace omen::exec {

/// One call over the rows of one window, in their order. One thread.
class WindowValue {
 public:
  WindowValue(const WindowCall& call, WindowRows* rows, EvalContext* context)
      : call_(call), rows_(*rows), context_(*context) {}
  virtual ~WindowValue() = default;
  /// Forgets all rows.
  virtual void Reset() {}
  /// The slots may hold another row afterwards.
  virtual Status At(const WindowPlace& place, Value* out) = 0;

 protected:
  /// An argument, computed on a row.
  Status Argument(size_t index, size_t row, Value* out) {
    rows_.Load(row);
    return call_.args[index]->Eval(context_, out);
  }

  const WindowCall& call_;
  WindowRows& rows_;
  EvalContext& context_;
};

std::unique_ptr<WindowValue> MakeWindowValue(const WindowCall& call, WindowRows* rows,
                                             EvalContext* context);

}  // namespace omen::exec
