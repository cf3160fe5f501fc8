// What a function, operator, cast, aggregate or window function is: PostgreSQL's name and
// signature, one exact implementation, and how DuckDB may compute the same.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "functions/kernel/meaning.h"
#include "types/io.h"
#include "types/type.h"
#include "types/value.h"

namespace omen::functions {

/// PostgreSQL's pseudo-types for arguments that agree on one common type.
inline constexpr Oid kAnycompatible = 5077, kAnycompatiblearray = 5078,
                     kAnycompatiblenonarray = 5079;

enum class Volatility : uint8_t { kImmutable, kStable, kVolatile };

/// What a result depends on beside the arguments, as bits.
enum Surroundings : uint16_t {
  kNoSurroundings = 0,
  kOnClock = 1 << 0,
  kOnZone = 1 << 1,      // TimeZone
  kOnStyle = 1 << 2,     // DateStyle, IntervalStyle, extra_float_digits, bytea_output
  kOnRole = 1 << 3,      // the user
  kOnPath = 1 << 4,      // search_path
  kOnSettings = 1 << 5,  // any other setting
  kOnCatalog = 1 << 6,
  kOnSequences = 1 << 7,
  kOnChance = 1 << 8,
  kOnServer = 1 << 9,  // process, database, sizes on disk
  kOnEverything = (1 << 10) - 1,
};

/// What kernels may ask of the session that runs them. Implemented by `session`.
class SessionHooks {
 public:
  virtual ~SessionHooks() = default;
  virtual Result<int64_t> NextValue(Oid sequence) = 0;
  virtual Result<int64_t> CurrentValue(Oid sequence) = 0;
  virtual Result<int64_t> SetValue(Oid sequence, int64_t value, bool is_called) = 0;
  virtual Result<int64_t> LastValue() = 0;
  /// current_setting(); 42704 unless missing_ok.
  virtual Result<Value> Setting(std::string_view name, bool missing_ok) = 0;
  virtual Status SetSetting(std::string_view name, std::string_view value, bool local) = 0;
  virtual std::string CurrentUser() = 0;
  virtual std::string CurrentDatabase() = 0;
  virtual std::vector<std::string> CurrentSchemas(bool include_implicit) = 0;
  virtual int32_t BackendPid() = 0;
  /// OID of a relation by (possibly qualified, possibly quoted) name; 42P01.
  virtual Result<Oid> RelationByName(std::string_view name) = 0;
  /// Name as regclass prints it; empty if there is none.
  virtual std::string RelationName(Oid relation) = 0;
  /// pg_get_indexdef(), obj_description() and other functions of the catalogue, by name.
  virtual Result<Value> CatalogFunction(std::string_view function, std::span<const Value> args) {
    return NotSupported(function);
  }
};

/// The surroundings of one statement's calls. One thread.
struct CallContext {
  TextStyle style;
  int64_t transaction_micros = 0;  // now(): PostgreSQL epoch, UTC
  int64_t statement_micros = 0;
  const CancelToken* cancel = nullptr;
  SessionHooks* hooks = nullptr;  // null inside engine worker threads
  uint64_t random_state = 0x9E3779B97F4A7C15ull;
};

/// Computes one result. For strict functions no argument is null.
/// `result` is the resolved result type (for polymorphic functions and casts with typmod).
struct CallArgs {
  std::span<const Value> values;
  std::span<const Type> types;  // resolved argument types
  Type result;
};
using Kernel = Status (*)(CallContext& context, const CallArgs& args, Value* out);

/// What literals make `duckdb_literal` exact: integers above zero; text that is not null and
/// holds no backslash; any literal that is not null.
enum class LiteralRule : uint8_t { kNone, kPositive, kNoBackslash, kNotNull };

struct Function {
  Oid oid;                // PostgreSQL's where it has one, else >= 90000
  std::string_view name;  // pg_proc.proname
  std::vector<Oid> args;  // may hold anyelement, anyarray, "any"
  bool variadic = false;  // last argument repeats; its type is args.back() (an element type)
  Oid result;             // may be polymorphic
  bool strict = true;
  Volatility volatility = Volatility::kImmutable;
  uint16_t surroundings = kNoSurroundings;  // of one that is not immutable
  bool asks_session = false;  // through CallContext::hooks: settings, names, sequences
  bool returns_set = false;   // generate_series, unnest: see SetKernel
  Kernel kernel = nullptr;
  /// DuckDB expression with $1.. for arguments, exact for every input; empty when only the
  /// kernel is exact (the generator then calls it through an adapter).
  std::string_view duckdb;
  /// Like `duckdb`, but exact only when every argument after the first is a literal that
  /// `literal_rule` allows. Prefer it where it applies.
  std::string_view duckdb_literal;
  LiteralRule literal_rule = LiteralRule::kNone;
  /// For a numeric result that is always an integer below 2^63: an exact BIGINT template.
  std::string_view duckdb_int;
  Meaning meaning = Meaning::kNone;
};

/// All rows of a set-returning function, as a pull iterator.
class SetCursor {
 public:
  virtual ~SetCursor() = default;
  /// False at the end.
  virtual Result<bool> Next(Value* out) = 0;
};
using SetKernel = Result<std::unique_ptr<SetCursor>> (*)(CallContext& context,
                                                         const CallArgs& args);

struct Operator {
  Oid oid;
  std::string_view name;  // "+", "~~"
  Oid left;               // 0 for a prefix operator
  Oid right;
  const Function* function;
  Oid commutator = 0, negator = 0;  // operator OIDs, 0 if none
};

/// Functions of ours that the binder calls: char(n), or an array of them, with its blanks.
inline constexpr Oid kPadBlanks = 90005, kPadElements = 90006;
/// pg_typeof(), which alone tells an untyped literal from text.
inline constexpr Oid kTypeOfAny = 1619;

/// When a cast applies without being written.
enum class CastContext : uint8_t { kImplicit, kAssignment, kExplicit };
/// How it is done: no work, a function, or out of one text form into the other.
enum class CastMethod : uint8_t { kBinary, kFunction, kInOut };
struct Cast {
  Oid from, to;
  CastContext context;
  CastMethod method;
  const Function* function = nullptr;
};

/// The running state of one aggregate in one group. One thread.
class AggregateState {
 public:
  virtual ~AggregateState() = default;
  /// Strict aggregates are not given rows with a null argument.
  virtual Status Step(CallContext& context, const CallArgs& args) = 0;
  virtual Status Finish(CallContext& context, Value* out) = 0;
};

struct Aggregate {
  Oid oid;
  std::string_view name;
  std::vector<Oid> args;  // empty for count(*)
  Oid result;
  bool strict = true;
  uint16_t surroundings = kNoSurroundings;
  /// Ordered-set aggregates (percentile_cont): args are direct, then WITHIN GROUP.
  bool ordered_set = false;
  std::unique_ptr<AggregateState> (*make)(std::span<const Type> types, Type result) = nullptr;
  std::string_view duckdb;  // template, exact; empty when it needs generator rules (avg of numeric)
  /// As in Function: exact when every argument after the first is a literal that is not null.
  std::string_view duckdb_literal;
  Meaning meaning = Meaning::kNone;

  bool IsExtreme() const { return meaning == Meaning::kMin || meaning == Meaning::kMax; }
};

/// Window-only functions: row_number, rank, lag, ... Run by the column and mixed paths.
struct WindowFunction {
  Oid oid;
  std::string_view name;
  std::vector<Oid> args;
  Oid result;
  std::string_view duckdb;
  Meaning meaning = Meaning::kNone;

  /// The value of one row of the frame.
  bool TakesARow() const {
    return meaning == Meaning::kFirstValue || meaning == Meaning::kLastValue ||
           meaning == Meaning::kNthValue;
  }
};

}  // namespace omen::functions
