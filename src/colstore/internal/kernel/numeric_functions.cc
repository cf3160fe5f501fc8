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
#include "colstore/internal/vector/short_vectors.h"
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
/// The same over short decimals; none: the general one must answer.
using ShortCompute = ShortResult (*)(const ShortDecimal* args);

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

/// A call of a function over one chunk, row by row.
class RowRun {
 public:
  RowRun(duckdb::DataChunk& input, duckdb::ExpressionState& state, duckdb::Vector& result,
         const std::vector<Type>& types, Type result_type)
      : statement_(StatementState::Of(state.GetContext())),
        constant_(input.AllConstant()),
        count_(constant_ ? 1 : input.size()),
        result_(Flat(result)),
        writer_(result, result_type),
        short_writer_(result),
        args_(types.size()),
        short_args_(types.size()) {
    for (size_t i = 0; i < types.size(); ++i) {
      readers_.emplace_back(input.data[i], count_, types[i]);
      short_readers_.emplace_back(input.data[i], count_);
    }
  }

  void Run(const Compute& compute, ShortCompute short_compute) {
    for (duckdb::idx_t row = 0; row < count_; ++row) {
      const bool null =
          std::any_of(short_readers_.begin(), short_readers_.end(),
                      [row](const ShortReader& reader) { return reader.IsNull(row); });
      if (null) {
        duckdb::FlatVector::SetNull(result_, row, true);
      } else if (short_compute == nullptr || !RunShort(row, short_compute)) {
        RunGeneral(row, compute);
      }
    }
    if (constant_) result_.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  }

 private:
  static duckdb::Vector& Flat(duckdb::Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    return result;
  }
  bool RunShort(duckdb::idx_t row, ShortCompute compute) {
    for (size_t i = 0; i < short_readers_.size(); ++i) {
      if (!short_readers_[i].Get(row, &short_args_[i])) return false;
    }
    const ShortResult value = compute(short_args_.data());
    return value && short_writer_.Set(row, *value);
  }
  void RunGeneral(duckdb::idx_t row, const Compute& compute) {
    const Work::Order order{.cancel = statement_.context.cancel,
                            .memory = statement_.memory == nullptr ? nullptr : &statement_.memory};
    ReadRow(readers_, row, args_.data());
    auto value = Work::Run(order, [&] { return compute(args_.data()); });
    if (!value.ok()) ThrowToEngine(value.status());
    writer_.Set(row, *value);
  }

  const StatementState& statement_;
  const bool constant_;
  const duckdb::idx_t count_;
  duckdb::Vector& result_;
  const VectorWriter writer_;
  const ShortWriter short_writer_;
  std::vector<VectorReader> readers_;
  std::vector<ShortReader> short_readers_;
  Row args_;
  std::vector<ShortDecimal> short_args_;
};

/// A NUM parameter is declared ANY, so that decimals and integers come as they are.
LogicalType ParameterType(Type type) {
  return type == kNumericType ? LogicalType(LogicalType::ANY) : EngineType(type);
}

/// The typmod of omen_num_typmod, and of what gives a DECIMAL.
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

/// Takes the precision and the scale off the arguments.
duckdb::unique_ptr<duckdb::FunctionData> BindDecimal(
    duckdb::ClientContext& context, duckdb::ScalarFunction& bound,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  const size_t last = arguments.size() - 1;
  const auto precision = LiteralArgument(context, *arguments[last - 1]).GetValue<int32_t>();
  const auto scale = LiteralArgument(context, *arguments[last]).GetValue<int32_t>();
  if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
    ThrowToEngine(InternalError(fmt::format("no DECIMAL({},{})", precision, scale)));
  }
  duckdb::Function::EraseArgument(bound, arguments, last);
  duckdb::Function::EraseArgument(bound, arguments, last - 1);
  const int32_t typmod = NumericTypmod(precision, scale);
  bound.return_type = EngineType({oid::kNumeric, typmod});
  return duckdb::make_uniq<TypmodData>(typmod);
}

int32_t TypmodOf(const duckdb::ExpressionState& state) {
  return state.expr.Cast<duckdb::BoundFunctionExpression>().bind_info->Cast<TypmodData>().typmod;
}

class Registrar {
 public:
  explicit Registrar(duckdb::DatabaseInstance& database) : loader_(database, "omen") {}

  void Add(std::string_view name, std::vector<Type> types, Type result, Compute compute,
           ShortCompute short_compute = nullptr) {
    duckdb::ScalarFunctionSet set{std::string(name)};
    duckdb::vector<LogicalType> parameters;
    for (const Type& type : types) parameters.push_back(ParameterType(type));
    set.AddFunction(Checked(duckdb::ScalarFunction(
        parameters, EngineType(result),
        [types, result, compute, short_compute](
            duckdb::DataChunk& input, duckdb::ExpressionState& state, duckdb::Vector& out) {
          RowRun(input, state, out, types, result).Run(compute, short_compute);
        })));
    if (result == kNumericType) {
      parameters.insert(parameters.end(), {LogicalType::INTEGER, LogicalType::INTEGER});
      set.AddFunction(Checked(duckdb::ScalarFunction(
          std::move(parameters), LogicalType::ANY,
          [types, compute, short_compute](duckdb::DataChunk& input, duckdb::ExpressionState& state,
                                          duckdb::Vector& out) {
            RowRun(input, state, out, types, {oid::kNumeric, TypmodOf(state)})
                .Run(compute, short_compute);
          },
          BindDecimal)));
    }
    loader_.RegisterFunction(std::move(set));
  }
  void Register(duckdb::ScalarFunction function) {
    loader_.RegisterFunction(Checked(std::move(function)));
  }

  using Unary = Numeric (*)(const Numeric&);
  using UnaryChecked = Result<Numeric> (*)(const Numeric&);
  using Binary = Result<Numeric> (*)(const Numeric&, const Numeric&);

  void AddUnary(std::string_view name, Unary op, ShortCompute short_op) {
    Add(
        name, {kNumericType}, kNumericType,
        [op](const Value* args) -> Result<Value> {
          return ToResult(InRange(op(Numeric::FromValue(args[0]))));
        },
        short_op);
  }
  void AddUnary(std::string_view name, UnaryChecked op, ShortCompute short_op = nullptr) {
    Add(
        name, {kNumericType}, kNumericType,
        [op](const Value* args) { return ToResult(op(Numeric::FromValue(args[0]))); }, short_op);
  }
  void AddBinary(std::string_view name, Binary op, ShortCompute short_op = nullptr) {
    Add(
        name, {kNumericType, kNumericType}, kNumericType,
        [op](const Value* args) {
          return ToResult(op(Numeric::FromValue(args[0]), Numeric::FromValue(args[1])));
        },
        short_op);
  }
  void AddScaled(std::string_view name, Numeric (Numeric::*op)(int) const, ShortCompute short_op) {
    Add(
        name, {kNumericType, kInt4Type}, kNumericType,
        [op](const Value* args) -> Result<Value> {
          return ToResult(
              InRange((Numeric::FromValue(args[0]).*op)(static_cast<int>(args[1].AsInt()))));
        },
        short_op);
  }

 private:
  static duckdb::ScalarFunction Checked(duckdb::ScalarFunction function) {
    function.null_handling = duckdb::FunctionNullHandling::SPECIAL_HANDLING;
    function.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
    if (function.bind != nullptr) function.serialize = RefuseCopy<duckdb::ScalarFunction>;
    return function;
  }

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

template <ShortResult (*kOperation)(const ShortDecimal&)>
ShortResult OfOne(const ShortDecimal* args) {
  return kOperation(args[0]);
}

template <ShortResult (*kOperation)(const ShortDecimal&, const ShortDecimal&)>
ShortResult OfTwo(const ShortDecimal* args) {
  return kOperation(args[0], args[1]);
}

template <ShortResult (*kOperation)(const ShortDecimal&, int)>
ShortResult ToScale(const ShortDecimal* args) {
  const __int128 scale = args[1].unscaled;
  return scale > ShortDecimal::kMaxDigits ? std::nullopt
                                          : kOperation(args[0], static_cast<int>(scale));
}

/// The reader and the writer are all that such a conversion is.
ShortResult AsItIs(const ShortDecimal* args) { return args[0]; }

void RegisterToInteger(Registrar& registrar, std::string_view name, Type type, int64_t low,
                       int64_t high, const char* shown) {
  registrar.Add(
      name, {kNumericType}, type,
      [=](const Value* args) { return ToInteger(args[0], low, high, shown); }, AsItIs);
}

void RegisterConversions(Registrar& registrar) {
  registrar.Add(
      names::kNumFrom, {kNumericType}, kNumericType,
      [](const Value* args) -> Result<Value> { return args[0]; }, AsItIs);
  registrar.Add(
      names::kNumFromFloat8, {kFloat8Type}, kNumericType,
      [](const Value* args) { return ToResult(Numeric::FromDouble(args[0].AsDouble())); }, AsItIs);
  registrar.Add(names::kNumFromFloat4, {kFloat4Type}, kNumericType,
                [](const Value* args) { return FromFloat4(args[0]); });
  registrar.Add(
      names::kNumParse, {kTextType}, kNumericType,
      [](const Value* args) { return ToResult(Numeric::Parse(args[0].AsBytes())); }, AsItIs);
  RegisterToInteger(registrar, names::kNumToInt2, kInt2Type, INT16_MIN, INT16_MAX, "smallint");
  RegisterToInteger(registrar, names::kNumToInt4, kInt4Type, INT32_MIN, INT32_MAX, "integer");
  RegisterToInteger(registrar, names::kNumToInt8, kInt8Type, INT64_MIN, INT64_MAX, "bigint");
  registrar.Add(
      names::kNumToFloat8, {kNumericType}, kFloat8Type,
      [](const Value* args) { return ToFloat(args[0], false); }, AsItIs);
  registrar.Add(names::kNumToFloat4, {kNumericType}, kFloat4Type,
                [](const Value* args) { return ToFloat(args[0], true); });
  registrar.Add(
      names::kNumToText, {kNumericType}, kTextType,
      [](const Value* args) -> Result<Value> {
        return Value::Text(Numeric::FromValue(args[0]).ToString());
      },
      AsItIs);
}

Numeric SignOf(const Numeric& value) {
  return value.is_nan() ? value : Numeric::FromInt(value.sign());
}

ShortResult ShortSign(const ShortDecimal* args) {
  return ShortDecimal{args[0].unscaled < 0 ? -1 : args[0].unscaled > 0 ? 1 : 0, 0};
}
ShortResult ShortNegate(const ShortDecimal* args) {
  return ShortDecimal{-args[0].unscaled, args[0].scale};
}
ShortResult ShortAbs(const ShortDecimal* args) {
  return args[0].unscaled < 0 ? ShortNegate(args) : args[0];
}
ShortResult ShortOrder(const ShortDecimal* args) {
  const auto order = CompareShort(args[0], args[1]);
  return order ? ShortResult({*order, 0}) : std::nullopt;
}

void RegisterOperators(Registrar& registrar) {
  registrar.AddBinary(names::kNumAdd, &Numeric::Add, OfTwo<ShortSum>);
  registrar.AddBinary(names::kNumSub, &Numeric::Subtract, OfTwo<ShortDifference>);
  registrar.AddBinary(names::kNumMul, &Numeric::Multiply, OfTwo<ShortProduct>);
  registrar.AddBinary(names::kNumDiv, &Numeric::Divide, OfTwo<ShortQuotient>);
  registrar.AddBinary(names::kNumDivTrunc, &NumericDivideTruncate, OfTwo<ShortWholeQuotient>);
  registrar.AddBinary(names::kNumMod, &NumericModulo, OfTwo<ShortRemainder>);
  registrar.AddBinary(names::kNumPower, &NumericPower);
  registrar.AddUnary(names::kNumSqrt, &NumericSqrt, OfOne<ShortSqrt>);
  registrar.AddUnary(names::kNumExp, &NumericExp);
  registrar.AddUnary(names::kNumLn, &NumericLn);
  registrar.AddUnary(names::kNumLog10, &NumericLog10);
  registrar.AddUnary(names::kNumSign, &SignOf, ShortSign);
  registrar.AddUnary(
      names::kNumNeg, +[](const Numeric& value) { return value.Negate(); }, ShortNegate);
  registrar.AddUnary(
      names::kNumAbs, +[](const Numeric& value) { return value.Abs(); }, ShortAbs);
  registrar.AddUnary(
      names::kNumCeil, +[](const Numeric& value) { return value.Ceil(); }, OfOne<CeilShort>);
  registrar.AddUnary(
      names::kNumFloor, +[](const Numeric& value) { return value.Floor(); }, OfOne<FloorShort>);
  registrar.AddScaled(names::kNumRound, &Numeric::Round, ToScale<RoundShort>);
  registrar.AddScaled(names::kNumTrunc, &Numeric::Truncate, ToScale<TruncateShort>);
  registrar.Add(
      names::kNumCompare, {kNumericType, kNumericType}, kInt4Type,
      [](const Value* args) -> Result<Value> {
        return Value::Int(
            Numeric::Compare(Numeric::FromValue(args[0]), Numeric::FromValue(args[1])));
      },
      ShortOrder);
  registrar.Add(
      names::kNumAverage, {kNumericType, kInt8Type}, kNumericType,
      [](const Value* args) -> Result<Value> {
        if (args[1].AsInt() == 0) return Value();
        return ToResult(
            Numeric::Divide(Numeric::FromValue(args[0]), Numeric::FromInt(args[1].AsInt())));
      },
      OfTwo<ShortQuotient>);
}

/// Of carriers: each begins with its key.
void CutToKeys(duckdb::Vector& carriers, duckdb::idx_t count, duckdb::Vector& result) {
  duckdb::UnifiedVectorFormat format;
  carriers.ToUnifiedFormat(count, format);
  const auto* const blobs = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(format);
  auto* const keys = duckdb::FlatVector::GetData<duckdb::string_t>(result);
  for (duckdb::idx_t row = 0; row < count; ++row) {
    const auto at = format.sel->get_index(row);
    if (!format.validity.RowIsValid(at)) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    const std::string_view key = NumericBlobKey({blobs[at].GetData(), blobs[at].GetSize()});
    keys[row] = duckdb::string_t(key.data(), static_cast<uint32_t>(key.size()));
  }
  duckdb::StringVector::AddHeapReference(result, carriers);
}

/// Of integers and DECIMALs.
void MakeKeys(duckdb::Vector& numbers, duckdb::idx_t count, duckdb::Vector& result) {
  const VectorReader reader(numbers, count, kNumericType);
  const ShortReader short_reader(numbers, count);
  auto* const keys = duckdb::FlatVector::GetData<duckdb::string_t>(result);
  std::string carrier;
  for (duckdb::idx_t row = 0; row < count; ++row) {
    if (short_reader.IsNull(row)) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    carrier.clear();
    if (ShortDecimal value; short_reader.Get(row, &value)) {
      char bytes[kShortBlobBytes];
      carrier.assign(bytes, static_cast<size_t>(WriteShortBlob(value, bytes)));
    } else {
      AppendNumericCarrier(reader.Get(row), &carrier);
    }
    const std::string_view key = NumericBlobKey(carrier);
    keys[row] = duckdb::StringVector::AddStringOrBlob(result, key.data(), key.size());
  }
}

void RunKey(duckdb::DataChunk& input, duckdb::ExpressionState&, duckdb::Vector& result) {
  const ContainedScope contained;
  const bool constant = input.AllConstant();
  const duckdb::idx_t count = constant ? 1 : input.size();
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  if (input.data[0].GetType().id() == duckdb::LogicalTypeId::BLOB) {
    CutToKeys(input.data[0], count, result);
  } else {
    MakeKeys(input.data[0], count, result);
  }
  if (constant) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

duckdb::unique_ptr<duckdb::FunctionData> BindTypmod(
    duckdb::ClientContext& context, duckdb::ScalarFunction& bound,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  const auto typmod = LiteralArgument(context, *arguments[1]).GetValue<int32_t>();
  duckdb::Function::EraseArgument(bound, arguments, 1);
  return duckdb::make_uniq<TypmodData>(typmod);
}

void RunDecimal(duckdb::DataChunk& input, duckdb::ExpressionState& state, duckdb::Vector& result) {
  const ContainedScope contained;
  const int32_t typmod = TypmodOf(state);
  const auto compute = [typmod](const Value* args) -> Result<Value> {
    __int128 unscaled;
    const int precision = NumericPrecision(typmod), scale = NumericScale(typmod);
    if (DecimalFromNumeric(args[0], precision, scale, &unscaled)) {
      return NumericFromDecimal(unscaled, scale);
    }
    return ToResult(Numeric::FromValue(args[0]).ApplyTypmod(typmod));
  };
  RowRun(input, state, result, {kNumericType}, {oid::kNumeric, typmod}).Run(compute, AsItIs);
}

void RunTypmod(duckdb::DataChunk& input, duckdb::ExpressionState& state, duckdb::Vector& result) {
  const ContainedScope contained;
  const int32_t typmod = TypmodOf(state);
  const auto compute = [typmod](const Value* args) {
    return ToResult(Numeric::FromValue(args[0]).ApplyTypmod(typmod));
  };
  RowRun(input, state, result, {kNumericType}, kNumericType).Run(compute, nullptr);
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
