// What a session chooses about running its statements.
#pragma once

#include <cstdint>

namespace omen::exec {

/// SET omendb.route: kAuto lets the router choose; the others force a path.
enum class Route : uint8_t { kAuto, kRow, kColumn, kMixed };

/// SET omendb.learning: what choices among paths and structures rest on. What there is to learn is
/// learned under each.
enum class Learning : uint8_t {
  kOn,
  kOff,     // rules and statistics alone
  kShadow,  // what was learned is asked and written down, and not followed
  kRandom,  // anything that can be done, at random
};

/// The way a statement was run.
enum class Path : uint8_t { kUtility, kRow, kColumn, kMixed };
const char* PathName(Path path);

/// SET omendb.freshness: what a read requires of the watermark.
struct Freshness {
  enum class Kind : uint8_t {
    kLatest,   // every commit before the statement began
    kSession,  // this session's own commits
    kBounded,  // at most `micros` old, own commits included
  } kind = Kind::kLatest;
  int64_t micros = 0;
};

/// What a run has to do with checking answers (answer_sample.h).
enum class AnswerCheck : uint8_t {
  kNone,
  kFirst,  // it will be run again: rows and columns are to stand at one commit
  kAgain,  // it is the second run: neither recorded nor checked
};

struct ExecOptions {
  Route route = Route::kAuto;
  Learning learning = Learning::kShadow;
  Freshness freshness;
  int64_t lock_timeout_ms = 0;
  int64_t work_memory_bytes = 256ll << 20;  // per statement on the row path; 53200 beyond
  double answer_check = 0;                  // the share of reads that are run again on another path
};

}  // namespace omen::exec
