#include "session/catalog_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "catalog/comments.h"
#include "session/relation_names.h"
#include "session/setting_definition.h"

namespace omen::session {
namespace {

std::vector<const catalog::Table*> Tables(const catalog::Snapshot& snapshot) {
  std::vector<const catalog::Table*> tables;
  for (const catalog::Object* object : snapshot.All(catalog::ObjectClass::kTable)) {
    tables.push_back(&std::get<catalog::Table>(*object));
  }
  return tables;
}

std::string ColumnText(const catalog::Table& table, const catalog::IndexColumn& part) {
  std::string text = QuoteIdentifier(table.column(part.attnum).name);
  if (part.descending) text += " DESC";
  if (part.nulls_first != part.descending) {
    text += part.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  }
  return text;
}

std::string ColumnList(const FoundIndex& found, bool with_order) {
  std::string list;
  for (const catalog::IndexColumn& part : found.index->columns) {
    if (!list.empty()) list += ", ";
    list += with_order ? ColumnText(*found.table, part)
                       : QuoteIdentifier(found.table->column(part.attnum).name);
  }
  return list;
}

Value IndexDefinition(const catalog::Snapshot& snapshot, std::span<const Value> args) {
  const FoundIndex found = FindIndex(snapshot, static_cast<Oid>(args[0].AsInt()));
  if (found.index == nullptr) return Value::Null();
  const auto column = args.size() > 1 ? static_cast<size_t>(args[1].AsInt()) : 0;
  if (column > found.index->columns.size()) return Value::Text("");
  if (column > 0) {
    const catalog::IndexColumn& part = found.index->columns[column - 1];
    return Value::Text(QuoteIdentifier(found.table->column(part.attnum).name));
  }
  const catalog::Schema* schema = snapshot.FindSchema(found.table->schema);
  return Value::Text(fmt::format(
      "CREATE {}INDEX {} ON {}.{} USING btree ({}){}", found.index->unique ? "UNIQUE " : "",
      QuoteIdentifier(found.index->name), QuoteIdentifier(schema == nullptr ? "" : schema->name),
      QuoteIdentifier(found.table->name), ColumnList(found, true),
      found.index->nulls_not_distinct ? " NULLS NOT DISTINCT" : ""));
}

Value ConstraintDefinition(const catalog::Snapshot& snapshot, Oid oid) {
  const FoundIndex found = FindIndex(snapshot, oid);
  if (found.index != nullptr) {
    const char* kind = found.index->primary              ? "PRIMARY KEY"
                       : found.index->nulls_not_distinct ? "UNIQUE NULLS NOT DISTINCT"
                                                         : "UNIQUE";
    return Value::Text(fmt::format("{} ({})", kind, ColumnList(found, false)));
  }
  for (const catalog::Table* table : Tables(snapshot)) {
    for (const catalog::CheckConstraint& check : table->checks) {
      if (check.oid == oid) {
        return Value::Text(fmt::format("CHECK (({}))", check.expression_sql));
      }
    }
  }
  return Value::Null();
}

Value RoleName(const catalog::Snapshot& snapshot, Oid oid) {
  for (const catalog::Object* object : snapshot.All(catalog::ObjectClass::kRole)) {
    const auto& role = std::get<catalog::Role>(*object);
    if (role.oid == oid) return Value::Text(role.name);
  }
  return Value::Text(fmt::format("unknown (OID={})", oid));
}

int64_t TableBytes(const catalog::Table& table, rowstore::RowStore* rows, bool with_indexes) {
  auto bytes = static_cast<int64_t>(rows->EstimateBytes(table.storage_id));
  for (const catalog::Index& index : table.indexes) {
    if (with_indexes && !index.primary) {
      bytes += static_cast<int64_t>(rows->EstimateBytes(index.storage_id));
    }
  }
  return bytes;
}

Value RelationBytes(const catalog::Snapshot& snapshot, rowstore::RowStore* rows, Oid oid,
                    bool with_indexes) {
  if (const catalog::Table* table = snapshot.FindTable(oid)) {
    return Value::Int(TableBytes(*table, rows, with_indexes));
  }
  const FoundIndex found = FindIndex(snapshot, oid);
  if (found.index == nullptr) return Value::Int(0);
  return Value::Int(found.index->primary
                        ? 0
                        : static_cast<int64_t>(rows->EstimateBytes(found.index->storage_id)));
}

Value DatabaseBytes(const catalog::Snapshot& snapshot, rowstore::RowStore* rows) {
  int64_t bytes = 0;
  for (const catalog::Table* table : Tables(snapshot)) bytes += TableBytes(*table, rows, true);
  return Value::Int(bytes);
}

bool AnswersNull(std::string_view function) {
  static constexpr std::string_view kNulls[] = {"pg_get_partkeydef", "pg_get_ruledef",
                                                "pg_get_triggerdef",
                                                "pg_get_statisticsobjdef_columns"};
  return std::ranges::find(kNulls, function) != std::end(kNulls);
}

// The relation of pg_catalog that obj_description() and its like name.
Oid ListedIn(std::string_view name) {
  if (name == "pg_class") return catalog::kPgClass;
  if (name == "pg_namespace") return catalog::kPgNamespace;
  if (name == "pg_constraint") return catalog::kPgConstraint;
  return name == "pg_authid" ? catalog::kPgAuthid : oid::kInvalid;
}

Value DescriptionText(const catalog::Snapshot& snapshot, std::string_view function,
                      std::span<const Value> args) {
  const auto object = static_cast<Oid>(args[0].AsInt());
  Oid listed_in = catalog::kPgClass;
  int part = 0;
  if (function == "col_description") {
    part = static_cast<int>(args[1].AsInt());
  } else {
    listed_in = args.size() > 1 ? ListedIn(args[1].AsBytes()) : oid::kInvalid;
    if (args.size() > 1 && listed_in == oid::kInvalid) return Value::Null();
    const bool shared = function == "shobj_description";
    if (args.size() > 1 && shared != (listed_in == catalog::kPgAuthid)) return Value::Null();
  }
  const std::string_view text = catalog::FindDescription(snapshot, object, listed_in, part);
  return text.empty() ? Value::Null() : Value::Text(text);
}

}  // namespace

Result<Value> CatalogText(const catalog::Snapshot& snapshot, rowstore::RowStore* rows,
                          std::string_view function, std::span<const Value> args) {
  if (AnswersNull(function)) return Value::Null();
  if (function == "pg_relation_is_publishable") return Value::Bool(false);
  if (function == "pg_get_expr") return args.empty() ? Value::Null() : args[0];
  if (args.empty()) return NotSupported(function);
  if (function.ends_with("_description")) return DescriptionText(snapshot, function, args);
  if (function == "pg_database_size") return DatabaseBytes(snapshot, rows);
  if (function == "pg_get_indexdef") return IndexDefinition(snapshot, args);
  if (function == "pg_get_serial_sequence") return NotSupported(function);
  const auto oid = static_cast<Oid>(args[0].AsInt());
  if (function == "pg_get_constraintdef") return ConstraintDefinition(snapshot, oid);
  if (function == "pg_get_userbyid") return RoleName(snapshot, oid);
  if (function == "pg_get_viewdef") {
    const catalog::View* view = snapshot.FindView(oid);
    return view == nullptr ? Value::Null() : Value::Text(view->query_sql);
  }
  if (function == "pg_relation_size") return RelationBytes(snapshot, rows, oid, false);
  if (function == "pg_table_size") return RelationBytes(snapshot, rows, oid, false);
  if (function == "pg_total_relation_size") return RelationBytes(snapshot, rows, oid, true);
  if (function == "pg_indexes_size") {
    const int64_t all = RelationBytes(snapshot, rows, oid, true).AsInt();
    return Value::Int(all - RelationBytes(snapshot, rows, oid, false).AsInt());
  }
  return NotSupported(function);
}

}  // namespace omen::session
