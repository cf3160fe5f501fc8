#include "router/routers.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "router/learned_router.h"
#include "router/random_router.h"

namespace omen::router {
namespace {

using RouterPtr = std::unique_ptr<Router>;

RouterPtr MakeLearned(std::string_view) { return std::make_unique<LearnedRouter>(); }

RouterPtr MakeRules(std::string_view) { return std::make_unique<RuleRouter>(); }

RouterPtr MakeRandom(std::string_view seed) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), number);
  const bool whole = error == std::errc() && end == seed.data() + seed.size();
  return whole ? std::make_unique<RandomRouter>(number) : nullptr;
}

/// `make` gives null where the argument says nothing to it.
struct RouterRow {
  std::string_view name;
  std::string_view argument;  // what it is, in capitals; empty: it takes none
  RouterPtr (*make)(std::string_view argument);
};

constexpr RouterRow kRouters[] = {
    {"learned", "", MakeLearned},
    {"rules", "", MakeRules},
    {"random", "SEED", MakeRandom},
};

}  // namespace

Result<RouterPtr> MakeRouter(std::string_view wanted) {
  const size_t colon = wanted.find(':');
  const bool has_argument = colon != std::string_view::npos;
  const std::string_view argument = has_argument ? wanted.substr(colon + 1) : std::string_view();
  for (const RouterRow& row : kRouters) {
    if (row.name != wanted.substr(0, colon) || row.argument.empty() == has_argument) continue;
    if (RouterPtr router = row.make(argument)) return router;
  }
  return Status(sqlstate::kInvalidParameter, fmt::format("router must be {}", RouterForms()));
}

std::string RouterForms() {
  std::string forms;
  for (const RouterRow& row : kRouters) {
    forms += fmt::format("{}{}{}{}", forms.empty() ? "" : " or ", row.name,
                         row.argument.empty() ? "" : ":", row.argument);
  }
  return forms;
}

}  // namespace omen::router
