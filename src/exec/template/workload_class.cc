#include "exec/template/workload_class.h"

#include <algorithm>

namespace omen::exec {
namespace {

constexpr double kMuchRows = 10'000, kFewRows = 1'000, kBriefUs = 50'000;

bool UsesTables(const sql::StatementTraits& traits) {
  return !traits.reads_system && !(traits.tables_read.empty() && traits.tables_written.empty());
}

bool Collects(const sql::StatementShape& shape) {
  constexpr int kManyRelations = 3;
  return shape.group_keys > 0 || shape.aggregates > 0 || shape.windows > 0 || shape.distinct ||
         shape.set_operations > 0 || shape.relations >= kManyRelations;
}

bool LooksUp(const sql::StatementTraits& traits) {
  return std::ranges::any_of(traits.predicates, [](const sql::Predicate& predicate) {
    using enum sql::PredicateKind;
    return predicate.kind == kEqual || predicate.kind == kIn || predicate.kind == kRange ||
           predicate.kind == kLike;
  });
}

}  // namespace

std::string_view WorkloadClassName(WorkloadClass of) {
  constexpr std::string_view kNames[] = {"transactional", "analytical", "mixed"};
  return kNames[static_cast<size_t>(of)];
}

std::optional<WorkloadClass> WorkloadClassOf(const sql::StatementTraits& traits,
                                             const TemplateRuns::Totals& runs) {
  const TemplateRuns::OnPath all = runs.all();
  if (!UsesTables(traits) || all.calls == 0) return std::nullopt;
  const auto calls = static_cast<double>(all.calls);
  const double rows = static_cast<double>(all.rows_read + all.rows) / calls;
  const double mean_us = static_cast<double>(all.total_us - all.waited_us) / calls;
  const bool writes = !traits.tables_written.empty() || traits.shape.locks;
  const bool much = rows > kMuchRows || (rows > kFewRows && Collects(traits.shape));
  if (much) return writes ? WorkloadClass::kMixed : WorkloadClass::kAnalytical;
  if (rows <= kFewRows && mean_us <= kBriefUs) return WorkloadClass::kTransactional;
  return WorkloadClass::kMixed;
}

std::string_view AccessPatternName(AccessPattern of) {
  constexpr std::string_view kNames[] = {"sequential", "moving window", "random",
                                         "skewed",     "few values",    "constant"};
  return kNames[static_cast<size_t>(of)];
}

std::optional<learn::PatternShape> TellingMost(const std::vector<ParameterShapes::Shown>& shown) {
  using enum learn::PatternShape;
  for (const learn::PatternShape shape :
       {kWindow, kIncreasing, kSpread, kSkewed, kFew, kConstant}) {
    const auto is = [&](const ParameterShapes::Shown& one) { return one.shape == shape; };
    if (std::ranges::any_of(shown, is)) return shape;
  }
  return std::nullopt;
}

std::optional<AccessPattern> AccessPatternOf(const sql::StatementTraits& traits,
                                             const std::vector<ParameterShapes::Shown>& shown) {
  if (!UsesTables(traits)) return std::nullopt;
  if (!traits.tables_read.empty() && !LooksUp(traits)) return AccessPattern::kSequential;
  const auto shape = TellingMost(shown);
  if (!shape) return std::nullopt;
  switch (*shape) {
    case learn::PatternShape::kWindow:
      return AccessPattern::kMovingWindow;
    case learn::PatternShape::kIncreasing:
      return AccessPattern::kSequential;
    case learn::PatternShape::kSkewed:
      return AccessPattern::kSkewed;
    case learn::PatternShape::kFew:
      return AccessPattern::kFewValues;
    case learn::PatternShape::kConstant:
      return AccessPattern::kConstant;
    default:
      return AccessPattern::kRandom;
  }
}

}  // namespace omen::exec
