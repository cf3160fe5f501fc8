#include "app/usable_memory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace omen::app {
namespace {

namespace fs = std::filesystem;

class UsableMemoryTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) / ("memory-" + std::to_string(getpid()));
    fs::remove_all(root_);
  }
  void TearDown() override { fs::remove_all(root_); }
  void Put(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  int64_t Usable() { return FindUsableMemory(root_.string()).bytes; }

  fs::path root_;
};

TEST_F(UsableMemoryTest, WithoutGroupsIsTheMachines) { EXPECT_GT(Usable(), 0); }

TEST_F(UsableMemoryTest, TheLeastLimitOfVersionTwo) {
  Put("proc/self/cgroup", "0::/a/b\n");
  Put("sys/fs/cgroup/memory.max", "max\n");
  EXPECT_GT(Usable(), 1 << 26);
  Put("sys/fs/cgroup/a/memory.max", "50000000\n");
  Put("sys/fs/cgroup/a/b/memory.max", "60000000\n");
  EXPECT_EQ(Usable(), 50'000'000);
}

TEST_F(UsableMemoryTest, AContainersTopIsItsOwnGroup) {
  Put("proc/self/cgroup", "0::/outside/of/it\n");
  Put("sys/fs/cgroup/memory.max", "70000000\n");
  EXPECT_EQ(Usable(), 70'000'000);
}

TEST_F(UsableMemoryTest, VersionTwoBesideVersionOne) {
  Put("proc/self/cgroup", "4:cpu:/x\n0::/a\n");
  Put("sys/fs/cgroup/unified/a/memory.max", "30000000\n");
  EXPECT_EQ(Usable(), 30'000'000);
  EXPECT_EQ(FindUsableMemory(root_.string()).source, "control group");
}

TEST_F(UsableMemoryTest, SharesFitWhatIsUsable) {
  for (const int64_t usable : {1024, 6144, 24'000, 1'000'000}) {
    const MemoryShares shares(usable);
    EXPECT_LE(shares.row_cache + shares.column_memory + shares.server_memory, usable / 4 * 3);
    EXPECT_LE(shares.session_memory, shares.server_memory);
    EXPECT_LE(shares.statement_memory, shares.session_memory);
  }
  EXPECT_EQ(MemoryShares(6144).statement_memory, 256);
  EXPECT_EQ(MemoryShares(1024).statement_memory, 42);
}

TEST_F(UsableMemoryTest, VersionOne) {
  Put("proc/self/cgroup", "4:cpu,cpuacct:/x\n9:memory:/x\n");
  Put("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "40000000\n");
  EXPECT_EQ(Usable(), 40'000'000);
  Put("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_GT(Usable(), 1 << 26);
}

}  // namespace
}  // namespace omen::app
