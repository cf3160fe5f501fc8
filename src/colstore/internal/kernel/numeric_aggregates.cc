// omen_num_sum, omen_num_avg, omen_num_min, omen_num_max over exact numerics.
#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/containment.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/kernel/registration.h"
#include "colstore/internal/vector/decimals.h"
#include "colstore/internal/vector/numeric_carrier.h"
#include "colstore/internal/vector/short_vectors.h"
#include "colstore/internal/vector/vectors.h"
#include "duckdb/function/aggregate_state.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/parser/parsed_data/create_aggregate_function_info.hpp"
#include "functions/number/numeric_sum.h"
#include "types/column_functions.h"
#include "types/number/numeric.h"
#include "types/number/numeric_blob.h"

namespace omen::colstore {
namespace {

using duckdb::AggregateInputData;
using duckdb::idx_t;
using duckdb::Vector;

Numeric Checked(Result<Numeric> numeric) {
  if (!numeric.ok()) ThrowToEngine(numeric.status());
  return std::move(numeric).value();
}

/// A sum and a count: 128-bit at the largest scale seen while that fits, exact numerics otherwise.
class SumState {
 public:
  void Add(const ShortDecimal& value) {
    ++count_;
    __int128 unscaled = value.unscaled;
    if (value.scale != scale_ && !Align(value.scale, &unscaled)) {
      AddBig(Numeric::FromInt128(value.unscaled, value.scale));
    } else if (!__builtin_add_overflow(sum_, unscaled, &unscaled)) {
      sum_ = unscaled;
    } else {
      AddBig(Numeric::FromInt128(value.unscaled, value.scale));
    }
  }
  void Add(const Value& value) {
    ++count_;
    AddBig(Numeric::FromValue(value));
  }
  void Merge(const SumState& other) {
    if (other.count_ == 0) return;
    count_ += other.count_;
    big_.Merge(other.All());
    has_big_ = true;
  }
  int64_t count() const { return count_; }
  Numeric Total() const {
    return has_big_ ? Checked(All().Total()) : Numeric::FromInt128(sum_, scale_);
  }

 private:
  /// Brings the sum, or the value, to the larger scale; false where that has no room.
  bool Align(int scale, __int128* value) {
    __int128* const less = scale < scale_ ? value : &sum_;
    const __int128 power = PowerOfTen(std::abs(scale - scale_));
    if (__int128 grown; !__builtin_mul_overflow(*less, power, &grown)) {
      *less = grown;
      scale_ = std::max(scale, scale_);
      return true;
    }
    return false;
  }
  void AddBig(const Numeric& value) {
    big_.Add(value);
    has_big_ = true;
  }
  functions::NumericSum All() const {
    functions::NumericSum all = big_;
    all.AddFinite(Decimal::FromInt128(sum_, scale_));
    return all;
  }

  int64_t count_ = 0;
  int scale_ = 0;
  __int128 sum_ = 0;
  bool has_big_ = false;
  functions::NumericSum big_;
};

struct SumOperation {
  using State = SumState;
  static Value Finish(const State& state) {
    return state.count() == 0 ? Value() : state.Total().ToValue();
  }
};

struct AvgOperation {
  using State = SumState;
  static Value Finish(const State& state) {
    if (state.count() == 0) return Value();
    return Checked(Numeric::Divide(state.Total(), Numeric::FromInt(state.count()))).ToValue();
  }
};

/// The extreme seen, kept as its carrier so that comparing is comparing bytes.
template <int sign>
class ExtremeState {
 public:
  void Add(const ShortDecimal& value) {
    char bytes[kShortBlobBytes];
    Take({bytes, static_cast<size_t>(WriteShortBlob(value, bytes))});
  }
  void Add(const Value& value) {
    std::string carrier;
    AppendNumericCarrier(value, &carrier);
    Take(carrier);
  }
  void Merge(const ExtremeState& other) {
    if (!other.carrier_.empty()) Take(other.carrier_);
  }
  Value Get() const { return carrier_.empty() ? Value() : NumericFromCarrier(carrier_); }

 private:
  void Take(std::string_view carrier) {
    if (carrier_.empty() || NumericBlobKey(carrier).compare(NumericBlobKey(carrier_)) * sign > 0) {
      carrier_ = carrier;
    }
  }
  std::string carrier_;
};

template <int sign>
struct ExtremeOperation {
  using State = ExtremeState<sign>;
  static Value Finish(const State& state) { return state.Get(); }
};

/// A vector of numbers that states take.
class NumericInput {
 public:
  NumericInput(Vector& vector, idx_t count)
      : short_reader_(vector, count), reader_(vector, count, kNumericType) {}
  bool IsNull(idx_t row) const { return short_reader_.IsNull(row); }
  template <typename State>
  void AddTo(idx_t row, State* state) const {
    if (ShortDecimal value; short_reader_.Get(row, &value)) {
      state->Add(value);
    } else {
      state->Add(reader_.Get(row));
    }
  }

 private:
  ShortReader short_reader_;
  VectorReader reader_;
};

/// The engine's callbacks. A state in its memory is a pointer, made at the first value.
template <typename Operation>
struct Callbacks {
  using State = typename Operation::State;

  static idx_t Size(const duckdb::AggregateFunction&) { return sizeof(State*); }
  static void Initialize(const duckdb::AggregateFunction&, duckdb::data_ptr_t state) {
    *reinterpret_cast<State**>(state) = nullptr;
  }
  static State& Of(State** slot) {
    if (*slot == nullptr) *slot = new State();
    return **slot;
  }
  static void Update(Vector inputs[], AggregateInputData&, idx_t, Vector& states, idx_t count) {
    const ContainedScope contained;
    const NumericInput input(inputs[0], count);
    duckdb::UnifiedVectorFormat format;
    states.ToUnifiedFormat(count, format);
    auto slots = duckdb::UnifiedVectorFormat::GetData<State**>(format);
    for (idx_t row = 0; row < count; ++row) {
      if (!input.IsNull(row)) input.AddTo(row, &Of(slots[format.sel->get_index(row)]));
    }
  }
  static void SimpleUpdate(Vector inputs[], AggregateInputData&, idx_t, duckdb::data_ptr_t state,
                           idx_t count) {
    const ContainedScope contained;
    const NumericInput input(inputs[0], count);
    State& sum = Of(reinterpret_cast<State**>(state));
    for (idx_t row = 0; row < count; ++row) {
      if (!input.IsNull(row)) input.AddTo(row, &sum);
    }
  }
  static void Combine(Vector& source, Vector& target, AggregateInputData&, idx_t count) {
    const ContainedScope contained;
    duckdb::UnifiedVectorFormat format;
    source.ToUnifiedFormat(count, format);
    auto sources = duckdb::UnifiedVectorFormat::GetData<State**>(format);
    auto targets = duckdb::FlatVector::GetData<State**>(target);
    for (idx_t row = 0; row < count; ++row) {
      State** from = sources[format.sel->get_index(row)];
      if (*from != nullptr) Of(targets[row]).Merge(**from);
    }
  }
  static void Finalize(Vector& states, AggregateInputData&, Vector& result, idx_t count,
                       idx_t offset) {
    const ContainedScope contained;
    const bool constant = states.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
    auto slots = constant ? duckdb::ConstantVector::GetData<State**>(states)
                          : duckdb::FlatVector::GetData<State**>(states);
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    const VectorWriter writer(result, kNumericType);
    for (idx_t row = 0; row < (constant ? 1 : count); ++row) {
      State* state = *slots[row];
      writer.Set(constant ? 0 : row + offset, state ? Operation::Finish(*state) : Value());
    }
    if (constant) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  }
  static void Destroy(Vector& states, AggregateInputData&, idx_t count) {
    auto slots = duckdb::FlatVector::GetData<State**>(states);
    for (idx_t row = 0; row < count; ++row) {
      delete *slots[row];
      *slots[row] = nullptr;
    }
  }
};

template <typename Operation>
void RegisterNumeric(duckdb::ExtensionLoader& loader, std::string_view name) {
  using C = Callbacks<Operation>;
  duckdb::AggregateFunction function(
      std::string(name), {duckdb::LogicalType::ANY}, duckdb::LogicalType::BLOB, C::Size,
      C::Initialize, C::Update, C::Combine, C::Finalize,
      duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING, C::SimpleUpdate, nullptr, C::Destroy);
  function.order_dependent = duckdb::AggregateOrderDependent::NOT_ORDER_DEPENDENT;
  function.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
  loader.RegisterFunction(std::move(function));
}

}  // namespace

void RegisterNumericAggregates(duckdb::DatabaseInstance& database) {
  duckdb::ExtensionLoader loader(database, "omen");
  RegisterNumeric<SumOperation>(loader, column_functions::kNumSum);
  RegisterNumeric<AvgOperation>(loader, column_functions::kNumAvg);
  RegisterNumeric<ExtremeOperation<-1>>(loader, column_functions::kNumMin);
  RegisterNumeric<ExtremeOperation<1>>(loader, column_functions::kNumMax);
}

}  // namespace omen::colstore
