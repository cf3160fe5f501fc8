#include "colstore/internal/kernel/kernel_binding.h"

#include <fmt/format.h>

#include "colstore/internal/engine/engine_errors.h"
#include "duckdb/execution/expression_executor.hpp"

namespace omen::colstore {

duckdb::Value LiteralArgument(duckdb::ClientContext& context, const duckdb::Expression& argument) {
  if (!argument.IsFoldable()) {
    ThrowToEngine(InternalError("the column store expected a literal: " + argument.ToString()));
  }
  return duckdb::ExpressionExecutor::EvaluateScalar(context, argument);
}

column_functions::Signature TakeSignature(
    duckdb::ClientContext& context, duckdb::SimpleFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  column_functions::Signature signature;
  const std::string text = LiteralArgument(context, *arguments[0]).ToString();
  if (!column_functions::ParseSignature(text, &signature) ||
      signature.args.size() + 1 != arguments.size()) {
    ThrowToEngine(InternalError(fmt::format("bad signature of {}: {}", function.name, text)));
  }
  duckdb::Function::EraseArgument(function, arguments, 0);
  // The engine keeps only as many arguments of an aggregate as it has fixed parameters.
  function.varargs = duckdb::LogicalType(duckdb::LogicalTypeId::INVALID);
  function.arguments.clear();
  for (const auto& argument : arguments) {
    function.arguments.push_back(duckdb::LogicalType::NormalizeType(argument->return_type));
  }
  for (size_t i = 0; i < signature.args.size(); ++i) {
    if (FindType(signature.args[i].oid) == nullptr) {
      ThrowToEngine(InternalError(fmt::format("unknown type in signature: {}", text)));
    }
  }
  if (FindType(signature.result.oid) == nullptr) {
    ThrowToEngine(InternalError(fmt::format("unknown result type in signature: {}", text)));
  }
  return signature;
}

int64_t HeapBytesOf(const Value& value, Carrier carrier) {
  if (carrier == Carrier::kBytes) return static_cast<int64_t>(value.AsBytes().size());
  if (carrier != Carrier::kArray) return 0;
  const ArrayData& array = value.AsArray();
  const Carrier element_carrier = InfoOf(array.element).carrier;
  int64_t bytes = 0;
  for (const Value& element : array.elements) {
    bytes += 16 + (element.is_null() ? 0 : HeapBytesOf(element, element_carrier));
  }
  return bytes;
}

void VectorCharge::Grow(bool folding) {
  if (folding && carrier_ == Carrier::kBytes) {
    ThrowToEngine(Status(sqlstate::kOutOfMemory, "out of memory")
                      .Detail("A constant is too large to be planned on the column path."));
  }
  CheckInEngine(charge_.Resize(written_));
}

}  // namespace omen::colstore
