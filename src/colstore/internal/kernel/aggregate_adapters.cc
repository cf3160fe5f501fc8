// Aggregates of functions::Registry as engine aggregates: omen_a<oid>('<signature>', ...).
//
// An AggregateState cannot be merged with another, and the engine merges the states of its
// threads. So a state here only keeps the argument rows, in the engine's accounted memory, and
// replays them into an AggregateState when the group is finished.
#include <cstring>

#include "base/containment.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/kernel/kernel_binding.h"
#include "colstore/internal/kernel/registration.h"
#include "colstore/internal/vector/vectors.h"
#include "duckdb/function/aggregate_state.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/parser/parsed_data/create_aggregate_function_info.hpp"
#include "duckdb/storage/arena_allocator.hpp"
#include "functions/kernel/watched.h"
#include "functions/number/exact_moments.h"

namespace omen::colstore {
namespace {

using duckdb::AggregateInputData;
using duckdb::idx_t;
using duckdb::Vector;

struct FunctionInfo final : duckdb::AggregateFunctionInfo {
  explicit FunctionInfo(const functions::Aggregate& of) : aggregate(of) {}
  const functions::Aggregate& aggregate;
};

struct AggregateBinding final : duckdb::FunctionData {
  AggregateBinding(const functions::Aggregate& of, column_functions::Signature with,
                   const StatementState* by)
      : aggregate(of), signature(std::move(with)), statement(by) {}
  duckdb::unique_ptr<FunctionData> Copy() const override {
    return duckdb::make_uniq<AggregateBinding>(aggregate, signature, statement);
  }
  bool Equals(const FunctionData& other) const override {
    const auto& data = other.Cast<AggregateBinding>();
    return &aggregate == &data.aggregate && signature.args == data.signature.args &&
           signature.result == data.signature.result && statement == data.statement;
  }

  const functions::Aggregate& aggregate;
  column_functions::Signature signature;
  const StatementState* statement;  // the connection's, which outlives its plans
};

/// A link of a group's rows: `used` bytes of encoded values follow.
struct Block {
  Block* next;
  uint32_t used, capacity;
  char* data() { return reinterpret_cast<char*>(this + 1); }
};

struct State {
  Block* first;
  Block* last;
};

constexpr uint32_t kFirstBlock = 64;
constexpr uint32_t kLargestBlock = 16384;

char* Reserve(State& state, uint32_t bytes, duckdb::ArenaAllocator& arena) {
  if (state.last == nullptr || state.last->capacity - state.last->used < bytes) {
    uint32_t capacity =
        state.last ? std::min(state.last->capacity * 2, kLargestBlock) : kFirstBlock;
    capacity = std::max(capacity, bytes);
    auto* block = reinterpret_cast<Block*>(arena.AllocateAligned(sizeof(Block) + capacity));
    *block = {nullptr, 0, capacity};
    (state.last ? state.last->next : state.first) = block;
    state.last = block;
  }
  char* at = state.last->data() + state.last->used;
  state.last->used += bytes;
  return at;
}

// A value as bytes: a tag, then the carrier's content. Arrays nest.
enum class Tag : char { kNull, kInt, kDouble, kInterval, kUuid, kBytes, kArray };

template <typename T>
void AppendPlain(Tag tag, const T& value, std::string& out) {
  out += static_cast<char>(tag);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void AppendEncoded(const Value& value, Oid type, std::string& out) {
  if (value.is_null()) {
    out += static_cast<char>(Tag::kNull);
    return;
  }
  switch (InfoOf(type).carrier) {
    case Carrier::kInt:
      return AppendPlain(Tag::kInt, value.AsInt(), out);
    case Carrier::kDouble:
      return AppendPlain(Tag::kDouble, value.AsDouble(), out);
    case Carrier::kInterval:
      return AppendPlain(Tag::kInterval, value.AsInterval(), out);
    case Carrier::kUuid:
      return AppendPlain(Tag::kUuid, value.AsUuid(), out);
    case Carrier::kBytes:
      AppendPlain(Tag::kBytes, static_cast<uint32_t>(value.AsBytes().size()), out);
      out += value.AsBytes();
      return;
    case Carrier::kArray: {
      const ArrayData& array = value.AsArray();
      AppendPlain(Tag::kArray, static_cast<uint32_t>(array.elements.size()), out);
      for (const Value& element : array.elements) AppendEncoded(element, array.element, out);
      return;
    }
  }
}

/// Walks the encoded values of a group.
class Decoder {
 public:
  explicit Decoder(Block* first) : block_(first) {}
  bool AtEnd() {
    while (block_ && position_ == block_->used) block_ = block_->next, position_ = 0;
    return block_ == nullptr;
  }
  Value Take(Oid type) {
    switch (static_cast<Tag>(TakePlain<char>())) {
      case Tag::kNull:
        return Value();
      case Tag::kInt:
        return Value::Int(TakePlain<int64_t>());
      case Tag::kDouble:
        return Value::Double(TakePlain<double>());
      case Tag::kInterval:
        return Value::Interval(TakePlain<IntervalData>());
      case Tag::kUuid:
        return Value::Uuid(TakePlain<UuidData>());
      case Tag::kBytes:
        return TakeBytes(TakePlain<uint32_t>());
      case Tag::kArray:
        return TakeArray(InfoOf(type).element, TakePlain<uint32_t>());
    }
    return Value();
  }

 private:
  template <typename T>
  T TakePlain() {
    T value;
    std::memcpy(&value, block_->data() + position_, sizeof value);
    position_ += sizeof value;
    return value;
  }
  Value TakeBytes(uint32_t size) {
    Value value = Value::Bytes({block_->data() + position_, size});
    position_ += size;
    return value;
  }
  Value TakeArray(Oid element, uint32_t size) {
    ArrayData array;
    array.element = element;
    for (uint32_t i = 0; i < size; ++i) array.elements.push_back(Take(element));
    return Value::Array(std::move(array));
  }

  Block* block_;
  uint32_t position_ = 0;
};

idx_t StateSize(const duckdb::AggregateFunction&) { return sizeof(State); }
void Initialize(const duckdb::AggregateFunction&, duckdb::data_ptr_t state) {
  new (state) State{nullptr, nullptr};
}

std::vector<VectorReader> Readers(Vector inputs[], const AggregateBinding& bind, idx_t count) {
  std::vector<VectorReader> readers;
  const auto& types = bind.signature.args;
  readers.reserve(types.size());
  for (size_t i = 0; i < types.size(); ++i) readers.emplace_back(inputs[i], count, types[i]);
  return readers;
}

/// Keeps one row, unless a strict aggregate must not see it. A row never spans two blocks.
void Keep(const AggregateBinding& bind, const std::vector<VectorReader>& readers, idx_t row,
          State& state, duckdb::ArenaAllocator& arena) {
  thread_local std::string bytes;
  bytes.clear();
  for (size_t i = 0; i < readers.size(); ++i) {
    if (bind.aggregate.strict && readers[i].IsNull(row)) return;
    AppendEncoded(readers[i].Get(row), bind.signature.args[i].oid, bytes);
  }
  std::memcpy(Reserve(state, static_cast<uint32_t>(bytes.size()), arena), bytes.data(),
              bytes.size());
}

void Update(Vector inputs[], AggregateInputData& input, idx_t, Vector& states, idx_t count) {
  const ContainedScope contained;
  const auto& bind = input.bind_data->Cast<AggregateBinding>();
  const auto readers = Readers(inputs, bind, count);
  duckdb::UnifiedVectorFormat format;
  states.ToUnifiedFormat(count, format);
  auto pointers = duckdb::UnifiedVectorFormat::GetData<State*>(format);
  for (idx_t row = 0; row < count; ++row) {
    Keep(bind, readers, row, *pointers[format.sel->get_index(row)], input.allocator);
  }
}

void SimpleUpdate(Vector inputs[], AggregateInputData& input, idx_t, duckdb::data_ptr_t state,
                  idx_t count) {
  const ContainedScope contained;
  const auto& bind = input.bind_data->Cast<AggregateBinding>();
  const auto readers = Readers(inputs, bind, count);
  for (idx_t row = 0; row < count; ++row) {
    Keep(bind, readers, row, *reinterpret_cast<State*>(state), input.allocator);
  }
}

void Append(const State& from, State& to) {
  if (from.first == nullptr) return;
  (to.last ? to.last->next : to.first) = from.first;
  to.last = from.last;
}

void AppendCopy(const State& from, State& to, duckdb::ArenaAllocator& arena) {
  for (Block* block = from.first; block; block = block->next) {
    auto* copy = reinterpret_cast<Block*>(arena.AllocateAligned(sizeof(Block) + block->used));
    *copy = {nullptr, block->used, block->used};
    std::memcpy(copy->data(), block->data(), block->used);
    (to.last ? to.last->next : to.first) = copy;
    to.last = copy;
  }
}

void Combine(Vector& source, Vector& target, AggregateInputData& input, idx_t count) {
  const ContainedScope contained;
  duckdb::UnifiedVectorFormat from;
  source.ToUnifiedFormat(count, from);
  auto sources = duckdb::UnifiedVectorFormat::GetData<State*>(from);
  auto targets = duckdb::FlatVector::GetData<State*>(target);
  const bool take = input.combine_type == duckdb::AggregateCombineType::ALLOW_DESTRUCTIVE;
  for (idx_t row = 0; row < count; ++row) {
    const State& state = *sources[from.sel->get_index(row)];
    if (take) {
      Append(state, *targets[row]);
    } else {
      AppendCopy(state, *targets[row], input.allocator);
    }
  }
}

Value Replay(const AggregateBinding& bind, functions::CallContext& context, const State& state) {
  const auto& types = bind.signature.args;
  auto running = functions::MakeState(bind.aggregate, types, bind.signature.result);
  Row args(types.size());
  uint64_t steps = 0;
  for (Decoder decoder(state.first); !decoder.AtEnd();) {
    for (size_t i = 0; i < types.size(); ++i) args[i] = decoder.Take(types[i].oid);
    CheckInEngine(running->Step(context, {args, types, bind.signature.result}));
    if ((++steps & 1023) == 0 && context.cancel) CheckInEngine(context.cancel->Check());
  }
  Value out;
  CheckInEngine(running->Finish(context, &out));
  return out;
}

void Finalize(Vector& states, AggregateInputData& input, Vector& result, idx_t count,
              idx_t offset) {
  const ContainedScope contained;
  const auto& bind = input.bind_data->Cast<AggregateBinding>();
  functions::CallContext context = bind.statement->context;
  const bool constant = states.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
  auto pointers = constant ? duckdb::ConstantVector::GetData<State*>(states)
                           : duckdb::FlatVector::GetData<State*>(states);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const VectorWriter writer(result, bind.signature.result);
  const MemoryAccountPtr& memory = bind.statement->memory;
  const Work::Statement statement(memory);
  VectorCharge written(memory, bind.signature.result);
  for (idx_t row = 0; row < (constant ? 1 : count); ++row) {
    const Value value = Replay(bind, context, *pointers[row]);
    written.Add(value, false);
    writer.Set(constant ? 0 : row + offset, value);
  }
  if (constant) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

duckdb::unique_ptr<duckdb::FunctionData> BindAggregate(
    duckdb::ClientContext& context, duckdb::AggregateFunction& bound,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  const auto& aggregate = bound.function_info->Cast<FunctionInfo>().aggregate;
  column_functions::Signature signature = TakeSignature(context, bound, arguments);
  if (signature.args.empty()) {
    ThrowToEngine(InternalError("an aggregate without arguments has no adapter"));
  }
  bound.return_type = EngineType(signature.result);
  return duckdb::make_uniq<AggregateBinding>(aggregate, std::move(signature),
                                             &StatementState::Of(context));
}

}  // namespace

void RegisterAggregateAdapters(duckdb::DatabaseInstance& database) {
  duckdb::ExtensionLoader loader(database, "omen");
  for (const functions::Aggregate& aggregate : functions::Registry::Instance().aggregates()) {
    if (aggregate.make == nullptr || aggregate.args.empty()) continue;
    if (functions::MergesExactly(aggregate)) continue;  // moment_aggregates.cc
    duckdb::AggregateFunction adapter(
        column_functions::AggregateAdapter(aggregate.oid), {duckdb::LogicalType::VARCHAR},
        duckdb::LogicalType::ANY, StateSize, Initialize, Update, Combine, Finalize,
        duckdb::FunctionNullHandling::SPECIAL_HANDLING, SimpleUpdate, BindAggregate);
    adapter.varargs = duckdb::LogicalType::ANY;
    adapter.serialize = RefuseCopy<duckdb::AggregateFunction>;
    adapter.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
    adapter.function_info = duckdb::make_shared_ptr<FunctionInfo>(aggregate);
    loader.RegisterFunction(std::move(adapter));
  }
}

}  // namespace omen::colstore
