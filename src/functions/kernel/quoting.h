// Spelling names and literals so that the parser reads them back.
#pragma once

#include <string>
#include <string_view>

namespace omen::functions {

/// quote_identifier(): quotes only where needed.
std::string QuoteIdentifier(std::string_view name);
/// schema.name, each quoted where needed.
std::string QuoteQualified(std::string_view schema, std::string_view name);
/// quote_literal(): E'' form where there are backslashes.
std::string QuoteLiteral(std::string_view text);

}  // namespace omen::functions
