// What a function is to those who know more of it than to call it: the printer of the column
// engine's text, the planner of rows, who judges whether a statement has one answer.
#pragma once

#include <cstdint>

namespace omen::functions {

enum class Meaning : uint8_t {
  kNone,
  // Of numbers.
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIdentity,
  kNegate,
  kAbs,
  kSign,
  kCeil,
  kFloor,
  kRound,
  kTrunc,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kDivideWhole,
  kModulo,
  kPower,
  kSqrt,
  kExp,
  kLn,
  kLog,
  kLog10,
  // Of times.
  kExtract,
  kDateTrunc,
  kShiftLater,
  kShiftEarlier,
  // Sets.
  kUnnest,
  kSeries,
  // Aggregates.
  kCount,
  kSum,
  kAvg,
  kMin,
  kMax,
  kArrayAgg,
  kMode,
  kPercentileCont,
  kPercentileDisc,
  // Of windows.
  kRowNumber,
  kRank,
  kDenseRank,
  kPercentRank,
  kCumeDist,
  kNtile,
  kLag,
  kLead,
  kFirstValue,
  kLastValue,
  kNthValue,
};

constexpr bool IsOfWindows(Meaning meaning) { return meaning >= Meaning::kRowNumber; }

}  // namespace omen::functions
