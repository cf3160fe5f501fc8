// Text to statements, by PostgreSQL's own grammar.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace omen::sql {

/// One parsed, unbound statement of a script. Owns its tree.
class ParsedStatement {
 public:
  ParsedStatement();
  ~ParsedStatement();
  ParsedStatement(ParsedStatement&&) noexcept;
  ParsedStatement& operator=(ParsedStatement&&) noexcept;
  /// Its own text within the script, without the semicolon.
  std::string_view text() const;
  /// Byte offset of text() in the script.
  int offset() const;
  /// True for COMMIT, ROLLBACK, ROLLBACK TO: the only ones a failed transaction takes.
  bool is_transaction_exit() const;
  bool is_empty() const;
  /// What CommandComplete will say, known before binding.
  const std::string& tag() const;

  struct Impl;
  const Impl* impl() const { return impl_.get(); }
  explicit ParsedStatement(std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

/// Parses a script with PostgreSQL's grammar. Errors: 42601 with position, 22021 for bad
/// UTF-8, 54001 for nesting or operator chains beyond limits. Any thread.
Result<std::vector<ParsedStatement>> Parse(std::string_view script);
/// About what Parse takes for it, while it runs and while its statements live. Charge it before.
int64_t EstimateParseBytes(std::string_view script);

}  // namespace omen::sql
