// Measurements of one run of the program: name, unit and every value, printed as JSON.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

namespace omen::bench {

inline double Seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

/// Of all threads of the process.
inline double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// A benchmark that did not do what it says measures nothing.
inline void Demand(bool held, const std::string& what) {
  if (held) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

template <typename T>
double Percentile(std::vector<T>& values, double part) {
  const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(values.size()) * part);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<size_t>(at)];
}

/// Collects values and remarks by name. One thread.
class Measurements {
 public:
  void Add(const std::string& name, double value) { values_[name].push_back(value); }
  /// A text without quotes; many are counted where they are the same.
  void Remark(const std::string& name, const std::string& text) { ++remarks_[name][text]; }
  /// Times `work` and adds nanoseconds per operation.
  template <typename Work>
  double Time(const std::string& name, size_t operations, Work work) {
    const double started = Seconds();
    work();
    const double ns = (Seconds() - started) * 1e9 / static_cast<double>(operations);
    Add(name, ns);
    return ns;
  }
  /// The same, and what it cost on all cores: a background merge is paid there.
  template <typename Work>
  void TimeAllCores(const std::string& name, size_t operations, Work work) {
    const double started = CpuSeconds();
    Time(name, operations, work);
    Add(name + "_cpu", (CpuSeconds() - started) * 1e9 / static_cast<double>(operations));
  }
  void Print() const {
    const char* separator = "{\n";
    for (const auto& [name, values] : values_) {
      std::printf("%s \"%s\": [", separator, name.c_str());
      for (size_t i = 0; i < values.size(); ++i)
        std::printf("%s%.6g", i == 0 ? "" : ", ", values[i]);
      std::printf("]");
      separator = ",\n";
    }
    for (const auto& [name, texts] : remarks_) {
      std::printf("%s \"%s\": {", separator, name.c_str());
      const char* comma = "";
      for (const auto& [text, count] : texts) {
        std::printf("%s\"%s\": %zu", comma, text.c_str(), count);
        comma = ", ";
      }
      std::printf("}");
      separator = ",\n";
    }
    std::printf("\n}\n");
  }

 private:
  std::map<std::string, std::vector<double>> values_;
  std::map<std::string, std::map<std::string, size_t>> remarks_;
};

}  // namespace omen::bench
