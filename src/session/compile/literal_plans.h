// Plans of simple statements with their literals taken out, which others of the shape share.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "session/compile/compiler.h"
#include "session/compile/literal_rows.h"
#include "session/compile/normalizer.h"

namespace omen::session {

/// Remembers the last statement that it found a plan for. What it is given outlives it. One thread.
class LiteralPlans {
 public:
  LiteralPlans(Compiler* compiler, const Settings* settings, const TransactionBlock* block)
      : compiler_(compiler), settings_(settings), block_(block) {}

  /// The statement with its literals taken out, if that form compiles; else null.
  CompiledPtr Find(std::string_view script);
  /// The literals taken out by Find, as the statement's parameters. False where one is refused:
  /// the plain way gives the error its position.
  bool Values(const sql::Statement& statement, Row* params) const;

  /// The same of an INSERT of many rows of literals: the plan of one row, to be run for each.
  CompiledPtr FindRows(std::string_view script);
  /// The text of that plan.
  const std::string& row_text() const { return rows_.text(); }
  /// The literals, row by row.
  bool RowValues(const sql::Statement& statement, std::vector<Value>* values) const;
  /// They are not needed any more.
  void ForgetRows() { rows_.Clear(); }

 private:
  /// The plan of a text with parameters of these types, made where it is not known; null where it
  /// cannot be made or, with `brief_only`, reads more than a few rows; which is remembered.
  CompiledPtr FindForm(std::string_view text, const std::vector<Oid>& types, bool brief_only);
  /// Such texts read more than a few rows: their literals that stay make new texts of them again
  /// and again, none of which is worth a try.
  bool IsLongShape(std::string_view text, uint64_t version);

  Compiler* const compiler_;
  const Settings* const settings_;
  const TransactionBlock* const block_;
  NormalizedStatement normalized_;  // reused, as are the others
  LiteralRows rows_;
  std::string key_;
  std::vector<Oid> types_;
  std::unordered_set<size_t> long_shapes_;
  uint64_t long_shapes_version_ = 0;  // of the catalogue
};

}  // namespace omen::session
