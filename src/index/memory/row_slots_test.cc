#include "index/memory/row_slots.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "learn/failing_memory.h"

namespace omen::index {
namespace {

using learn::HeapMemory;

std::string Text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::span<const std::byte> Bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

TEST(RowSlots, RowsKeepTheirPlacesAndBytesAsTheyBecomeMany) {
  HeapMemory memory;
  for (size_t row_bytes : {1, 15, 16, 17, 100}) {
    RowSlots slots(memory, row_bytes);
    std::vector<const std::byte*> places;
    std::set<const std::byte*> distinct;
    const auto text = [&](uint64_t slot) {
      std::string bytes(row_bytes, 'x');
      std::memcpy(bytes.data(), &slot, std::min(row_bytes, sizeof slot));
      return bytes;
    };
    for (uint64_t i = 0; i < 5000; ++i) {
      ASSERT_EQ(slots.Store(Bytes(text(i))).value(), i);
      places.push_back(slots.Row(i).data());
      ASSERT_EQ(reinterpret_cast<uintptr_t>(places.back()) % 16, 0u);
      distinct.insert(places.back());
    }
    EXPECT_EQ(distinct.size(), places.size());
    for (uint64_t i = 0; i < 5000; ++i) {
      ASSERT_EQ(slots.Row(i).data(), places[i]);
      ASSERT_EQ(Text(slots.Row(i)), text(i));
    }
    EXPECT_EQ(slots.stored(), 5000u);
    EXPECT_LE(slots.free(), 5000u / 8);
    EXPECT_EQ(slots.bytes(), memory.allocated());
  }
  EXPECT_EQ(memory.allocated(), 0u);
}

TEST(RowSlots, ASlotGoesThroughItsLifeInOrder) {
  HeapMemory memory;
  RowSlots slots(memory, 4);
  EXPECT_TRUE(slots.full());
  EXPECT_FALSE(slots.Insert(0)) << "there is none yet";
  EXPECT_FALSE(slots.Drop(~uint64_t{0}));
  const uint64_t a = slots.Store(Bytes("aaaa")).value();
  const uint64_t b = slots.Store(Bytes("bbbb")).value();
  EXPECT_TRUE(slots.Insert(a));
  EXPECT_FALSE(slots.Insert(a)) << "live";
  EXPECT_FALSE(slots.Drop(a)) << "live";
  EXPECT_TRUE(slots.Insert(b));
  slots.Uninsert(b);
  EXPECT_TRUE(slots.Insert(b));
  SlotList erased;
  slots.Erase(a, erased);
  slots.Erase(b, erased);
  EXPECT_EQ(erased.count, 2u);
  EXPECT_FALSE(slots.Insert(a)) << "erased";
  EXPECT_EQ(Text(slots.Row(a)), "aaaa") << "still readable";
  slots.Unerase(erased);
  EXPECT_EQ(erased.count, 0u);
  EXPECT_EQ(slots.live(), 2u);
  slots.Erase(a, erased);
  slots.Reuse(erased);
  EXPECT_FALSE(slots.Insert(a)) << "free";
  EXPECT_EQ(slots.Store(Bytes("cccc")).value(), a);
  EXPECT_TRUE(slots.Drop(a));
  EXPECT_FALSE(slots.Drop(a)) << "free";
  EXPECT_EQ(slots.live(), 1u);
  EXPECT_EQ(slots.stored() + slots.erased(), 0u);
}

TEST(RowSlots, RowsOfAnotherSizeAreRefused) {
  HeapMemory memory;
  RowSlots slots(memory, 4), none(memory, 0);
  EXPECT_TRUE(slots.Store(Bytes("aaa")).status().Is(sqlstate::kInvalidParameter));
  EXPECT_TRUE(slots.Store(Bytes("aaaaa")).status().Is(sqlstate::kInvalidParameter));
  EXPECT_TRUE(none.Store({}).status().Is(sqlstate::kInvalidParameter));
  EXPECT_EQ(memory.allocated(), 0u);
}

TEST(RowSlots, ARefusedChunkChangesNothing) {
  learn::FailingMemory memory(2);
  RowSlots slots(memory, 8);
  uint64_t stored = 0, refused = 0;
  for (int i = 0; i < 100; ++i) {
    const auto slot = slots.Store(Bytes("12345678"));
    refused += slot.status().Is(sqlstate::kOutOfMemory);
    if (!slot.ok()) continue;
    EXPECT_EQ(slot.value(), stored++);
  }
  EXPECT_EQ(refused, 1u);
  EXPECT_EQ(slots.stored(), 99u);
}

}  // namespace
}  // namespace omen::index
