#include "sql/duckdb/text/keys.h"

#include "sql/duckdb/text/text.h"

namespace omen::sql::duckdb {

std::string KeyOf(const Type& type, const std::string& sql) {
  if (HasBlanks(type)) return Call("rtrim", {sql, "' '"});
  // Months of 30 days and days of 24 hours, also where their signs differ.
  return type.oid == oid::kInterval ? Call("epoch_us", {sql}) : sql;
}

}  // namespace omen::sql::duckdb
