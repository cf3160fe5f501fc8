// pg_get_indexdef() and the other functions that put the catalogue into words.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/catalog.h"
#include "rowstore/rowstore.h"
#include "session/catalogue/relation_names.h"
#include "session/setting/settings.h"
#include "sql/tree/bind_context.h"
#include "sql/tree/statement.h"
#include "types/value.h"

namespace omen::session {

/// Whose names and forms definitions are shown in. Refers to the names' snapshot.
sql::BindContext ReaderOf(const RelationNames& names, const Settings& settings, std::string user,
                          std::string database);

/// The function's answer over the reader's catalogue snapshot; null where PostgreSQL answers null.
/// 0A000 for those that are not built. Sizes are estimates of `rows`.
Result<Value> CatalogText(const sql::BindContext& reader, rowstore::RowStore* rows,
                          std::string_view function, std::span<const Value> args);

}  // namespace omen::session
