// The omen_num_* scalar functions: exact numerics on the BLOB carrier, which also take
// any DECIMAL or integer.
#include "types/number/numeric_functions.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "base/containment.h"
#include "base/work.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/kernel/kernel_binding.h"
#include "colstore/internal/kernel/registration.h"
#include "colstore/internal/vector/decimals.h"
#include "colstore/internal/vector/numeric_carrier.h"
#include "colstore/internal/vector/vectors.h"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/parser/parsed_data/create_scalar_function_info.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "types/column_functions.h"
#include "types/number/numeric.h"
#include "types/number/numeric_blob.h"

namespace omen::colstore {
namespace {

using duckdb::LogicalType;
namespace names = column_functions;

constexpr Type kInt2Type{oid::kInt2, -1}, kInt4Type{oid::kInt4, -1}, kInt8Type{oid::kInt8, -1};
constexpr Type kFloat4Type{oid::kFloat4, -1}, kFloat8Type{oid::kFloat8, -1};
constexpr Type kTextType{oid::kText, -1};

/// One row's computation; no argument is null.
using Compute = std::function<Result<Value>(const Value* args)>;

/// Rounding up may give what the carried form cannot hold; addition refuses that.
Result<Numeric> InRange(Numeric number) {
  constexpr int kMaxWholeDigits = 131072;
  if (number.is_special() || number.IntegerDigits() <= kMaxWholeDigits) return number;
  return Numeric::Add(number, Numeric());
}

Result<Value> ToResult(Result<Numeric> numeric) {
  if (!numeric.ok()) return std::move(numeric).status();
  return numeric->ToValue();
}

void RunRows(duckdb::DataChunk& input, duckdb::ExpressionState& state, duckdb::Vector& result,
             const std::vector<Type>& types, Type result_type, const Compute& compute) {
  const StatementState& statement = StatementState::Of(state.GetContext());
  const Work::Order order{.cancel = statement.context.cancel,
                          .memory = statement.memory == nullptr ? nullptr : &statement.memory};
  const bool constant = input.AllConstant();
  const duckdb::idx_t count = constant ? 1 : input.size();
  std::vector<VectorReader> readers;
  readers.reserve(types.size());
  for (size_t i = 0; i < types.size(); ++i) readers.emplace_back(input.data[i], count, types[i]);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const VectorWriter writer(result, result_type);
  Row args(types.size());
  for (duckdb::idx_t row = 0; row < count; ++row) {
    ReadRow(readers, row, args.data());
    const bool null =
        std::any_of(args.begin(), args.end(), [](auto& arg) { return arg.is_null(); });
    if (null) {
      writer.Set(row, Value());
      continue;
    }
    auto value = Work::Run(order, [&] { return compute(args.data()); });
    if (!value.ok()) ThrowToEngine(value.status());
    writer.Set(row, *value);
  }
  if (constant) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

/// A NUM parameter is declared ANY, so that decimals and integers come as they are.
LogicalType ParameterType(Type type) {
  return type == kNumericType ? LogicalType(LogicalType::ANY) : EngineType(type);
}

class Registrar {
 public:
  explicit Registrar(duckdb::DatabaseInstance& database) : loader_(database, "omen") {}

  void Add(std::string_view name, std::vector<Type> types, Type result, Compute compute) {
    duckdb::vector<LogicalType> parameters;
    for (const Type& type : types) parameters.push_back(ParameterType(type));
    duckdb::ScalarFunction function(
        std::string(name), std::move(parameters), EngineType(result),
        [types, result, compute](duckdb::DataChunk& input, duckdb::ExpressionState& state,
                                 duckdb::Vector& out) {
          RunRows(input, state, out, types, result, compute);
        });
    Register(std::move(function));
  }
  void Register(duckdb::ScalarFunction function) {
    function.null_handling = duckdb::FunctionNullHandling::SPECIAL_HANDLING;
    function.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
    if (function.bind != nullptr) function.serialize = RefuseCopy<duckdb::ScalarFunction>;
    loader_.RegisterFunction(std::move(function));
  }

  using Unary = Numeric (*)(const Numeric&);
  using UnaryChecked = Result<Numeric> (*)(const Numeric&);
  using Binary = Result<Numeric> (*)(const Numeric&, const Numeric&);

  void AddUnary(std::string_view name, Unary op) {
    Add(name, {kNumericType}, kNumericType, [op](const Value* args) -> Result<Value> {
      return ToResult(InRange(op(Numeric::FromValue(args[0]))));
    });
  }
  void AddUnary(std::string_view name, UnaryChecked op) {
    Add(name, {kNumericType}, kNumericType,
        [op](const Value* args) { return ToResult(op(Numeric::FromValue(args[0]))); });
  }
  void AddBinary(std::string_view name, Binary op) {
    Add(name, {kNumericType, kNumericType}, kNumericType, [op](const Value* args) {
      return ToResult(op(Numeric::FromValue(args[0]), Numeric::FromValue(args[1])));
    });
  }
  void AddScaled(std::string_view name, Numeric (Numeric::*op)(int) const) {
    Add(name, {kNumericType, kInt4Type}, kNumericType, [op](const Value* args) -> Result<Value> {
      return ToResult(
          InRange((Numeric::FromValue(args[0]).*op)(static_cast<int>(args[1].AsInt()))));
    });
  }

 private:
  duckdb::ExtensionLoader loader_;
};

Result<Value> ToInteger(const Value& value, int64_t low, int64_t high, const char* type) {
  const Numeric numeric = Numeric::FromValue(value);
  if (numeric.is_special()) {
    return Status(
        sqlstate::kFeatureNotSupported,
        fmt::format("cannot convert {} to {}", numeric.is_nan() ? "NaN" : "infinity", type));
  }
  auto integer = numeric.ToInt64();
  if (!integer.ok() || *integer < low || *integer > high) {
    return Status(sqlstate::kNumericOutOfRange, fmt::format("{} out of range", type));
  }
  return Value::Int(*integer);
}

Result<Value> ToFloat(const Value& value, bool single) {
  const Numeric numeric = Numeric::FromValue(value);
  double number = numeric.ToDouble();
  if (single) number = static_cast<float>(number);
  const bool lost = std::isinf(number) || (number == 0 && !numeric.is_zero());
  if (lost && !numeric.is_special()) {
    return Status(sqlstate::kNumericOutOfRange,
                  fmt::format("\"{}\" is out of range for type {}", numeric.ToString(),
                              single ? "real" : "double precision"));
  }
  return Value::Double(number);
}

/// float4 keeps FLT_DIG digits, as float4_numeric does.
Result<Value> FromFloat4(const Value& value) {
  const double number = value.AsDouble();
  if (!std::isfinite(number)) return ToResult(Numeric::FromDouble(number));
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", number);
  return ToResult(Numeric::Parse(text));
}

void RegisterConversions(Registrar& registrar) {
  registrar.Add(names::kNumFrom, {kNumericType}, kNumericType,
                [](const Value* args) -> Result<Value> { return args[0]; });
  registrar.Add(names::kNumFromFloat8, {kFloat8Type}, kNumericType, [](const Value* args) {
    return ToResult(Numeric::FromDouble(args[0].AsDouble()));
  });
  registrar.Add(names::kNumFromFloat4, {kFloat4Type}, kNumericType,
                [](const Value* args) { return FromFloat4(args[0]); });
  registrar.Add(names::kNumParse, {kTextType}, kNumericType,
                [](const Value* args) { return ToResult(Numeric::Parse(args[0].AsBytes())); });
  registrar.Add(names::kNumToInt2, {kNumericType}, kInt2Type, [](const Value* args) {
    return ToInteger(args[0], INT16_MIN, INT16_MAX, "smallint");
  });
  registrar.Add(names::kNumToInt4, {kNumericType}, kInt4Type, [](const Value* args) {
    return ToInteger(args[0], INT32_MIN, INT32_MAX, "integer");
  });
  registrar.Add(names::kNumToInt8, {kNumericType}, kInt8Type, [](const Value* args) {
    return ToInteger(args[0], INT64_MIN, INT64_MAX, "bigint");
  });
  registrar.Add(names::kNumToFloat8, {kNumericType}, kFloat8Type,
                [](const Value* args) { return ToFloat(args[0], false); });
  registrar.Add(names::kNumToFloat4, {kNumericType}, kFloat4Type,
                [](const Value* args) { return ToFloat(args[0], true); });
  registrar.Add(names::kNumToText, {kNumericType}, kTextType,
                [](const Value* args) -> Result<Value> {
                  return Value::Text(Numeric::FromValue(args[0]).ToString());
                });
}

Numeric SignOf(const Numeric& value) {
  return value.is_nan() ? value : Numeric::FromInt(value.sign());
}

void RegisterOperators(Registrar& registrar) {
  registrar.AddBinary(names::kNumAdd, &Numeric::Add);
  registrar.AddBinary(names::kNumSub, &Numeric::Subtract);
  registrar.AddBinary(names::kNumMul, &Numeric::Multiply);
  registrar.AddBinary(names::kNumDiv, &Numeric::Divide);
  registrar.AddBinary(names::kNumDivTrunc, &NumericDivideTruncate);
  registrar.AddBinary(names::kNumMod, &NumericModulo);
  registrar.AddBinary(names::kNumPower, &NumericPower);
  registrar.AddUnary(names::kNumSqrt, &NumericSqrt);
  registrar.AddUnary(names::kNumExp, &NumericExp);
  registrar.AddUnary(names::kNumLn, &NumericLn);
  registrar.AddUnary(names::kNumLog10, &NumericLog10);
  registrar.AddUnary(names::kNumSign, &SignOf);
  registrar.AddUnary(
      names::kNumNeg, +[](const Numeric& value) { return value.Negate(); });
  registrar.AddUnary(
      names::kNumAbs, +[](const Numeric& value) { return value.Abs(); });
  registrar.AddUnary(
      names::kNumCeil, +[](const Numeric& value) { return value.Ceil(); });
  registrar.AddUnary(
      names::kNumFloor, +[](const Numeric& value) { return value.Floor(); });
  registrar.AddScaled(names::kNumRound, &Numeric::Round);
  registrar.AddScaled(names::kNumTrunc, &Numeric::Truncate);
  registrar.Add(names::kNumCompare, {kNumericType, kNumericType}, kInt4Type,
                [](const Value* args) -> Result<Value> {
                  return Value::Int(
                      Numeric::Compare(Numeric::FromValue(args[0]), Numeric::FromValue(args[1])));
                });
  registrar.Add(names::kNumAverage, {kNumericType, kInt8Type}, kNumericType,
                [](const Value* args) -> Result<Value> {
                  if (args[1].AsInt() == 0) return Value();
                  return ToResult(Numeric::Divide(Numeric::FromValue(args[0]),
                                                  Numeric::FromInt(args[1].AsInt())));
                });
}

void RunKey(duckdb::DataChunk& input, duckdb::ExpressionState&, duckdb::Vector& result) {
  const ContainedScope contained;
  const duckdb::idx_t count = input.size();
  const VectorReader reader(input.data[0], count, kNumericType);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto keys = duckdb::FlatVector::GetData<duckdb::string_t>(result);
  std::string carrier;
  for (duckdb::idx_t row = 0; row < count; ++row) {
    const Value value = reader.Get(row);
    if (value.is_null()) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    carrier.clear();
    AppendNumericCarrier(value, &carrier);
    const std::string_view key = NumericBlobKey(carrier);
    keys[row] = duckdb::StringVector::AddStringOrBlob(result, key.data(), key.size());
  }
  if (input.AllConstant()) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

/// The typmod of omen_num_to_decimal and omen_num_typmod.
struct TypmodData final : duckdb::FunctionData {
  explicit TypmodData(int32_t of) : typmod(of) {}
  duckdb::unique_ptr<FunctionData> Copy() const override {
    return duckdb::make_uniq<TypmodData>(typmod);
  }
  bool Equals(const FunctionData& other) const override {
    return typmod == other.Cast<TypmodData>().typmod;
  }
  int32_t typmod;
};

duckdb::unique_ptr<duckdb::FunctionData> BindDecimal(
    duckdb::ClientContext& context, duckdb::ScalarFunction& bound,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  const auto precision = LiteralArgument(context, *arguments[1]).GetValue<int32_t>();
  const auto scale = LiteralArgument(context, *arguments[2]).GetValue<int32_t>();
  if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
    ThrowToEngine(InternalError(fmt::format("no DECIMAL({},{})", precision, scale)));
  }
  duckdb::Function::EraseArgument(bound, arguments, 2);
  duckdb::Function::EraseArgument(bound, arguments, 1);
  const int32_t typmod = NumericTypmod(precision, scale);
  bound.return_type = EngineType({oid::kNumeric, typmod});
  return duckdb::make_uniq<TypmodData>(typmod);
}

duckdb::unique_ptr<duckdb::FunctionData> BindTypmod(
    duckdb::ClientContext& context, duckdb::ScalarFunction& bound,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  const auto typmod = LiteralArgument(context, *arguments[1]).GetValue<int32_t>();
  duckdb::Function::EraseArgument(bound, arguments, 1);
  return duckdb::make_uniq<TypmodData>(typmod);
}

int32_t TypmodOf(const duckdb::ExpressionState& state) {
  return state.expr.Cast<duckdb::BoundFunctionExpression>().bind_info->Cast<TypmodData>().typmod;
}

void RunDecimal(duckdb::DataChunk& input, duckdb::ExpressionState& state, duckdb::Vector& result) {
  const ContainedScope contained;
  const int32_t typmod = TypmodOf(state);
  RunRows(input, state, result, {kNumericType}, {oid::kNumeric, typmod},
          [typmod](const Value* args) -> Result<Value> {
            __int128 unscaled;
            const int precision = NumericPrecision(typmod), scale = NumericScale(typmod);
            if (DecimalFromNumeric(args[0], precision, scale, &unscaled)) {
              return NumericFromDecimal(unscaled, scale);
            }
            return ToResult(Numeric::FromValue(args[0]).ApplyTypmod(typmod));
          });
}

void RunTypmod(duckdb::DataChunk& input, duckdb::ExpressionState& state, duckdb::Vector& result) {
  const ContainedScope contained;
  const int32_t typmod = TypmodOf(state);
  RunRows(input, state, result, {kNumericType}, kNumericType, [typmod](const Value* args) {
    return ToResult(Numeric::FromValue(args[0]).ApplyTypmod(typmod));
  });
}

}  // namespace

void RegisterNumericFunctions(duckdb::DatabaseInstance& database) {
  Registrar registrar(database);
  RegisterConversions(registrar);
  RegisterOperators(registrar);
  registrar.Register(duckdb::ScalarFunction(std::string(names::kNumKey), {LogicalType::ANY},
                                            LogicalType::BLOB, RunKey));
  registrar.Register(
      duckdb::ScalarFunction(std::string(names::kNumToDecimal),
                             {LogicalType::ANY, LogicalType::INTEGER, LogicalType::INTEGER},
                             LogicalType::ANY, RunDecimal, BindDecimal));
  registrar.Register(duckdb::ScalarFunction(std::string(names::kNumTypmod),
                                            {LogicalType::ANY, LogicalType::INTEGER},
                                            LogicalType::BLOB, RunTypmod, BindTypmod));
}

}  // namespace omen::colstore
