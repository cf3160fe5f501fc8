#include "rowstore/internal/engine/engine_status.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace omen::rowstore {

bool IsDiskFull(const rocksdb::Status& status) { return status.IsNoSpace(); }

Status FromEngine(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return Status::Ok();
  if (IsDiskFull(status)) {
    return Status(sqlstate::kDiskFull, fmt::format("could not {}: No space left on device", doing))
        .Hint("Check free disk space.");
  }
  SqlState state = sqlstate::kInternalError;
  if (status.IsIOError()) state = sqlstate::kIoError;
  if (status.IsCorruption()) state = sqlstate::kDataCorrupted;
  return Status(state, fmt::format("could not {}: {}", doing, status.ToString()));
}

Status FromLogWrite(const rocksdb::Status& status) {
  if (!status.ok() && !IsDiskFull(status)) StopProcess("log write failed: " + status.ToString());
  return FromEngine(status, "write to the log");
}

void StopProcess(std::string_view why) {
  std::fprintf(stderr, "FATAL row store: %.*s; stopping, so that recovery reads what is on disk\n",
               static_cast<int>(why.size()), why.data());
  std::abort();
}

}  // namespace omen::rowstore
