#include "sql/duckdb/expr/datetime.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "base/blame.h"
#include "functions/kernel/utf8.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/numeric.h"
#include "types/column_functions.h"
#include "types/datetime/date_unit.h"
#include "types/datetime/datetime.h"

namespace omen::sql::duckdb {

using functions::Meaning;

namespace names = column_functions;

namespace {

struct DatetimeField {
  DateUnit unit;
  std::string_view pattern;  // {} is the argument; an integer, or exact DECIMAL
  int width, scale;
  bool of_date;
};

constexpr std::array kFields = {
    DatetimeField{DateUnit::kYear, "year({})", 4, 0, true},
    DatetimeField{DateUnit::kMonth, "month({})", 2, 0, true},
    DatetimeField{DateUnit::kDay, "day({})", 2, 0, true},
    DatetimeField{DateUnit::kQuarter, "quarter({})", 1, 0, true},
    DatetimeField{DateUnit::kWeek, "week({})", 2, 0, true},
    DatetimeField{DateUnit::kDayOfWeek, "dayofweek({})", 1, 0, true},
    DatetimeField{DateUnit::kIsoDayOfWeek, "isodow({})", 1, 0, true},
    DatetimeField{DateUnit::kDayOfYear, "dayofyear({})", 3, 0, true},
    DatetimeField{DateUnit::kIsoYear, "isoyear({})", 4, 0, true},
    DatetimeField{DateUnit::kHour, "hour({})", 2, 0, false},
    DatetimeField{DateUnit::kMinute, "minute({})", 2, 0, false},
    DatetimeField{DateUnit::kSecond,
                  "(CAST(microsecond({}) AS DECIMAL(8,0)) * 0.000001::DECIMAL(7,6))", 15, 6, false},
    DatetimeField{DateUnit::kMillisecond,
                  "(CAST(microsecond({}) AS DECIMAL(8,0)) * 0.001::DECIMAL(4,3))", 12, 3, false},
    DatetimeField{DateUnit::kMicrosecond, "microsecond({})", 8, 0, false},
    DatetimeField{DateUnit::kEpoch,
                  "(CAST(epoch_us({}) AS DECIMAL(18,0)) * 0.000001::DECIMAL(7,6))", 18, 6, false},
    DatetimeField{DateUnit::kEpoch, "(CAST({} - '1970-01-01'::DATE AS BIGINT) * 86400)", 12, 0,
                  true},
    DatetimeField{DateUnit::kDecade, "(year({}) // 10)", 3, 0, true},
    DatetimeField{DateUnit::kCentury, "((year({}) + 99) // 100)", 3, 0, true},
    DatetimeField{DateUnit::kMillennium, "((year({}) + 999) // 1000)", 2, 0, true},
};

constexpr std::pair<DateUnit, std::string_view> kTruncations[] = {
    {DateUnit::kSecond, "second"},   {DateUnit::kMinute, "minute"}, {DateUnit::kHour, "hour"},
    {DateUnit::kDay, "day"},         {DateUnit::kWeek, "week"},     {DateUnit::kMonth, "month"},
    {DateUnit::kQuarter, "quarter"}, {DateUnit::kYear, "year"},
};

// From no year that InRange has is it this far to any limit.
constexpr int64_t kNearDays = 1'000'000, kNearMonths = kNearDays / 100;

bool IsNear(Oid type, const Value& distance) {
  if (type != oid::kInterval) return std::abs(distance.AsInt()) <= kNearDays;
  const IntervalData interval = distance.AsInterval();
  return std::abs(interval.months) <= kNearMonths && std::abs(interval.days) <= kNearDays / 10 &&
         std::abs(interval.micros) <= kMicrosPerDay * kNearDays / 10;
}

/// Of timestamps; from days up it gives dates.
EngineForm UnitForm(DateUnit unit) {
  const auto* known =
      std::ranges::find(kTruncations, unit, &std::pair<DateUnit, std::string_view>::first);
  if (known == std::end(kTruncations)) return {};
  const bool days = unit >= DateUnit::kDay;
  return {fmt::format("date_trunc('{}', {{}})", known->second),
          "TIMESTAMP",
          days ? "'1970-01-01'::DATE" : "'1970-01-01'::TIMESTAMP",
          {}};
}

/// `as` is numeric or float8.
EngineForm FieldForm(DateUnit unit, Oid type, Oid as) {
  for (const DatetimeField& field : kFields) {
    if (field.unit != unit || !(field.of_date || type != oid::kDate)) continue;
    const std::string pattern(field.pattern);
    const std::string decimal = DecimalType(field.width, field.scale);
    // The kernel adds up seconds and their fraction as PostgreSQL does.
    if (as != oid::kNumeric && field.scale > 0 && unit != DateUnit::kEpoch) return {};
    if (as != oid::kNumeric) return {pattern, "DOUBLE", field.scale == 0 ? "0::BIGINT" : "", {}};
    const NumericForm form = NumericForm::Decimal(field.width, field.scale);
    if (field.scale > 0) return {pattern, "", "0::" + decimal, form};
    return {pattern, decimal, "0::BIGINT", form};
  }
  return {};
}

std::string Fill(std::string_view pattern, const std::string& arg) {
  size_t hole = pattern.find("{}");
  return std::string(pattern.substr(0, hole)) + arg + std::string(pattern.substr(hole + 2));
}

std::string InRange(const std::string& arg, Oid type) {
  if (type == oid::kDate) {
    return fmt::format("{} BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE", arg);
  }
  if (type == oid::kTimestamptz) {  // in any zone
    return fmt::format("{} BETWEEN '0001-02-01'::TIMESTAMP AND '9999-12-01'::TIMESTAMP", arg);
  }
  return fmt::format(
      "{} BETWEEN '0001-01-01'::TIMESTAMP AND '9999-12-31 23:59:59.999999'::TIMESTAMP", arg);
}

/// In this form the columns' statistics can prove it (colstore/internal/engine/plan_rewrites.h).
std::string Guard(const std::string& arg, Oid type) {
  return fmt::format("{} IS NULL OR {}", arg, InRange(arg, type));
}

}  // namespace

Result<Text> DatetimePrinter::PrintShift(const Expr& call) {
  const bool first =
      call.args[0]->type.oid == oid::kDate || call.args[0]->type.oid == oid::kTimestamp;
  const Expr& moment = *call.args[first ? 0 : 1];
  const Expr& distance = *call.args[first ? 1 : 0];
  OMEN_ASSIGN_OR_RETURN(Text kernel, calls_.PrintAdapter(call));
  const Value* known = KnownValueOf(distance);
  const bool near = known != nullptr && IsNear(distance.type.oid, *known);
  // To look at each interval takes longer than the kernel does.
  if (!near && distance.type.oid == oid::kInterval) return kernel;
  OMEN_ASSIGN_OR_RETURN(std::string from, exprs_.PrintPlain(moment));
  OMEN_ASSIGN_OR_RETURN(std::string by, exprs_.PrintPlain(distance));
  if (from.size() + by.size() > kRepeatable) return kernel;
  const char sign = call.function->meaning == Meaning::kShiftEarlier ? '-' : '+';
  std::string sum = fmt::format("{} {} {}", from, sign, by);
  if (call.type.oid != oid::kDate) sum = fmt::format("CAST({} AS TIMESTAMP)", sum);
  std::string guard = Guard(from, moment.type.oid);
  if (!near) {
    guard = fmt::format("({}) AND {} BETWEEN -{} AND {}", guard, by, kNearDays, kNearDays);
  }
  return Text{fmt::format("CASE WHEN {} THEN {} ELSE {} END", guard, sum, kernel.sql), {}};
}

Result<Text> DatetimePrinter::Print(const Expr& call, bool* handled) {
  *handled = false;
  const Meaning meaning = call.function->meaning;
  if (meaning == Meaning::kShiftLater || meaning == Meaning::kShiftEarlier) {
    *handled = true;
    return PrintShift(call);
  }
  if (call.args.size() != 2 || call.args[0]->type.oid != oid::kText) return Text{};
  const Value* key = KnownValueOf(*call.args[0]);
  const Oid type = call.args[1]->type.oid;
  if (key == nullptr) return Text{};
  const std::string word = functions::LowerAscii(key->AsBytes());
  const DateUnit part = FindDatePart(word);
  // The seconds since an instant are the same in all zones.
  const bool instant =
      type == oid::kTimestamptz && meaning == Meaning::kExtract && part == DateUnit::kEpoch;
  const bool local = type == oid::kTimestamptz && meaning == Meaning::kExtract && !instant;
  if (type != oid::kDate && type != oid::kTimestamp && !instant && !local) return Text{};
  EngineForm own;
  if (meaning == Meaning::kExtract) own = FieldForm(part, type, call.type.oid);
  if (meaning == Meaning::kDateTrunc && type == oid::kTimestamp) own = UnitForm(FindDateUnit(word));
  if (own.pattern.empty()) return Text{};
  OMEN_ASSIGN_OR_RETURN(std::string arg, exprs_.PrintPlain(*call.args[1]));
  if (arg.size() > kRepeatable) return Text{};
  *handled = true;
  std::string moment = arg;
  if (local) {
    OMEN_ASSIGN_OR_RETURN(moment, PrintLocal(*call.args[1]));
  }
  return PrintGuarded(call, Fill(own.pattern, moment), own, arg);
}

Result<std::string> DatetimePrinter::PrintLocal(const Expr& instant) {
  constexpr Oid kToLocal = 2027;  // timestamp(timestamptz)
  Expr local(ExprKind::kFunction, {oid::kTimestamp, -1});
  local.function = functions::Registry::Instance().FindFunction(kToLocal);
  local.args.push_back(CloneExpr(instant));
  OMEN_ASSIGN_OR_RETURN(Text text, calls_.PrintAdapter(local));
  return std::move(text.sql);
}

Text DatetimePrinter::PrintAsText(Type type, const std::string& arg, const std::string& kernel) {
  if (arg.size() > kRepeatable) return {kernel, {}};
  return {fmt::format("CASE WHEN {1} THEN CAST({0} AS VARCHAR) ELSE {2} END", arg,
                      Guard(arg, type.oid), kernel),
          {}};
}

Result<Text> DatetimePrinter::PrintGuarded(const Expr& call, const std::string& value,
                                           const EngineForm& own, const std::string& arg) {
  const std::string guard = Guard(arg, call.args[1]->type.oid);
  const auto choose = [&](const std::string& usual, const std::string& otherwise) {
    return fmt::format("CASE WHEN {} THEN {} ELSE {} END", guard, usual, otherwise);
  };
  if (!own.sample.empty() && printing_.AllowOverflow()) {
    const Status narrow_overflow = NarrowOverflow({});
    const std::string state = Quote(narrow_overflow.error().state.view());
    const std::string engine_value =
        choose(value, Call(names::kRaise, {state, "'numeric field overflow'", own.sample}));
    if (own.type.empty()) return Text{engine_value, own.form, {}};
    return Text{fmt::format("CAST({} AS {})", engine_value, own.type), own.form, engine_value};
  }
  OMEN_ASSIGN_OR_RETURN(Text kernel, calls_.PrintAdapter(call));
  Text usual{
      own.type.empty() ? value : fmt::format("CAST({} AS {})", value, own.type), own.form, {}};
  if (own.form.kind == NumericForm::Kind::kNone) return Text{choose(usual.sql, kernel.sql), {}, {}};
  return Text{choose(Coerce(usual, NumericForm::Blob()), kernel.sql), NumericForm::Blob(), {}};
}

}  // namespace omen::sql::duckdb
