// A statement's text with its literals taken out: what history shows, and what may be written
// down without telling anyone's data.
#pragma once

#include <string>
#include <string_view>

namespace omen::sql {

/// Literals become `?`, comments go, white space shrinks to one blank. Any text is accepted.
std::string TemplateText(std::string_view text);

}  // namespace omen::sql
