// What EXPLAIN has to say of a statement, and its two forms, which are PostgreSQL's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace omen::exec {

struct ExplainOptions {
  bool analyze = false, verbose = false, costs = true, timing = true;
};

/// One step of a plan with those that feed it. A value.
struct ExplainNode {
  struct Expected {
    std::optional<double> startup, total;  // microseconds; where the path tells
    double rows = 0;
  };
  struct Seen {
    double rows = 0;     // of all loops
    uint64_t loops = 1;  // 0: never executed
    int64_t first_nanos = 0, nanos = 0;
  };

  std::string type;      // "Index Scan"
  std::string relation;  // that it reads or changes; may be empty
  std::string alias;     // where it is another name
  std::string index;     // may be empty
  std::optional<Expected> expected;
  std::optional<Seen> seen;
  std::vector<std::pair<std::string, std::string>> details;  // "Filter" and its text
  std::vector<ExplainNode> inputs;
};

struct ExplainReport {
  std::vector<ExplainNode> plans;
  /// Of the whole run: path, freshness, time.
  std::vector<std::pair<std::string, std::string>> properties;
};

/// Lines; a tree, two spaces and an arrow deeper per level.
std::vector<std::string> ExplainText(const ExplainReport& report, const ExplainOptions& options);
/// One document.
std::string ExplainJson(const ExplainReport& report, const ExplainOptions& options);

}  // namespace omen::exec
