// When what is buffered goes to a file.
#include "rowstore/internal/storage/quiet_flush.h"

#include <random>
#include <thread>

#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

constexpr int kRows = 20'000;

class QuietFlushTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    auto opened = Engine::Open({.path = options_.path + "/second", .block_cache_bytes = 1 << 20},
                               true, nullptr);
    ASSERT_TRUE(opened.ok());
    engine_ = std::move(opened).value();
  }
  void Write(int rows) {
    for (int i = 0; i < rows; ++i) {
      const std::string key = KeyOf(random_(), 10);
      ASSERT_TRUE(engine_->db()->Put({}, engine_->rows(), key, std::to_string(random_())).ok());
    }
  }
  uint64_t Buffered() const {
    uint64_t entries = 0;
    engine_->db()->GetIntProperty(engine_->rows(),
                                  rocksdb::DB::Properties::kNumEntriesActiveMemTable, &entries);
    return entries;
  }
  bool BecomesEmpty() const {
    for (int i = 0; i < 500 && Buffered() > 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return Buffered() == 0;
  }

  std::shared_ptr<Engine> engine_;
  std::mt19937_64 random_{1};
};

TEST_F(QuietFlushTest, WaitsUntilNobodyWritesAndThereIsEnough) {
  QuietFlush flush(engine_.get());
  Write(kRows - 1);
  ASSERT_TRUE(flush.Look(1).ok());
  ASSERT_TRUE(flush.Look(1).ok());
  Write(1);
  ASSERT_TRUE(flush.Look(2).ok());
  EXPECT_EQ(Buffered(), static_cast<uint64_t>(kRows));
  ASSERT_TRUE(flush.Look(2).ok());
  EXPECT_TRUE(BecomesEmpty());
}

TEST_F(QuietFlushTest, RestsAsLongAsMergesAreWorth) {
  constexpr uint64_t kBytesALook = 1024;
  QuietFlush flush(engine_.get(), kBytesALook);
  for (CommitId commit : {1, 2}) {  // the first finds no files
    Write(kRows);
    ASSERT_TRUE(flush.Look(commit).ok());
    ASSERT_TRUE(flush.Look(commit).ok());
    ASSERT_TRUE(BecomesEmpty());
  }
  Write(kRows);
  uint64_t looks = 0;
  while (Buffered() > 0) {
    ASSERT_TRUE(flush.Look(3).ok());
    ASSERT_LT(++looks, 10'000u);
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  EXPECT_GT(looks, kRows * 8 / kBytesALook);  // of random bytes
}

}  // namespace
}  // namespace omen::rowstore
