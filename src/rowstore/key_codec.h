// Order-preserving keys. memcmp order of encodings is the btree order of values.
//
//   row key    storage id (8 bytes, big-endian) + each primary key column, or + row id (8 bytes)
//   index key  storage id + each index column [+ the row key's tail when not unique or a column
//              is null]; the entry's value is the row key's tail
//   column     1 marker byte (null / not null, placed by NULLS FIRST/LAST) + payload:
//              integers with the sign bit flipped, big-endian; doubles with sign folded, NaN
//              above all, -0 as 0; text and bytea with 00 escaped as 00 FF and ended by 00 00;
//              numeric by sign, exponent, digits; interval as its span in microseconds, 16 bytes;
//              arrays element by element, then the lower bound; DESC columns inverted bit by bit.
//              bool takes 1 byte, int2 2, int4 and date 4, other integers 8.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/schema.h"
#include "rowstore/view.h"
#include "types/value.h"

namespace omen::rowstore {

/// What begins every key: the storage id.
inline constexpr size_t kStoragePrefixBytes = sizeof(catalog::StorageId);
void AppendStoragePrefix(catalog::StorageId storage, std::string& out);
catalog::StorageId StorageOfKey(std::string_view key);
/// The smallest key greater than every key that starts with `prefix`; empty if there is none.
std::string PrefixEnd(std::string_view prefix);
/// All keys of a storage id.
KeyRange StorageRange(catalog::StorageId storage);

void AppendKeyColumn(Oid type, const Value& value, bool descending, bool nulls_first,
                     std::string& out);
/// Row key of a table with a primary key, from a full row (by attnum - 1).
void AppendPrimaryKey(const catalog::Table& table, const Row& row, std::string& out);
void AppendRowIdKey(catalog::StorageId storage, uint64_t row_id, std::string& out);
uint64_t RowIdOfKey(std::string_view key);
/// Index entry key and value of a row. `row_key` is the full row key.
/// `has_null` (if given): a unique index does not conflict on such an entry. Never set where
/// the index holds nulls for equal.
void AppendIndexKey(const catalog::Index& index, const catalog::Table& table, const Row& row,
                    std::string_view row_key, std::string& out, bool* has_null = nullptr);

/// True where values of this type can be keys (not json, jsonb).
bool KeyIsSupported(Oid type);
/// True where a column of this type can be read back from a key (integers, text, uuid, dates;
/// not numeric, not float, not jsonb).
bool KeyIsLossless(Oid type);
/// Reads one column and advances `in`. Only for lossless types.
Result<Value> TakeKeyColumn(Oid type, bool descending, bool nulls_first, std::string_view* in);

}  // namespace omen::rowstore
