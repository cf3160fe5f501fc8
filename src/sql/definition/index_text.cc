#include "sql/definition/index_text.h"

#include <fmt/format.h>

#include "functions/kernel/quoting.h"

namespace omen::sql {
namespace {

using functions::QuoteIdentifier;

std::string OrderText(const catalog::IndexColumn& part) {
  std::string text = part.descending ? " DESC" : "";
  if (part.nulls_first != part.descending) {
    text += part.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  }
  return text;
}

std::string ColumnList(const catalog::Table& table, const catalog::Index& index, bool with_order) {
  std::string list;
  for (const catalog::IndexColumn& part : index.columns) {
    if (!list.empty()) list += ", ";
    list += QuoteIdentifier(table.column(part.attnum).name);
    if (with_order) list += OrderText(part);
  }
  return list;
}

}  // namespace

std::string IndexText(const catalog::Snapshot& catalog, const catalog::Table& table,
                      const catalog::Index& index) {
  const catalog::Schema* schema = catalog.FindSchema(table.schema);
  return fmt::format("CREATE {}INDEX {} ON {} USING btree ({}){}", index.unique ? "UNIQUE " : "",
                     QuoteIdentifier(index.name),
                     functions::QuoteQualified(schema == nullptr ? "" : schema->name, table.name),
                     ColumnList(table, index, true),
                     index.nulls_not_distinct ? " NULLS NOT DISTINCT" : "");
}

std::string KeyText(const catalog::Table& table, const catalog::Index& index) {
  const char* kind = index.primary              ? "PRIMARY KEY"
                     : index.nulls_not_distinct ? "UNIQUE NULLS NOT DISTINCT"
                                                : "UNIQUE";
  return fmt::format("{} ({})", kind, ColumnList(table, index, false));
}

}  // namespace omen::sql
