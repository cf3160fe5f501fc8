#include "functions/kernel/watched.h"

#include <algorithm>

namespace omen::functions {

namespace {

MemoryAccountPtr StatementMemory() {
  const MemoryAccountPtr* memory = Work::StatementMemory();
  return memory == nullptr ? nullptr : *memory;
}

class WatchedCursor final : public SetCursor {
 public:
  explicit WatchedCursor(const CallContext& context)
      : context_(context), memory_(StatementMemory()), kept_(memory_) {}
  Status Open(SetKernel kernel, CallContext& context, const CallArgs& args) {
    auto opened = Work::Run(Order(), [&] { return kernel(context, args); });
    if (!opened.ok()) return std::move(opened).status();
    cursor_ = std::move(opened).value();
    return Status::Ok();
  }
  Result<bool> Next(Value* out) override {
    return Work::Run(Order(), [&] { return cursor_->Next(out); });
  }

 private:
  Work::Order Order() {
    return {.cancel = context_.cancel,
            .memory = memory_ == nullptr ? nullptr : &memory_,
            .kept = &kept_};
  }

  const CallContext& context_;
  const MemoryAccountPtr memory_;
  Work::Holding kept_;
  std::unique_ptr<SetCursor> cursor_;
};

class WatchedState final : public AggregateState {
 public:
  WatchedState(MemoryAccountPtr memory, std::unique_ptr<AggregateState> state)
      : memory_(std::move(memory)), kept_(memory_), state_(std::move(state)) {}
  Status Step(CallContext& context, const CallArgs& args) override {
    const Work::Order order{.cancel = context.cancel, .memory = &memory_, .kept = &kept_};
    return Work::Run(order, [&] { return state_->Step(context, args); });
  }
  Status Finish(CallContext& context, Value* out) override {
    const Work::Order order{.cancel = context.cancel, .memory = &memory_};
    return Work::Run(order, [&] { return state_->Finish(context, out); });
  }

 private:
  const MemoryAccountPtr memory_;
  Work::Holding kept_;
  std::unique_ptr<AggregateState> state_;
};

}  // namespace

bool HasFixedSize(Oid type) {
  const TypeInfo* info = FindType(type);
  if (info == nullptr) return false;  // polymorphic
  return info->carrier != Carrier::kBytes && info->carrier != Carrier::kArray;
}

Effort EffortOf(const Function& function) {
  const bool fixed =
      HasFixedSize(function.result) && std::ranges::all_of(function.args, HasFixedSize);
  return fixed || function.asks_session ? Effort::kShort : Effort::kByData;
}

Result<std::unique_ptr<SetCursor>> OpenSet(SetKernel kernel, CallContext& context,
                                           const CallArgs& args) {
  auto cursor = std::make_unique<WatchedCursor>(context);
  OMEN_RETURN_IF_ERROR(cursor->Open(kernel, context, args));
  return std::unique_ptr<SetCursor>(std::move(cursor));
}

// Numbers of fixed size are all that many states keep; those are not worth watching.
std::unique_ptr<AggregateState> MakeState(const Aggregate& aggregate, std::span<const Type> types,
                                          Type result) {
  auto state = aggregate.make(types, result);
  const bool fixed = HasFixedSize(result.oid) &&
                     std::ranges::all_of(types, HasFixedSize, &Type::oid) && !aggregate.ordered_set;
  MemoryAccountPtr memory = StatementMemory();
  if (memory == nullptr || fixed) return state;
  return std::make_unique<WatchedState>(std::move(memory), std::move(state));
}

}  // namespace omen::functions
