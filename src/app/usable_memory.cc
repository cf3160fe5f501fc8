#include "app/usable_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string_view>

namespace omen::app {
namespace {

constexpr int64_t kUnknown = int64_t{1} << 30;

int64_t MachineMemory() {
  const int64_t pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGE_SIZE);
  return pages > 0 && bytes > 0 ? pages * bytes : kUnknown;
}

/// The number in a file; INT64_MAX where there is none ("max"), or no file.
int64_t LimitIn(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  int64_t limit = INT64_MAX;
  if (!std::getline(file, text)) return limit;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  return error == std::errc() && limit > 0 ? limit : INT64_MAX;
}

/// The least limit of a group and those above it. A container sees its own group as the top, so
/// that is asked too, whatever path the process was told.
int64_t LimitOf(const std::string& mount, std::string group, const std::string& file) {
  int64_t limit = LimitIn(mount + "/" + file);
  while (group.size() > 1) {
    limit = std::min(limit, LimitIn(mount + group + "/" + file));
    group.resize(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
  }
  return limit;
}

/// Address space is taken by stacks and by what the allocator holds in store too.
int64_t ProcessLimit() {
  rlimit limit{};
  int64_t least = INT64_MAX;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    least = static_cast<int64_t>(limit.rlim_cur / 4 * 3);
  }
  if (getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    least = std::min(least, static_cast<int64_t>(limit.rlim_cur / 4 * 3));
  }
  return least;
}

bool Names(std::string_view controllers, std::string_view wanted) {
  while (!controllers.empty()) {
    const size_t comma = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, comma) == wanted) return true;
    controllers.remove_prefix(std::min(comma + 1, controllers.size()));
  }
  return false;
}

/// A line of /proc/self/cgroup: "0::/group" (version 2) or "9:memory:/group" (version 1).
int64_t GroupLimit(const std::string& root) {
  int64_t least = INT64_MAX;
  std::ifstream groups(root + "/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const size_t first = line.find(':');
    const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string_view controllers =
        std::string_view(line).substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) {
      // Beside version 1 the second is mounted in a folder of its own.
      for (const char* mount : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
        least = std::min(least, LimitOf(root + mount, group, "memory.max"));
      }
    } else if (Names(controllers, "memory")) {
      least =
          std::min(least, LimitOf(root + "/sys/fs/cgroup/memory", group, "memory.limit_in_bytes"));
    }
  }
  return least;
}

}  // namespace

UsableMemory FindUsableMemory(const std::string& root) {
  UsableMemory usable{MachineMemory(), "machine"};
  if (const int64_t group = GroupLimit(root); group < usable.bytes) {
    usable = {group, "control group"};
  }
  if (const int64_t process = ProcessLimit(); process < usable.bytes) {
    usable = {process, "ulimit"};
  }
  return usable;
}

MemoryShares::MemoryShares(int64_t usable_mb)
    : row_cache(std::max<int64_t>(16, usable_mb / 8)),
      column_memory(std::max<int64_t>(96, usable_mb / 4)),
      server_memory(std::max<int64_t>(64, usable_mb / 4)),
      session_memory(SessionShare(server_memory)),
      statement_memory(StatementShare(server_memory)) {}

// No session may take what all the others need.
int64_t SessionShare(int64_t server_memory_mb) {
  return std::max<int64_t>(1, server_memory_mb / 4 * 3);
}

// A few large statements at a time; 256 MB is much for what runs on rows.
int64_t StatementShare(int64_t server_memory_mb) {
  return std::clamp<int64_t>(server_memory_mb / 6, 1, 256);
}

}  // namespace omen::app
