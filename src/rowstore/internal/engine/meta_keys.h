// Keys of the meta column family. One letter, then what it is about.
//   F                      format of the directory: uint32
//   L                      last commit: id, epoch (uint64 little-endian each)
//   E + epoch              first commit id an epoch could write: uint64
//   C + class + oid        catalogue object: JSON
//   N + letter [+ storage] counter: first value not yet reserved, uint64
//   K                      storages kept though nothing names them: uint64 each
//   M                      means nothing, see log_writer.h
//   S + oid                sequence: last_value int64, is_called byte
#pragma once

#include <string>

#include "base/bytes.h"
#include "catalog/catalog.h"

namespace omen::rowstore {

/// RocksDB's number of the column family of rows and entries; that of these keys is 0.
inline constexpr uint32_t kRowsFamilyId = 1;

inline constexpr char kFormatKey[] = "F";
inline constexpr char kLastCommitKey[] = "L";
inline constexpr char kKeptStoragesKey[] = "K";
inline constexpr char kMendedKey[] = "M";
inline constexpr char kEpochPrefix = 'E';
inline constexpr char kCatalogPrefix = 'C';
inline constexpr char kSequencePrefix = 'S';
inline constexpr char kOidCounterKey[] = "No";
inline constexpr char kStorageCounterKey[] = "Ns";
inline constexpr char kRowIdCounterPrefix[] = "Nr";

inline constexpr uint32_t kDirectoryFormat = 1;

inline std::string EpochKey(uint64_t epoch) {
  std::string key(1, kEpochPrefix);
  AppendBigEndian(key, epoch);
  return key;
}

inline std::string CatalogKey(catalog::ObjectClass object_class, Oid oid) {
  std::string key{kCatalogPrefix, static_cast<char>(object_class)};
  AppendBigEndian(key, oid);
  return key;
}

inline std::string SequenceKey(Oid sequence) {
  std::string key(1, kSequencePrefix);
  AppendBigEndian(key, sequence);
  return key;
}

inline std::string RowIdCounterKey(catalog::StorageId storage) {
  std::string key(kRowIdCounterPrefix);
  AppendBigEndian(key, storage);
  return key;
}

}  // namespace omen::rowstore
