// The next value of a sequence, which no transaction takes back.
#pragma once

#include "catalog/catalog.h"
#include "rowstore/rowstore.h"

namespace omen::exec {

/// Any thread. 2200H at the end of one that does not cycle.
Result<int64_t> NextSequenceValue(rowstore::RowStore* store, const catalog::Sequence& sequence);

}  // namespace omen::exec
