// Plans of simple statements with their literals taken out, which others of the shape share.
#pragma once

#include <string>
#include <string_view>

#include "session/compile/compiler.h"
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

 private:
  Compiler* const compiler_;
  const Settings* const settings_;
  const TransactionBlock* const block_;
  NormalizedStatement normalized_;  // reused, as is the key
  std::string key_;
};

}  // namespace omen::session
