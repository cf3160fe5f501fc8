#include "rowstore/internal/engine/disk_space.h"

#include <sys/statvfs.h>

#include <algorithm>

#include "rowstore/internal/engine/steady_time.h"

namespace omen::rowstore {
namespace {

constexpr uint64_t kReserveMax = 64u << 20;
constexpr uint64_t kReserveMin = 4u << 20;
constexpr uint64_t kReserveShare = 20;  // of the disk
constexpr uint64_t kRefreshBytes = 1u << 20;
constexpr int64_t kRefreshMs = 100;

}  // namespace

void DiskSpace::Refresh() {
  struct statvfs stats;
  if (statvfs(path_.c_str(), &stats) != 0) {
    available_ = UINT64_MAX;
    return;
  }
  available_ = static_cast<uint64_t>(stats.f_bavail) * stats.f_frsize;
  const uint64_t total = static_cast<uint64_t>(stats.f_blocks) * stats.f_frsize;
  reserve_ = std::clamp(total / kReserveShare, kReserveMin, kReserveMax);
}

bool DiskSpace::Allows(uint64_t bytes, bool frees) {
  const int64_t now = NowMs();
  if (now - refreshed_at_ms_ >= kRefreshMs || written_since_ + bytes >= kRefreshBytes) {
    Refresh();
    refreshed_at_ms_ = now;
    written_since_ = 0;
  }
  written_since_ += bytes;
  const uint64_t reserve = frees ? reserve_ / 2 : reserve_;
  return available_ >= bytes && available_ - bytes >= reserve;
}

}  // namespace omen::rowstore
