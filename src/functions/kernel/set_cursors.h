// Cursors that set-returning kernels share.
#pragma once

#include <memory>
#include <vector>

#include "functions/kernel/kernel.h"

namespace omen::functions {

using CursorPtr = std::unique_ptr<SetCursor>;

/// Yields values that were all computed at the start.
class ListCursor final : public SetCursor {
 public:
  explicit ListCursor(std::vector<Value> values) : values_(std::move(values)) {}
  Result<bool> Next(Value* out) override {
    if (next_ == values_.size()) return false;
    *out = std::move(values_[next_++]);
    return true;
  }

 private:
  std::vector<Value> values_;
  size_t next_ = 0;
};

inline CursorPtr MakeListCursor(std::vector<Value> values) {
  return std::make_unique<ListCursor>(std::move(values));
}

}  // namespace omen::functions
