// Three-valued logic, tests and choices.
#include <algorithm>

#include "exec/expr/evaluate_internal.h"
#include "sql/tree/expr_kind.h"
#include "types/io.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;

// AND when `stop` is false, OR when it is true: the value that decides at once.
class Connective final : public Evaluator {
 public:
  Connective(bool stop, std::vector<EvaluatorPtr> args) : stop_(stop), args_(std::move(args)) {}

  Status Eval(EvalContext& context, Value* out) const override {
    bool unknown = false;
    for (const EvaluatorPtr& arg : args_) {
      Value value;
      OMEN_RETURN_IF_ERROR(arg->Eval(context, &value));
      if (value.is_null()) {
        unknown = true;
      } else if (value.AsBool() == stop_) {
        *out = Value::Bool(stop_);
        return Status::Ok();
      }
    }
    *out = unknown ? Value() : Value::Bool(!stop_);
    return Status::Ok();
  }

  // Only "true" passes a predicate, so unknown and false need not be told apart.
  Status Test(EvalContext& context, bool* pass) const override {
    for (const EvaluatorPtr& arg : args_) {
      OMEN_RETURN_IF_ERROR(arg->Test(context, pass));
      if (*pass == stop_) return Status::Ok();
    }
    *pass = !stop_;
    return Status::Ok();
  }

 private:
  bool stop_;
  std::vector<EvaluatorPtr> args_;
};

class Negation final : public Evaluator {
 public:
  explicit Negation(EvaluatorPtr arg) : arg_(std::move(arg)) {}
  Status Eval(EvalContext& context, Value* out) const override {
    Value value;
    OMEN_RETURN_IF_ERROR(arg_->Eval(context, &value));
    *out = value.is_null() ? Value() : Value::Bool(!value.AsBool());
    return Status::Ok();
  }

 private:
  EvaluatorPtr arg_;
};

class Tester final : public Evaluator {
 public:
  Tester(const sql::ValueTest& test, EvaluatorPtr arg) : test_(test), arg_(std::move(arg)) {}

  Status Eval(EvalContext& context, Value* out) const override {
    bool pass = false;
    OMEN_RETURN_IF_ERROR(Test(context, &pass));
    *out = Value::Bool(pass);
    return Status::Ok();
  }
  Status Test(EvalContext& context, bool* pass) const override {
    Operand value;
    OMEN_RETURN_IF_ERROR(value.Load(*arg_, context));
    *pass = test_.Holds(*value);
    return Status::Ok();
  }

 private:
  const sql::ValueTest& test_;
  EvaluatorPtr arg_;
};

class Case final : public Evaluator {
 public:
  Case(std::vector<EvaluatorPtr> args, bool has_else) : args_(std::move(args)), else_(has_else) {}

  Status Eval(EvalContext& context, Value* out) const override {
    const size_t branches = args_.size() - (else_ ? 1 : 0);
    for (size_t i = 0; i < branches; i += 2) {
      bool pass = false;
      OMEN_RETURN_IF_ERROR(args_[i]->Test(context, &pass));
      if (pass) return args_[i + 1]->Eval(context, out);
    }
    if (else_) return args_.back()->Eval(context, out);
    *out = Value();
    return Status::Ok();
  }

 private:
  std::vector<EvaluatorPtr> args_;
  bool else_;
};

class Coalesce final : public Evaluator {
 public:
  explicit Coalesce(std::vector<EvaluatorPtr> args) : args_(std::move(args)) {}
  Status Eval(EvalContext& context, Value* out) const override {
    for (const EvaluatorPtr& arg : args_) {
      OMEN_RETURN_IF_ERROR(arg->Eval(context, out));
      if (!out->is_null()) break;
    }
    return Status::Ok();
  }

 private:
  std::vector<EvaluatorPtr> args_;
};

class Extreme final : public Evaluator {
 public:
  Extreme(std::vector<EvaluatorPtr> args, Oid type, bool greatest)
      : args_(std::move(args)), type_(type), greatest_(greatest) {}
  Status Eval(EvalContext& context, Value* out) const override {
    Value best;
    for (const EvaluatorPtr& arg : args_) {
      Value value;
      OMEN_RETURN_IF_ERROR(arg->Eval(context, &value));
      if (value.is_null()) continue;
      const int order = best.is_null() ? 0 : CompareValues(type_, value, best);
      if (best.is_null() || (greatest_ ? order > 0 : order < 0)) best = std::move(value);
    }
    *out = std::move(best);
    return Status::Ok();
  }

 private:
  std::vector<EvaluatorPtr> args_;
  Oid type_;
  bool greatest_;
};

class NullIf final : public Evaluator {
 public:
  NullIf(BinaryCall equals, EvaluatorPtr left, EvaluatorPtr right)
      : equals_(equals), left_(std::move(left)), right_(std::move(right)) {}
  Status Eval(EvalContext& context, Value* out) const override {
    Value left, right, equal;
    OMEN_RETURN_IF_ERROR(left_->Eval(context, &left));
    OMEN_RETURN_IF_ERROR(right_->Eval(context, &right));
    if (!left.is_null() && !right.is_null()) {
      OMEN_RETURN_IF_ERROR(equals_(context, left, right, &equal));
    }
    *out = !equal.is_null() && equal.AsBool() ? Value() : std::move(left);
    return Status::Ok();
  }

 private:
  BinaryCall equals_;
  EvaluatorPtr left_, right_;
};

}  // namespace

Result<EvaluatorPtr> CompileLogic(const Expr& expr, Scope* scope) {
  OMEN_ASSIGN_OR_RETURN(std::vector<EvaluatorPtr> args, CompileAll(expr.args, scope));
  if (const sql::ValueTest* test = sql::TestOf(expr.kind)) {
    return EvaluatorPtr(std::make_unique<Tester>(*test, std::move(args[0])));
  }
  switch (expr.kind) {
    case ExprKind::kAnd:
    case ExprKind::kOr:
      return EvaluatorPtr(
          std::make_unique<Connective>(expr.kind == ExprKind::kOr, std::move(args)));
    case ExprKind::kNot:
      return EvaluatorPtr(std::make_unique<Negation>(std::move(args[0])));
    default:
      return InternalError("an expression of an unknown kind");
  }
}

Result<EvaluatorPtr> CompileChoice(const Expr& expr, Scope* scope) {
  OMEN_ASSIGN_OR_RETURN(std::vector<EvaluatorPtr> args, CompileAll(expr.args, scope));
  switch (expr.kind) {
    case ExprKind::kCase:
      return EvaluatorPtr(std::make_unique<Case>(std::move(args), expr.has_else));
    case ExprKind::kCoalesce:
      return EvaluatorPtr(std::make_unique<Coalesce>(std::move(args)));
    case ExprKind::kGreatest:
    case ExprKind::kLeast:
      return EvaluatorPtr(std::make_unique<Extreme>(std::move(args), expr.type.oid,
                                                    expr.kind == ExprKind::kGreatest));
    default: {
      const functions::Function* function = expr.op != nullptr ? expr.op->function : expr.function;
      const BinaryCall equals{function, {expr.args[0]->type, expr.args[1]->type}};
      return EvaluatorPtr(std::make_unique<NullIf>(equals, std::move(args[0]), std::move(args[1])));
    }
  }
}

Result<EvaluatorPtr> CompileConjunction(const std::vector<const Expr*>& conjuncts, Scope* scope) {
  std::vector<EvaluatorPtr> args;
  for (const Expr* conjunct : conjuncts) {
    OMEN_ASSIGN_OR_RETURN(EvaluatorPtr arg, Compile(*conjunct, scope));
    args.push_back(std::move(arg));
  }
  if (args.empty()) return EvaluatorPtr();
  if (args.size() == 1) return std::move(args[0]);
  return EvaluatorPtr(std::make_unique<Connective>(false, std::move(args)));
}

}  // namespace omen::exec
