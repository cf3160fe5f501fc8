// What names mean inside one SELECT or set operation while it is printed.
#pragma once

#include <string>
#include <vector>

#include "sql/duckdb/text/text.h"
#include "sql/tree/query.h"

namespace omen::sql::duckdb {

/// A column as the text names it, and how it is carried. No text: nothing may read it.
struct ColumnName {
  std::string sql;  // t1.c2
  NumericForm form;
};

/// A common table as the text names it, and how its columns are carried.
struct CteName {
  const CommonTable* table;
  std::string alias;
  std::vector<NumericForm> forms;
};

/// What names mean at one level of nesting. One thread; it lives while its query is printed, and
/// levels inside point to it.
struct Level {
  const Query* query = nullptr;
  Level* outer = nullptr;
  std::vector<std::vector<ColumnName>> relations;
  std::vector<ColumnName> result;  // of a set operation, for rel -1
  std::vector<CteName> ctes;
  std::vector<Text> group_keys;          // by index in group_by: the value
  std::vector<std::string> group_texts;  // and what is grouped by
  bool grouped = false;                  // plain columns must be grouped or wrapped
  bool in_aggregate = false;             // inside an aggregate's arguments
  bool blocking = false;                 // every expression is consumed before the first row
  const Query* semi = nullptr;           // of the EXISTS that is printed as a whole conjunct
  const Expr* conjunct = nullptr;        // where null counts as false
};

}  // namespace omen::sql::duckdb
