// RocksDB's statuses as ours, and the stop that a failed sync demands.
#pragma once

#include <rocksdb/status.h>

#include <string_view>

#include "base/status.h"

namespace omen::rowstore {

/// 53100 when the disk is full, 58030 for other I/O errors, XX001 for damage, else XX000.
Status FromEngine(const rocksdb::Status& status, std::string_view doing);
/// The same for a write to the log; what is neither success nor a full disk stops the process.
Status FromLogWrite(const rocksdb::Status& status);
bool IsDiskFull(const rocksdb::Status& status);

/// After a failed write or sync nobody knows what is on disk, and asking again may be told
/// that all is well: only a restart, which reads the disk, can tell.
[[noreturn]] void StopProcess(std::string_view why);

}  // namespace omen::rowstore
