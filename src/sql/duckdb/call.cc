// Function calls and casts: the engine's own way where the registry says it is exact, else the
// adapter of the server's kernel.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/blame.h"
#include "sql/duckdb/printer.h"
#include "types/column_functions.h"
#include "types/column_type.h"
#include "types/datetime.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

namespace {

/// The comparison that a function is, or empty. Numeric ones have rules of their own.
std::string_view ComparisonOf(const functions::Function& function) {
  static constexpr std::array<std::string_view, 6> kOps = {"=", "<>", "<", "<=", ">", ">="};
  for (std::string_view op : kOps) {
    if (function.duckdb.size() == op.size() + 8 && function.duckdb.starts_with("($1 ") &&
        function.duckdb.substr(4, op.size() + 1) == fmt::format("{} ", op)) {
      return op;
    }
  }
  return {};
}

/// date < timestamp and the like, by name: date_lt_timestamp.
std::string_view DateComparisonOf(const functions::Function& function) {
  struct Infix {
    std::string_view infix, op;
  };
  static constexpr std::array<Infix, 6> kInfixes = {Infix{"_eq_", "="}, Infix{"_ne_", "<>"},
                                                    Infix{"_lt_", "<"}, Infix{"_le_", "<="},
                                                    Infix{"_gt_", ">"}, Infix{"_ge_", ">="}};
  for (const Infix& infix : kInfixes) {
    if (function.name.find(infix.infix) != std::string_view::npos) return infix.op;
  }
  return {};
}

/// A timestamp constant at midnight as the date it is, else null.
ExprPtr AsDate(const Expr& expr) {
  const Value* constant = KnownValueOf(expr);
  if (constant == nullptr) return nullptr;
  int64_t micros = constant->AsInt();
  if (micros == kTimestampInfinity || micros == kTimestampMinusInfinity ||
      micros % kMicrosPerDay != 0) {
    return nullptr;
  }
  return MakeConst({oid::kDate, -1}, Value::Int(micros / kMicrosPerDay));
}

/// The engine tries every place for each % of a pattern that has a _ too: with two of them it
/// takes the square of the text, out of reach of a cancel.
bool MatchesInOnePass(std::string_view pattern) {
  if (pattern.find('\\') != std::string_view::npos) return false;
  return pattern.find('_') == std::string_view::npos || std::ranges::count(pattern, '%') <= 1;
}

bool LiteralAllows(functions::LiteralRule rule, const Expr& arg) {
  const Value* constant = KnownValueOf(arg);
  if (constant == nullptr) return false;
  switch (rule) {
    case functions::LiteralRule::kNone:
      return false;
    case functions::LiteralRule::kPositive:
      return IsInteger(arg.type.oid) && constant->AsInt() > 0;
    case functions::LiteralRule::kNoBackslash:
      return InfoOf(arg.type.oid).carrier == Carrier::kBytes &&
             MatchesInOnePass(constant->AsBytes());
    case functions::LiteralRule::kNotNull:
      return true;
  }
  return false;
}

std::string Expand(std::string_view pattern, const std::vector<std::string>& args) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '$') {
      out += pattern[i];
      continue;
    }
    size_t index = 0;
    while (i + 1 < pattern.size() && pattern[i + 1] >= '0' && pattern[i + 1] <= '9') {
      index = index * 10 + static_cast<size_t>(pattern[++i] - '0');
    }
    OMEN_CHECK(index >= 1 && index <= args.size());
    out += args[index - 1];
  }
  return out;
}

/// Templates whose DuckDB type may differ from the column type of the result.
bool NeedsCast(std::string_view pattern, Oid result) {
  // Of an operand that it finds to be null DuckDB's || takes another type.
  if (pattern.find("||") != std::string_view::npos) return true;
  if (result == oid::kBool || IsText(result)) return false;
  return !(pattern.starts_with("(") || pattern.starts_with("CAST(") ||
           pattern.starts_with("omen_") || pattern.starts_with("abs("));
}

/// Volatile functions that change nothing of the session.
bool RunsInEngine(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "random",           "gen_random_uuid",  "clock_timestamp",  "timeofday",
      "pg_table_size",    "pg_indexes_size",  "pg_relation_size", "pg_total_relation_size",
      "pg_database_size", "pg_is_in_recovery"};
  return std::ranges::find(kNames, name) != kNames.end();
}

std::string SignatureOf(const std::vector<ExprPtr>& args, Type result) {
  std::vector<Type> types;
  for (const ExprPtr& arg : args) types.push_back(arg->type);
  return Quote(names::AdapterSignature(types, result));
}

}  // namespace

Result<Text> Printer::PrintFunction(const Expr& expr) {
  const functions::Function& function = *expr.function;
  if (function.returns_set) {
    OMEN_ASSIGN_OR_RETURN(Text list, PrintSetAsList(expr));
    return Text{"unnest(" + list.sql + ")", list.form};
  }
  // DuckDB gives such calls a type of its own choosing.
  if (IsSurelyNull(expr)) return PrintConst(*MakeConst(expr.type, Value::Null()));
  bool handled = false;
  OMEN_ASSIGN_OR_RETURN(Text numeric, PrintNumericFunction(expr, &handled));
  if (handled) return numeric;
  OMEN_ASSIGN_OR_RETURN(Text datetime, PrintDatetimeFunction(expr, &handled));
  if (handled) return datetime;
  bool on_dates =
      expr.args.size() == 2 && expr.type.oid == oid::kBool &&
      ((expr.args[0]->type.oid == oid::kDate && expr.args[1]->type.oid == oid::kTimestamp) ||
       (expr.args[0]->type.oid == oid::kTimestamp && expr.args[1]->type.oid == oid::kDate));
  std::string_view op = on_dates ? DateComparisonOf(function) : ComparisonOf(function);
  if (!op.empty()) return PrintComparison(expr, op);
  std::string_view pattern = ChooseTemplate(expr);
  if (!pattern.empty()) return PrintTemplate(expr, pattern);
  return PrintAdapter(function, expr);
}

namespace {

/// Of CAST(timestamp AS DATE) = constant it makes a range up to the next day, which there may not
/// be.
bool MayLackNextDay(const Expr& side, const Expr& other) {
  constexpr int64_t kLastDays = 100'000'000;  // well inside of timestamp's range
  const bool cuts = side.kind == ExprKind::kCast && side.type.oid == oid::kDate &&
                    side.args[0]->type.oid == oid::kTimestamp;
  if (!cuts || other.kind == ExprKind::kColumn) return false;
  const Value* constant = KnownValueOf(other);
  return constant == nullptr || std::abs(constant->AsInt()) > kLastDays;
}

}  // namespace

Result<Text> Printer::PrintComparison(const Expr& expr, std::string_view op) {
  std::vector<std::string> sides;
  for (size_t i = 0; i < 2; ++i) {
    const Expr& side = *expr.args[i];
    const Expr& other = *expr.args[1 - i];
    ExprPtr date;
    if (side.type.oid == oid::kTimestamp && other.type.oid == oid::kDate) date = AsDate(side);
    const Value* constant = KnownValueOf(side);
    if (constant != nullptr && IsInteger(side.type.oid)) {
      // Without a cast DuckDB gives the literal the column's type, not the other way around.
      int64_t value = constant->AsInt();
      sides.push_back(value < 0 ? fmt::format("({})", value) : std::to_string(value));
      continue;
    }
    if (NeedsKey(side.type) || HasNoKey(side.type)) {
      OMEN_ASSIGN_OR_RETURN(Text text, PrintCompared(side));
      sides.push_back(std::move(text.sql));
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintPlain(date != nullptr ? *date : side));
    const bool hide = MayLackNextDay(side, other);
    sides.push_back(hide ? Call(names::kApart, {sql}) : std::move(sql));
  }
  return Text{fmt::format("({} {} {})", sides[0], op, sides[1]), {}};
}

std::string_view Printer::ChooseTemplate(const Expr& expr) const {
  const functions::Function& function = *expr.function;
  bool numeric_args = std::ranges::any_of(expr.args, [](const ExprPtr& arg) {
    return arg->type.oid == oid::kNumeric || InfoOf(arg->type.oid).element == oid::kNumeric;
  });
  if (numeric_args) return {};
  if (expr.type.oid == oid::kNumeric && function.duckdb_int.empty()) return {};
  if (function.literal_rule != functions::LiteralRule::kNone) {
    bool allowed = true;
    for (size_t i = 1; i < expr.args.size(); ++i) {
      allowed = allowed && LiteralAllows(function.literal_rule, *expr.args[i]);
    }
    if (allowed) return function.duckdb_literal;
  }
  return expr.type.oid == oid::kNumeric ? function.duckdb_int : function.duckdb;
}

Result<Text> Printer::PrintTemplate(const Expr& expr, std::string_view pattern) {
  std::vector<std::string> args;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    const Expr& arg = *expr.args[i];
    // What takes a bpchar as such here takes it without blanks.
    bool bare = HasBlanks(arg.type) && expr.function->args.size() > i &&
                expr.function->args[i] == oid::kBpchar;
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintPlain(arg));
    args.push_back(bare ? Call("rtrim", {sql, "' '"}) : std::move(sql));
  }
  std::string sql = Expand(pattern, args);
  if (expr.type.oid == oid::kNumeric) {
    return Text{fmt::format("CAST({} AS {})", sql, DecimalType(kNarrowWidth, 0)),
                NumericForm::Decimal(kNarrowWidth, 0)};
  }
  if (NeedsCast(pattern, expr.type.oid)) {
    sql = fmt::format("CAST({} AS {})", sql, ColumnStoreType(expr.type));
  }
  return Text{std::move(sql), {}};
}

Result<Text> Printer::PrintAdapter(const functions::Function& function, const Expr& expr) {
  bool is_volatile = function.volatility == functions::Volatility::kVolatile;
  if (function.kernel == nullptr || (is_volatile && !RunsInEngine(function.name))) {
    return Refusal(fmt::format("function {}() on columns", function.name));
  }
  asks_session_ = asks_session_ || function.volatility != functions::Volatility::kImmutable;
  std::vector<std::string> args = {SignatureOf(expr.args, expr.type)};
  for (const ExprPtr& arg : expr.args) {
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintPlain(*arg));
    args.push_back(std::move(sql));
  }
  return Text{Call(names::ScalarAdapter(function.oid), args), FormOf(expr.type)};
}

Result<Text> Printer::PrintCast(const Expr& expr) {
  bool handled = false;
  OMEN_ASSIGN_OR_RETURN(Text numeric, PrintNumericCast(expr, &handled));
  if (handled) return numeric;
  const Expr& arg = *expr.args[0];
  Text value;
  const Oid from_element = InfoOf(arg.type.oid).element, to_element = InfoOf(expr.type.oid).element;
  if (from_element != oid::kInvalid && to_element != oid::kInvalid && from_element != to_element) {
    OMEN_ASSIGN_OR_RETURN(value, PrintArrayCast(expr));
    return PrintTypmod(std::move(value), arg.type, expr.type, expr.explicit_cast);
  }
  bool between_texts = IsText(arg.type.oid) && IsText(expr.type.oid) && expr.type.oid != oid::kName;
  if (expr.cast_method == functions::CastMethod::kBinary || between_texts) {
    OMEN_ASSIGN_OR_RETURN(value, Print(arg));
    if (ColumnStoreType({arg.type.oid, -1}) != ColumnStoreType({expr.type.oid, -1})) {
      return Refusal(fmt::format("cast from {} to {} on columns", FormatType(arg.type),
                                 FormatType(expr.type)));
    }
    if (HasBlanks(arg.type) && expr.type.oid != oid::kBpchar) {
      value.sql = Call("rtrim", {value.sql, "' '"});
    }
  } else if (expr.cast_method == functions::CastMethod::kInOut) {
    // Their text is the session's to know.
    if (arg.type.oid == oid::kRegclass || arg.type.oid == oid::kRegnamespace ||
        arg.type.oid == oid::kRegclassArray) {
      return Refusal(fmt::format("text of {} on columns", FormatType(arg.type)));
    }
    OMEN_ASSIGN_OR_RETURN(value, PrintCastThroughText(expr));
  } else {
    // A kernel makes the plain type; the modifier is applied below.
    Expr plain(ExprKind::kFunction, {expr.type.oid, -1}, expr.location);
    plain.function = expr.function;
    plain.args.push_back(CloneExpr(arg));
    OMEN_ASSIGN_OR_RETURN(value, PrintFunction(plain));
  }
  return PrintTypmod(std::move(value), arg.type, expr.type, expr.explicit_cast);
}

Result<Text> Printer::PrintArrayCast(const Expr& expr) {
  const Type from = expr.args[0]->type;
  const Oid from_element = InfoOf(from.oid).element, to_element = InfoOf(expr.type.oid).element;
  const bool texts = IsText(from_element) && IsText(to_element) && to_element != oid::kName;
  const bool blanks = from_element == oid::kBpchar && from.typmod < 0;
  const bool widens =
      IsInteger(from_element) &&
      (to_element == oid::kFloat8 ||
       (IsInteger(to_element) && InfoOf(to_element).length > InfoOf(from_element).length));
  if (blanks || !(texts || widens)) {
    return Refusal(
        fmt::format("cast from {} to {} on columns", FormatType(from), FormatType(expr.type)));
  }
  OMEN_ASSIGN_OR_RETURN(std::string sql, PrintPlain(*expr.args[0]));
  if (widens) sql = fmt::format("CAST({} AS {})", sql, ColumnStoreType({expr.type.oid, -1}));
  return Text{std::move(sql), {}};
}

Result<Text> Printer::PrintCastThroughText(const Expr& expr) {
  const Expr& arg = *expr.args[0];
  OMEN_ASSIGN_OR_RETURN(std::string sql, PrintPlain(arg));
  bool plain_text = IsInteger(arg.type.oid) || arg.type.oid == oid::kUuid ||
                    arg.type.oid == oid::kOid || arg.type.oid == oid::kBool;
  if (plain_text && IsText(expr.type.oid)) return Text{"CAST(" + sql + " AS VARCHAR)", {}};
  asks_session_ = true;  // names of relations
  Type to{expr.type.oid, -1};
  std::string signature = Quote(names::AdapterSignature(std::vector<Type>{arg.type}, to));
  return Text{Call(names::kCastText, {signature, sql}), FormOf(to)};
}

Result<Text> Printer::PrintTypmod(Text value, Type from, Type to, bool explicit_cast) {
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

}  // namespace omen::sql::duckdb
