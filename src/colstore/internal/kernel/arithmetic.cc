// Integer division and float arithmetic with PostgreSQL's errors, and omen_raise.
#include <cmath>
#include <limits>

#include "base/containment.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/kernel/kernel_binding.h"
#include "colstore/internal/kernel/registration.h"
#include "duckdb/common/vector_operations/binary_executor.hpp"
#include "duckdb/common/vector_operations/unary_executor.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/parser/parsed_data/create_scalar_function_info.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "types/column_functions.h"
#include "types/engine_hints.h"

namespace omen::colstore {
namespace {

using duckdb::LogicalType;
namespace names = column_functions;

[[noreturn]] void ThrowDivisionByZero() {
  ThrowToEngine(Status(sqlstate::kDivisionByZero, "division by zero"));
}

template <typename T>
[[noreturn]] void ThrowIntegerRange() {
  ThrowToEngine(Status(sqlstate::kNumericOutOfRange, sizeof(T) == 2   ? "smallint out of range"
                                                     : sizeof(T) == 4 ? "integer out of range"
                                                                      : "bigint out of range"));
}

[[noreturn]] void ThrowFloat(const char* what) {
  ThrowToEngine(Status(sqlstate::kNumericOutOfRange, std::string("value out of range: ") + what));
}

struct IntDivide {
  template <typename T>
  static T Operation(T a, T b) {
    if (b == 0) [[unlikely]]
      ThrowDivisionByZero();
    if (b == -1) {
      if (a == std::numeric_limits<T>::min()) ThrowIntegerRange<T>();
      return static_cast<T>(-a);
    }
    return static_cast<T>(a / b);
  }
};

struct IntModulo {
  template <typename T>
  static T Operation(T a, T b) {
    if (b == 0) [[unlikely]]
      ThrowDivisionByZero();
    return b == -1 ? static_cast<T>(0) : static_cast<T>(a % b);
  }
};

struct FloatAdd {
  template <typename T>
  static T Operation(T a, T b) {
    const T sum = a + b;
    if (std::isinf(sum) && !std::isinf(a) && !std::isinf(b)) [[unlikely]]
      ThrowFloat("overflow");
    return sum;
  }
};

struct FloatSubtract {
  template <typename T>
  static T Operation(T a, T b) {
    return FloatAdd::Operation<T>(a, -b);
  }
};

struct FloatMultiply {
  template <typename T>
  static T Operation(T a, T b) {
    const T product = a * b;
    if (std::isinf(product) && !std::isinf(a) && !std::isinf(b)) [[unlikely]]
      ThrowFloat("overflow");
    if (product == 0 && a != 0 && b != 0) [[unlikely]]
      ThrowFloat("underflow");
    return product;
  }
};

struct FloatDivide {
  template <typename T>
  static T Operation(T a, T b) {
    if (b == 0 && !std::isnan(a)) [[unlikely]]
      ThrowDivisionByZero();
    const T quotient = a / b;
    if (std::isinf(quotient) && !std::isinf(a)) [[unlikely]]
      ThrowFloat("overflow");
    if (quotient == 0 && a != 0 && !std::isinf(b)) [[unlikely]]
      ThrowFloat("underflow");
    return quotient;
  }
};

template <typename T, typename Op>
void RunBinary(duckdb::DataChunk& input, duckdb::ExpressionState&, duckdb::Vector& result) {
  const ContainedScope contained;
  duckdb::BinaryExecutor::Execute<T, T, T>(
      input.data[0], input.data[1], result, input.size(),
      [](T a, T b) { return Op::template Operation<T>(a, b); });
}

template <typename From, typename To>
To RoundToInteger(From value) {
  const double rounded = std::rint(static_cast<double>(value));
  constexpr double kLimit = -static_cast<double>(std::numeric_limits<To>::min());
  if (!(rounded >= -kLimit && rounded < kLimit)) [[unlikely]]
    ThrowIntegerRange<To>();
  return static_cast<To>(rounded);
}

template <typename From, typename To>
void RunRound(duckdb::DataChunk& input, duckdb::ExpressionState&, duckdb::Vector& result) {
  const ContainedScope contained;
  duckdb::UnaryExecutor::Execute<From, To>(input.data[0], result, input.size(), [](From value) {
    return RoundToInteger<From, To>(value);
  });
}

duckdb::ScalarFunction Binary(const LogicalType& type, duckdb::scalar_function_t run) {
  duckdb::ScalarFunction function({type, type}, type, std::move(run));
  function.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
  return function;
}

template <typename Op>
void RegisterIntegers(duckdb::ExtensionLoader& loader, std::string_view name) {
  duckdb::ScalarFunctionSet set{std::string(name)};
  set.AddFunction(Binary(LogicalType::SMALLINT, RunBinary<int16_t, Op>));
  set.AddFunction(Binary(LogicalType::INTEGER, RunBinary<int32_t, Op>));
  set.AddFunction(Binary(LogicalType::BIGINT, RunBinary<int64_t, Op>));
  loader.RegisterFunction(std::move(set));
}

template <typename Op>
void RegisterFloats(duckdb::ExtensionLoader& loader, std::string_view name) {
  duckdb::ScalarFunctionSet set{std::string(name)};
  set.AddFunction(Binary(LogicalType::FLOAT, RunBinary<float, Op>));
  set.AddFunction(Binary(LogicalType::DOUBLE, RunBinary<double, Op>));
  loader.RegisterFunction(std::move(set));
}

template <typename To>
void RegisterRounding(duckdb::ExtensionLoader& loader, std::string_view name, LogicalType to) {
  duckdb::ScalarFunctionSet set{std::string(name)};
  for (duckdb::ScalarFunction function :
       {duckdb::ScalarFunction({LogicalType::FLOAT}, to, RunRound<float, To>),
        duckdb::ScalarFunction({LogicalType::DOUBLE}, to, RunRound<double, To>)}) {
    function.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
    set.AddFunction(std::move(function));
  }
  loader.RegisterFunction(std::move(set));
}

duckdb::unique_ptr<duckdb::FunctionData> BindRaise(
    duckdb::ClientContext&, duckdb::ScalarFunction& bound,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  bound.return_type = arguments[2]->return_type;
  return nullptr;
}

void RunRaise(duckdb::DataChunk& input, duckdb::ExpressionState&, duckdb::Vector& result) {
  const ContainedScope contained;
  if (input.size() == 0) return;
  const std::string state = input.data[0].GetValue(0).ToString();
  const std::string message = input.data[1].GetValue(0).ToString();
  if (state.size() != 5) ThrowToEngine(InternalError("omen_raise without an SQLSTATE"));
  const char code[6] = {state[0], state[1], state[2], state[3], state[4], 0};
  ThrowToEngine(Status(SqlState(code), message));
}

duckdb::unique_ptr<duckdb::FunctionData> BindApart(
    duckdb::ClientContext&, duckdb::ScalarFunction& bound,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  bound.arguments[0] = arguments[0]->return_type;
  bound.return_type = arguments[0]->return_type;
  return nullptr;
}

void RunSame(duckdb::DataChunk& input, duckdb::ExpressionState&, duckdb::Vector& result) {
  result.Reference(input.data[0]);
}

}  // namespace

void RegisterArithmetic(duckdb::DatabaseInstance& database) {
  duckdb::ExtensionLoader loader(database, "omen");
  RegisterIntegers<IntDivide>(loader, names::kIntDiv);
  RegisterIntegers<IntModulo>(loader, names::kIntMod);
  RegisterFloats<FloatAdd>(loader, names::kFloatAdd);
  RegisterFloats<FloatSubtract>(loader, names::kFloatSub);
  RegisterFloats<FloatMultiply>(loader, names::kFloatMul);
  RegisterFloats<FloatDivide>(loader, names::kFloatDiv);
  RegisterRounding<int16_t>(loader, names::kFloatToInt2, LogicalType::SMALLINT);
  RegisterRounding<int32_t>(loader, names::kFloatToInt4, LogicalType::INTEGER);
  RegisterRounding<int64_t>(loader, names::kFloatToInt8, LogicalType::BIGINT);
  duckdb::ScalarFunction opaque(std::string(names::kOpaque), {LogicalType::BOOLEAN},
                                LogicalType::BOOLEAN, RunSame);
  opaque.null_handling = duckdb::FunctionNullHandling::SPECIAL_HANDLING;
  loader.RegisterFunction(std::move(opaque));
  duckdb::ScalarFunction raise(std::string(names::kRaise),
                               {LogicalType::VARCHAR, LogicalType::VARCHAR, LogicalType::ANY},
                               LogicalType::ANY, RunRaise, BindRaise);
  raise.stability = duckdb::FunctionStability::VOLATILE;
  raise.null_handling = duckdb::FunctionNullHandling::SPECIAL_HANDLING;
  raise.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
  loader.RegisterFunction(std::move(raise));
  duckdb::ScalarFunction apart(std::string(names::kApart), {LogicalType::ANY}, LogicalType::ANY,
                               RunSame, BindApart);
  apart.stability = duckdb::FunctionStability::VOLATILE;
  apart.null_handling = duckdb::FunctionNullHandling::SPECIAL_HANDLING;
  loader.RegisterFunction(std::move(apart));
}

}  // namespace omen::colstore
