#include "exec/gather/wanted_pairs.h"

#include <algorithm>
#include <set>

namespace omen::exec {
namespace {

constexpr size_t kPairsMax = 8;    // of a table
constexpr size_t kColumnsMax = 8;  // of a table in one statement
constexpr uint64_t kRunsMin = 2;

bool Narrows(sql::PredicateKind kind) {
  using Kind = sql::PredicateKind;
  return kind == Kind::kEqual || kind == Kind::kIn || kind == Kind::kRange || kind == Kind::kLike;
}

uint64_t RunsOf(const StatementTemplate& known) { return known.runs.totals().all().calls; }

using PairRuns = std::map<ColumnPair, uint64_t>;

void AddPairs(const std::set<int>& attnums, uint64_t runs, PairRuns* pairs) {
  if (attnums.size() > kColumnsMax) return;
  for (auto a = attnums.begin(); a != attnums.end(); ++a) {
    for (auto b = std::next(a); b != attnums.end(); ++b) (*pairs)[{*a, *b}] += runs;
  }
}

std::vector<ColumnPair> MostRun(const PairRuns& pairs) {
  std::vector<std::pair<uint64_t, ColumnPair>> by_runs;
  for (const auto& [pair, runs] : pairs) by_runs.emplace_back(runs, pair);
  std::ranges::sort(by_runs, std::greater<>());
  std::vector<ColumnPair> most;
  for (const auto& [runs, pair] : by_runs) {
    if (most.size() < kPairsMax && runs >= kRunsMin) most.push_back(pair);
  }
  return most;
}

}  // namespace

std::map<Oid, std::vector<ColumnPair>> WantedPairs(const Templates& templates) {
  std::map<Oid, PairRuns> pairs;
  for (const auto& known : templates.All()) {
    std::map<Oid, std::set<int>> filtered, joined;
    for (const sql::Predicate& predicate : known->traits.predicates) {
      const auto& [table, attnum] = predicate.column;
      if (Narrows(predicate.kind)) filtered[table].insert(attnum);
      if (predicate.kind == sql::PredicateKind::kJoin) joined[table].insert(attnum);
    }
    for (const auto* together : {&filtered, &joined}) {
      for (const auto& [table, attnums] : *together) {
        if (attnums.size() > 1) AddPairs(attnums, RunsOf(*known), &pairs[table]);
      }
    }
  }
  std::map<Oid, std::vector<ColumnPair>> wanted;
  for (const auto& [table, of] : pairs) {
    if (std::vector<ColumnPair> most = MostRun(of); !most.empty()) wanted[table] = std::move(most);
  }
  return wanted;
}

}  // namespace omen::exec
