// How a catalogue table lies in the engine: its name and the columns it stores.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/schema.h"

namespace omen::colstore {

std::string TableName(catalog::StorageId storage, uint32_t version);
/// False when `name` is not a TableName.
bool ParseTableName(std::string_view name, catalog::StorageId* storage, uint32_t* version);

struct StoredColumn {
  std::string name;  // c<attnum>, rid or rkey
  Type type;
  size_t position;  // in a row of TableBatch::inserts
};

/// The columns that are not dropped, then rid where there is no primary key or rkey.
std::vector<StoredColumn> StoredColumns(const catalog::Table& table);
/// The columns of TableBatch::deletes, `position` counting from 0.
std::vector<StoredColumn> KeyColumns(const catalog::Table& table);

}  // namespace omen::colstore
