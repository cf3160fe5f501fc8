// A value changed for the length of a scope.
#pragma once

#include <utility>

namespace omen::sql::duckdb {

/// Sets `target` to `value` and puts the old value back at the end of the scope.
template <typename T>
class Scoped {
 public:
  Scoped(T& target, T value) : target_(target), old_(std::exchange(target, std::move(value))) {}
  ~Scoped() { target_ = std::move(old_); }
  Scoped(const Scoped&) = delete;
  Scoped& operator=(const Scoped&) = delete;

 private:
  T& target_;
  T old_;
};

}  // namespace omen::sql::duckdb
