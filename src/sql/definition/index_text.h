// Indexes and the constraints they stand for, as PostgreSQL shows them.
#pragma once

#include <string>

#include "catalog/catalog.h"

namespace omen::sql {

/// CREATE INDEX: pg_get_indexdef(), pg_indexes. Any thread, as all here.
std::string IndexText(const catalog::Snapshot& catalog, const catalog::Table& table,
                      const catalog::Index& index);
/// A key as a constraint: "PRIMARY KEY (a)", "UNIQUE NULLS NOT DISTINCT (a, b)".
std::string KeyText(const catalog::Table& table, const catalog::Index& index);

}  // namespace omen::sql
