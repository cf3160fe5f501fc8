// What binding is done against and for.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "types/io.h"

namespace omen::sql {

/// What binding depends on besides the catalogue.
struct BindContext {
  const catalog::Snapshot* catalog = nullptr;
  std::vector<std::string> search_path;
  std::string current_user;
  std::string current_database;
  /// Types given at Parse (0: infer). Grows to the parameters found.
  std::vector<Oid> param_types;
  bool has_params = true;          // false in a script, which comes without values: $1 is 42P02
  TextStyle style;                 // for literals that need a zone or date style
  int64_t transaction_micros = 0;  // for 'now' and 'today' literals
  /// Binds for a definition's text: nothing is computed, rewritten or looked into that PostgreSQL
  /// keeps as written. 0A000 for what this tree cannot keep. Not for execution.
  bool as_written = false;
};

}  // namespace omen::sql
