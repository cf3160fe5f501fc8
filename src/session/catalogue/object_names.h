// regclass and its like on their way to the client: numbers in values, names in text.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "session/catalogue/function_hooks.h"
#include "session/portal/format.h"
#include "sql/tree/query.h"

namespace omen::session {

/// Shows such columns of a result as the text that they have. One thread; one result. Costs
/// nothing where there are none.
class ObjectNames {
 public:
  /// Columns sent in binary keep their numbers.
  ObjectNames(std::span<const sql::OutputColumn> columns, std::span<const Format> formats,
              FunctionHooks* hooks);
  /// Whether there are such columns.
  bool any() const { return !named_.empty(); }
  /// What DataRow is told of the columns and the row: those given, or copies with names in them.
  std::span<const sql::OutputColumn> columns() const;
  const Row& Shown(const Row& row);

 private:
  Value NameOf(Oid type, const Value& value) const;

  std::span<const sql::OutputColumn> columns_;
  FunctionHooks* hooks_;
  std::vector<size_t> named_;
  std::vector<sql::OutputColumn> shown_columns_;
  Row shown_;
};

}  // namespace omen::session
