// The functions that the column store adds to its engine, by name: what generated SQL
// may call beside the engine's own. The SQL generator prints them and `colstore`
// registers them; the two do not see each other.
//
// BLOB below means the variable-scale numeric carrier (numeric_blob.h); NUM means a BLOB, any
// DECIMAL or any integer, which the function turns into an exact numeric itself. All are
// strict unless said otherwise; errors carry PostgreSQL's SQLSTATE and text.
//
// Kernels of functions::Registry are called through one form, whatever the function:
//
//   omen_f<oid>('<signature>', arg, ...)      scalar
//   omen_a<oid>('<signature>', arg, ...)      aggregate; FILTER, ORDER BY and OVER as usual, and
//                                             omen_a<oid>(DISTINCT '<signature>', arg, ...)
//
// The signature (AdapterSignature) is a literal that gives the resolved PostgreSQL types of the
// arguments and of the result, because the engine's types say less (VARCHAR may be text or
// jsonb). Arguments come in the engine type of their PostgreSQL type; numeric arguments may be
// NUM. The result has type ColumnStoreType(result): a numeric result is DECIMAL(p,s) when the
// signature gives it such a typmod, else BLOB. Non-strict functions receive nulls.
//
// omen_rows(i) is a table: the i-th row source given to the query, columns c1..cn by position.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "types/type.h"

namespace omen::column_functions {

/// "omen_f<oid>" and "omen_a<oid>".
std::string ScalarAdapter(Oid function);
std::string AggregateAdapter(Oid aggregate);

struct Signature {
  std::vector<Type> args;
  Type result;
};
/// "23:-1,25:-1>1700:-1". For variadic functions the variable arguments are spread.
std::string AdapterSignature(std::span<const Type> args, Type result);
/// False when the text is not a signature.
bool ParseSignature(std::string_view text, Signature* out);

inline constexpr std::string_view kRows = "omen_rows";

// Into the numeric carrier.
inline constexpr std::string_view kNumFrom = "omen_num_from";               // (NUM) -> BLOB, exact
inline constexpr std::string_view kNumFromFloat8 = "omen_num_from_float8";  // (DOUBLE) -> BLOB
inline constexpr std::string_view kNumFromFloat4 = "omen_num_from_float4";  // (FLOAT) -> BLOB
inline constexpr std::string_view kNumParse =
    "omen_num_parse";  // (VARCHAR) -> BLOB; for literals too

// Out of it. kNumToDecimal's precision and scale are literals; it rounds, then 22003.
inline constexpr std::string_view kNumToDecimal =
    "omen_num_to_decimal";                                          // (NUM, p, s) -> DECIMAL(p,s)
inline constexpr std::string_view kNumTypmod = "omen_num_typmod";   // (NUM, typmod literal) -> BLOB
inline constexpr std::string_view kNumToInt2 = "omen_num_to_int2";  // (NUM) -> SMALLINT, rounds
inline constexpr std::string_view kNumToInt4 = "omen_num_to_int4";  // (NUM) -> INTEGER
inline constexpr std::string_view kNumToInt8 = "omen_num_to_int8";  // (NUM) -> BIGINT
inline constexpr std::string_view kNumToFloat8 = "omen_num_to_float8";  // (NUM) -> DOUBLE
inline constexpr std::string_view kNumToFloat4 = "omen_num_to_float4";  // (NUM) -> FLOAT
inline constexpr std::string_view kNumToText = "omen_num_to_text";      // (NUM) -> VARCHAR

// Order and equality: compare, group, join, hash and sort BLOBs by their keys.
inline constexpr std::string_view kNumKey = "omen_num_key";          // (NUM) -> BLOB key
inline constexpr std::string_view kNumCompare = "omen_num_compare";  // (NUM, NUM) -> INTEGER

// Arithmetic with PostgreSQL's result scales. What gives a BLOB gives a DECIMAL(p,s) where the
// literals p and s follow its arguments; 22003 where the result has no room in it.
inline constexpr std::string_view kNumAdd = "omen_num_add";  // (NUM, NUM) -> BLOB
inline constexpr std::string_view kNumSub = "omen_num_sub";
inline constexpr std::string_view kNumMul = "omen_num_mul";
inline constexpr std::string_view kNumDiv = "omen_num_div";        // 22012
inline constexpr std::string_view kNumDivTrunc = "omen_num_divt";  // div()
inline constexpr std::string_view kNumMod = "omen_num_mod";
inline constexpr std::string_view kNumPower = "omen_num_power";
inline constexpr std::string_view kNumNeg = "omen_num_neg";  // (NUM) -> BLOB
inline constexpr std::string_view kNumAbs = "omen_num_abs";
inline constexpr std::string_view kNumSign = "omen_num_sign";
inline constexpr std::string_view kNumCeil = "omen_num_ceil";
inline constexpr std::string_view kNumFloor = "omen_num_floor";
inline constexpr std::string_view kNumSqrt = "omen_num_sqrt";
inline constexpr std::string_view kNumExp = "omen_num_exp";
inline constexpr std::string_view kNumLn = "omen_num_ln";
inline constexpr std::string_view kNumLog10 = "omen_num_log10";
inline constexpr std::string_view kNumRound = "omen_num_round";  // (NUM, INTEGER) -> BLOB
inline constexpr std::string_view kNumTrunc = "omen_num_trunc";  // (NUM, INTEGER) -> BLOB

/// avg of exact values from the engine's own sum and count: (NUM or HUGEINT sum, BIGINT count)
/// -> BLOB with PostgreSQL's scale; null when the count is 0.
inline constexpr std::string_view kNumAverage = "omen_num_average";

// Aggregates over NUM -> BLOB. Null when no row was not null.
inline constexpr std::string_view kNumSum = "omen_num_sum";
inline constexpr std::string_view kNumAvg = "omen_num_avg";
inline constexpr std::string_view kNumMin = "omen_num_min";
inline constexpr std::string_view kNumMax = "omen_num_max";

/// Aggregates of floats whose states merge, which adds up in another order than the rows':
/// arguments as AggregateAdapter's.
std::string MergedAggregate(Oid aggregate);
/// sum over FLOAT and DOUBLE, avg over DOUBLE: 22003 where finite values come to an infinity.
inline constexpr std::string_view kFloatSum = "omen_float_sum";
inline constexpr std::string_view kFloatAverage = "omen_float_avg";

// Integers: PostgreSQL's truncating division, checked. Overloads (T, T) -> T for SMALLINT,
// INTEGER, BIGINT. 22012 on zero, 22003 on the one overflow.
inline constexpr std::string_view kIntDiv = "omen_int_div";
inline constexpr std::string_view kIntMod = "omen_int_mod";

// Floats: 22012 on a zero divisor, 22003 on overflow and underflow as PostgreSQL's float.h.
// Overloads (T, T) -> T for FLOAT and DOUBLE.
inline constexpr std::string_view kFloatAdd = "omen_float_add";
inline constexpr std::string_view kFloatSub = "omen_float_sub";
inline constexpr std::string_view kFloatMul = "omen_float_mul";
inline constexpr std::string_view kFloatDiv = "omen_float_div";

// (T float) -> integer, rounding half to even, 22003 as PostgreSQL.
inline constexpr std::string_view kFloatToInt2 = "omen_float_to_int2";
inline constexpr std::string_view kFloatToInt4 = "omen_float_to_int4";
inline constexpr std::string_view kFloatToInt8 = "omen_float_to_int8";

/// Rows of a set-returning kernel (Registry::FindSetKernel) as one list, for unnest():
/// omen_s<oid>('<signature>', arg, ...) -> ColumnStoreType(result)[]. Arguments as omen_f<oid>'s;
/// a strict function's null argument gives an empty list.
std::string SetAdapter(Oid function);

/// Cast by way of the text form: ToText of the argument, then ParseText as the result, in the
/// context's TextStyle. ('<from>to signature', arg) -> result type of the signature; a text
/// argument or result is its own text.
inline constexpr std::string_view kCastText = "omen_cast_text";
/// ApplyTypmod as an explicit cast: ('<type>type(n) signature', arg) -> the same engine type.
inline constexpr std::string_view kApplyTypmod = "omen_apply_typmod";

/// Raises an error when evaluated: (SQLSTATE literal, message, any typed argument) -> the
/// argument's type. For a scalar subquery with two rows and the like.
inline constexpr std::string_view kRaise = "omen_raise";

/// Its one argument, of any type, which the engine then neither folds nor merges with another.
inline constexpr std::string_view kApart = "omen_apart";

}  // namespace omen::column_functions
