// Prints bound trees as PostgreSQL's ruleutils does.
#pragma once

#include <string>

#include "sql/deparse/deparsing.h"
#include "sql/tree/query.h"

namespace omen::sql {

/// One text of a view or an expression. One thread, used once. What it cannot print makes it fail
/// as a whole; the text is worth nothing then.
class Deparser {
 public:
  Deparser(const BindContext& reader, TextLayout layout) : text_(reader, layout) {}

  /// False when it failed.
  bool ViewQuery(const Query& query, const catalog::View& view);
  bool TableExpression(const Expr& expr, const catalog::Table* table);
  std::string TakeText() { return text_.TakeText(); }

 private:
  Deparsing text_;
};

}  // namespace omen::sql
