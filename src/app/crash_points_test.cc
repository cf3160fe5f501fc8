// DDL is transactional and survives a crash at any point between the two stores. While a script
// of schema changes runs, every operation by which the process changes a file of the database
// (either engine's: write, sync, rename, truncate, unlink, remove) is a point where kill -9 may
// come. The data folder is copied as it is before such a point; the copy is opened afterwards, and
// must hold the database before or after the statement that was running, never less than what was
// acknowledged, with columns and indexes equal to rows.
//
// The operations are seen because the engines call the C library by name and the program's own
// functions of those names come first. OMENDB_CRASH_POINTS=all tries every point.
#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdarg>
#include <filesystem>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "app/check.h"
#include "app/instance.h"
#include "app/memory_sink.h"
#include "session/session.h"

namespace omen::app {
namespace {

namespace fs = std::filesystem;

/// The folder under watch and what happens before each change to a file in it.
class FileSteps {
 public:
  using Before = std::function<void(uint64_t number, const std::string& what)>;

  void Watch(const std::string& folder, Before before) {
    std::lock_guard lock(mutex_);
    folder_ = folder;
    before_ = std::move(before);
    count_ = 0;
    watching_ = true;
  }
  uint64_t Stop() {
    std::lock_guard lock(mutex_);
    watching_ = false;
    return count_;
  }

  /// Runs one operation, alone if it changes what is watched.
  template <typename Operation>
  auto Run(const char* name, const std::string& path, const Operation& operation) {
    if (inside || !watching_ || !path.starts_with(folder_)) return operation();
    std::lock_guard lock(mutex_);
    inside = true;
    before_(++count_, std::string(name) + " " + fs::path(path).filename().string());
    auto result = operation();
    inside = false;
    return result;
  }
  bool watching() const { return watching_ && !inside; }

 private:
  static thread_local bool inside;
  std::mutex mutex_;
  std::atomic<bool> watching_{false};
  std::string folder_;
  Before before_;
  uint64_t count_ = 0;
};

thread_local bool FileSteps::inside = false;

FileSteps& Steps() {
  static auto* const steps = new FileSteps;
  return *steps;
}

std::string PathOf(int file) {
  if (!Steps().watching()) return "";
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = ::readlink(link.c_str(), path, sizeof path);
  return size > 0 ? std::string(path, static_cast<size_t>(size)) : "";
}

/// The C library's own function.
template <typename Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace
}  // namespace omen::app

using omen::app::Next;
using omen::app::PathOf;
using omen::app::Steps;

extern "C" {

ssize_t write(int file, const void* data, size_t size) {
  static auto* const next = Next<ssize_t(int, const void*, size_t)>("write");
  return Steps().Run("write", PathOf(file), [&] { return next(file, data, size); });
}
ssize_t writev(int file, const struct iovec* parts, int count) {
  static auto* const next = Next<ssize_t(int, const struct iovec*, int)>("writev");
  return Steps().Run("writev", PathOf(file), [&] { return next(file, parts, count); });
}
ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  static auto* const next = Next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return Steps().Run("pwrite", PathOf(file), [&] { return next(file, data, size, at); });
}
ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  static auto* const next = Next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return Steps().Run("pwrite64", PathOf(file), [&] { return next(file, data, size, at); });
}
int fsync(int file) {
  static auto* const next = Next<int(int)>("fsync");
  return Steps().Run("fsync", PathOf(file), [&] { return next(file); });
}
int fdatasync(int file) {
  static auto* const next = Next<int(int)>("fdatasync");
  return Steps().Run("fdatasync", PathOf(file), [&] { return next(file); });
}
int ftruncate(int file, off_t size) noexcept {
  static auto* const next = Next<int(int, off_t)>("ftruncate");
  return Steps().Run("ftruncate", PathOf(file), [&] { return next(file, size); });
}
int ftruncate64(int file, off64_t size) noexcept {
  static auto* const next = Next<int(int, off64_t)>("ftruncate64");
  return Steps().Run("ftruncate64", PathOf(file), [&] { return next(file, size); });
}
int rename(const char* from, const char* to) noexcept {
  static auto* const next = Next<int(const char*, const char*)>("rename");
  return Steps().Run("rename", to, [&] { return next(from, to); });
}
int link(const char* from, const char* to) noexcept {
  static auto* const next = Next<int(const char*, const char*)>("link");
  return Steps().Run("link", to, [&] { return next(from, to); });
}
int unlink(const char* path) noexcept {
  static auto* const next = Next<int(const char*)>("unlink");
  return Steps().Run("unlink", path, [&] { return next(path); });
}
int remove(const char* path) noexcept {
  static auto* const next = Next<int(const char*)>("remove");
  return Steps().Run("remove", path, [&] { return next(path); });
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  static auto* const next = Next<int(int, const char*, int)>("unlinkat");
  const std::string whole = path[0] == '/' ? path : PathOf(folder) + "/" + path;
  return Steps().Run("unlinkat", whole, [&] { return next(folder, path, flags); });
}
int rmdir(const char* path) noexcept {
  static auto* const next = Next<int(const char*)>("rmdir");
  return Steps().Run("rmdir", path, [&] { return next(path); });
}

}  // extern "C"

namespace omen::app {
namespace {

// Every kind of change, with rows before and after each, so that a half-made one shows.
const char* const kScript[] = {
    "create table a (id int primary key, v text, n numeric(10,2))",
    "insert into a select g, 'v' || g, g / 4.0 from generate_series(1, 200) g",
    "create table b (x int, y text)",
    "insert into b select g, 'y' from generate_series(1, 50) g",
    "alter table a add column added int default 7",
    "update a set added = id where id % 2 = 0",
    "alter table a add column late text",
    "alter table a drop column v",
    "alter table a alter column n type float8",
    "insert into a (id, n, late) values (1000, 0.5, 'late')",
    "create unique index a_added on a (added, id)",
    "create index b_y on b (y, x)",
    "alter table a rename column late to later",
    "alter table a rename to renamed",
    "begin; create table c (k int primary key); insert into c values (1), (2); "
    "alter table renamed add column from_block int default 3; delete from renamed where id < 20; "
    "truncate b; insert into b values (7, 'seven'); commit",
    "begin; drop table c; create table c (other text); insert into c values ('new'); commit",
    "begin; drop table b; truncate renamed; create table gone (g int); rollback",
    "truncate renamed",
    "insert into renamed (id, n) select g, g from generate_series(1, 30) g",
    "drop index a_added",
    "alter table renamed alter column added set not null",
    "alter table renamed alter column added type text",
    "create schema s; create table s.d (id bigint primary key, v text); "
    "insert into s.d select g, 'd' from generate_series(1, 40) g",
    "create sequence q; create view w as select id from renamed",
    "drop view w",
    "drop table b",
    "drop schema s cascade",
};

/// A database with one client.
class Client {
 public:
  explicit Client(const fs::path& folder) {
    Config config;
    config.data = folder.string();
    config.row_cache_mb = 8;
    config.column_memory_mb = 128;
    config.column_threads = 1;
    config.wal_keep_mb = 16;
    auto opened = Instance::Open(config);
    if (!opened.ok()) {
      error_ = opened.status().ToString();
      return;
    }
    instance_ = std::move(opened).value();
    session::SessionOptions options;
    options.user = options.database = "omendb";
    session_ = std::make_unique<session::Session>(&instance_->database(), options);
    (void)session_->Start(sink_).ok();
  }
  ~Client() { (void)Close().ok(); }
  Status Close() {
    session_.reset();  // sessions end before their database
    return instance_ == nullptr ? Status::Ok() : instance_->Close();
  }

  const std::string& error() const { return error_; }
  Instance& instance() { return *instance_; }

  /// Rows as lines.
  std::vector<std::string> Query(const std::string& sql) {
    std::vector<std::string> lines;
    sink_.Reset([&](const std::vector<std::string>& fields) {
      std::string line;
      for (const std::string& field : fields) line += field + "|";
      lines.push_back(std::move(line));
    });
    const Status status = session_->SimpleQuery(sql, sink_);
    if (!status.ok() || !sink_.error().ok()) lines = {"error " + sink_.error().ToString()};
    return lines;
  }

  /// Every table and view with its columns, indexes and rows.
  std::string Describe() {
    std::string text;
    for (const std::string& line :
         Query("select table_schema, table_name, column_name, data_type, is_nullable from "
               "information_schema.columns where table_schema in ('public', 's') order by 1, 2, "
               "ordinal_position")) {
      text += line + "\n";
    }
    for (const std::string& line :
         Query("select relname, relkind from pg_class where oid >= 16384 order by 1, 2")) {
      text += line + "\n";
    }
    (void)Query("set omendb.route = row");
    for (const std::string& table :
         Query("select table_schema || '.' || table_name from information_schema.tables where "
               "table_schema in ('public', 's') order by 1")) {
      const std::string name = table.substr(0, table.size() - 1);
      std::vector<std::string> rows = Query("select * from " + name);
      std::ranges::sort(rows);
      text += name + "\n";
      for (const std::string& row : rows) text += "  " + row + "\n";
    }
    return text;
  }

 private:
  std::string error_;
  std::unique_ptr<Instance> instance_;
  MemorySink sink_;
  std::unique_ptr<session::Session> session_;
};

/// The folder as it was before one step.
struct Image {
  fs::path folder;
  size_t acknowledged = 0;  // statements of the script
  std::string step;
};

class CrashPoints : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "omen_crash_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = fs::canonical(name);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// Runs the script on a new database, copying it before every `stride`-th step.
  void Run(uint64_t offset, uint64_t stride) {
    const fs::path data = folder_ / ("data" + std::to_string(offset));
    images_.clear();
    states_.clear();
    acknowledged_ = 0;
    Client client(data);
    ASSERT_EQ(client.error(), "");
    states_.push_back(client.Describe());
    Steps().Watch(data.string() + "/", [&](uint64_t number, const std::string& what) {
      ++(what.find(".duckdb") == std::string::npos ? row_steps_ : column_steps_);
      if (number % stride == offset) TakeImage(data, std::to_string(number) + " " + what);
    });
    for (const char* sql : kScript) {
      const auto answer = client.Query(sql);
      ++acknowledged_;
      ASSERT_TRUE(answer.empty()) << sql << ": " << answer[0];
      // Columns follow at once in every second step, later in the others.
      if (acknowledged_ % 2 == 0) {
        (void)client.instance().replica().WaitFor(client.instance().rows().last_commit(), nullptr);
      }
      states_.push_back(client.Describe());
    }
    EXPECT_TRUE(client.Close().ok());
    steps_ = Steps().Stop();
  }

  void TakeImage(const fs::path& data, const std::string& step) {
    Image image;
    image.folder = folder_ / ("image" + std::to_string(images_.size()));
    image.acknowledged = acknowledged_;
    image.step = step;
    // An engine's thread may be what runs here, and lets no exception through.
    std::error_code error;
    fs::copy(data, image.folder, fs::copy_options::recursive, error);
    EXPECT_FALSE(error) << "before " << step << ": " << error.message();
    images_.push_back(std::move(image));
  }

  void Verify(const Image& image) {
    SCOPED_TRACE(testing::Message()
                 << "before step " << image.step << ", after "
                 << (image.acknowledged == 0 ? "nothing" : kScript[image.acknowledged - 1]));
    Client client(image.folder);
    ASSERT_EQ(client.error(), "");
    const std::string state = client.Describe();
    const bool before = state == states_[image.acknowledged];
    const bool after =
        image.acknowledged + 1 < states_.size() && state == states_[image.acknowledged + 1];
    EXPECT_TRUE(before || after) << state << "\nexpected\n" << states_[image.acknowledged];
    const auto faults = CheckDatabase(&client.instance());
    ASSERT_TRUE(faults.ok()) << faults.status().ToString();
    EXPECT_TRUE(faults->empty()) << faults->front();
  }

  fs::path folder_;
  std::vector<Image> images_;
  std::vector<std::string> states_;  // after so many statements
  std::atomic<size_t> acknowledged_{0};
  uint64_t steps_ = 0, row_steps_ = 0, column_steps_ = 0;
};

TEST_F(CrashPoints, SchemaChangesHappenWhollyOrNotAtAll) {
  const char* const asked = std::getenv("OMENDB_CRASH_POINTS");
  const bool all = asked != nullptr && std::string_view(asked) == "all";
  constexpr uint64_t kStride = 5;
  const uint64_t seed = std::random_device()();
  size_t verified = 0;
  for (uint64_t round = 0; round < (all ? kStride : 1); ++round) {
    Run((seed + round) % kStride, kStride);
    if (HasFatalFailure()) return;
    for (const Image& image : images_) {
      Verify(image);
      fs::remove_all(image.folder);
      ++verified;
    }
  }
  std::printf("%zu crash points of %lu steps (seed %lu; %lu on rows, %lu on columns)\n", verified,
              steps_, seed, row_steps_, column_steps_);
  EXPECT_GT(verified, steps_ / kStride / 2);
  // Both engines' operations are seen.
  EXPECT_GT(row_steps_, std::size(kScript));
  EXPECT_GT(column_steps_, 10u);
}

}  // namespace
}  // namespace omen::app
