// WITH (...) of tables, indexes and views: the parameters PostgreSQL knows. Those of storage
// are hints, which change no answer; one that it does not know is a misspelling.
#pragma once

#include "base/result.h"

struct List;

namespace omen::sql {

enum class StorageOf { kTable, kIndex, kView };

/// 22023 for an unknown parameter or a value out of bounds, 0A000 for an option of a view that
/// would have an effect.
Status CheckStorageParameters(const ::List* options, StorageOf what);

}  // namespace omen::sql
