// The two carriers of numeric in generated SQL: DECIMAL where it is exact, the variable-scale
// BLOB elsewhere. Widths of results follow DuckDB's own binder (BindDecimalArithmetic and
// BindDecimalMultiply of 1.4.4), because the scale it picks is the scale that is shown.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sql/duckdb/printer.h"
#include "types/column_functions.h"
#include "types/column_type.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

namespace {

using Kind = NumericForm::Kind;

Text NullNumeric() { return {"NULL", {Kind::kNull, 0, 0, 0, {}}}; }

/// As any of the engine's numeric functions takes it.
std::string Num(const Text& value) {
  if (value.form.is_decimal() || value.form.is_blob()) return value.sql;
  return value.form.is_null() ? "NULL::BLOB"
                              : Call(names::kNumRound, {value.sql, value.form.scale_text});
}

Text CallNum(std::string_view function, const std::vector<Text>& args) {
  std::vector<std::string> sql;
  for (const Text& arg : args) sql.push_back(Num(arg));
  return {Call(function, sql), NumericForm::Blob()};
}

std::string CastTo(const std::string& sql, int width, int scale) {
  return fmt::format("CAST({} AS {})", sql, DecimalType(width, scale));
}

/// The form of `sql`, whose DuckDB type is DECIMAL(width, scale), as what `a` and `b` make of it.
NumericForm CombineForms(const NumericForm& a, const NumericForm& b, int width, int scale,
                         int digits, std::string scale_text) {
  NumericForm form = NumericForm::Decimal(width, scale);
  form.digits = std::min(digits, width - scale);
  if (a.kind == Kind::kScaled || b.kind == Kind::kScaled) {
    form.kind = Kind::kScaled;
    form.scale_text = std::move(scale_text);
  }
  return form;
}

}  // namespace

std::string ScaleOf(const NumericForm& form) {
  if (form.is_null()) return "NULL";
  return form.kind == Kind::kScaled ? form.scale_text : std::to_string(form.scale);
}

std::string DecimalType(int width, int scale) {
  return fmt::format("DECIMAL({},{})", width, scale);
}

NumericForm FormOf(Type type) {
  if (type.oid != oid::kNumeric) return {};
  if (IsVariableNumeric(type)) return NumericForm::Blob();
  return NumericForm::Decimal(NumericPrecision(type.typmod), NumericScale(type.typmod));
}

std::string Printer::Coerce(const Text& value, const NumericForm& form) {
  const NumericForm& from = value.form;
  if (form.kind == Kind::kNone) return value.sql;
  if (form.is_blob()) {
    if (from.is_decimal()) return Call(names::kNumFrom, {value.sql});
    return Num(value);
  }
  if (from.is_null()) return "NULL::" + DecimalType(form.width, form.scale);
  OMEN_CHECK(from.has_decimal());
  if (from.width == form.width && from.scale == form.scale) return value.sql;
  return CastTo(value.sql, form.width, form.scale);
}

NumericForm Printer::CommonForm(const std::vector<NumericForm>& forms) {
  NumericForm common{Kind::kNull, 0, 0, 0, {}};
  for (const NumericForm& form : forms) {
    if (form.kind == Kind::kNone) return {};
    if (form.is_null()) continue;
    if (!form.is_decimal() || (!common.is_null() && common.scale != form.scale)) {
      return NumericForm::Blob();
    }
    int digits = std::max(common.digits, form.digits);
    common = NumericForm::Decimal(std::max(common.width, form.width), form.scale);
    common.digits = digits;
  }
  return common.is_null() ? NumericForm::Blob() : common;
}

NumericForm Printer::Unify(std::vector<Text>& branches) {
  NumericForm common{Kind::kNull, 0, 0, 0, {}};
  int typed_digits = 0;
  bool same_scale = true;
  for (const Text& branch : branches) {
    const NumericForm& form = branch.form;
    if (form.kind == Kind::kNone) return {};
    if (form.is_null()) continue;
    if (form.is_blob()) {
      common = form;
      break;
    }
    if (form.kind == Kind::kScaled || (!common.is_null() && common.scale != form.scale)) {
      same_scale = false;
    }
    common.kind = Kind::kDecimal;
    common.scale = std::max(common.scale, form.scale);
    common.digits = std::max(common.digits, form.digits);
    typed_digits = std::max(typed_digits, form.width - form.scale);
  }
  if (common.is_decimal()) {
    common.width = std::min(kMaxWidth, typed_digits + common.scale);
    if (common.digits + common.scale > kMaxWidth)
      common = NumericForm::Blob();
    else if (!same_scale)
      common.kind = Kind::kScaled;
  }
  if (!common.is_null()) {
    for (Text& branch : branches) {
      NumericForm decimal = common;
      if (!common.is_blob()) decimal.kind = Kind::kDecimal;
      if (!branch.form.is_null()) branch.sql = Coerce(branch, decimal);
    }
  }
  return common;
}

Text Printer::NumericAdd(std::string_view op, const Text& a, const Text& b) {
  const NumericForm &fa = a.form, &fb = b.form;
  if (fa.is_null() || fb.is_null()) return NullNumeric();
  std::string_view function = op == "+" ? names::kNumAdd : names::kNumSub;
  if (!fa.has_decimal() || !fb.has_decimal()) return CallNum(function, {a, b});
  int scale = std::max(fa.scale, fb.scale);
  int max_width = std::max(fa.width, fb.width);
  int required =
      std::max(scale + std::max(fa.width - fa.scale, fb.width - fb.scale), max_width) + 1;
  if (required > kNarrowWidth && max_width <= kNarrowWidth) required = kNarrowWidth;
  required = std::min(required, kMaxWidth);
  int digits = std::max(fa.digits, fb.digits) + 1;
  std::string left = a.sql, right = b.sql;
  if (digits + scale > required) {
    if (narrow()) {
      may_overflow_ = true;
    } else if (digits + scale <= kMaxWidth) {
      required = digits + scale;
      left = CastTo(left, required, scale);
      right = CastTo(right, required, scale);
      required = std::min(required + 1, kMaxWidth);
    } else {
      return CallNum(function, {a, b});
    }
  }
  std::string shown = fmt::format("greatest({}, {})", ScaleOf(fa), ScaleOf(fb));
  return {fmt::format("({} {} {})", left, op, right),
          CombineForms(fa, fb, required, scale, digits, std::move(shown))};
}

Text Printer::NumericMultiply(const Text& a, const Text& b) {
  const NumericForm &fa = a.form, &fb = b.form;
  if (fa.is_null() || fb.is_null()) return NullNumeric();
  int scale = fa.scale + fb.scale, digits = fa.digits + fb.digits;
  if (!fa.has_decimal() || !fb.has_decimal() || scale > kMaxWidth) {
    return CallNum(names::kNumMul, {a, b});
  }
  int max_width = std::max(fa.width, fb.width);
  int width = fa.width + fb.width;
  if (width > kNarrowWidth && max_width <= kNarrowWidth && scale < kNarrowWidth) {
    width = kNarrowWidth;
  }
  width = std::min(width, kMaxWidth);
  std::string left = a.sql;
  if (digits + scale > width) {
    if (narrow()) {
      may_overflow_ = true;
    } else if (digits + scale <= kMaxWidth && max_width <= kNarrowWidth) {
      left = CastTo(left, kNarrowWidth + 1, fa.scale);
      width = std::min(kNarrowWidth + 1 + fb.width, kMaxWidth);
    } else {
      return CallNum(names::kNumMul, {a, b});
    }
  }
  std::string shown = fmt::format("({} + {})", ScaleOf(fa), ScaleOf(fb));
  return {fmt::format("({} * {})", left, b.sql),
          CombineForms(fa, fb, width, scale, digits, std::move(shown))};
}

bool Printer::Comparable(const std::vector<const NumericForm*>& forms) {
  int typed = 0, proven = 0, scale = 0;
  for (const NumericForm* form : forms) {
    if (form->is_null()) continue;
    if (!form->has_decimal()) return false;
    typed = std::max(typed, form->width - form->scale);
    proven = std::max(proven, form->digits);
    scale = std::max(scale, form->scale);
  }
  if (typed + scale <= kMaxWidth) return true;
  // DuckDB compares as DECIMAL(38, scale) and raises when a value does not fit.
  if (proven + scale <= kMaxWidth) return forms.size() == 2;
  if (forms.size() != 2 || !narrow()) return false;
  may_overflow_ = true;
  return true;
}

Text Printer::Compare(std::string_view op, Text a, Text b) {
  if (a.form.kind == Kind::kNone) return {fmt::format("({} {} {})", a.sql, op, b.sql), {}};
  if (a.form.is_null()) a.sql = "NULL::DECIMAL(1,0)";
  if (b.form.is_null()) b.sql = "NULL::DECIMAL(1,0)";
  if (!Comparable({&a.form, &b.form})) {
    a.sql = Call(names::kNumKey, {Num(a)});
    b.sql = Call(names::kNumKey, {Num(b)});
  } else if (std::max(a.form.width - a.form.scale, b.form.width - b.form.scale) +
                 std::max(a.form.scale, b.form.scale) >
             kMaxWidth) {
    int scale = std::max(a.form.scale, b.form.scale);
    if (a.form.scale != scale) a.sql = CastTo(a.sql, kMaxWidth, scale);
    if (b.form.scale != scale) b.sql = CastTo(b.sql, kMaxWidth, scale);
  }
  return {fmt::format("({} {} {})", a.sql, op, b.sql), {}};
}

Text Printer::NumericToTypmod(const Text& value, Type to) {
  const NumericForm& from = value.form;
  if (IsVariableNumeric(to)) {
    return {Call(names::kNumTypmod, {Num(value), fmt::format("({})::INTEGER", to.typmod)}),
            NumericForm::Blob()};
  }
  int precision = NumericPrecision(to.typmod), scale = NumericScale(to.typmod);
  NumericForm form = NumericForm::Decimal(precision, scale);
  if (from.is_null()) return {"NULL::" + DecimalType(precision, scale), form};
  if (from.is_decimal() && from.scale == scale && from.digits <= precision - scale) return value;
  if (from.has_decimal()) {
    int digits = from.digits + (scale < from.scale ? 1 : 0);
    if (digits <= precision - scale) {
      form.digits = digits;
      return {CastTo(value.sql, precision, scale), form};
    }
  }
  std::string sql = from.has_decimal() ? value.sql : Num(value);
  return {Call(names::kNumToDecimal, {sql, std::to_string(precision), std::to_string(scale)}),
          form};
}

Text Printer::NumericToText(const Text& value) {
  if (value.form.is_null()) return {"NULL::VARCHAR", {}};
  // DuckDB leaves out the zero before the point where width = scale.
  if (value.form.is_decimal() && value.form.width > value.form.scale) {
    return {fmt::format("CAST({} AS VARCHAR)", value.sql), {}};
  }
  return {Call(names::kNumToText, {Num(value)}), {}};
}

Result<Text> Printer::NumericRound(const Expr& expr, std::vector<Text> args) {
  bool truncate = expr.function->name == "trunc";
  std::string_view function = truncate ? names::kNumTrunc : names::kNumRound;
  int64_t scale = 0;
  bool known = args.size() == 1;
  if (!known) {
    const Value* constant = KnownValueOf(*expr.args[1]);
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
      return Text{CastTo(args[0].sql, form.width, form.scale), form};
    }
  }
  if (args.size() == 1) args.push_back({"0::INTEGER", {}});
  return Text{Call(function, {Num(args[0]), args[1].sql}), NumericForm::Blob()};
}

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
  *out = {CastTo(Call(function, {arg.sql}), whole.width, 0), whole};
  return true;
}

}  // namespace

Result<Text> Printer::PrintNumericFunction(const Expr& expr, bool* handled) {
  *handled = true;
  std::string_view name = expr.function->name;
  bool first_is_numeric = !expr.args.empty() && expr.args[0]->type.oid == oid::kNumeric;
  bool all_numeric = first_is_numeric && std::ranges::all_of(expr.args, [](const ExprPtr& arg) {
                       return arg->type.oid == oid::kNumeric;
                     });
  bool rounds = first_is_numeric && (name == "round" || name == "trunc");
  if (!all_numeric && !rounds) {
    *handled = false;
    return Text{};
  }
  OMEN_ASSIGN_OR_RETURN(std::vector<Text> args, PrintAll(expr.args));
  if (rounds) return NumericRound(expr, std::move(args));
  if (name == "numeric_uplus") return args[0];
  if (name == "numeric_add") return NumericAdd("+", args[0], args[1]);
  if (name == "numeric_sub") return NumericAdd("-", args[0], args[1]);
  if (name == "numeric_mul") return NumericMultiply(args[0], args[1]);
  if (std::string_view op = NumericComparisonOf(name); !op.empty()) {
    return Compare(op, args[0], args[1]);
  }
  if (args.size() == 1 && args[0].form.is_null() && expr.type.oid == oid::kNumeric) {
    return NullNumeric();
  }
  Text unary;
  if (args.size() == 1 && args[0].form.has_decimal() && UnaryOnDecimal(name, args[0], &unary)) {
    if (args[0].form.is_decimal() || unary.form.kind == Kind::kScaled) return unary;
  }
  if ((name == "log" || name == "log10") && args.size() == 1) {
    return CallNum(names::kNumLog10, args);
  }
  for (const NumericCall& call : kNumericCalls) {
    if (call.name == name) return CallNum(call.function, args);
  }
  *handled = false;
  return Text{};
}

Result<Text> Printer::PrintNumericCast(const Expr& expr, bool* handled) {
  const Type from = expr.args[0]->type, to = expr.type;
  *handled = from.oid == oid::kNumeric || to.oid == oid::kNumeric;
  if (!*handled) return Text{};
  OMEN_ASSIGN_OR_RETURN(Text value, Print(*expr.args[0]));
  if (from.oid != oid::kNumeric) {
    switch (from.oid) {
      case oid::kInt2:
      case oid::kInt4:
      case oid::kInt8: {
        int width = from.oid == oid::kInt2 ? 5 : from.oid == oid::kInt4 ? 10 : 19;
        value = {CastTo(value.sql, width, 0), NumericForm::Decimal(width, 0)};
        break;
      }
      case oid::kFloat4:
        value = {Call(names::kNumFromFloat4, {value.sql}), NumericForm::Blob()};
        break;
      case oid::kFloat8:
        value = {Call(names::kNumFromFloat8, {value.sql}), NumericForm::Blob()};
        break;
      case oid::kText:
      case oid::kVarchar:
      case oid::kBpchar:
        value = {Call(names::kNumParse, {value.sql}), NumericForm::Blob()};
        break;
      default:
        *handled = false;
        return Text{};
    }
    return to.typmod >= 4 ? NumericToTypmod(value, to) : value;
  }
  int digits = value.form.digits + (value.form.scale > 0 ? 1 : 0);
  auto to_int = [&](int safe, std::string_view type, std::string_view function) -> Text {
    if (value.form.has_decimal() && digits <= safe) {
      return {fmt::format("CAST({} AS {})", value.sql, type), {}};
    }
    return {Call(function, {Num(value)}), {}};
  };
  switch (to.oid) {
    case oid::kNumeric:
      return to.typmod >= 4 ? NumericToTypmod(value, to) : value;
    case oid::kInt2:
      return to_int(4, "SMALLINT", names::kNumToInt2);
    case oid::kInt4:
      return to_int(9, "INTEGER", names::kNumToInt4);
    case oid::kInt8:
      return to_int(18, "BIGINT", names::kNumToInt8);
    case oid::kFloat4:
      return Text{Call(names::kNumToFloat4, {Num(value)}), {}};
    case oid::kFloat8:
      // Up to 15 digits both the digits and the power of ten are exact doubles.
      if (value.form.has_decimal() && value.form.width <= 15) {
        return Text{fmt::format("CAST({} AS DOUBLE)", value.sql), {}};
      }
      return Text{Call(names::kNumToFloat8, {Num(value)}), {}};
    case oid::kText:
    case oid::kVarchar:
    case oid::kBpchar:
      return PrintTypmod(NumericToText(value), {oid::kText, -1}, to, expr.explicit_cast);
    default:
      *handled = false;
      return Text{};
  }
}

}  // namespace omen::sql::duckdb
