// Times the row store by itself: point reads, scans, bulk load, synced commits by number of
// threads. usage: rowstore_bench DIRECTORY [rows]
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "rowstore/key_codec.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {
namespace {

constexpr catalog::StorageId kStorage = 7;

std::string KeyOf(uint64_t row) {
  std::string key;
  AppendRowIdKey(kStorage, row, key);
  return key;
}

/// Seconds that `work` takes.
template <typename Work>
double Time(Work work) {
  const SystemClock clock;
  const int64_t begin = clock.MonotonicNanos();
  work();
  return static_cast<double>(clock.MonotonicNanos() - begin) / 1e9;
}

void Load(RowStore& store, uint64_t rows) {
  const double seconds = Time([&] {
    auto loader = store.NewBulkLoader(kStorage);
    const std::string value(100, 'v');
    for (uint64_t row = 0; row < rows; ++row) {
      OMEN_CHECK((*loader)->Add(KeyOf(row), value).ok());
    }
    OMEN_CHECK((*loader)->Finish().ok());
  });
  fmt::print("bulk load            {:8.0f} rows/s\n", static_cast<double>(rows) / seconds);
}

void PointReads(RowStore& store, uint64_t rows) {
  constexpr int kReads = 500000;
  std::mt19937_64 random(1);
  std::string value;
  auto view = store.View();
  auto read = [&](const char* name, auto get) {
    for (int warm = 0; warm < 2; ++warm) {
      const double seconds = Time([&] {
        for (int i = 0; i < kReads; ++i) OMEN_CHECK(get(KeyOf(random() % rows)));
      });
      if (warm) fmt::print("{:20} {:8.0f} ns\n", name, seconds / kReads * 1e9);
    }
  };
  read("get", [&](const std::string& key) { return *store.Get(*view, key, &value); });
  read("begin, get, commit", [&](const std::string& key) {
    auto transaction = store.Begin(IsolationLevel::kReadCommitted);
    transaction->BeginStatement();
    const bool found = *transaction->Get(key, &value);
    return found && transaction->Commit().ok();
  });
}

void Scans(RowStore& store, uint64_t rows) {
  uint64_t count = 0;
  const double seconds = Time([&] {
    for (auto it = store.Scan(store.View(), {KeyOf(0), KeyOf(rows)}); it->Valid(); it->Next()) {
      count += it->value().size() > 0;
    }
  });
  fmt::print("full scan            {:8.0f} ns/row\n", seconds / static_cast<double>(count) * 1e9);
  constexpr int kScans = 20000;
  std::mt19937_64 random(1);
  const double ranges = Time([&] {
    for (int i = 0; i < kScans; ++i) {
      const uint64_t from = random() % (rows - 100);
      auto it = store.Scan(store.View(), {KeyOf(from), KeyOf(from + 100)});
      for (; it->Valid(); it->Next()) ++count;
    }
  });
  fmt::print("scan of 100 rows     {:8.1f} us\n", ranges / kScans * 1e6);
}

void Commits(RowStore& store, uint64_t rows, int threads) {
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> commits{0};
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      std::mt19937_64 random(static_cast<uint64_t>(t));
      std::string value;
      while (!stop) {
        auto transaction = store.Begin(IsolationLevel::kReadCommitted);
        transaction->BeginStatement();
        bool ok = true;
        for (int i = 0; ok && i < 3; ++i) {
          const std::string key = KeyOf(random() % rows);
          ok = transaction->GetForUpdate(key, &value).ok() &&
               transaction->Put(kStorage, key, value, ChangeKind::kUpdate).ok();
        }
        if (ok && transaction->Commit().ok()) ++commits;
      }
    });
  }
  constexpr double kSeconds = 3;
  std::this_thread::sleep_for(std::chrono::duration<double>(kSeconds));
  stop = true;
  for (std::thread& worker : workers) worker.join();
  fmt::print("commits, {:3} threads {:8.0f} /s\n", threads,
             static_cast<double>(commits) / kSeconds);
}

class Counter final : public CommitObserver {
 public:
  void OnCommit(const std::shared_ptr<const CommitRecord>& record) override {
    changes += record->changes.size();
  }
  uint64_t changes = 0;
};

int Run(const std::string& path, uint64_t rows) {
  Counter counter;
  for (const bool sync : {true, false}) {
    std::filesystem::remove_all(path);
    auto store = RowStore::Open({.path = path, .sync = sync});
    OMEN_CHECK(store.ok());
    (*store)->AddObserver(&counter);
    fmt::print("sync {}\n", sync);
    Load(**store, rows);
    if (sync) {
      PointReads(**store, rows);
      Scans(**store, rows);
    }
    for (int threads : {1, 4, 16, 64}) Commits(**store, rows, threads);
    if (sync) PointReads(**store, rows);
  }
  std::filesystem::remove_all(path);
  return 0;
}

}  // namespace
}  // namespace omen::rowstore

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print("usage: rowstore_bench DIRECTORY [rows]\n");
    return 2;
  }
  return omen::rowstore::Run(argv[1], argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2000000);
}
