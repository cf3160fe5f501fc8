#include "colstore/internal/store/table_layout.h"

#include <fmt/format.h>

#include <charconv>

#include "colstore/colstore.h"

namespace omen::colstore {
namespace {

/// rid or rkey, with its place in a row given by the caller.
StoredColumn HiddenKey(const catalog::Table& table, size_t position) {
  if (table.primary_key() == nullptr) return {"rid", Type{oid::kInt8, -1}, position};
  return {"rkey", Type{oid::kBytea, -1}, position};
}

template <typename T>
bool TakeId(std::string_view* text, T* out) {
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *out);
  if (error != std::errc()) return false;
  text->remove_prefix(static_cast<size_t>(end - text->data()));
  return true;
}

}  // namespace

bool HasRawKey(const catalog::Table& table) {
  const catalog::Index* primary = table.primary_key();
  if (primary == nullptr) return false;
  for (const catalog::IndexColumn& column : primary->columns) {
    const TypeInfo& type = InfoOf(table.column(column.attnum).type.oid);
    if (type.oid == oid::kNumeric || type.carrier == Carrier::kDouble ||
        type.carrier == Carrier::kInterval || type.carrier == Carrier::kArray) {
      return true;
    }
  }
  return false;
}

std::string TableName(catalog::StorageId storage, uint32_t version) {
  return fmt::format("t{}_{}", storage, version);
}

bool ParseTableName(std::string_view name, catalog::StorageId* storage, uint32_t* version) {
  if (!name.starts_with('t')) return false;
  name.remove_prefix(1);
  if (!TakeId(&name, storage) || !name.starts_with('_')) return false;
  name.remove_prefix(1);
  return TakeId(&name, version) && name.empty();
}

std::vector<StoredColumn> StoredColumns(const catalog::Table& table) {
  std::vector<StoredColumn> stored;
  for (const catalog::Column& column : table.columns) {
    if (column.dropped) continue;
    stored.push_back(
        {fmt::format("c{}", column.attnum), column.type, static_cast<size_t>(column.attnum) - 1});
  }
  if (table.primary_key() == nullptr || HasRawKey(table)) {
    stored.push_back(HiddenKey(table, table.columns.size()));
  }
  return stored;
}

std::vector<StoredColumn> KeyColumns(const catalog::Table& table) {
  if (table.primary_key() == nullptr || HasRawKey(table)) return {HiddenKey(table, 0)};
  std::vector<StoredColumn> keys;
  for (const catalog::IndexColumn& column : table.primary_key()->columns) {
    keys.push_back(
        {fmt::format("c{}", column.attnum), table.column(column.attnum).type, keys.size()});
  }
  return keys;
}

}  // namespace omen::colstore
