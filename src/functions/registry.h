// Every function, operator, cast and aggregate the server knows.
// The binder resolves against this table; the row path calls the kernels; the DuckDB generator
// uses the templates, or calls the kernel through an adapter.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "functions/kernel/function.h"
#include "functions/kernel/text_form.h"
#include "functions/kernel/value_form.h"

namespace omen::functions {

/// The registry; immutable after start, any thread.
class Registry {
 public:
  static const Registry& Instance();

  /// All overloads of a name, in no particular order.
  std::span<const Function* const> FunctionsNamed(std::string_view name) const;
  std::span<const Operator* const> OperatorsNamed(std::string_view name) const;
  std::span<const Aggregate* const> AggregatesNamed(std::string_view name) const;
  std::span<const WindowFunction* const> WindowFunctionsNamed(std::string_view name) const;
  /// Null if there is none. Array-to-array and to/from text casts are derived, see binder rules.
  const Cast* FindCast(Oid from, Oid to) const;
  const Function* FindFunction(Oid oid) const;
  const Operator* FindOperator(Oid oid) const;
  const Aggregate* FindAggregate(Oid oid) const;
  /// Set kernel of a returns_set function; null otherwise.
  SetKernel FindSetKernel(Oid function) const;
  /// Of a function that has a form for many texts; null otherwise.
  TextFormMaker FindTextForm(Oid function) const;
  const ValueFormRow* FindValueForm(Oid function) const;

  std::span<const Function> functions() const;
  std::span<const Operator> operators() const;
  std::span<const Aggregate> aggregates() const;
  std::span<const WindowFunction> window_functions() const;
  std::span<const Cast> casts() const;

 private:
  Registry();
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace omen::functions
