// The makers of evaluator nodes, one file per kind of expression.
#pragma once

#include "exec/expr/evaluate.h"

namespace omen::exec {

// evaluate_compare.cc
Result<EvaluatorPtr> CompileComparison(const sql::Expr& expr, CompareOp op, Scope* scope);
Result<EvaluatorPtr> CompileDistinct(const sql::Expr& expr, Scope* scope);
Result<EvaluatorPtr> CompileInList(const sql::Expr& expr, Scope* scope);
Result<EvaluatorPtr> CompileQuantified(const sql::Expr& expr, Scope* scope);

// evaluate_call.cc
Result<EvaluatorPtr> CompileCall(const sql::Expr& expr, Scope* scope);
Result<EvaluatorPtr> CompileCast(const sql::Expr& expr, Scope* scope);

// evaluate_logic.cc
Result<EvaluatorPtr> CompileLogic(const sql::Expr& expr, Scope* scope);
Result<EvaluatorPtr> CompileChoice(const sql::Expr& expr, Scope* scope);

// evaluate_array.cc
Result<EvaluatorPtr> CompileArray(const sql::Expr& expr, Scope* scope);

/// Calls a binary operator's function on two values of the given types.
struct BinaryCall {
  const functions::Function* function;
  Type types[2];
  Type result{oid::kBool, -1};

  Status operator()(EvalContext& context, const Value& left, const Value& right, Value* out) const;
};

}  // namespace omen::exec
