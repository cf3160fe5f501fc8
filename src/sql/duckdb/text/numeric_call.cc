#include "sql/duckdb/text/numeric_call.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/numeric.h"
#include "types/column_functions.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;

namespace {

struct NumericCall {
  std::string_view name;
  std::string_view function;
};

/// PostgreSQL's functions whose every argument is numeric, and ours for them.
constexpr std::array kNumericCalls = {
    NumericCall{"numeric_div", names::kNumDiv},
    NumericCall{"numeric_div_trunc", names::kNumDivTrunc},
    NumericCall{"div", names::kNumDivTrunc},
    NumericCall{"numeric_mod", names::kNumMod},
    NumericCall{"mod", names::kNumMod},
    NumericCall{"numeric_power", names::kNumPower},
    NumericCall{"pow", names::kNumPower},
    NumericCall{"power", names::kNumPower},
    NumericCall{"sign", names::kNumSign},
    NumericCall{"numeric_sqrt", names::kNumSqrt},
    NumericCall{"sqrt", names::kNumSqrt},
    NumericCall{"numeric_exp", names::kNumExp},
    NumericCall{"exp", names::kNumExp},
    NumericCall{"numeric_ln", names::kNumLn},
    NumericCall{"ln", names::kNumLn},
    NumericCall{"numeric_uminus", names::kNumNeg},
    NumericCall{"numeric_abs", names::kNumAbs},
    NumericCall{"abs", names::kNumAbs},
    NumericCall{"ceil", names::kNumCeil},
    NumericCall{"ceiling", names::kNumCeil},
    NumericCall{"floor", names::kNumFloor},
};

std::string_view NumericComparisonOf(std::string_view name) {
  if (name == "numeric_eq") return "=";
  if (name == "numeric_ne") return "<>";
  if (name == "numeric_lt") return "<";
  if (name == "numeric_le") return "<=";
  if (name == "numeric_gt") return ">";
  if (name == "numeric_ge") return ">=";
  return {};
}

/// Functions of one DECIMAL that DuckDB computes exactly with a static scale.
bool UnaryOnDecimal(std::string_view name, const Text& arg, Text* out) {
  NumericForm form = arg.form;
  if (name == "numeric_uminus") {
    *out = {"(-" + arg.sql + ")", form};
    return true;
  }
  if (name == "numeric_abs" || name == "abs") {
    *out = {"abs(" + arg.sql + ")", form};
    return true;
  }
  if (!name.starts_with("ceil") && name != "floor") return false;
  NumericForm whole = NumericForm::Decimal(std::max(form.digits + 1, 1), 0);
  if (whole.width > kMaxWidth) return false;
  std::string_view function = name == "floor" ? "floor" : "ceil";
  *out = {CastToDecimal(Call(function, {arg.sql}), whole.width, 0), whole};
  return true;
}

bool Rounds(const Expr& call) {
  return call.function->name == "round" || call.function->name == "trunc";
}

Text RoundNumeric(const Expr& call, std::vector<Text> args) {
  bool truncate = call.function->name == "trunc";
  std::string_view function = truncate ? names::kNumTrunc : names::kNumRound;
  int64_t scale = 0;
  bool known = args.size() == 1;
  if (!known) {
    const Value* constant = KnownValueOf(*call.args[1]);
    known = constant != nullptr;
    if (known) scale = constant->AsInt();
  }
  const NumericForm& from = args[0].form;
  if (from.is_null()) return NullNumeric();
  if (known && !truncate && from.has_decimal() && scale >= 0) {
    int digits = from.digits + (scale < from.scale ? 1 : 0);
    if (digits + scale <= kMaxWidth && scale <= kMaxWidth) {
      int width = std::max(digits + static_cast<int>(scale), 1);
      NumericForm form = NumericForm::Decimal(width, static_cast<int>(scale));
      return {CastToDecimal(args[0].sql, form.width, form.scale), form};
    }
  }
  if (args.size() == 1) args.push_back({"0::INTEGER", {}});
  return {Call(function, {NumericOperand(args[0]), args[1].sql}), NumericForm::Blob()};
}

}  // namespace

bool TakesNumerics(const Expr& call) {
  if (call.args.empty() || call.args[0]->type.oid != oid::kNumeric) return false;
  return Rounds(call) || std::ranges::all_of(call.args, [](const ExprPtr& arg) {
           return arg->type.oid == oid::kNumeric;
         });
}

Text PrintNumericCall(Printing& printing, const Expr& call, std::vector<Text> args, bool* handled) {
  *handled = true;
  const std::string_view name = call.function->name;
  if (Rounds(call)) return RoundNumeric(call, std::move(args));
  if (name == "numeric_uplus") return args[0];
  if (name == "numeric_add") return NumericAdd(printing, "+", args[0], args[1]);
  if (name == "numeric_sub") return NumericAdd(printing, "-", args[0], args[1]);
  if (name == "numeric_mul") return NumericMultiply(printing, args[0], args[1]);
  if (std::string_view op = NumericComparisonOf(name); !op.empty()) {
    return Compare(printing, op, args[0], args[1]);
  }
  if (args.size() == 1 && args[0].form.is_null() && call.type.oid == oid::kNumeric) {
    return NullNumeric();
  }
  Text unary;
  if (args.size() == 1 && args[0].form.has_decimal() && UnaryOnDecimal(name, args[0], &unary)) {
    if (args[0].form.is_decimal() || unary.form.kind == Kind::kScaled) return unary;
  }
  if ((name == "log" || name == "log10") && args.size() == 1) {
    return CallNumeric(names::kNumLog10, args);
  }
  for (const NumericCall& known : kNumericCalls) {
    if (known.name == name) return CallNumeric(known.function, args);
  }
  *handled = false;
  return Text{};
}

}  // namespace omen::sql::duckdb
