// Kernels of functions::Registry as engine functions, so that every path gives the
// kernel's answer: omen_f<oid>('<signature>', arg, ...).
#include "colstore/internal/engine_errors.h"
#include "colstore/internal/kernel_binding.h"
#include "colstore/internal/registration.h"
#include "colstore/internal/vectors.h"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/parser/parsed_data/create_scalar_function_info.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"

namespace omen::colstore {
namespace {

struct FunctionInfo final : duckdb::ScalarFunctionInfo {
  explicit FunctionInfo(const functions::Function& of) : function(of) {}
  const functions::Function& function;
};

struct BindData final : duckdb::FunctionData {
  BindData(const functions::Function& of, column_functions::Signature with,
           const functions::CallContext& in)
      : function(of), signature(std::move(with)), context(in) {}
  duckdb::unique_ptr<FunctionData> Copy() const override {
    return duckdb::make_uniq<BindData>(function, signature, context);
  }
  bool Equals(const FunctionData& other) const override {
    const auto& data = other.Cast<BindData>();
    return &function == &data.function && signature.args == data.signature.args &&
           signature.result == data.signature.result && SameContext(context, data.context);
  }

  const functions::Function& function;
  column_functions::Signature signature;
  functions::CallContext context;
};

struct LocalState final : duckdb::FunctionLocalState {
  functions::CallContext context;  // the thread's own: kernels write to it
  Row args;
};

duckdb::unique_ptr<duckdb::FunctionData> Bind(
    duckdb::ClientContext& context, duckdb::ScalarFunction& bound,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  const auto& function = bound.function_info->Cast<FunctionInfo>().function;
  column_functions::Signature signature = TakeSignature(context, bound, arguments);
  bound.return_type = EngineType(signature.result);
  return duckdb::make_uniq<BindData>(function, std::move(signature),
                                     StatementState::Of(context).context);
}

duckdb::unique_ptr<duckdb::FunctionLocalState> InitLocal(duckdb::ExpressionState& state,
                                                         const duckdb::BoundFunctionExpression&,
                                                         duckdb::FunctionData* bind_data) {
  static std::atomic<uint64_t> streams{0};
  auto local = duckdb::make_uniq<LocalState>();
  local->context = bind_data->Cast<BindData>().context;
  local->context.random_state += 0x9E3779B97F4A7C15ull * streams.fetch_add(1);
  return local;
}

/// One call; false for a null result.
bool Call(const BindData& bind, LocalState& local, const std::vector<VectorReader>& readers,
          duckdb::idx_t row, Value* out) {
  ReadRow(readers, row, local.args.data());
  if (bind.function.strict) {
    for (const Value& arg : local.args) {
      if (arg.is_null()) return false;
    }
  }
  *out = Value();
  const functions::CallArgs args{local.args, bind.signature.args, bind.signature.result};
  CheckInEngine(bind.function.kernel(local.context, args, out));
  return !out->is_null();
}

void Run(duckdb::DataChunk& input, duckdb::ExpressionState& state, duckdb::Vector& result) {
  const auto& expression = state.expr.Cast<duckdb::BoundFunctionExpression>();
  const auto& bind = expression.bind_info->Cast<BindData>();
  auto& local = duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<LocalState>();
  const bool constant = input.ColumnCount() > 0 && input.AllConstant() &&
                        bind.function.volatility != functions::Volatility::kVolatile;
  const duckdb::idx_t count = constant ? 1 : input.size();

  std::vector<VectorReader> readers;
  readers.reserve(input.ColumnCount());
  for (duckdb::idx_t i = 0; i < input.ColumnCount(); ++i) {
    readers.emplace_back(input.data[i], count, bind.signature.args[i]);
  }
  local.args.resize(input.ColumnCount());
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const VectorWriter writer(result, bind.signature.result);
  Value value;
  for (duckdb::idx_t row = 0; row < count; ++row) {
    if (bind.context.cancel && (row & 255) == 0) CheckInEngine(bind.context.cancel->Check());
    const bool present = Call(bind, local, readers, row, &value);
    writer.Set(row, present ? value : Value());
  }
  if (constant) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

duckdb::FunctionStability StabilityOf(functions::Volatility volatility) {
  switch (volatility) {
    case functions::Volatility::kImmutable:
      return duckdb::FunctionStability::CONSISTENT;
    case functions::Volatility::kStable:
      return duckdb::FunctionStability::CONSISTENT_WITHIN_QUERY;
    case functions::Volatility::kVolatile:
      break;
  }
  return duckdb::FunctionStability::VOLATILE;
}

}  // namespace

void RegisterScalarAdapters(duckdb::DatabaseInstance& database) {
  duckdb::ExtensionLoader loader(database, "omen");
  for (const functions::Function& function : functions::Registry::Instance().functions()) {
    if (function.kernel == nullptr || function.returns_set) continue;
    duckdb::ScalarFunction adapter(
        column_functions::ScalarAdapter(function.oid), {duckdb::LogicalType::VARCHAR},
        duckdb::LogicalType::ANY, Run, Bind, nullptr, nullptr, InitLocal, duckdb::LogicalType::ANY,
        StabilityOf(function.volatility), duckdb::FunctionNullHandling::SPECIAL_HANDLING);
    adapter.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
    adapter.function_info = duckdb::make_shared_ptr<FunctionInfo>(function);
    loader.RegisterFunction(std::move(adapter));
  }
}

}  // namespace omen::colstore
