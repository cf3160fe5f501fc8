// What kind of work a template is, by what it asks for and what its runs have touched.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "exec/template/parameter_shapes.h"
#include "exec/template/template_runs.h"
#include "sql/traits/traits.h"

namespace omen::exec {

enum class WorkloadClass : uint8_t { kTransactional, kAnalytical, kMixed };
std::string_view WorkloadClassName(WorkloadClass of);

/// Of the mean run. *Much* is touched by one that reads or returns more than 10,000 rows, or more
/// than 1,000 where it also groups, aggregates, sets side by side or joins three relations; *few*
/// are 1,000 rows at most, in 50 ms at most. Much without a write is analytical, few is
/// transactional; what is between, or writes much, is mixed. Null of what uses no tables, asks the
/// server about itself, or never ran.
std::optional<WorkloadClass> WorkloadClassOf(const sql::StatementTraits& traits,
                                             const TemplateRuns::Totals& runs);

/// The shape of what was given that says most of what comes next: a window before keys in order,
/// those before keys anywhere, constants last. Null where too little was seen.
std::optional<learn::PatternShape> TellingMost(const std::vector<ParameterShapes::Shown>& shown);

enum class AccessPattern : uint8_t {
  kSequential,    // whole tables, or keys one after the other
  kMovingWindow,  // what lies at a steady distance from the newest, or from now
  kRandom,        // keys anywhere
  kSkewed,        // keys anywhere, some far more often
  kFewValues,     // a few keys
  kConstant,      // the same again
};
std::string_view AccessPatternName(AccessPattern of);

/// Sequential of what reads tables and looks nothing up; else by the parameter, or literal, that
/// tells most. Null where too little was seen.
std::optional<AccessPattern> AccessPatternOf(const sql::StatementTraits& traits,
                                             const std::vector<ParameterShapes::Shown>& shown);

}  // namespace omen::exec
