// Widths of results follow DuckDB's own binder (BindDecimalArithmetic and BindDecimalMultiply of
// 1.4.4), because the scale it picks is the scale that is shown.
#include "sql/duckdb/text/numeric.h"

#include <fmt/format.h>

#include <algorithm>

#include "types/column_functions.h"
#include "types/column_type.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;

namespace {

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

std::string DecimalType(int width, int scale) {
  return fmt::format("DECIMAL({},{})", width, scale);
}

std::string CastToDecimal(const std::string& sql, int width, int scale) {
  return fmt::format("CAST({} AS {})", sql, DecimalType(width, scale));
}

NumericForm FormOf(Type type) {
  if (type.oid != oid::kNumeric) return {};
  if (IsVariableNumeric(type)) return NumericForm::Blob();
  return NumericForm::Decimal(NumericPrecision(type.typmod), NumericScale(type.typmod));
}

std::string ScaleOf(const NumericForm& form) {
  if (form.is_null()) return "NULL";
  return form.kind == Kind::kScaled ? form.scale_text : std::to_string(form.scale);
}

Text NullNumeric() { return {"NULL", {Kind::kNull, 0, 0, 0, {}}}; }

std::string NumericOperand(const Text& value) {
  if (value.form.is_decimal() || value.form.is_blob()) return value.sql;
  return value.form.is_null() ? "NULL::BLOB"
                              : Call(names::kNumRound, {value.sql, value.form.scale_text});
}

Text CallNumeric(std::string_view function, const std::vector<Text>& args) {
  std::vector<std::string> sql;
  for (const Text& arg : args) sql.push_back(NumericOperand(arg));
  return {Call(function, sql), NumericForm::Blob()};
}

Text CallNumericAt(std::string_view function, const std::vector<Text>& args, int digits,
                   int scale) {
  std::vector<std::string> sql;
  for (const Text& arg : args) {
    sql.push_back(arg.form.kind == Kind::kNone ? arg.sql : NumericOperand(arg));
  }
  const int width = std::max(digits + scale, 1);
  if (width > kMaxWidth) return {Call(function, sql), NumericForm::Blob()};
  sql.insert(sql.end(), {std::to_string(width), std::to_string(scale)});
  return {Call(function, sql), NumericForm::Decimal(width, scale)};
}

NumericForm Unify(std::vector<Text>& branches) {
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

NumericForm CommonForm(const std::vector<NumericForm>& forms) {
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

std::string Coerce(const Text& value, const NumericForm& form) {
  const NumericForm& from = value.form;
  if (form.kind == Kind::kNone) return value.sql;
  if (form.is_blob()) {
    if (from.is_decimal()) return Call(names::kNumFrom, {value.sql});
    return NumericOperand(value);
  }
  if (from.is_null()) return "NULL::" + DecimalType(form.width, form.scale);
  OMEN_CHECK(from.has_decimal());
  if (from.width == form.width && from.scale == form.scale) return value.sql;
  return CastToDecimal(value.sql, form.width, form.scale);
}

Text NumericAdd(Printing& printing, std::string_view op, const Text& a, const Text& b) {
  const NumericForm &fa = a.form, &fb = b.form;
  if (fa.is_null() || fb.is_null()) return NullNumeric();
  std::string_view function = op == "+" ? names::kNumAdd : names::kNumSub;
  if (!fa.has_decimal() || !fb.has_decimal()) return CallNumeric(function, {a, b});
  int scale = std::max(fa.scale, fb.scale);
  int max_width = std::max(fa.width, fb.width);
  int required =
      std::max(scale + std::max(fa.width - fa.scale, fb.width - fb.scale), max_width) + 1;
  if (required > kNarrowWidth && max_width <= kNarrowWidth) required = kNarrowWidth;
  required = std::min(required, kMaxWidth);
  int digits = std::max(fa.digits, fb.digits) + 1;
  std::string left = a.sql, right = b.sql;
  if (digits + scale > required && !printing.AllowOverflow()) {
    if (digits + scale > kMaxWidth) return CallNumeric(function, {a, b});
    required = digits + scale;
    left = CastToDecimal(left, required, scale);
    right = CastToDecimal(right, required, scale);
    required = std::min(required + 1, kMaxWidth);
  }
  std::string shown = fmt::format("greatest({}, {})", ScaleOf(fa), ScaleOf(fb));
  return {fmt::format("({} {} {})", left, op, right),
          CombineForms(fa, fb, required, scale, digits, std::move(shown))};
}

Text NumericMultiply(Printing& printing, const Text& a, const Text& b) {
  const NumericForm &fa = a.form, &fb = b.form;
  if (fa.is_null() || fb.is_null()) return NullNumeric();
  int scale = fa.scale + fb.scale, digits = fa.digits + fb.digits;
  if (!fa.has_decimal() || !fb.has_decimal() || scale > kMaxWidth) {
    return CallNumeric(names::kNumMul, {a, b});
  }
  int max_width = std::max(fa.width, fb.width);
  int width = fa.width + fb.width;
  if (width > kNarrowWidth && max_width <= kNarrowWidth && scale < kNarrowWidth) {
    width = kNarrowWidth;
  }
  width = std::min(width, kMaxWidth);
  std::string left = a.sql;
  if (digits + scale > width && !printing.AllowOverflow()) {
    if (digits + scale > kMaxWidth || max_width > kNarrowWidth) {
      return CallNumeric(names::kNumMul, {a, b});
    }
    left = CastToDecimal(left, kNarrowWidth + 1, fa.scale);
    width = std::min(kNarrowWidth + 1 + fb.width, kMaxWidth);
  }
  std::string shown = fmt::format("({} + {})", ScaleOf(fa), ScaleOf(fb));
  return {fmt::format("({} * {})", left, b.sql),
          CombineForms(fa, fb, width, scale, digits, std::move(shown))};
}

Text NumericToTypmod(const Text& value, Type to) {
  const NumericForm& from = value.form;
  if (IsVariableNumeric(to)) {
    return {
        Call(names::kNumTypmod, {NumericOperand(value), fmt::format("({})::INTEGER", to.typmod)}),
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
      return {CastToDecimal(value.sql, precision, scale), form};
    }
  }
  std::string sql = from.has_decimal() ? value.sql : NumericOperand(value);
  return {Call(names::kNumToDecimal, {sql, std::to_string(precision), std::to_string(scale)}),
          form};
}

Text NumericToText(const Text& value) {
  if (value.form.is_null()) return {"NULL::VARCHAR", {}};
  // DuckDB leaves out the zero before the point where width = scale.
  if (value.form.is_decimal() && value.form.width > value.form.scale) {
    return {fmt::format("CAST({} AS VARCHAR)", value.sql), {}};
  }
  return {Call(names::kNumToText, {NumericOperand(value)}), {}};
}

bool Comparable(Printing& printing, const std::vector<const NumericForm*>& forms) {
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
  return forms.size() == 2 && printing.AllowOverflow();
}

Text Compare(Printing& printing, std::string_view op, Text a, Text b) {
  if (a.form.kind == Kind::kNone) return {fmt::format("({} {} {})", a.sql, op, b.sql), {}};
  if (a.form.is_null()) a.sql = "NULL::DECIMAL(1,0)";
  if (b.form.is_null()) b.sql = "NULL::DECIMAL(1,0)";
  if (!Comparable(printing, {&a.form, &b.form})) {
    a.sql = Call(names::kNumKey, {NumericOperand(a)});
    b.sql = Call(names::kNumKey, {NumericOperand(b)});
  } else if (std::max(a.form.width - a.form.scale, b.form.width - b.form.scale) +
                 std::max(a.form.scale, b.form.scale) >
             kMaxWidth) {
    int scale = std::max(a.form.scale, b.form.scale);
    if (a.form.scale != scale) a.sql = CastToDecimal(a.sql, kMaxWidth, scale);
    if (b.form.scale != scale) b.sql = CastToDecimal(b.sql, kMaxWidth, scale);
  }
  return {fmt::format("({} {} {})", a.sql, op, b.sql), {}};
}

}  // namespace omen::sql::duckdb
