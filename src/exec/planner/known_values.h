// Values that planning knows of expressions: constants, parameters, and what follows from them and
// from the time of day without reading a row: `$1 + 99`, `now() - interval '1 day'`, `$1 || '%'`.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "exec/expr/evaluate.h"

namespace omen::exec {

/// Expressions compiled once for any parameters. Filled by one thread, then read by any.
class CompiledValues {
 public:
  /// Null for what must not be computed ahead: it reads rows, is volatile, or might be long.
  const Evaluator* Compile(const sql::Expr& expr);
  /// Takes what another has compiled.
  void Take(CompiledValues&& other) { compiled_.merge(other.compiled_); }
  /// The same, where it was compiled or refused before.
  std::optional<const Evaluator*> Find(const sql::Expr& expr) const;

 private:
  std::unordered_map<const sql::Expr*, EvaluatorPtr> compiled_;
};

/// One planning, one thread.
class KnownValues {
 public:
  /// `params`: null while none is known. `compiled`: what was compiled before; may be null. All
  /// outlive it.
  KnownValues(const Row* params, const Clock* clock, const CompiledValues* compiled)
      : params_(params), clock_(clock), compiled_(compiled) {}

  /// Null where it is not known. Lives as long as this.
  const Value* Of(const sql::Expr& expr);
  /// Since it was asked last: a value depends on a parameter, and none is known.
  bool TakeMissed() { return std::exchange(missed_, false); }
  /// Gives away what was compiled here, for later parameters.
  CompiledValues TakeCompiled() { return std::move(own_); }

 private:
  const Value* Computed(const sql::Expr& expr);

  const Row* const params_;
  const Clock* const clock_;
  const CompiledValues* const compiled_;
  CompiledValues own_;
  bool missed_ = false;
  std::deque<Value> computed_;
};

}  // namespace omen::exec
