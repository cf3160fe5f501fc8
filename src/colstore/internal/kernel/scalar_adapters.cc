// Kernels of functions::Registry as engine functions, so that every path gives the
// kernel's answer, and what else is called with a signature:
// omen_f<oid>('<signature>', arg, ...), omen_s<oid>, omen_cast_text, omen_apply_typmod.
#include <algorithm>
#include <span>

#include "base/blame.h"
#include "base/containment.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/kernel/kernel_binding.h"
#include "colstore/internal/kernel/registration.h"
#include "colstore/internal/kernel/text_forms.h"
#include "colstore/internal/vector/vectors.h"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/parser/parsed_data/create_scalar_function_info.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "functions/kernel/watched.h"

namespace omen::colstore {
namespace {

using ScalarCompute =
    std::function<Status(functions::CallContext&, const functions::CallArgs&, Value* out)>;

constexpr size_t kSetElementsMax = 10'000'000;

/// One registered function.
struct Adapter final : duckdb::ScalarFunctionInfo {
  ScalarCompute compute;
  functions::Kernel kernel = nullptr;  // in place of compute
  functions::TextFormMaker text_form = nullptr;
  functions::ValueFormMaker value_form = nullptr;
  size_t varying = 0;  // the argument that a form leaves open
  functions::Effort effort = functions::Effort::kByData;
  bool strict = true;
  bool gives_list = false;  // of the signature's result type; a strict null gives an empty one
  functions::Volatility volatility = functions::Volatility::kStable;

  /// The type that compute's values have.
  Type ValueType(Type result) const {
    if (!gives_list) return result;
    return {InfoOf(result.oid).array, result.typmod};
  }
};

struct ScalarBinding final : duckdb::FunctionData {
  ScalarBinding(duckdb::shared_ptr<duckdb::ScalarFunctionInfo> of, column_functions::Signature with,
                const StatementState* by)
      : info(std::move(of)), signature(std::move(with)), statement(by) {}
  duckdb::unique_ptr<FunctionData> Copy() const override {
    return duckdb::make_uniq<ScalarBinding>(info, signature, statement);
  }
  bool Equals(const FunctionData& other) const override {
    const auto& data = other.Cast<ScalarBinding>();
    return info == data.info && signature.args == data.signature.args &&
           signature.result == data.signature.result && statement == data.statement;
  }
  const Adapter& adapter() const { return info->Cast<Adapter>(); }
  const MemoryAccountPtr* memory() const {
    return statement->memory == nullptr ? nullptr : &statement->memory;
  }

  duckdb::shared_ptr<duckdb::ScalarFunctionInfo> info;
  column_functions::Signature signature;
  const StatementState* statement;  // the connection's, which outlives its plans
};

struct LocalState final : duckdb::FunctionLocalState {
  explicit LocalState(const ScalarBinding& bind)
      : context(bind.statement->context),
        written(bind.statement->memory, bind.adapter().ValueType(bind.signature.result)) {}
  functions::CallContext context;  // the thread's own: kernels write to it
  VectorCharge written;
  Row args;
  Row inputs, outputs;  // of CallsByValue
};

duckdb::unique_ptr<duckdb::FunctionData> BindScalar(
    duckdb::ClientContext& context, duckdb::ScalarFunction& bound,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  column_functions::Signature signature = TakeSignature(context, bound, arguments);
  const Type type = bound.function_info->Cast<Adapter>().ValueType(signature.result);
  if (FindType(type.oid) == nullptr) {
    ThrowToEngine(Refusal(FormatType(signature.result) + " sets on columns"));
  }
  bound.return_type = EngineType(type);
  StatementState& statement = StatementState::Of(context);
  const auto volatility = bound.function_info->Cast<Adapter>().volatility;
  // The engine computes it while it plans, where the arguments are constants.
  if (volatility != functions::Volatility::kImmutable) statement.plans_for_itself = true;
  return duckdb::make_uniq<ScalarBinding>(bound.function_info, std::move(signature), &statement);
}

duckdb::unique_ptr<duckdb::FunctionLocalState> InitScalar(duckdb::ExpressionState& state,
                                                          const duckdb::BoundFunctionExpression&,
                                                          duckdb::FunctionData* bind_data) {
  static std::atomic<uint64_t> streams{0};
  auto local = duckdb::make_uniq<LocalState>(bind_data->Cast<ScalarBinding>());
  local->context.random_state += 0x9E3779B97F4A7C15ull * streams.fetch_add(1);
  return local;
}

/// Calls of some rows of a chunk at a time.
class CallsByValue {
 public:
  CallsByValue(const ScalarBinding& bind, duckdb::DataChunk& input, const ComputedRows& rows,
               LocalState& local)
      : bind_(bind),
        adapter_(bind.adapter()),
        rows_(rows),
        local_(local),
        width_(input.ColumnCount()),
        at_once_(RowsAtOnce(input)) {
    local.inputs.resize(width_ * at_once_);
    local.outputs.resize(at_once_);
    readers_.reserve(width_);
    for (size_t i = 0; i < width_; ++i) {
      readers_.emplace_back(input.data[i], rows.count(), bind.signature.args[i]);
      varies_.push_back(input.data[i].GetVectorType() != duckdb::VectorType::CONSTANT_VECTOR);
      if (!varies_[i]) Read(i, 0, std::min(at_once_, rows.size()));
    }
  }

  void Run(const FormResult& result) {
    const VectorWriter writer(result.vector, adapter_.ValueType(bind_.signature.result));
    for (idx_t first = 0; first < rows_.size(); first += at_once_) {
      const CancelToken* const cancel = local_.context.cancel;
      if (cancel != nullptr && (first & 255) == 0) CheckInEngine(cancel->Check());
      const idx_t count = std::min(at_once_, rows_.size() - first);
      for (size_t i = 0; i < width_; ++i) {
        if (varies_[i]) Read(i, first, count);
      }
      CheckInEngine(Compute(count));
      for (idx_t k = 0; k < count; ++k) result.charge->Add(local_.outputs[k], result.folding);
      writer.SetSome(first, {local_.outputs.data(), count});
    }
  }

 private:
  using idx_t = duckdb::idx_t;

  /// Values with bytes of their own would be held twice.
  idx_t RowsAtOnce(duckdb::DataChunk& input) const {
    constexpr idx_t kMany = 256;
    bool fixed = functions::HasFixedSize(adapter_.ValueType(bind_.signature.result).oid);
    for (size_t i = 0; i < width_; ++i) {
      fixed = fixed && (functions::HasFixedSize(bind_.signature.args[i].oid) ||
                        input.data[i].GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR);
    }
    return fixed ? kMany : 1;
  }
  void Read(size_t argument, idx_t first, idx_t count) {
    readers_[argument].GetSome(rows_.rows(), first, count, &local_.inputs[argument], width_);
  }
  /// Null where a strict function has a null argument.
  Status Compute(idx_t count) {
    const auto compute = [&]() -> Status {
      if (adapter_.kernel != nullptr) return CallEach(adapter_.kernel, count);
      return CallEach(adapter_.compute, count);
    };
    if (adapter_.effort == functions::Effort::kShort) return compute();
    return Work::Run({.cancel = local_.context.cancel, .memory = bind_.memory()}, compute);
  }
  template <typename Function>
  Status CallEach(const Function& function, idx_t count) {
    const bool strict = adapter_.strict;
    functions::CallArgs args{{}, bind_.signature.args, bind_.signature.result};
    const Value* values = local_.inputs.data();
    for (Value* out = local_.outputs.data(); count > 0; --count, ++out, values += width_) {
      *out = Value();
      args.values = {values, width_};
      if (strict && std::ranges::any_of(args.values, &Value::is_null)) {
        if (adapter_.gives_list) *out = Value::Array({bind_.signature.result.oid, 1, {}});
        continue;
      }
      OMEN_RETURN_IF_ERROR(function(local_.context, args, out));
    }
    return Status::Ok();
  }

  const ScalarBinding& bind_;
  const Adapter& adapter_;
  const ComputedRows& rows_;
  LocalState& local_;
  const size_t width_;
  const idx_t at_once_;
  std::vector<VectorReader> readers_;
  std::vector<bool> varies_;
};

/// The arguments of a form but the one it leaves open; false where they are not the same for all
/// rows.
bool ReadConstants(const ScalarBinding& bind, duckdb::DataChunk& input, Row* args) {
  args->resize(input.ColumnCount());
  for (duckdb::idx_t i = 0; i < input.ColumnCount(); ++i) {
    (*args)[i] = Value();
    if (i == bind.adapter().varying) continue;
    if (input.data[i].GetVectorType() != duckdb::VectorType::CONSTANT_VECTOR) return false;
    (*args)[i] = VectorReader(input.data[i], 1, bind.signature.args[i]).Get(0);
    if ((*args)[i].is_null()) return false;
  }
  return true;
}

bool TakesTexts(const ScalarBinding& bind) {
  return InfoOf(bind.signature.args[0].oid).form == TypeForm::kText &&
         bind.signature.args[0].oid != oid::kBpchar;
}

/// False where the call has no form for many values.
bool RunByForm(const ScalarBinding& bind, duckdb::DataChunk& input, const ComputedRows& rows,
               bool folding, LocalState& local, duckdb::Vector& result) {
  const Adapter& adapter = bind.adapter();
  const bool texts = adapter.text_form != nullptr && TakesTexts(bind);
  if (!(texts || adapter.value_form != nullptr) || rows.size() == 0 ||
      !ReadConstants(bind, input, &local.args)) {
    return false;
  }
  const Work::Order order{.cancel = local.context.cancel, .memory = bind.memory()};
  const functions::CallArgs args{local.args, bind.signature.args, bind.signature.result};
  functions::TextForm text_form;
  functions::ValueForm value_form;
  const auto make = [&]() -> Status {
    if (texts) {
      OMEN_ASSIGN_OR_RETURN(text_form, adapter.text_form(args));
    } else {
      OMEN_ASSIGN_OR_RETURN(value_form, adapter.value_form(local.context, args));
    }
    return Status::Ok();
  };
  // An error is the first value's that is not null, if there is any.
  if (!Work::Run(order, make).ok()) return false;
  const FormResult into{result, &local.written, folding};
  duckdb::Vector& open = input.data[adapter.varying];
  if (texts) {
    RunTextForm(text_form, open, rows, order, into);
  } else {
    RunValueForm(value_form, open, bind.signature.args[adapter.varying], rows, order,
                 bind.signature.result, into);
  }
  return true;
}

void Run(duckdb::DataChunk& input, duckdb::ExpressionState& state, duckdb::Vector& result) {
  const ContainedScope contained;
  const auto& expression = state.expr.Cast<duckdb::BoundFunctionExpression>();
  const auto& bind = expression.bind_info->Cast<ScalarBinding>();
  auto& local = duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<LocalState>();
  const bool constant = input.ColumnCount() > 0 && input.AllConstant() &&
                        bind.adapter().volatility != functions::Volatility::kVolatile;
  const duckdb::idx_t count = constant ? 1 : input.size();

  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  // Without rows the engine folds a constant, which its plan then keeps.
  const bool folding = state.root.executor->chunk == nullptr;
  local.written.Begin();
  const bool repeatable = bind.adapter().volatility != functions::Volatility::kVolatile;
  const ComputedRows rows(input, count, repeatable);
  if (!RunByForm(bind, input, rows, folding, local, result)) {
    CallsByValue(bind, input, rows, local).Run({result, &local.written, folding});
  }
  rows.Spread(result);
  if (!constant) return;
  // A column of the result is written out for every row, an argument is not.
  const bool column = state.root.root_state.get() == &state;
  if (column) local.written.Repeat(static_cast<int64_t>(input.size()));
  result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
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

void RegisterScalar(duckdb::ExtensionLoader& loader, std::string name,
                    duckdb::shared_ptr<Adapter> adapter) {
  duckdb::ScalarFunction function(
      std::move(name), {duckdb::LogicalType::VARCHAR}, duckdb::LogicalType::ANY, Run, BindScalar,
      nullptr, nullptr, InitScalar, duckdb::LogicalType::ANY, StabilityOf(adapter->volatility),
      duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  function.serialize = RefuseCopy<duckdb::ScalarFunction>;
  function.errors = duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR;
  function.function_info = std::move(adapter);
  loader.RegisterFunction(std::move(function));
}

Status CollectSet(functions::SetKernel kernel, functions::CallContext& context,
                  const functions::CallArgs& args, Value* out) {
  ArrayData list;
  list.element = args.result.oid;
  OMEN_ASSIGN_OR_RETURN(auto cursor, kernel(context, args));
  for (Value value;;) {
    OMEN_ASSIGN_OR_RETURN(const bool more, cursor->Next(&value));
    if (!more) break;
    if (list.elements.size() == kSetElementsMax) {
      return Status(sqlstate::kProgramLimit, "set-returning function gives too many rows");
    }
    list.elements.push_back(std::move(value));
  }
  *out = Value::Array(std::move(list));
  return Status::Ok();
}

bool IsString(Oid type) { return InfoOf(type).category == TypeCategory::kString; }

/// Digits alone, and a sign, of an integer that any type has room for.
bool ReadPlainInteger(std::string_view text, Oid type, Value* out) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const size_t most = type == oid::kInt2 ? 4 : type == oid::kInt4 ? 9 : type == oid::kInt8 ? 18 : 0;
  if (text.empty() || text.size() > most) return false;
  int64_t number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return false;
    number = number * 10 + (digit - '0');
  }
  *out = Value::Int(negative ? -number : number);
  return true;
}

Status CastThroughText(functions::CallContext& context, const functions::CallArgs& args,
                       Value* out) {
  const Type from = args.types[0];
  const Value& value = args.values[0];
  if (IsString(from.oid) && ReadPlainInteger(value.AsBytes(), args.result.oid, out)) {
    return Status::Ok();
  }
  const std::string text =
      IsString(from.oid) ? std::string(value.AsBytes()) : ToText(from, value, context.style);
  OMEN_ASSIGN_OR_RETURN(*out,
                        ParseText(args.result, text, context.style, context.transaction_micros));
  return Status::Ok();
}

/// One preparation for many casts.
Result<functions::ValueForm> CastForm(functions::CallContext& context,
                                      const functions::CallArgs& args) {
  functions::ValueForm form;
  form.change = [&context, types = std::vector<Type>(args.types.begin(), args.types.end()),
                 result = args.result](const Value& value, Value* out) {
    return CastThroughText(context, {{&value, 1}, types, result}, out);
  };
  return form;
}

Status CutToTypmod(functions::CallContext&, const functions::CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(*out, ApplyTypmod(args.result, args.values[0], true));
  return Status::Ok();
}

}  // namespace

void RegisterScalarAdapters(duckdb::DatabaseInstance& database) {
  duckdb::ExtensionLoader loader(database, "omen");
  const auto& registry = functions::Registry::Instance();
  for (const functions::Function& function : registry.functions()) {
    auto adapter = duckdb::make_shared_ptr<Adapter>();
    adapter->strict = function.strict;
    adapter->volatility = function.volatility;
    adapter->effort = functions::EffortOf(function);
    if (!function.returns_set) {
      if (function.kernel == nullptr) continue;
      adapter->kernel = function.kernel;
      adapter->text_form = registry.FindTextForm(function.oid);
      if (const functions::ValueFormRow* form = registry.FindValueForm(function.oid)) {
        adapter->value_form = form->make;
        adapter->varying = form->varying;
      }
      RegisterScalar(loader, column_functions::ScalarAdapter(function.oid), std::move(adapter));
    } else if (const functions::SetKernel kernel = registry.FindSetKernel(function.oid)) {
      adapter->gives_list = true;
      adapter->compute = [kernel](functions::CallContext& context, const functions::CallArgs& args,
                                  Value* out) { return CollectSet(kernel, context, args, out); };
      RegisterScalar(loader, column_functions::SetAdapter(function.oid), std::move(adapter));
    }
  }
  auto cast = duckdb::make_shared_ptr<Adapter>();
  cast->compute = CastThroughText;
  cast->value_form = CastForm;
  RegisterScalar(loader, std::string(column_functions::kCastText), std::move(cast));
  auto cut = duckdb::make_shared_ptr<Adapter>();
  cut->compute = CutToTypmod;
  cut->volatility = functions::Volatility::kImmutable;
  RegisterScalar(loader, std::string(column_functions::kApplyTypmod), std::move(cut));
}

}  // namespace omen::colstore
