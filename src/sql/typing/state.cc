#include "sql/typing/state.h"

#include <pthread.h>

namespace omen::sql {
namespace {

constexpr size_t kStackReserve = 256 * 1024;

/// Lowest address of this thread's stack that binding may reach.
uintptr_t StackLimit() {
  thread_local uintptr_t limit = [] {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return uintptr_t{0};
    void* base = nullptr;
    size_t size = 0;
    pthread_attr_getstack(&attributes, &base, &size);
    pthread_attr_destroy(&attributes);
    return reinterpret_cast<uintptr_t>(base) + kStackReserve;
  }();
  return limit;
}

}  // namespace

BindState::BindState(const BindContext& context_in, Statement* statement_in)
    : context(context_in), statement(statement_in), search_path(context_in.search_path) {
  for (Oid type : context.param_types) {
    params.push_back({type == oid::kUnknown ? oid::kInvalid : type, -1});
  }
}

void BindState::AddText(size_t bytes) {
  constexpr int64_t kNodesPerText = 10'000, kNodesPerByte = 16;
  node_budget += kNodesPerText + kNodesPerByte * static_cast<int64_t>(bytes);
}

Status BindState::CannotWrite(std::string_view what) const {
  return as_written() ? NotSupported(what) : Status::Ok();
}

Status DepthGuard::Check(int location) const {
  char here;
  if (state_->depth <= kMaxDepth && reinterpret_cast<uintptr_t>(&here) > StackLimit()) {
    return Status::Ok();
  }
  return Status(sqlstate::kTooComplex, "stack depth limit exceeded")
      .Hint("The statement is nested too deeply; write it with fewer nested levels.")
      .At(location);
}

}  // namespace omen::sql
