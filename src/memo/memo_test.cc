#include "memo/memo.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

namespace omen::memo {
namespace {

class MemoTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "omen_memo_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = folder_ + "/memo";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Memo> Open(Limits limits = {}) const {
    auto memo = Memo::Open(path_, limits);
    EXPECT_TRUE(memo.ok()) << memo.status().ToString();
    return std::move(memo).value();
  }

  std::string folder_, path_;
};

TEST_F(MemoTest, KeepsWhatWasPutOverARestart) {
  {
    const auto memo = Open();
    EXPECT_TRUE(memo->Put("a", 1, "one"));
    EXPECT_TRUE(memo->Put("b", 1, std::string("two\0three", 9)));
    EXPECT_TRUE(memo->Put("a", 2, "again"));
    memo->Put("c", 1, "gone");
    memo->Erase("c");
  }
  const auto memo = Open();
  EXPECT_EQ(memo->Get("a", 2), "again");
  EXPECT_EQ(memo->Get("a", 1), std::nullopt);
  EXPECT_EQ(memo->Get("b", 1), std::string("two\0three", 9));
  EXPECT_EQ(memo->Get("c", 1), std::nullopt);
  std::string keys;
  memo->ForEach("", [&](std::string_view key, uint32_t, std::string_view) { keys += key; });
  EXPECT_EQ(keys, "ab");
}

TEST_F(MemoTest, IsBounded) {
  const auto memo = Open({.record_bytes = 1000, .total_bytes = 50'000});
  EXPECT_FALSE(memo->Put("large", 1, std::string(1000, 'x')));
  for (int i = 0; i < 1000; ++i) memo->Put(fmt::format("k{}", i), 1, std::string(500, 'x'));
  EXPECT_LE(memo->bytes(), 50'000u);
  EXPECT_EQ(memo->Get("k0", 1), std::nullopt);
  EXPECT_TRUE(memo->Get("k999", 1).has_value());
  // The file, too: it is written anew.
  for (int i = 0; i < 20'000; ++i) memo->Put("same", 1, std::string(900, 'y'));
  EXPECT_LT(std::filesystem::file_size(path_), 3u << 20);
  EXPECT_TRUE(Open({.record_bytes = 1000, .total_bytes = 50'000})->Get("same", 1).has_value());
}

/// Cut anywhere, or with any byte wrong, the part before stands.
TEST_F(MemoTest, ReadsDamagedFilesAsFarAsTheyAreWhole) {
  {
    const auto memo = Open();
    for (int i = 0; i < 20; ++i) memo->Put(fmt::format("k{:02}", i), 1, fmt::format("v{}", i));
  }
  std::ifstream in(path_, std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), {});
  const auto write = [&](const std::string& bytes) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  };
  for (size_t cut = 0; cut < whole.size(); cut += 3) {
    write(whole.substr(0, cut));
    const auto memo = Open();
    const size_t records = memo->records();
    for (size_t i = 0; i < records; ++i) {
      EXPECT_EQ(memo->Get(fmt::format("k{:02}", i), 1), fmt::format("v{}", i)) << cut;
    }
    memo->Put("new", 1, "after");
    EXPECT_EQ(Open()->Get("new", 1), "after") << cut;
  }
  for (size_t at = 8; at < whole.size(); at += 7) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    write(damaged);
    EXPECT_LT(Open()->records(), 20u) << at;
  }
  write("something else");
  EXPECT_EQ(Open()->records(), 0u);
  EXPECT_TRUE(std::filesystem::exists(path_ + ".damaged"));
}

/// A child counts up three keys and says each count once it is put; killed anywhere, nothing that
/// it said is lost and no record is torn.
TEST_F(MemoTest, SurvivesFiftyKills) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  uint64_t said = 0;
  for (int kill = 0; kill < 50; ++kill) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto memo = Open({.record_bytes = 10'000, .total_bytes = 40'000});
      for (uint64_t count = said + 1;; ++count) {
        for (const char* key : {"x", "y", "z"}) {
          memo->Put(key, 1, fmt::format("{}:{}", count, std::string(count % 3000, 'v')));
        }
        if (::write(pipe[1], &count, sizeof count) != sizeof count) ::_exit(1);
      }
    }
    ::close(pipe[1]);
    const uint64_t enough = said + 1 + random() % 400;
    uint64_t count = said;
    while (count < enough && ::read(pipe[0], &count, sizeof count) == sizeof count) {
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(pipe[0], &count, sizeof count) == sizeof count) {
    }
    ::close(pipe[0]);
    said = count;
    const auto memo = Open({.record_bytes = 10'000, .total_bytes = 40'000});
    uint64_t all = UINT64_MAX;
    for (const char* key : {"x", "y", "z"}) {
      const std::string value = memo->Get(key, 1).value_or("0:");
      const uint64_t kept = std::stoull(value);
      ASSERT_GE(kept, said) << key << " after kill " << kill;
      ASSERT_EQ(value.size(), value.find(':') + 1 + kept % 3000) << key << " after kill " << kill;
      all = std::min(all, kept);
    }
    said = all;
  }
  EXPECT_GT(said, 50u);
}

}  // namespace
}  // namespace omen::memo
