// omendb_router_bench: what a choice takes, in microseconds, the 99th of 100: of templates that the
// router knows, and of ones it must model.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "router/learned_router.h"

namespace omen::bench {
namespace {

using router::Features;
using router::LearnedRouter;
using router::Path;

constexpr uint64_t kTemplates = 2000;
constexpr int kRuns = 8, kChoices = 200'000;

Features FeaturesOf(uint64_t template_id, std::span<const uint64_t> parts) {
  Features features;
  features.template_id = template_id;
  features.parts = parts;
  features.rows_touched = static_cast<double>(1 + template_id * 37 % 100'000);
  features.row_cost_us = features.rows_touched;
  features.column_cost_us = 2000;
  features.mixed_cost_us = 4000;
  features.shape = {.relations = static_cast<int>(template_id % 5), .joins = 2, .aggregates = 1};
  return features;
}

double NinetyNinth(LearnedRouter* router, uint64_t first_template) {
  std::vector<double> us;
  us.reserve(kChoices);
  for (uint64_t choice = 0; choice < kChoices; ++choice) {
    const uint64_t id = first_template + choice * 7919 % kTemplates;
    const uint64_t parts[] = {id % 300, 300 + id % 500, 800 + id % 900};
    const Features features = FeaturesOf(id, parts);
    const auto began = std::chrono::steady_clock::now();
    const router::Choice made = router->Choose(features);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
    if (made.possible) us.push_back(took.count());
  }
  const auto at = us.begin() + static_cast<ptrdiff_t>(us.size() * 99 / 100);
  std::nth_element(us.begin(), at, us.end());
  return *at;
}

void Teach(LearnedRouter* router) {
  for (uint64_t run = 0; run < kTemplates * kRuns; ++run) {
    const uint64_t id = 1 + run % kTemplates;
    const uint64_t parts[] = {id % 300, 300 + id % 500, 800 + id % 900};
    const Features features = FeaturesOf(id, parts);
    const Path path = run / kTemplates % 2 == 0 ? Path::kRow : Path::kColumn;
    router->Learn(features, {.path = path, .us = 100.0 + static_cast<double>(id)});
    if (run % 1000 == 0) router->Train();
  }
}

int Main() {
  LearnedRouter router;
  Teach(&router);
  std::printf("%.3f %.3f\n", NinetyNinth(&router, 1), NinetyNinth(&router, 1 + kTemplates));
  return 0;
}

}  // namespace
}  // namespace omen::bench

int main() { return omen::bench::Main(); }
