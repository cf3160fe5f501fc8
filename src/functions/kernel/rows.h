// How a topic file lists what it implements: constant rows, gathered by the registry.
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

#include "functions/kernel/function.h"
#include "functions/kernel/text_form.h"
#include "functions/kernel/value_form.h"

namespace omen::functions {

/// Row flags; a row without any is strict and immutable, as most are.
enum RowFlag : int {
  kPure = 0,
  kNotStrict = 1,
  kStable = 2,
  kVolatile = 4,
  kVariadic = 8,
  kReturnsSet = 16,
  // Of stable and volatile rows, what they read (Surroundings); without any: everything.
  kReadsClock = 1 << 5,
  kReadsZone = 1 << 6,
  kReadsStyle = 1 << 7,
  kReadsRole = 1 << 8,
  kReadsPath = 1 << 9,
  kReadsSettings = 1 << 10,
  kReadsCatalog = 1 << 11,
  kReadsSequences = 1 << 12,
  kReadsChance = 1 << 13,
  kReadsServer = 1 << 14,
  kReadsLocale = 1 << 15,  // of which there is one
};

/// A short list of types usable in constant tables.
class TypeList {
 public:
  constexpr TypeList(std::initializer_list<Oid> oids) : count_(oids.size()) {
    size_t i = 0;
    for (Oid oid : oids) oids_[i++] = oid;
  }
  constexpr const Oid* begin() const { return oids_.data(); }
  constexpr const Oid* end() const { return oids_.data() + count_; }

 private:
  std::array<Oid, 8> oids_{};
  size_t count_;
};

/// DuckDB's ways to compute the same; see Function.
struct Templates {
  std::string_view always;
  std::string_view literal;
  LiteralRule rule = LiteralRule::kNone;
  std::string_view integer;

  constexpr Templates() = default;
  constexpr Templates(const char* text) : always(text) {}  // NOLINT: rows read better
  constexpr Templates(LiteralRule literal_rule, const char* text, const char* otherwise = "")
      : always(otherwise), literal(text), rule(literal_rule) {}
  static constexpr Templates Integer(const char* text) {
    Templates templates;
    templates.integer = text;
    return templates;
  }
};

struct FunctionRow {
  Oid oid;
  std::string_view name;
  TypeList args;
  Oid result;
  int flags;
  Kernel kernel;
  Templates duckdb = {};
  Meaning meaning = Meaning::kNone;
};

struct SetRow {
  Oid oid;
  std::string_view name;
  TypeList args;
  Oid result;
  int flags;
  SetKernel kernel;
  Meaning meaning = Meaning::kNone;
};

using AggregateFactory = std::unique_ptr<AggregateState> (*)(std::span<const Type> types,
                                                             Type result);
enum AggregateFlag : uint8_t {
  kSkipNulls = 0,
  kTakesNulls = 1,
  kOrderedSet = 2,
  kShowsValues = 4,  // as text: in the session's zone and styles
};

struct AggregateRow {
  Oid oid;
  std::string_view name;
  TypeList args;
  Oid result;
  int flags;
  AggregateFactory make;
  std::string_view duckdb = {};
  std::string_view duckdb_literal = {};
  Meaning meaning = Meaning::kNone;
};

struct OperatorRow {
  Oid oid;
  std::string_view name;
  Oid left, right;
  Oid function;
  Oid commutator, negator;
};

struct CastRow {
  Oid from, to;
  CastContext context;
  CastMethod method;
  Oid function;
};

struct WindowRow {
  Oid oid;
  std::string_view name;
  TypeList args;
  Oid result;
  std::string_view duckdb;
  Meaning meaning = Meaning::kNone;
};

std::span<const FunctionRow> IntArithmeticRows();
std::span<const FunctionRow> FloatArithmeticRows();
std::span<const FunctionRow> NumericArithmeticRows();
std::span<const FunctionRow> ComparisonRows();
std::span<const FunctionRow> DatetimeComparisonRows();
std::span<const FunctionRow> TypeComparisonRows();
std::span<const FunctionRow> TextRows();
std::span<const FunctionRow> TextFormatRows();
std::span<const FunctionRow> LikeRows();
std::span<const FunctionRow> BytesRows();
std::span<const FunctionRow> RegexRows();
std::span<const FunctionRow> DatetimeOperatorRows();
std::span<const FunctionRow> ExtractRows();
std::span<const FunctionRow> DatetimeRows();
std::span<const FunctionRow> DatetimeMakeRows();
std::span<const FunctionRow> ArrayRows();
std::span<const FunctionRow> SessionRows();
std::span<const FunctionRow> CatalogFunctionRows();
std::span<const FunctionRow> JsonAccessRows();
std::span<const FunctionRow> JsonEditRows();
std::span<const FunctionRow> JsonBuildRows();
std::span<const FunctionRow> ToCharDatetimeRows();
std::span<const FunctionRow> ToTimestampRows();
std::span<const FunctionRow> ToCharNumberRows();
std::span<const FunctionRow> CastFunctionRows();
std::span<const FunctionRow> DatetimeCastRows();
std::span<const TextFormRow> TextForms();
std::span<const TextFormRow> RegexForms();
std::span<const ValueFormRow> ToCharDatetimeForms();
std::span<const ValueFormRow> ToCharNumberForms();
std::span<const ValueFormRow> ExtractForms();
std::span<const ValueFormRow> DatetimeForms();
std::span<const SetRow> SetRows();
std::span<const SetRow> JsonSetRows();
std::span<const OperatorRow> OperatorRows();
std::span<const OperatorRow> TypeComparisonOperators();
std::span<const CastRow> CastRows();
std::span<const AggregateRow> BasicAggregateRows();
std::span<const AggregateRow> ExtremeRows();
std::span<const AggregateRow> StatisticsAggregateRows();
std::span<const AggregateRow> JsonAggregateRows();
std::span<const AggregateRow> OrderedSetRows();
std::span<const WindowRow> WindowRows();

}  // namespace omen::functions
