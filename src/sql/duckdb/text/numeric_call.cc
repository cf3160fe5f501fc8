#include "sql/duckdb/text/numeric_call.h"

#include <algorithm>
#include <string_view>

#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/numeric.h"
#include "types/column_functions.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;
using functions::Meaning;

namespace {

/// Our functions for PostgreSQL's whose every argument is numeric; empty where there is none.
std::string_view AdapterOf(Meaning meaning) {
  constexpr std::pair<Meaning, std::string_view> kAdapters[] = {
      {Meaning::kDivide, names::kNumDiv},  {Meaning::kDivideWhole, names::kNumDivTrunc},
      {Meaning::kModulo, names::kNumMod},  {Meaning::kPower, names::kNumPower},
      {Meaning::kSign, names::kNumSign},   {Meaning::kSqrt, names::kNumSqrt},
      {Meaning::kExp, names::kNumExp},     {Meaning::kLn, names::kNumLn},
      {Meaning::kNegate, names::kNumNeg},  {Meaning::kAbs, names::kNumAbs},
      {Meaning::kCeil, names::kNumCeil},   {Meaning::kFloor, names::kNumFloor},
      {Meaning::kLog10, names::kNumLog10},
  };
  for (const auto& [known, function] : kAdapters) {
    if (known == meaning) return function;
  }
  return {};
}

std::string_view ComparisonOf(Meaning meaning) {
  switch (meaning) {
    case Meaning::kEqual:
      return "=";
    case Meaning::kNotEqual:
      return "<>";
    case Meaning::kLess:
      return "<";
    case Meaning::kLessEqual:
      return "<=";
    case Meaning::kGreater:
      return ">";
    case Meaning::kGreaterEqual:
      return ">=";
    default:
      return {};
  }
}

/// Functions of one DECIMAL that DuckDB computes exactly with a static scale.
bool UnaryOnDecimal(Meaning meaning, const Text& arg, Text* out) {
  NumericForm form = arg.form;
  if (meaning == Meaning::kNegate) {
    *out = {"(-" + arg.sql + ")", form};
    return true;
  }
  if (meaning == Meaning::kAbs) {
    *out = {"abs(" + arg.sql + ")", form};
    return true;
  }
  if (meaning != Meaning::kCeil && meaning != Meaning::kFloor) return false;
  NumericForm whole = NumericForm::Decimal(std::max(form.digits + 1, 1), 0);
  if (whole.width > kMaxWidth) return false;
  const std::string_view function = meaning == Meaning::kFloor ? "floor" : "ceil";
  *out = {CastToDecimal(Call(function, {arg.sql}), whole.width, 0), whole};
  return true;
}

bool Rounds(const Expr& call) {
  const Meaning meaning = call.function->meaning;
  return meaning == Meaning::kRound || meaning == Meaning::kTrunc;
}

Text RoundNumeric(const Expr& call, std::vector<Text> args) {
  const bool truncate = call.function->meaning == Meaning::kTrunc;
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
  if (known && truncate && from.is_decimal() && scale >= 0 && scale <= kMaxWidth) {
    return CallNumericAt(function, args, from.digits, static_cast<int>(scale));
  }
  return {Call(function, {NumericOperand(args[0]), args[1].sql}), NumericForm::Blob()};
}

/// Functions of DECIMALs whose results are of one scale.
bool OnDecimals(Meaning meaning, const std::vector<Text>& args, Text* out) {
  const auto all = [](const Text& arg) { return arg.form.is_decimal(); };
  if (!std::ranges::all_of(args, all)) return false;
  const NumericForm &first = args.front().form, &last = args.back().form;
  if (meaning == Meaning::kModulo) {
    *out = CallNumericAt(names::kNumMod, args, std::min(first.digits, last.digits),
                         std::max(first.scale, last.scale));
    return true;
  }
  if (meaning == Meaning::kDivideWhole) {
    *out = CallNumericAt(names::kNumDivTrunc, args, first.digits + last.scale, 0);
    return true;
  }
  if (meaning != Meaning::kSign) return false;
  *out = CallNumericAt(names::kNumSign, args, 1, 0);
  return true;
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
  const Meaning meaning = call.function->meaning;
  if (Rounds(call)) return RoundNumeric(call, std::move(args));
  if (meaning == Meaning::kIdentity) return args[0];
  if (meaning == Meaning::kAdd) return NumericAdd(printing, "+", args[0], args[1]);
  if (meaning == Meaning::kSubtract) return NumericAdd(printing, "-", args[0], args[1]);
  if (meaning == Meaning::kMultiply) return NumericMultiply(printing, args[0], args[1]);
  if (std::string_view op = ComparisonOf(meaning); !op.empty()) {
    return Compare(printing, op, args[0], args[1]);
  }
  if (args.size() == 1 && args[0].form.is_null() && call.type.oid == oid::kNumeric) {
    return NullNumeric();
  }
  if (Text whole; OnDecimals(meaning, args, &whole)) return whole;
  Text unary;
  if (args.size() == 1 && args[0].form.has_decimal() && UnaryOnDecimal(meaning, args[0], &unary)) {
    if (args[0].form.is_decimal() || unary.form.kind == Kind::kScaled) return unary;
  }
  // log(x) is of base 10; log(b, x) is the kernel's.
  const bool is_log = meaning == Meaning::kLog && args.size() == 1;
  const std::string_view adapter = AdapterOf(is_log ? Meaning::kLog10 : meaning);
  if (!adapter.empty()) return CallNumeric(adapter, args);
  *handled = false;
  return Text{};
}

}  // namespace omen::sql::duckdb
