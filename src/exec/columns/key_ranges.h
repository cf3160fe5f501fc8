// Ranges of a table's row keys, in their order and disjoint.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "catalog/schema.h"
#include "colstore/colstore.h"
#include "rowstore/view.h"

namespace omen::exec {

using KeyRanges = std::vector<rowstore::KeyRange>;

/// Of a table that is read whole.
KeyRanges AllKeysOf(const catalog::Table& table);
/// The keys of all rows within the bounds, and perhaps more; nothing where they do not begin the
/// table's key.
std::optional<KeyRanges> KeysWithin(const catalog::Table& table,
                                    std::span<const colstore::ColumnBound> bounds);
/// What is in both.
KeyRanges InBoth(const KeyRanges& one, const KeyRanges& other);

}  // namespace omen::exec
