// pg_get_indexdef() and the other functions that put the catalogue into words.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "catalog/catalog.h"
#include "rowstore/rowstore.h"
#include "types/value.h"

namespace omen::session {

/// The function's answer over a catalogue snapshot; null where PostgreSQL answers null. 0A000 for
/// those that are not built. Sizes are estimates of `rows`.
Result<Value> CatalogText(const catalog::Snapshot& snapshot, rowstore::RowStore* rows,
                          std::string_view function, std::span<const Value> args);

}  // namespace omen::session
