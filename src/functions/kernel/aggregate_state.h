// How aggregate topics make their states.
#pragma once

#include <memory>

#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"

namespace omen::functions {

/// A factory for states that do not depend on the argument types.
template <typename State>
std::unique_ptr<AggregateState> Make(std::span<const Type>, Type) {
  return std::make_unique<State>();
}

/// A factory for states that take the resolved argument types and the result type.
template <typename State>
std::unique_ptr<AggregateState> MakeTyped(std::span<const Type> types, Type result) {
  return std::make_unique<State>(types, result);
}

}  // namespace omen::functions
