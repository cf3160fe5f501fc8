// What steps cost: one model for the row path and for the column engine, in microseconds of the
// statement's elapsed time. Measured by `./dev bench routes` on two cores.
#pragma once

namespace omen::exec::cost {

// Rows.
inline constexpr double kGet = 2.5;        // a row by its key, cached
inline constexpr double kOpen = 3;         // an iterator placed
inline constexpr double kStep = 0.15;      // a row of a scan, decoded and filtered
inline constexpr double kFetch = 3.5;      // the row behind an entry of a secondary index
inline constexpr double kHashRow = 0.25;   // a row put into a hash table or looked up there
inline constexpr double kPairRow = 0.05;   // a pair of rows that a nested loop compares
inline constexpr double kGroupRow = 0.12;  // a row put into its group, and as much for each call
inline constexpr double kSortRow = 0.4;
inline constexpr double kLockRow = 5;
inline constexpr double kOutputRow = 0.2;  // a row's expressions, values for the client

// The column engine.
inline constexpr double kEngineStart = 1'200;   // a reader, a plan, the first task
inline constexpr double kEngineTable = 120;     // each table: its part of the plan
inline constexpr double kEngineValue = 0.0012;  // a value read and filtered
inline constexpr double kEngineJoinRow = 0.015;
inline constexpr double kEngineGroupRow = 0.015;
inline constexpr double kEngineOutputValue = 0.08;  // a value that leaves the engine
// The engine over rows.
inline constexpr double kMixedRow = 0.3;  // a row handed over

}  // namespace omen::exec::cost
