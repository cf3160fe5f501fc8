// Cuts a script at the semicolons between its statements, without parsing it.
#pragma once

#include <string_view>

#include "sql/lexer/lexer.h"

namespace omen::sql {

/// One pass over a script, which outlives it. What the grammar takes for one statement although a
/// semicolon stands in it (a body of BEGIN ATOMIC, a rule of several actions) is cut, too. One
/// thread.
class StatementCutter {
 public:
  explicit StatementCutter(std::string_view script) : script_(script), lexer_(script) {}

  /// The next statement without its semicolon and the white space around it, as
  /// ParsedStatement::text() has it; empty at the end. Empty statements are passed by.
  std::string_view Next();

 private:
  std::string_view script_;
  Lexer lexer_;
  size_t begin_ = 0;  // of what was not cut yet
};

}  // namespace omen::sql
