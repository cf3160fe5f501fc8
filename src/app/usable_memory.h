// How much memory the process may use: the machine's, or less where its control group or a
// limit of its own says so; and how the server shares it out.
#pragma once

#include <cstdint>
#include <string>

namespace omen::app {

struct UsableMemory {
  int64_t bytes = 0;
  std::string source;  // "machine", "control group" or "ulimit"
};

/// `root` is where /proc and /sys lie: "/" but in tests.
UsableMemory FindUsableMemory(const std::string& root);

/// Megabytes for each of those that take memory. Together with the row store's write buffers, the
/// program and the threads they stay within what is usable: a quarter is left over.
struct MemoryShares {
  explicit MemoryShares(int64_t usable_mb);
  int64_t row_cache, column_memory, server_memory, session_memory, statement_memory;
};
/// The last two from a budget that was chosen.
int64_t SessionShare(int64_t server_memory_mb);
int64_t StatementShare(int64_t server_memory_mb);

}  // namespace omen::app
