// A value or the Status that says why there is none.
#pragma once

#include <optional>
#include <utility>

#include "base/check.h"
#include "base/status.h"

namespace omen {

/// Result<T> holds a T when ok(), else an error Status. Reading the value of a
/// failed result is a broken invariant and ends the process.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT: implicit by design
  Result(Status status) : status_(std::move(status)) {  // NOLINT: implicit by design
    OMEN_CHECK(!status_.ok());
  }

  bool ok() const { return value_.has_value(); }
  const Status& status() const& { return status_; }
  Status&& status() && { return std::move(status_); }
  T& value() & {
    OMEN_CHECK(ok());
    return *value_;
  }
  const T& value() const& {
    OMEN_CHECK(ok());
    return *value_;
  }
  T&& value() && {
    OMEN_CHECK(ok());
    return std::move(*value_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace omen

/// OMEN_ASSIGN_OR_RETURN(auto x, Compute()): binds the value or returns the error.
#define OMEN_ASSIGN_OR_RETURN(target, expr) \
  OMEN_ASSIGN_OR_RETURN_(OMEN_CONCAT(omen_result_, __LINE__), target, expr)
#define OMEN_ASSIGN_OR_RETURN_(result, target, expr) \
  auto result = (expr);                              \
  if (!result.ok()) [[unlikely]]                     \
    return std::move(result).status();               \
  target = std::move(result).value()
