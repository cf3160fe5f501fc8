#include "sql/duckdb/expr/cast.h"

#include <fmt/format.h>

#include "base/blame.h"
#include "sql/duckdb/expr/call.h"
#include "sql/duckdb/expr/datetime.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/keys.h"
#include "sql/duckdb/text/numeric.h"
#include "types/column_functions.h"
#include "types/column_type.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

namespace {

/// `value`, of a type like `from`, with the modifier of `to`.
Result<Text> ApplyTypmod(Text value, Type from, Type to, bool explicit_cast) {
  if (to.typmod < 0 || to == from) return value;
  if (to.oid == oid::kVarchar || to.oid == oid::kBpchar) {
    int length = to.typmod - 4;
    std::string cut = fmt::format("substring({}, 1, {})", value.sql, length);
    if (to.oid == oid::kBpchar) cut = fmt::format("rtrim({}, ' ')", cut);
    if (explicit_cast) return Text{std::move(cut), {}};
    // An assignment may only lose blanks.
    std::string message = fmt::format("value too long for type {}", FormatType(to));
    return Text{
        fmt::format("(CASE WHEN length(rtrim({0}, ' ')) > {1} THEN {2} ELSE {3} END)", value.sql,
                    length, Call(names::kRaise, {"'22001'", Quote(message), value.sql}), cut),
        {}};
  }
  bool timed = to.oid == oid::kTimestamp || to.oid == oid::kTimestamptz || to.oid == oid::kTime;
  if (timed && to.typmod >= 6) return value;
  std::string signature = Quote(names::AdapterSignature(std::vector<Type>{{to.oid, -1}}, to));
  return Text{Call(names::kApplyTypmod, {signature, value.sql}), FormOf(to)};
}

/// The value of another type as a numeric, if `*handled`.
Text ToNumeric(Type from, const Text& value, bool* handled) {
  switch (from.oid) {
    case oid::kInt2:
    case oid::kInt4:
    case oid::kInt8: {
      int width = from.oid == oid::kInt2 ? 5 : from.oid == oid::kInt4 ? 10 : 19;
      return {CastToDecimal(value.sql, width, 0), NumericForm::Decimal(width, 0)};
    }
    case oid::kFloat4:
      return {Call(names::kNumFromFloat4, {value.sql}), NumericForm::Blob()};
    case oid::kFloat8:
      return {Call(names::kNumFromFloat8, {value.sql}), NumericForm::Blob()};
    case oid::kText:
    case oid::kVarchar:
    case oid::kBpchar:
      return {Call(names::kNumParse, {value.sql}), NumericForm::Blob()};
    default:
      *handled = false;
      return {};
  }
}

/// The numeric as a value of the type that it is cast to, if `*handled`.
Result<Text> FromNumeric(const Expr& cast, const Text& value, bool* handled) {
  int digits = value.form.digits + (value.form.scale > 0 ? 1 : 0);
  auto to_int = [&](int safe, std::string_view type, std::string_view function) -> Text {
    if (value.form.has_decimal() && digits <= safe) {
      return {fmt::format("CAST({} AS {})", value.sql, type), {}};
    }
    return {Call(function, {NumericOperand(value)}), {}};
  };
  switch (cast.type.oid) {
    case oid::kInt2:
      return to_int(4, "SMALLINT", names::kNumToInt2);
    case oid::kInt4:
      return to_int(9, "INTEGER", names::kNumToInt4);
    case oid::kInt8:
      return to_int(18, "BIGINT", names::kNumToInt8);
    case oid::kFloat4:
      return Text{Call(names::kNumToFloat4, {NumericOperand(value)}), {}};
    case oid::kFloat8:
      // Up to 15 digits both the digits and the power of ten are exact doubles.
      if (value.form.has_decimal() && value.form.width <= 15) {
        return Text{fmt::format("CAST({} AS DOUBLE)", value.sql), {}};
      }
      return Text{Call(names::kNumToFloat8, {NumericOperand(value)}), {}};
    case oid::kText:
    case oid::kVarchar:
    case oid::kBpchar:
      return ApplyTypmod(NumericToText(value), {oid::kText, -1}, cast.type, cast.explicit_cast);
    default:
      *handled = false;
      return Text{};
  }
}

}  // namespace

Result<Text> CastPrinter::Print(const Expr& cast) {
  bool handled = false;
  OMEN_ASSIGN_OR_RETURN(Text value, PrintNumeric(cast, &handled));
  if (handled) return value;
  OMEN_ASSIGN_OR_RETURN(value, PrintUnmodified(cast));
  return ApplyTypmod(std::move(value), cast.args[0]->type, cast.type, cast.explicit_cast);
}

Result<Text> CastPrinter::PrintUnmodified(const Expr& cast) {
  const Oid from = cast.args[0]->type.oid, to = cast.type.oid;
  const Oid from_element = InfoOf(from).element, to_element = InfoOf(to).element;
  if (from_element != oid::kInvalid && to_element != oid::kInvalid && from_element != to_element) {
    return PrintArray(cast);
  }
  const bool between_texts = IsText(from) && IsText(to) && to != oid::kName;
  if (cast.cast_method == functions::CastMethod::kBinary || between_texts) return PrintBinary(cast);
  if (cast.cast_method == functions::CastMethod::kInOut) return PrintThroughText(cast);
  // A kernel makes the plain type.
  Expr plain(ExprKind::kFunction, {to, -1}, cast.location);
  plain.function = cast.function;
  plain.args.push_back(CloneExpr(*cast.args[0]));
  return CallPrinter(printing_).Print(plain);
}

Result<Text> CastPrinter::PrintBinary(const Expr& cast) {
  const Type from = cast.args[0]->type, to = cast.type;
  OMEN_ASSIGN_OR_RETURN(Text value, exprs_.Print(*cast.args[0]));
  if (ColumnStoreType({from.oid, -1}) != ColumnStoreType({to.oid, -1})) {
    return Refusal(fmt::format("cast from {} to {} on columns", FormatType(from), FormatType(to)));
  }
  if (HasBlanks(from) && to.oid != oid::kBpchar) value.sql = Call("rtrim", {value.sql, "' '"});
  return value;
}

Result<Text> CastPrinter::PrintNumeric(const Expr& cast, bool* handled) {
  const Type from = cast.args[0]->type, to = cast.type;
  *handled = from.oid == oid::kNumeric || to.oid == oid::kNumeric;
  if (!*handled) return Text{};
  OMEN_ASSIGN_OR_RETURN(Text value, exprs_.Print(*cast.args[0]));
  if (to.oid != oid::kNumeric) return FromNumeric(cast, value, handled);
  if (from.oid != oid::kNumeric) {
    value = ToNumeric(from, value, handled);
    if (!*handled) return Text{};
  }
  return to.typmod >= 4 ? NumericToTypmod(value, to) : value;
}

Result<Text> CastPrinter::PrintArray(const Expr& cast) {
  const Type from = cast.args[0]->type;
  const Oid from_element = InfoOf(from.oid).element, to_element = InfoOf(cast.type.oid).element;
  const bool texts = IsText(from_element) && IsText(to_element) && to_element != oid::kName;
  const bool blanks = from_element == oid::kBpchar && from.typmod < 0;
  const bool widens =
      IsInteger(from_element) &&
      (to_element == oid::kFloat8 ||
       (IsInteger(to_element) && InfoOf(to_element).length > InfoOf(from_element).length));
  if (blanks || !(texts || widens)) {
    return Refusal(
        fmt::format("cast from {} to {} on columns", FormatType(from), FormatType(cast.type)));
  }
  OMEN_ASSIGN_OR_RETURN(std::string sql, exprs_.PrintPlain(*cast.args[0]));
  if (widens) sql = fmt::format("CAST({} AS {})", sql, ColumnStoreType({cast.type.oid, -1}));
  return Text{std::move(sql), {}};
}

Result<Text> CastPrinter::PrintThroughText(const Expr& cast) {
  const Expr& arg = *cast.args[0];
  // Their text is the session's to know.
  if (arg.type.oid == oid::kRegclass || arg.type.oid == oid::kRegnamespace ||
      arg.type.oid == oid::kRegclassArray) {
    return Refusal(fmt::format("text of {} on columns", FormatType(arg.type)));
  }
  OMEN_ASSIGN_OR_RETURN(std::string sql, exprs_.PrintPlain(arg));
  bool plain_text = IsInteger(arg.type.oid) || arg.type.oid == oid::kUuid ||
                    arg.type.oid == oid::kOid || arg.type.oid == oid::kBool;
  if (plain_text && IsText(cast.type.oid)) return Text{"CAST(" + sql + " AS VARCHAR)", {}};
  printing_.AskSession();  // names of relations
  Type to{cast.type.oid, -1};
  std::string signature = Quote(names::AdapterSignature(std::vector<Type>{arg.type}, to));
  Text kernel{Call(names::kCastText, {signature, sql}), FormOf(to)};
  const bool moment = arg.type.oid == oid::kDate || arg.type.oid == oid::kTimestamp;
  if (!moment || !IsText(cast.type.oid)) return kernel;
  return DatetimePrinter(printing_).PrintAsText(arg.type, sql, kernel.sql);
}

}  // namespace omen::sql::duckdb
