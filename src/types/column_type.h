// How a type is spelled and carried in the column store, agreed between the SQL
// generator and the column store, which do not see each other.
#pragma once

#include <string>

#include "types/type.h"

namespace omen {

/// The column store's name of the type: INTEGER, DECIMAL(12,2), VARCHAR, INTEGER[]...
///   numeric(p<=38,s)  DECIMAL(p,s)
///   other numeric     BLOB, memcomparable without display scale + scale, see numeric_blob.h
///   bool int2/4/8 float4/8 date time timestamp interval uuid   their own counterparts
///   timestamptz       TIMESTAMP (UTC): zone arithmetic is ours
///   text family, json, jsonb   VARCHAR;  bytea   BLOB;  oid family   UINTEGER -> BIGINT
std::string ColumnStoreType(Type type);
/// True where `numeric` values of this type are carried as the exact variable-scale blob.
bool IsVariableNumeric(Type type);

}  // namespace omen
