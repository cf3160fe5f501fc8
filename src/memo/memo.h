// A small durable store for what the server has learned: records by key, each with the version of
// its form. It is a convenience: whoever reads it must be able to begin with nothing, and its file
// may be deleted at any time between two starts.
//
// One file, to which changes are appended:
//   bytes 0-7  "OMENMEM1"
//   records    length of the rest (4), FNV-1a of the rest (8), then kind (1), version (4),
//              length of the key (4), key, value; integers little-endian
// A record counts when it is whole; the file ends before the first that is not. Written is what
// the system has been given: it outlives the process at once, the machine after Sync. A file of
// which little is alive any more is written anew beside and renamed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace omen::memo {

struct Limits {
  size_t record_bytes = 64u << 10;  // key and value together; more is not kept
  size_t total_bytes = 64u << 20;   // beyond it what was put longest ago goes
};

/// Any thread. Where the disk fails it goes on in memory alone and says so once (`broken`).
class Memo {
 public:
  /// Creates the file where there is none. One that is not ours or damaged at its beginning is put
  /// aside as "<path>.damaged". Fails where the folder cannot be written.
  static Result<std::unique_ptr<Memo>> Open(const std::string& path, Limits limits = {});
  ~Memo();
  Memo(const Memo&) = delete;
  Memo& operator=(const Memo&) = delete;

  /// Nothing where the key is unknown or was put in another version of its form.
  std::optional<std::string> Get(std::string_view key, uint32_t version) const;
  /// False when the record is larger than may be.
  bool Put(std::string_view key, uint32_t version, std::string_view value);
  void Erase(std::string_view key);
  /// Every record whose key begins so, in order of keys. `visit` must not call back.
  void ForEach(std::string_view prefix,
               const std::function<void(std::string_view key, uint32_t version,
                                        std::string_view value)>& visit) const;

  /// What was put before outlives the machine.
  Status Sync();
  size_t records() const;
  size_t bytes() const;
  bool broken() const;

 private:
  struct Record {
    uint32_t version;
    std::string value;
    uint64_t turn;  // when it was put
  };
  enum class Kind : char { kPut = 1, kErase = 2 };

  Memo(std::string path, Limits limits) : path_(std::move(path)), limits_(limits) {}
  Status Load();
  Status Begin();
  /// The length of the part that is whole.
  size_t Replay(std::string_view bytes);
  void Apply(Kind kind, std::string_view key, uint32_t version, std::string_view value);
  void Forget(std::map<std::string, Record, std::less<>>::iterator record);
  void Append(Kind kind, std::string_view key, uint32_t version, std::string_view value);
  void MakeRoom();
  void Compact();
  Status WriteAnew();

  const std::string path_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::map<std::string, Record, std::less<>> records_;
  std::map<uint64_t, std::string> by_turn_;  // oldest first
  uint64_t next_turn_ = 1;
  size_t live_bytes_ = 0, file_bytes_ = 0;
  int file_ = -1;
  bool broken_ = false;
};

}  // namespace omen::memo
