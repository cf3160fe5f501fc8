#include "sql/operand/arguments.h"

#include "sql/typing/coerce.h"

namespace omen::sql {
namespace {

void KeepBlanks(BindState* state, const Callee& callee, std::vector<ExprPtr>* args) {
  if (callee.aggregate != nullptr && callee.aggregate->name == "count") return;
  for (size_t i = 0; i < args->size(); ++i) {
    const Oid declared = callee.declared[i];
    if (declared != oid::kAny && !IsPolymorphic(declared)) continue;
    (*args)[i] = WithBlanks(state, std::move((*args)[i]));
  }
}

}  // namespace

Status FitArguments(BindState* state, const Callee& callee, std::vector<Oid> declared,
                    std::vector<ExprPtr>* args) {
  KeepBlanks(state, callee, args);
  for (size_t i = 0; i < args->size(); ++i) {
    ExprPtr& arg = (*args)[i];
    if (declared[i] == oid::kAny) {
      if (arg->kind == ExprKind::kParam) continue;
      OMEN_ASSIGN_OR_RETURN(arg, ResolveUnknown(state, std::move(arg)));
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(arg, CoerceArgument(state, std::move(arg), declared[i]));
  }
  return Status::Ok();
}

ExprResult CallFunction(BindState* state, std::string_view name, std::vector<ExprPtr> args,
                        int location) {
  std::vector<Oid> actual;
  for (const ExprPtr& arg : args) actual.push_back(arg->type.oid);
  OMEN_ASSIGN_OR_RETURN(Callee callee, FindCallee(name, actual, location));
  OMEN_CHECK(callee.function != nullptr);
  std::vector<Oid> declared = callee.declared;
  OMEN_ASSIGN_OR_RETURN(Oid result, ResolvePolymorphic(actual, &declared, callee.result));
  OMEN_RETURN_IF_ERROR(FitArguments(state, callee, std::move(declared), &args));
  auto expr = std::make_unique<Expr>(ExprKind::kFunction, Type{result}, location);
  expr->function = callee.function;
  expr->args = std::move(args);
  return Fold(state, std::move(expr));
}

}  // namespace omen::sql
