// Chooses the way a read is run. Every way that can run it gives the same answer, so a
// choice may cost time, never correctness.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace omen::router {

enum class Path : uint8_t { kRow, kColumn, kMixed };
inline constexpr size_t kPaths = 3;
constexpr size_t PathIndex(Path path) { return static_cast<size_t>(path); }

/// Whether a path can run the statement now; why not, when it cannot.
struct Ability {
  bool possible = true;
  std::string why_not;
};

/// How much of what is in a statement.
struct Shape {
  int relations = 0, joins = 0, subqueries = 0, group_keys = 0, aggregates = 0, windows = 0,
      order_keys = 0, set_operations = 0;
  int loose_conditions = 0;  // on expressions and patterns, of which statistics tell nothing
  bool limit = false, distinct = false;
};

/// What is known of a statement before it runs.
struct Features {
  std::array<Ability, kPaths> paths;
  bool reads_tables = true;
  bool key_lookup = false;  // a few rows found by key
  bool locks_rows = false;
  // What each path would take, where the row path can tell.
  double row_cost_us = 0, column_cost_us = 0, mixed_cost_us = 0;
  double rows_touched = 0;      // rows it would read
  bool replica_behind = false;  // columns are being copied or rebuilt: waiting may take long

  uint64_t template_id = 0;         // 0: not known
  uint64_t values = 0;              // a hash of its parameters and literals; 0: not known
  std::span<const uint64_t> parts;  // identities of its scans, joins and groupings
  Shape shape;

  const Ability& on(Path path) const { return paths[PathIndex(path)]; }
  Ability& on(Path path) { return paths[PathIndex(path)]; }
  double cost_us(Path path) const {
    return path == Path::kRow      ? row_cost_us
           : path == Path::kColumn ? column_cost_us
                                   : mixed_cost_us;
  }
};

/// What a prediction rests on, the least telling first.
enum class Source : uint8_t {
  kRules,     // statistics and the cost model
  kModel,     // how the cost model was wrong of statements of that shape
  kParts,     // other templates that share scans, joins and groupings
  kTemplate,  // its own runs
};
std::string_view SourceName(Source source);

struct Prediction {
  double us = 0;      // 0: none was made
  double spread = 0;  // the standard deviation of its natural logarithm
  Source source = Source::kRules;
};

struct Choice {
  bool possible = true;  // false: no path can run it
  Path path = Path::kRow;
  std::string reason;
  // Of a router that learns: what the rules alone would take, and what was predicted.
  Path by_rules = Path::kRow;
  std::array<Prediction, kPaths> predictions{};
  uint64_t decision = 0;  // its number; 0: not written down

  const Prediction& on(Path of) const { return predictions[PathIndex(of)]; }
};

/// By path; 0: it was not run there, or could not be.
using PathTimes = std::array<double, kPaths>;

/// How a read went that was told of with these features.
struct RunSeen {
  Path path = Path::kRow;
  double us = 0;
  uint64_t decision = 0;  // of the choice that led to it, if there was one
  bool cut_off = false;   // it was ended, and would have taken longer
};

/// One choice, for people.
struct Decision {
  uint64_t id = 0;
  uint64_t template_id = 0;
  double rows_touched = 0;
  std::array<double, kPaths> cost_us{};  // the cost model's; 0: it has none, or the path cannot
  Choice choice;
  double us = 0;  // that it took; 0: not known, or not read to its end
};

/// What one template's paths take by what is known now, for as many rows as it touched last.
struct Regret {
  uint64_t template_id = 0;
  Path chosen = Path::kRow, best = Path::kRow;  // last; of those that it has run on
  double chosen_us = 0, best_us = 0;
  double spread = 0;                  // of the natural logarithm of one over the other
  std::array<double, kPaths> runs{};  // by path, the older counting less
};

/// How good a source's predictions of the paths that were taken were.
struct SourceRecord {
  Source source = Source::kRules;
  uint64_t predictions = 0, right = 0;  // within a half of what it took
  double mean_log_error = 0;            // of the latest, in natural logarithms
  uint64_t trials = 0;  // in which what it would have chosen was measured beside the rules' choice
  double saved = 0;     // of the rules' time in the latest of them; below zero: lost
  bool in_use = true;
};

/// What a router knows of one thing, as bytes of its own.
struct Lesson {
  std::string key;
  std::string bytes;  // empty: it is forgotten
};

/// The seam of the routers. Any thread.
class Router {
 public:
  virtual ~Router() = default;
  virtual Choice Choose(const Features& features) const = 0;
  /// What it would believe of each path; nothing is chosen by it.
  virtual std::array<Prediction, kPaths> Predict(const Features&) const { return {}; }
  /// False: reads by key and row locks go to rows unasked, since nothing else could win.
  virtual bool wants_every_read() const { return false; }
  /// Of every read that had these features and was read to its end, or ended for the time it took,
  /// whoever chose its path. What has no memory does not listen.
  virtual void Learn(const Features&, const RunSeen&) {}
  /// Whether it would learn from a read of that template, with these values, that is run on each
  /// path.
  virtual bool WantsTrial(uint64_t /*template_id*/, uint64_t /*values*/) const { return false; }
  /// It was run on each, alone, and took so long.
  virtual void EndTrial(const Features&, const PathTimes& /*us*/) {}
  /// Longer lessons, off every client's way. To be called now and then.
  virtual void Train() {}

  /// What has been learned since this was asked last, to be kept over restarts.
  virtual std::vector<Lesson> TakeLessons() { return {}; }
  /// Of one before, as it was taken. Bytes that are none of its own are passed by.
  virtual void Restore(const Lesson&) {}

  /// What there is to show of one that learns.
  virtual std::vector<Decision> Decisions() const { return {}; }
  virtual std::vector<Regret> Regrets() const { return {}; }
  virtual std::vector<SourceRecord> Records() const { return {}; }
};

/// Fixed rules: what is found by key goes to rows, all else where it is expected to cost least.
class RuleRouter final : public Router {
 public:
  Choice Choose(const Features& features) const override;
};

}  // namespace omen::router
