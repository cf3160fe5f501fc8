// Measurements of one run of the program: name, unit and every value, printed as JSON.
#pragma once

#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace omen::bench {

inline double Seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

/// Collects values by name. One thread.
class Measurements {
 public:
  void Add(const std::string& name, double value) { values_[name].push_back(value); }
  /// Times `work` and adds nanoseconds per operation.
  template <typename Work>
  double Time(const std::string& name, size_t operations, Work work) {
    const double started = Seconds();
    work();
    const double ns = (Seconds() - started) * 1e9 / static_cast<double>(operations);
    Add(name, ns);
    return ns;
  }
  void Print() const {
    std::printf("{");
    const char* separator = "\n";
    for (const auto& [name, values] : values_) {
      std::printf("%s \"%s\": [", separator, name.c_str());
      for (size_t i = 0; i < values.size(); ++i)
        std::printf("%s%.6g", i == 0 ? "" : ", ", values[i]);
      std::printf("]");
      separator = ",\n";
    }
    std::printf("\n}\n");
  }

 private:
  std::map<std::string, std::vector<double>> values_;
};

}  // namespace omen::bench
