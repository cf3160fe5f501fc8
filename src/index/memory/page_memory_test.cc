#include "index/memory/page_memory.h"

#include <gtest/gtest.h>

namespace omen::index {
namespace {

constexpr size_t kPage = PageMemory::kPage, kHuge = PageMemory::kHugePage;

TEST(PageMemory, RemembersTheMostThatWasOut) {
  PageMemory memory(4 * kHuge);
  void* small = memory.Allocate(1000);
  void* large = memory.Allocate(kHuge + 1);
  EXPECT_EQ(memory.peak(), 1000 + kHuge + kPage) << "large requests are rounded up to whole pages";
  memory.Free(large, kHuge + 1);
  EXPECT_EQ(memory.allocated(), 1000u);
  EXPECT_EQ(memory.peak(), 1000 + kHuge + kPage);

  memory.RestartPeak();
  EXPECT_EQ(memory.peak(), 1000u);
  void* again = memory.Allocate(kHuge);
  EXPECT_EQ(memory.peak(), 1000 + kHuge);
  EXPECT_EQ(memory.Allocate(4 * kHuge), nullptr);
  EXPECT_EQ(memory.peak(), 1000 + kHuge) << "what was refused was never out";
  memory.Free(again, kHuge);
  memory.Free(small, 1000);
  EXPECT_EQ(memory.allocated(), 0u);
}

}  // namespace
}  // namespace omen::index
