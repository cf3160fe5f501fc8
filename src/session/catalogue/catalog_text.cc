#include "session/catalogue/catalog_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "catalog/comments.h"
#include "functions/kernel/quoting.h"
#include "session/catalogue/relation_names.h"
#include "sql/definition/deparse.h"
#include "sql/definition/index_text.h"

namespace omen::session {
namespace {

/// What is asked, of whom.
struct Asked {
  const sql::BindContext& reader;
  rowstore::RowStore* rows;
  std::span<const Value> args;

  const catalog::Snapshot& snapshot() const { return *reader.catalog; }
  Oid oid() const { return static_cast<Oid>(args[0].AsInt()); }
};

Value IndexDefinition(const Asked& asked) {
  const catalog::FoundIndex found = asked.snapshot().FindIndex(asked.oid());
  if (found.index == nullptr) return Value::Null();
  const auto column = asked.args.size() > 1 ? static_cast<size_t>(asked.args[1].AsInt()) : 0;
  if (column > found.index->columns.size()) return Value::Text("");
  if (column > 0) {
    const catalog::IndexColumn& part = found.index->columns[column - 1];
    return Value::Text(functions::QuoteIdentifier(found.table->column(part.attnum).name));
  }
  return Value::Text(sql::IndexText(asked.snapshot(), *found.table, *found.index));
}

sql::TextLayout LayoutOf(std::span<const Value> args, size_t pretty) {
  sql::TextLayout layout;
  layout.pretty = args.size() > pretty && args[pretty].AsBool();
  return layout;
}

Value ConstraintDefinition(const Asked& asked) {
  const catalog::Table* table = asked.snapshot().FindOwner(asked.oid());
  if (table == nullptr) return Value::Null();
  for (const catalog::Index& index : table->indexes) {
    if (index.oid == asked.oid()) return Value::Text(sql::KeyText(*table, index));
  }
  const auto check = std::ranges::find(table->checks, asked.oid(), &catalog::CheckConstraint::oid);
  OMEN_CHECK(check != table->checks.end());
  const std::string text = sql::CheckText(*check, *table, asked.reader, LayoutOf(asked.args, 1));
  return Value::Text(fmt::format("CHECK ({})", text));
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
Value StoredExpression(const Asked& asked) {
  const auto& [reader, rows, args] = asked;
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

Value ViewDefinition(const Asked& asked) {
  const catalog::View* view = asked.snapshot().FindView(asked.oid());
  if (view == nullptr) return Value::Null();
  return Value::Text(sql::ViewText(*view, asked.reader, LayoutOf(asked.args, 1)));
}

// pg_get_viewdef(view, wrap_column).
Value WrappedViewDefinition(const Asked& asked) {
  const catalog::View* view = asked.snapshot().FindView(asked.oid());
  if (view == nullptr) return Value::Null();
  const sql::TextLayout layout{true, static_cast<int>(asked.args[1].AsInt())};
  return Value::Text(sql::ViewText(*view, asked.reader, layout));
}

Value RoleName(const Asked& asked) {
  const auto* role = std::get_if<catalog::Role>(asked.snapshot().FindObject(asked.oid()));
  return Value::Text(role != nullptr ? role->name : fmt::format("unknown (OID={})", asked.oid()));
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

int64_t RelationBytes(const Asked& asked, bool with_indexes) {
  if (const catalog::Table* table = asked.snapshot().FindTable(asked.oid())) {
    return TableBytes(*table, asked.rows, with_indexes);
  }
  const catalog::FoundIndex found = asked.snapshot().FindIndex(asked.oid());
  if (found.index == nullptr || found.index->primary) return 0;
  return static_cast<int64_t>(asked.rows->EstimateBytes(found.index->storage_id));
}

Value OwnBytes(const Asked& asked) { return Value::Int(RelationBytes(asked, false)); }
Value AllBytes(const Asked& asked) { return Value::Int(RelationBytes(asked, true)); }
Value IndexBytes(const Asked& asked) {
  return Value::Int(RelationBytes(asked, true) - RelationBytes(asked, false));
}

Value DatabaseBytes(const Asked& asked) {
  int64_t bytes = 0;
  for (const catalog::Object* object : asked.snapshot().All(catalog::ObjectClass::kTable)) {
    bytes += TableBytes(std::get<catalog::Table>(*object), asked.rows, true);
  }
  return Value::Int(bytes);
}

// The relation of pg_catalog that obj_description() and its like name.
Oid ListedIn(std::string_view name) {
  if (name == "pg_class") return catalog::kPgClass;
  if (name == "pg_namespace") return catalog::kPgNamespace;
  if (name == "pg_constraint") return catalog::kPgConstraint;
  return name == "pg_authid" ? catalog::kPgAuthid : oid::kInvalid;
}

Value DescriptionIn(const Asked& asked, Oid listed_in, int part) {
  const auto text = catalog::FindDescription(asked.snapshot(), asked.oid(), listed_in, part);
  return text.empty() ? Value::Null() : Value::Text(text);
}

Value ColumnDescription(const Asked& asked) {
  return DescriptionIn(asked, catalog::kPgClass, static_cast<int>(asked.args[1].AsInt()));
}

template <bool kShared>
Value ObjectDescription(const Asked& asked) {
  if (asked.args.size() == 1) return DescriptionIn(asked, oid::kInvalid, 0);
  const Oid listed_in = ListedIn(asked.args[1].AsBytes());
  if (listed_in == oid::kInvalid || kShared != (listed_in == catalog::kPgAuthid)) {
    return Value::Null();
  }
  return DescriptionIn(asked, listed_in, 0);
}

Value Null(const Asked&) { return Value::Null(); }
Value False(const Asked&) { return Value::Bool(false); }

struct CatalogFunction {
  std::string_view name;
  Value (*answer)(const Asked& asked);
};

constexpr CatalogFunction kFunctions[] = {
    {"col_description", ColumnDescription},
    {"obj_description", ObjectDescription<false>},
    {"pg_database_size", DatabaseBytes},
    {"pg_get_constraintdef", ConstraintDefinition},
    {"pg_get_expr", StoredExpression},
    {"pg_get_indexdef", IndexDefinition},
    {"pg_get_partkeydef", Null},
    {"pg_get_ruledef", Null},
    {"pg_get_statisticsobjdef_columns", Null},
    {"pg_get_triggerdef", Null},
    {"pg_get_userbyid", RoleName},
    {"pg_get_viewdef", ViewDefinition},
    {"pg_get_viewdef_wrap", WrappedViewDefinition},
    {"pg_indexes_size", IndexBytes},
    {"pg_relation_is_publishable", False},
    {"pg_relation_size", OwnBytes},
    {"pg_table_size", OwnBytes},
    {"pg_total_relation_size", AllBytes},
    {"shobj_description", ObjectDescription<true>},
};

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
  const auto found = std::ranges::find(kFunctions, function, &CatalogFunction::name);
  if (found == std::end(kFunctions)) return NotSupported(function);
  return found->answer({reader, rows, args});
}

}  // namespace omen::session
