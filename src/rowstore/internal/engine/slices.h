// Bytes as RocksDB names them, and as everybody else does.
#pragma once

#include <rocksdb/slice.h>

#include <string_view>

namespace omen::rowstore {

inline rocksdb::Slice SliceOf(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline std::string_view ViewOf(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace omen::rowstore
