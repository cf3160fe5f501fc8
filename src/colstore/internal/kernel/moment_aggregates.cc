// Aggregates whose states merge: variance and deviation of exact numbers (omen_a<oid>, in place of
// the general adapter), the moments of floats (MergedAggregate), and sums and averages of floats
// that tell an overflow from an infinity.
#include <cmath>
#include <new>

#include "base/containment.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/kernel/kernel_binding.h"
#include "colstore/internal/kernel/registration.h"
#include "colstore/internal/vector/numeric_carrier.h"
#include "colstore/internal/vector/short_vectors.h"
#include "colstore/internal/vector/vectors.h"
#include "duckdb/function/aggregate_state.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/parser/parsed_data/create_aggregate_function_info.hpp"
#include "functions/number/exact_moments.h"
#include "functions/number/float_moments.h"
#include "functions/registry.h"
#include "types/column_functions.h"

namespace omen::colstore {
namespace {

using duckdb::AggregateFunction;
using duckdb::AggregateInputData;
using duckdb::idx_t;
using duckdb::UnifiedVectorFormat;
using duckdb::Vector;

/// Which of the family a call is.
struct MomentInfo final : duckdb::AggregateFunctionInfo {
  explicit MomentInfo(const functions::Aggregate& aggregate)
      : spread(functions::FindSpread(aggregate.name)), fit(functions::FindFit(aggregate.name)) {}
  const std::optional<functions::Spread> spread;
  const std::optional<functions::Fit> fit;
};

struct MomentBinding final : duckdb::FunctionData {
  MomentBinding(duckdb::shared_ptr<duckdb::AggregateFunctionInfo> of, Type gives)
      : info(std::move(of)), result(gives) {}
  duckdb::unique_ptr<FunctionData> Copy() const override {
    return duckdb::make_uniq<MomentBinding>(info, result);
  }
  bool Equals(const FunctionData& other) const override {
    const auto& data = other.Cast<MomentBinding>();
    return info == data.info && result == data.result;
  }
  const MomentInfo& moment() const { return info->Cast<MomentInfo>(); }

  duckdb::shared_ptr<duckdb::AggregateFunctionInfo> info;
  Type result;
};

/// Integers and numerics.
struct ExactFamily {
  using State = functions::ExactMoments;

  class Input {
   public:
    Input(Vector inputs[], idx_t count)
        : short_reader_(inputs[0], count), reader_(inputs[0], count, kNumericType) {}
    bool IsNull(idx_t row) const { return short_reader_.IsNull(row); }
    void AddTo(idx_t row, State* state) const {
      if (ShortDecimal value; short_reader_.Get(row, &value)) {
        state->Add(value);
      } else {
        state->Add(Numeric::FromValue(reader_.Get(row)));
      }
    }

   private:
    ShortReader short_reader_;
    VectorReader reader_;
  };

  static void Merge(const State& from, State* to) { to->Merge(from); }
  static Value Finish(const State& state, const MomentInfo& info) {
    auto value = state.Finish(*info.spread);
    if (!value.ok()) ThrowToEngine(std::move(value).status());
    return *value;
  }
};

/// A vector of FLOAT or DOUBLE.
class FloatInput {
 public:
  FloatInput(Vector& vector, idx_t count)
      : single_(vector.GetType().id() == duckdb::LogicalTypeId::FLOAT) {
    vector.ToUnifiedFormat(count, format_);
  }
  bool IsNull(idx_t row) const { return !format_.validity.RowIsValid(format_.sel->get_index(row)); }
  double Get(idx_t row) const {
    const idx_t at = format_.sel->get_index(row);
    return single_ ? UnifiedVectorFormat::GetData<float>(format_)[at]
                   : UnifiedVectorFormat::GetData<double>(format_)[at];
  }

 private:
  const bool single_;
  UnifiedVectorFormat format_;
};

struct FloatFamily {
  using State = functions::FloatMoments;

  class Input {
   public:
    Input(Vector inputs[], idx_t count) : values_(inputs[0], count) {}
    bool IsNull(idx_t row) const { return values_.IsNull(row); }
    void AddTo(idx_t row, State* state) const { CheckInEngine(state->Add(values_.Get(row))); }

   private:
    FloatInput values_;
  };

  static void Merge(const State& from, State* to) { CheckInEngine(to->Merge(from)); }
  static Value Finish(const State& state, const MomentInfo& info) {
    return functions::SpreadOf(state, *info.spread);
  }
};

struct PairFamily {
  using State = functions::PairMoments;

  class Input {
   public:
    Input(Vector inputs[], idx_t count) : y_(inputs[0], count), x_(inputs[1], count) {}
    bool IsNull(idx_t row) const { return y_.IsNull(row) || x_.IsNull(row); }
    void AddTo(idx_t row, State* state) const {
      CheckInEngine(state->Add(y_.Get(row), x_.Get(row)));
    }

   private:
    FloatInput y_, x_;
  };

  static void Merge(const State& from, State* to) { CheckInEngine(to->Merge(from)); }
  static Value Finish(const State& state, const MomentInfo& info) {
    return functions::FitOf(*info.fit, state);
  }
};

/// The engine's callbacks; a state lies in its memory.
template <typename Family>
struct MomentCallbacks {
  using State = typename Family::State;
  using Input = typename Family::Input;

  static idx_t Size(const AggregateFunction&) { return sizeof(State); }
  static void Initialize(const AggregateFunction&, duckdb::data_ptr_t state) {
    new (state) State();
  }
  static void Update(Vector inputs[], AggregateInputData&, idx_t, Vector& states, idx_t count) {
    const ContainedScope contained;
    const Input input(inputs, count);
    UnifiedVectorFormat format;
    states.ToUnifiedFormat(count, format);
    auto slots = UnifiedVectorFormat::GetData<State*>(format);
    for (idx_t row = 0; row < count; ++row) {
      if (!input.IsNull(row)) input.AddTo(row, slots[format.sel->get_index(row)]);
    }
  }
  static void SimpleUpdate(Vector inputs[], AggregateInputData&, idx_t, duckdb::data_ptr_t state,
                           idx_t count) {
    const ContainedScope contained;
    const Input input(inputs, count);
    for (idx_t row = 0; row < count; ++row) {
      if (!input.IsNull(row)) input.AddTo(row, reinterpret_cast<State*>(state));
    }
  }
  static void Combine(Vector& source, Vector& target, AggregateInputData&, idx_t count) {
    const ContainedScope contained;
    UnifiedVectorFormat format;
    source.ToUnifiedFormat(count, format);
    auto sources = UnifiedVectorFormat::GetData<State*>(format);
    auto targets = duckdb::FlatVector::GetData<State*>(target);
    for (idx_t row = 0; row < count; ++row) {
      Family::Merge(*sources[format.sel->get_index(row)], targets[row]);
    }
  }
  static void Finalize(Vector& states, AggregateInputData& input, Vector& result, idx_t count,
                       idx_t offset) {
    const ContainedScope contained;
    const auto& bind = input.bind_data->Cast<MomentBinding>();
    const bool constant = states.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
    auto slots = constant ? duckdb::ConstantVector::GetData<State*>(states)
                          : duckdb::FlatVector::GetData<State*>(states);
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    const VectorWriter writer(result, bind.result);
    for (idx_t row = 0; row < (constant ? 1 : count); ++row) {
      writer.Set(constant ? 0 : row + offset, Family::Finish(*slots[row], bind.moment()));
    }
    if (constant) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  }
  static void Destroy(Vector& states, AggregateInputData&, idx_t count) {
    auto slots = duckdb::FlatVector::GetData<State*>(states);
    for (idx_t row = 0; row < count; ++row) slots[row]->~State();
  }
};

duckdb::unique_ptr<duckdb::FunctionData> BindMoments(
    duckdb::ClientContext& context, AggregateFunction& bound,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  const column_functions::Signature signature = TakeSignature(context, bound, arguments);
  bound.return_type = EngineType(signature.result);
  return duckdb::make_uniq<MomentBinding>(bound.function_info, signature.result);
}

template <typename Family>
void RegisterFamily(duckdb::ExtensionLoader& loader, const functions::Aggregate& aggregate,
                    std::string name) {
  using C = MomentCallbacks<Family>;
  AggregateFunction function(std::move(name), {duckdb::LogicalType::VARCHAR},
                             duckdb::LogicalType::ANY, C::Size, C::Initialize, C::Update,
                             C::Combine, C::Finalize,
                             duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING, C::SimpleUpdate,
                             BindMoments, C::Destroy);
  function.varargs = duckdb::LogicalType::ANY;
  function.serialize = RefuseCopy<AggregateFunction>;
  function.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
  function.order_dependent = duckdb::AggregateOrderDependent::NOT_ORDER_DEPENDENT;
  function.function_info = duckdb::make_shared_ptr<MomentInfo>(aggregate);
  loader.RegisterFunction(std::move(function));
}

/// A sum of T that the engine adds up as its own: sum(real) rounds each step to a real.
template <typename T>
struct FloatTotal {
  T sum;
  uint64_t count;
  bool overflows;

  void Add(T value) {
    const T before = sum;
    sum += value;
    if (!std::isfinite(sum)) [[unlikely]]
      overflows |= std::isfinite(value) && std::isfinite(before);
  }
};

template <bool kAverage>
struct FloatTotalOperation {
  template <class State>
  static void Initialize(State& state) {
    state = {0, 0, false};
  }
  template <class Input, class State, class Op>
  static void Operation(State& state, const Input& value, duckdb::AggregateUnaryInput&) {
    state.Add(value);
    ++state.count;
  }
  /// Value after value: a product rounds otherwise.
  template <class Input, class State, class Op>
  static void ConstantOperation(State& state, const Input& value,
                                duckdb::AggregateUnaryInput& unary, idx_t count) {
    for (idx_t i = 0; i < count; ++i) Operation<Input, State, Op>(state, value, unary);
  }
  template <class State, class Op>
  static void Combine(const State& source, State& target, AggregateInputData&) {
    target.Add(source.sum);
    target.count += source.count;
    target.overflows |= source.overflows;
  }
  template <class Target, class State>
  static void Finalize(State& state, Target& target, duckdb::AggregateFinalizeData& data) {
    if (state.count == 0) {
      data.ReturnNull();
      return;
    }
    if (state.overflows) [[unlikely]] {
      ThrowToEngine(Status(sqlstate::kNumericOutOfRange, "value out of range: overflow"));
    }
    target = state.sum;
    if constexpr (kAverage) target /= static_cast<Target>(state.count);
  }
  static bool IgnoreNull() { return true; }
};

template <typename T, bool kAverage>
AggregateFunction TotalOf(const duckdb::LogicalType& type) {
  auto function =
      AggregateFunction::UnaryAggregate<FloatTotal<T>, T, T, FloatTotalOperation<kAverage>>(type,
                                                                                            type);
  function.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
  return function;
}

/// An average of reals is one of doubles, to which the engine casts them.
void RegisterTotals(duckdb::ExtensionLoader& loader) {
  duckdb::AggregateFunctionSet sum{std::string(column_functions::kFloatSum)};
  sum.AddFunction(TotalOf<float, false>(duckdb::LogicalType::FLOAT));
  sum.AddFunction(TotalOf<double, false>(duckdb::LogicalType::DOUBLE));
  loader.RegisterFunction(std::move(sum));
  duckdb::AggregateFunctionSet average{std::string(column_functions::kFloatAverage)};
  average.AddFunction(TotalOf<double, true>(duckdb::LogicalType::DOUBLE));
  loader.RegisterFunction(std::move(average));
}

}  // namespace

void RegisterMomentAggregates(duckdb::DatabaseInstance& database) {
  duckdb::ExtensionLoader loader(database, "omen");
  for (const functions::Aggregate& aggregate : functions::Registry::Instance().aggregates()) {
    if (functions::MergesExactly(aggregate)) {
      RegisterFamily<ExactFamily>(loader, aggregate,
                                  column_functions::AggregateAdapter(aggregate.oid));
    } else if (functions::MergesFloats(aggregate)) {
      std::string name = column_functions::MergedAggregate(aggregate.oid);
      if (aggregate.args.size() == 1) {
        RegisterFamily<FloatFamily>(loader, aggregate, std::move(name));
      } else {
        RegisterFamily<PairFamily>(loader, aggregate, std::move(name));
      }
    }
  }
  RegisterTotals(loader);
}

}  // namespace omen::colstore
