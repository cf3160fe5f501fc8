#include "colstore/internal/table_layout.h"

#include <fmt/format.h>

#include <charconv>

namespace omen::colstore {
namespace {

constexpr const char* kRowId = "rid";

template <typename T>
bool TakeNumber(std::string_view* text, T* out) {
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *out);
  if (error != std::errc()) return false;
  text->remove_prefix(static_cast<size_t>(end - text->data()));
  return true;
}

}  // namespace

std::string TableName(catalog::StorageId storage, uint32_t version) {
  return fmt::format("t{}_{}", storage, version);
}

bool ParseTableName(std::string_view name, catalog::StorageId* storage, uint32_t* version) {
  if (!name.starts_with('t')) return false;
  name.remove_prefix(1);
  if (!TakeNumber(&name, storage) || !name.starts_with('_')) return false;
  name.remove_prefix(1);
  return TakeNumber(&name, version) && name.empty();
}

std::vector<StoredColumn> StoredColumns(const catalog::Table& table) {
  std::vector<StoredColumn> stored;
  for (const catalog::Column& column : table.columns) {
    if (column.dropped) continue;
    stored.push_back(
        {fmt::format("c{}", column.attnum), column.type, static_cast<size_t>(column.attnum) - 1});
  }
  if (table.primary_key() == nullptr) {
    stored.push_back({kRowId, Type{oid::kInt8, -1}, table.columns.size()});
  }
  return stored;
}

std::vector<StoredColumn> KeyColumns(const catalog::Table& table) {
  std::vector<StoredColumn> keys;
  if (const catalog::Index* primary = table.primary_key()) {
    for (const catalog::IndexColumn& column : primary->columns) {
      keys.push_back(
          {fmt::format("c{}", column.attnum), table.column(column.attnum).type, keys.size()});
    }
  } else {
    keys.push_back({kRowId, Type{oid::kInt8, -1}, 0});
  }
  return keys;
}

}  // namespace omen::colstore
