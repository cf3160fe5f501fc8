// Random loads against a map, and loads that end badly.
#include "rowstore/internal/storage/rocks_bulk_loader.h"

#include <algorithm>
#include <map>
#include <random>

#include "rowstore/internal/storage/entry_chunk.h"
#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

namespace fs = std::filesystem;

class BulkLoaderTest : public StoreTest {
 protected:
  void OpenEngine() {
    auto opened = Engine::Open({.path = options_.path + "/second", .block_cache_bytes = 1 << 20},
                               true, nullptr);
    ASSERT_TRUE(opened.ok());
    engine_ = std::move(opened).value();
  }
  std::map<std::string, std::string> Stored(catalog::StorageId storage) {
    std::map<std::string, std::string> found;
    std::unique_ptr<rocksdb::Iterator> at(
        engine_->db()->NewIterator(rocksdb::ReadOptions(), engine_->rows()));
    std::string prefix;
    AppendStoragePrefix(storage, prefix);
    for (at->Seek(prefix); at->Valid() && at->key().starts_with(prefix); at->Next()) {
      found[at->key().ToString()] = at->value().ToString();
    }
    return found;
  }
  bool NothingIsLeft() const { return fs::is_empty(options_.path + "/second/scratch"); }

  std::shared_ptr<Engine> engine_;
};

/// Keys of any length that often begin alike; zeros are frequent.
std::string RandomKey(std::mt19937_64& random, catalog::StorageId storage) {
  std::string key;
  AppendStoragePrefix(storage, key);
  const size_t size = random() % 24;
  for (size_t i = 0; i < size; ++i) key.push_back(static_cast<char>(random() % 3 * 127));
  return key;
}

TEST_F(BulkLoaderTest, HoldsWhatAMapHolds) {
  OpenEngine();
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    std::map<std::string, std::string> expected;
    const size_t wanted = random() % 3000;
    for (size_t i = 0; i < wanted; ++i) {
      expected[RandomKey(random, seed)] = std::string(random() % 40, 'v');
    }
    std::vector<std::pair<std::string, std::string>> entries(expected.begin(), expected.end());
    // From some place on they come in no order.
    const auto from = static_cast<ptrdiff_t>(random() % (entries.size() + 1));
    std::shuffle(entries.begin() + from, entries.end(), random);
    const bool again = seed % 4 == 0 && !entries.empty();
    if (again) entries.push_back(entries[random() % entries.size()]);
    RocksBulkLoader loader(engine_, seed, /*buffer_bytes=*/1000 + random() % 200000);
    for (const auto& [key, value] : entries) ASSERT_TRUE(loader.Add(key, value).ok());
    if (seed % 3 == 0) loader.Seal();
    std::string duplicate;
    const Status finished = loader.Finish(&duplicate);
    EXPECT_EQ(finished.Is(sqlstate::kUniqueViolation), again) << finished.error().message;
    EXPECT_EQ(duplicate, again ? entries.back().first : "");
    EXPECT_EQ(Stored(seed), again ? (std::map<std::string, std::string>()) : expected);
  }
  EXPECT_TRUE(NothingIsLeft());
}

TEST_F(BulkLoaderTest, ALoadThatIsGivenUpLeavesNothing) {
  OpenEngine();
  for (const bool sealed : {false, true}) {
    RocksBulkLoader loader(engine_, kStorage, /*buffer_bytes=*/20000);
    for (uint64_t row = 0; row < 5000; ++row) {
      ASSERT_TRUE(loader.Add(KeyOf(row * 7919 % 5000), "value").ok());
    }
    if (sealed) loader.Seal();
  }
  EXPECT_TRUE(NothingIsLeft());
  EXPECT_TRUE(Stored(kStorage).empty());
}

TEST_F(BulkLoaderTest, AFileThatCannotBeWrittenIsToldByFinish) {
  OpenEngine();
  fs::remove_all(options_.path + "/second/scratch");
  for (const uint64_t rows : {10, 5000}) {
    RocksBulkLoader loader(engine_, kStorage, /*buffer_bytes=*/20000);
    for (uint64_t row = 0; row < rows; ++row) {
      ASSERT_TRUE(loader.Add(KeyOf(row * 7919 % 5000), "value").ok());
    }
    const Status finished = loader.Finish(nullptr);
    EXPECT_FALSE(finished.ok());
    EXPECT_FALSE(finished.Is(sqlstate::kUniqueViolation));
  }
}

TEST(EntryChunk, SortsAsStringsAreSorted) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    EntryChunk chunk(1000);
    std::vector<std::string> keys;
    do {
      keys.push_back(RandomKey(random, 5));
      chunk.Add(keys.back(), "value of " + keys.back());
    } while (!chunk.full());
    EXPECT_EQ(chunk.came_in_order(),
              std::ranges::adjacent_find(keys, std::greater_equal()) == keys.end());
    std::ranges::sort(keys);
    chunk.Sort();
    ASSERT_EQ(chunk.size(), keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      ASSERT_EQ(chunk.KeyAt(i), keys[i]);
      ASSERT_EQ(chunk.ValueAt(i), "value of " + keys[i]);
    }
  }
}

}  // namespace
}  // namespace omen::rowstore
