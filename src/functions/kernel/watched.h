// Calls of kernels for a statement: whatever a kernel does, its statement can stop it
// (base/work.h). Every path calls kernels, opens sets and makes aggregate states through here.
#pragma once

#include <memory>

#include "base/work.h"
#include "functions/kernel/function.h"

namespace omen::functions {

/// How long a call may take: kShort whatever its arguments; kByData where they decide, since one
/// of them, or the result, has no fixed size. What asks its session is kShort: it must not be left
/// half way, and polls by itself where it waits.
enum class Effort : uint8_t { kShort, kByData };
Effort EffortOf(const Function& function);
/// A known type whose values have no bytes beside them.
bool HasFixedSize(Oid type);

/// `compute` for the statement that this thread runs: 57014 when that is cancelled, 53200 when it
/// has no room.
template <typename Compute>
auto Watched(const CallContext& context, Compute&& compute) -> decltype(compute()) {
  return Work::Run({.cancel = context.cancel}, compute);
}

/// A constant computed while a statement is planned: fails where that would be much work, which is
/// then done when the statement runs, if it is reached.
template <typename Compute>
auto WatchedConstant(const CallContext& context, Compute&& compute) -> decltype(compute()) {
  constexpr uint64_t kLooks = 1000;
  constexpr int64_t kBytes = 1 << 20;
  const auto memory = std::make_shared<MemoryAccount>(kBytes);
  return Work::Run({.cancel = context.cancel, .memory = &memory, .steps = kLooks}, compute);
}

/// A function ready to be called many times. Immutable.
class WatchedCall {
 public:
  explicit WatchedCall(const Function* function)
      : function_(function), short_(EffortOf(*function) == Effort::kShort) {}
  Status operator()(CallContext& context, const CallArgs& args, Value* out) const {
    if (short_) return function_->kernel(context, args, out);
    return Watched(context, [&] { return function_->kernel(context, args, out); });
  }
  const Function* operator->() const { return function_; }

 private:
  const Function* function_;
  bool short_;
};

/// A set's cursor, whose steps are watched too. `context` outlives it.
Result<std::unique_ptr<SetCursor>> OpenSet(SetKernel kernel, CallContext& context,
                                           const CallArgs& args);

/// A state of the aggregate for the statement that this thread runs, which is charged for it.
std::unique_ptr<AggregateState> MakeState(const Aggregate& aggregate, std::span<const Type> types,
                                          Type result);

}  // namespace omen::functions
