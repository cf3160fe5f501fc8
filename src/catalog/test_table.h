// A table for the tests of this folder.
#pragma once

#include <string>
#include <utility>

#include "catalog/schema.h"

namespace omen::catalog {

inline Table MakeTable(Oid oid, std::string name) {
  Table table;
  table.oid = oid;
  table.schema = kPublicSchema;
  table.name = std::move(name);
  table.storage_id = 77;
  table.owner = "omendb";
  Column id;
  id.attnum = 1;
  id.name = "id";
  id.type = {oid::kInt4, -1};
  id.not_null = true;
  id.identity = Identity::kAlways;
  id.owned_sequence = 16400;
  Column note;
  note.attnum = 2;
  note.name = "note";
  note.type = {oid::kVarchar, 14};
  note.default_sql = "'x\"é'::character varying";
  note.missing_value = Value::Text("x\"é");
  table.columns = {id, note};
  Index primary;
  primary.oid = oid + 1;
  primary.name = table.name + "_pkey";
  primary.columns = {{1, true, true}};
  primary.unique = primary.primary = primary.is_constraint = true;
  table.indexes = {primary};
  table.checks = {{oid + 2, table.name + "_check", "id > 0"}};
  table.schema_version = 3;
  return table;
}

}  // namespace omen::catalog
