// How the values that a template's runs are given follow each other: constants, keys of what is
// new, windows that move, favourites. Readable as omendb.template_parameters; no value can be.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "learn/stream/value_pattern.h"
#include "types/type.h"
#include "types/value.h"

namespace omen::exec {

/// What one run was given. A statement without parameters has the literals of its text.
struct RunValues {
  const Row& params;
  const std::vector<Type>& types;
  std::string_view text;
  int64_t now_micros = 0;  // PostgreSQL epoch
};

/// Tells these values from others that a statement of the same template is given; never 0, the same
/// after a restart. Of long ones it looks at the beginning.
uint64_t IdentityOfValues(const RunValues& run);

/// Of one template. Any thread; noting waits for nobody.
class ParameterShapes {
 public:
  static constexpr size_t kParameters = 16;  // further ones are not looked at

  /// Whether this run is to be noted: the first ones are, and then one of sixteen.
  bool Wants();
  /// Left out where another thread is noting one.
  void Note(const RunValues& run);

  struct Shown {
    learn::PatternShape shape = learn::PatternShape::kUnknown;
    double values = 0, distinct = 0, top_share = 0;
  };
  /// In the order of parameters, or of literals.
  std::vector<Shown> All() const;

  std::string Encode() const;
  void Restore(std::string_view bytes);

 private:
  struct Parameter {
    learn::ValuePattern pattern;
    learn::SteadyDistance to_now, to_next;  // of times; of what can be ordered
  };
  struct Sighting;
  static std::vector<Sighting> SightingsOf(const RunValues& run);
  static std::vector<Sighting> LiteralsOf(std::string_view text);
  static Sighting OfLiteral(std::string_view token, bool is_text);

  std::atomic<uint32_t> runs_{0};
  mutable std::mutex mutex_;
  std::deque<Parameter> parameters_;
};

}  // namespace omen::exec
