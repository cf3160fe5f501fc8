// Lookups that find nothing of theirs in any cache: before each one a buffer four times the last
// level is walked, which drops their code and most address translations too.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "ask.h"
#include "sets.h"

namespace omen::bench {

class ColdCaches {
 public:
  ColdCaches() : lines_(Size() / sizeof(Line), Line{{1}}) {}
  void Walk() {
    for (const Line& line : lines_) payload_sink += line.words[0];
  }

 private:
  struct Line {
    uint64_t words[8];
  };
  // What a core sees of the last level, by the kernel's account: sysconf may count all of them.
  static size_t Size() {
    size_t kilobytes = 0;
    std::FILE* file = std::fopen("/sys/devices/system/cpu/cpu0/cache/index3/size", "r");
    if (file != nullptr) {
      if (std::fscanf(file, "%zuK", &kilobytes) != 1) kilobytes = 0;
      std::fclose(file);
    }
    return std::max<size_t>(4 * (kilobytes << 10), 128 << 20);
  }
  std::vector<Line> lines_;
};

inline uint64_t Touch(uint64_t key) { return key; }
inline uint64_t Touch(std::string_view key) {
  uint64_t sum = 0;
  for (char byte : key) sum += static_cast<unsigned char>(byte);
  return sum;
}

/// Adds the median over many cold lookups of nanoseconds a key; the keys themselves are warm.
template <typename Keys, typename Contender>
void ColdLookups(Contender& contender, const KeySet<Keys>& set, ColdCaches& caches,
                 const std::string& name, Measurements& out) {
  constexpr size_t kSamples = 256;
  typename Keys::Key keys[kBatch];
  Found found[kBatch];
  for (const size_t together : {kBatch, size_t{1}}) {
    std::vector<double> nanos;
    for (size_t sample = 0; sample < kSamples; ++sample) {
      caches.Walk();
      for (size_t i = 0; i < together; ++i) {
        keys[i] = set.present[(sample * kBatch + i) % set.present.size()];
        payload_sink += Touch(keys[i]);
      }
      const double started = Seconds();
      if (together == 1) {
        found[0] = contender.Find(keys[0]);
      } else {
        contender.FindBatch(keys, together, found);
      }
      nanos.push_back((Seconds() - started) * 1e9 / static_cast<double>(together));
      for (size_t i = 0; i < together; ++i) Demand(found[i].found, "a loaded key was not found");
    }
    out.Add(name + (together == 1 ? "/cold_single" : "/cold_batch"), Percentile(nanos, 0.5));
  }
}

}  // namespace omen::bench
