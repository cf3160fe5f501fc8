// Templates as bytes, for the memo: what they are, which does not change, and what their runs have
// shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "exec/template/templates.h"

namespace omen::exec {

/// Raised when the records' form changes: those of before are forgotten.
inline constexpr uint32_t kTemplateRecordVersion = 3;

std::string EncodeTemplate(const StatementTemplate& known);
/// As restored, without runs; null for bytes that are none of ours.
TemplatePtr DecodeTemplate(std::string_view bytes);

std::string EncodeTotals(const TemplateRuns::Totals& totals);
std::optional<TemplateRuns::Totals> DecodeTotals(std::string_view bytes);

/// Totals, what was recent, parameters, and of `counted` all but the arrivals.
std::string EncodeRuns(const StatementTemplate& known, const Templates::Counted& counted);
/// False for bytes that are none of ours; then some of it may have been taken over.
bool RestoreRuns(std::string_view bytes, StatementTemplate* known, Templates::Counted* counted);

}  // namespace omen::exec
