#include "sql/duckdb/expr/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/blame.h"
#include "sql/duckdb/expr/array.h"
#include "sql/duckdb/expr/datetime.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/keys.h"
#include "sql/duckdb/text/literal.h"
#include "sql/duckdb/text/numeric.h"
#include "sql/duckdb/text/numeric_call.h"
#include "types/column_functions.h"
#include "types/column_type.h"
#include "types/datetime/datetime.h"

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

/// DuckDB's own way to compute the call, or empty.
std::string_view ChooseTemplate(const Expr& expr) {
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

/// The engine's way to join texts and what its casts print as PostgreSQL does, or empty.
std::string_view JoinerOf(const Expr& call) {
  const std::string_view name = call.function->name;
  const bool known = std::ranges::all_of(call.args, [](const ExprPtr& arg) {
    const Oid type = arg->type.oid;
    return type == oid::kText || type == oid::kVarchar || IsInteger(type);
  });
  if (!known) return {};
  if (name == "concat" || name == "concat_ws") return name;
  return name == "textanycat" || name == "anytextcat" ? "||" : "";
}

}  // namespace

Result<Text> CallPrinter::PrintJoined(const Expr& call, std::string_view joiner) {
  std::vector<std::string> args;
  for (const ExprPtr& arg : call.args) {
    OMEN_ASSIGN_OR_RETURN(std::string sql, exprs_.PrintPlain(*arg));
    const bool text = !IsInteger(arg->type.oid);
    args.push_back(text ? std::move(sql) : fmt::format("CAST({} AS VARCHAR)", sql));
  }
  if (joiner != "||") return Text{Call(joiner, args), {}};
  return Text{fmt::format("CAST(({} || {}) AS VARCHAR)", args[0], args[1]), {}};
}

Result<Text> CallPrinter::Print(const Expr& call) {
  const functions::Function& function = *call.function;
  if (function.returns_set) {
    OMEN_ASSIGN_OR_RETURN(Text list, ArrayPrinter(printing_).PrintSetAsList(call));
    return Text{"unnest(" + list.sql + ")", list.form};
  }
  // DuckDB gives such calls a type of its own choosing.
  if (IsSurelyNull(call)) return LiteralPrinter(printing_).PrintNull(call.type);
  bool handled = false;
  if (TakesNumerics(call)) {
    OMEN_ASSIGN_OR_RETURN(std::vector<Text> args, exprs_.PrintAll(call.args));
    Text numeric = PrintNumericCall(printing_, call, std::move(args), &handled);
    if (handled) return numeric;
  }
  OMEN_ASSIGN_OR_RETURN(Text datetime, DatetimePrinter(printing_).Print(call, &handled));
  if (handled) return datetime;
  bool on_dates =
      call.args.size() == 2 && call.type.oid == oid::kBool &&
      ((call.args[0]->type.oid == oid::kDate && call.args[1]->type.oid == oid::kTimestamp) ||
       (call.args[0]->type.oid == oid::kTimestamp && call.args[1]->type.oid == oid::kDate));
  std::string_view op = on_dates ? DateComparisonOf(function) : ComparisonOf(function);
  if (!op.empty()) return PrintComparison(call, op);
  if (const std::string_view joiner = JoinerOf(call); !joiner.empty()) {
    return PrintJoined(call, joiner);
  }
  std::string_view pattern = ChooseTemplate(call);
  if (!pattern.empty()) return PrintTemplate(call, pattern);
  return PrintAdapter(call);
}

Result<Text> CallPrinter::PrintComparison(const Expr& call, std::string_view op) {
  std::vector<std::string> sides;
  for (size_t i = 0; i < 2; ++i) {
    const Expr& side = *call.args[i];
    const Expr& other = *call.args[1 - i];
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
      OMEN_ASSIGN_OR_RETURN(Text text, exprs_.PrintCompared(side));
      sides.push_back(std::move(text.sql));
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(std::string sql, exprs_.PrintPlain(date != nullptr ? *date : side));
    const bool hide = MayLackNextDay(side, other);
    sides.push_back(hide ? Call(names::kApart, {sql}) : std::move(sql));
  }
  return Text{fmt::format("({} {} {})", sides[0], op, sides[1]), {}};
}

Result<Text> CallPrinter::PrintTemplate(const Expr& call, std::string_view pattern) {
  std::vector<std::string> args;
  for (size_t i = 0; i < call.args.size(); ++i) {
    const Expr& arg = *call.args[i];
    // What takes a bpchar as such here takes it without blanks.
    bool bare = HasBlanks(arg.type) && call.function->args.size() > i &&
                call.function->args[i] == oid::kBpchar;
    OMEN_ASSIGN_OR_RETURN(std::string sql, exprs_.PrintPlain(arg));
    args.push_back(bare ? Call("rtrim", {sql, "' '"}) : std::move(sql));
  }
  std::string sql = Expand(pattern, args);
  if (call.type.oid == oid::kNumeric) {
    return Text{fmt::format("CAST({} AS {})", sql, DecimalType(kNarrowWidth, 0)),
                NumericForm::Decimal(kNarrowWidth, 0)};
  }
  if (NeedsCast(pattern, call.type.oid)) {
    sql = fmt::format("CAST({} AS {})", sql, ColumnStoreType(call.type));
  }
  return Text{std::move(sql), {}};
}

Result<Text> CallPrinter::PrintAdapter(const Expr& call) {
  const functions::Function& function = *call.function;
  bool is_volatile = function.volatility == functions::Volatility::kVolatile;
  if (function.kernel == nullptr || (is_volatile && !RunsInEngine(function.name))) {
    return Refusal(fmt::format("function {}() on columns", function.name));
  }
  if (function.volatility != functions::Volatility::kImmutable) printing_.AskSession();
  OMEN_ASSIGN_OR_RETURN(std::vector<std::string> args, exprs_.PrintAllPlain(call.args));
  args.insert(args.begin(), SignatureOf(call.args, call.type));
  return Text{Call(names::ScalarAdapter(function.oid), args), FormOf(call.type)};
}

}  // namespace omen::sql::duckdb
