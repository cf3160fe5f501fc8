#include "index/page_memory.h"

#include <gtest/gtest.h>

namespace omen::index {
namespace {

constexpr size_t kPage = PageMemory::kHugePage;

TEST(PageMemory, RemembersTheMostThatWasOut) {
  PageMemory memory(4 * kPage);
  void* small = memory.Allocate(1000);
  void* large = memory.Allocate(kPage + 1);
  EXPECT_EQ(memory.peak(), 1000 + 2 * kPage) << "large requests are rounded up to whole pages";
  memory.Free(large, kPage + 1);
  EXPECT_EQ(memory.allocated(), 1000u);
  EXPECT_EQ(memory.peak(), 1000 + 2 * kPage);

  memory.RestartPeak();
  EXPECT_EQ(memory.peak(), 1000u);
  void* again = memory.Allocate(kPage);
  EXPECT_EQ(memory.peak(), 1000 + kPage);
  EXPECT_EQ(memory.Allocate(4 * kPage), nullptr);
  EXPECT_EQ(memory.peak(), 1000 + kPage) << "what was refused was never out";
  memory.Free(again, kPage);
  memory.Free(small, 1000);
  EXPECT_EQ(memory.allocated(), 0u);
}

}  // namespace
}  // namespace omen::index
