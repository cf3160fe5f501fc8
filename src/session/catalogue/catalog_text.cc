#include "session/catalogue/catalog_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "catalog/comments.h"
#include "functions/kernel/quoting.h"
#include "session/catalogue/relation_names.h"
#include "sql/definition/deparse.h"
#include "sql/definition/index_text.h"

namespace omen::session {
namespace {

std::vector<const catalog::Table*> Tables(const catalog::Snapshot& snapshot) {
  std::vector<const catalog::Table*> tables;
  for (const catalog::Object* object : snapshot.All(catalog::ObjectClass::kTable)) {
    tables.push_back(&std::get<catalog::Table>(*object));
  }
  return tables;
}

Value IndexDefinition(const catalog::Snapshot& snapshot, std::span<const Value> args) {
  const FoundIndex found = FindIndex(snapshot, static_cast<Oid>(args[0].AsInt()));
  if (found.index == nullptr) return Value::Null();
  const auto column = args.size() > 1 ? static_cast<size_t>(args[1].AsInt()) : 0;
  if (column > found.index->columns.size()) return Value::Text("");
  if (column > 0) {
    const catalog::IndexColumn& part = found.index->columns[column - 1];
    return Value::Text(functions::QuoteIdentifier(found.table->column(part.attnum).name));
  }
  return Value::Text(sql::IndexText(snapshot, *found.table, *found.index));
}

Value ConstraintDefinition(const sql::BindContext& reader, Oid oid, sql::TextLayout layout) {
  const catalog::Snapshot& snapshot = *reader.catalog;
  const FoundIndex found = FindIndex(snapshot, oid);
  if (found.index != nullptr) return Value::Text(sql::KeyText(*found.table, *found.index));
  for (const catalog::Table* table : Tables(snapshot)) {
    for (const catalog::CheckConstraint& check : table->checks) {
      if (check.oid == oid) {
        return Value::Text(
            fmt::format("CHECK ({})", sql::CheckText(check, *table, reader, layout)));
      }
    }
  }
  return Value::Null();
}

// pg_get_viewdef(view, pretty) and its like.
sql::TextLayout LayoutOf(std::span<const Value> args, size_t pretty) {
  sql::TextLayout layout;
  layout.pretty = args.size() > pretty && args[pretty].AsBool();
  return layout;
}

// pg_get_viewdef(view, wrap_column).
sql::TextLayout Wrapped(std::span<const Value> args) {
  return {true, static_cast<int>(args[1].AsInt())};
}

// The check or default of the table that has this text.
std::string PrettyFromSource(std::string_view text, const catalog::Table& table,
                             const sql::BindContext& reader) {
  const sql::TextLayout pretty{.pretty = true};
  for (const catalog::CheckConstraint& check : table.checks) {
    if (sql::CheckText(check, table, reader) != text) continue;
    return sql::CheckText(check, table, reader, pretty);
  }
  for (const catalog::Column& column : table.columns) {
    if (column.dropped || column.default_sql.empty()) continue;
    if (sql::DefaultText(column, reader) != text) continue;
    return sql::DefaultText(column, reader, pretty);
  }
  return std::string(text);
}

// What pg_attrdef and pg_constraint hold is text already; only another layout is made of it.
Value StoredExpression(const sql::BindContext& reader, std::span<const Value> args) {
  if (args.empty()) return Value::Null();
  const sql::TextLayout layout = LayoutOf(args, 2);
  if (!layout.pretty) return args[0];
  const catalog::Table* table = reader.catalog->FindTable(static_cast<Oid>(args[1].AsInt()));
  // Read again, a cast of ARRAY[...] is one of its elements, and what is not written above an
  // operator, a cast to the column's type, is no more: these have to be made from their source.
  const std::string_view text = args[0].AsBytes();
  const bool read_otherwise = text.starts_with('(') || text.find("])::") != std::string_view::npos;
  if (table != nullptr && read_otherwise) {
    return Value::Text(PrettyFromSource(text, *table, reader));
  }
  return Value::Text(sql::StoredExpressionText(text, table, Type{}, reader, layout));
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

sql::BindContext ReaderOf(const RelationNames& names, const Settings& settings, std::string user,
                          std::string database) {
  sql::BindContext reader;
  reader.catalog = names.snapshot.get();
  reader.search_path = names.path;
  reader.current_user = std::move(user);
  reader.current_database = std::move(database);
  reader.style = settings.effective().style;
  return reader;
}

Result<Value> CatalogText(const sql::BindContext& reader, rowstore::RowStore* rows,
                          std::string_view function, std::span<const Value> args) {
  const catalog::Snapshot& snapshot = *reader.catalog;
  if (AnswersNull(function)) return Value::Null();
  if (function == "pg_relation_is_publishable") return Value::Bool(false);
  if (function == "pg_get_expr") return StoredExpression(reader, args);
  if (args.empty()) return NotSupported(function);
  if (function.ends_with("_description")) return DescriptionText(snapshot, function, args);
  if (function == "pg_database_size") return DatabaseBytes(snapshot, rows);
  if (function == "pg_get_indexdef") return IndexDefinition(snapshot, args);
  if (function == "pg_get_serial_sequence") return NotSupported(function);
  const auto oid = static_cast<Oid>(args[0].AsInt());
  if (function == "pg_get_constraintdef") {
    return ConstraintDefinition(reader, oid, LayoutOf(args, 1));
  }
  if (function == "pg_get_userbyid") return RoleName(snapshot, oid);
  if (function == "pg_get_viewdef" || function == "pg_get_viewdef_wrap") {
    const catalog::View* view = snapshot.FindView(oid);
    if (view == nullptr) return Value::Null();
    const bool wrapped = function == "pg_get_viewdef_wrap";
    return Value::Text(sql::ViewText(*view, reader, wrapped ? Wrapped(args) : LayoutOf(args, 1)));
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
