// LAST_COMMIT: the last synced commit and how long RocksDB's list of files was, kept apart from
// RocksDB so that start-up notices a log that was cut short or lost, or a shortened list of
// files, all of which RocksDB opens without a word.
//
// Two slots of 4096 bytes, written in turn; a torn write leaves the other. A slot:
//   0   8 bytes  "OMENLAS2"
//   8   uint64   turn, the higher valid one counts
//   16  uint64   commit id
//   24  uint64   epoch
//   32  uint64   number of the MANIFEST in use
//   40  uint64   its bytes that were synced
//   48  uint64   FNV-1a of the 48 bytes before
// "OMENLAU2" is the same where commits after that one may be in the log without having been synced;
// "OMENLAST" is without the MANIFEST. Integers are little-endian.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "rowstore/change.h"

namespace omen::rowstore {

struct LastCommit {
  CommitId id = 0;
  uint64_t epoch = 0;
  bool operator==(const LastCommit&) const = default;
};

/// At least this much of this list of files was on disk. Number 0: not known.
struct ManifestMark {
  uint64_t number = 0;
  uint64_t bytes = 0;
  bool operator==(const ManifestMark&) const = default;
};

struct StoreMark {
  LastCommit last;
  ManifestMark manifest;
  bool unsynced = false;  // there may be later commits, which a loss of power has taken
};

/// What the file says. A value.
struct RecordedMark {
  enum class State : uint8_t {
    kMissing,
    kBlank,    // made by a start that did not get to its end
    kDamaged,  // neither slot is sound
    kSound,
  };
  State state = State::kMissing;
  StoreMark mark;
  uint64_t turn = 0;
};

/// One thread at a time.
class LastCommitFile {
 public:
  /// Creates nothing. 58030 when the file cannot be read.
  static Result<RecordedMark> Read(const std::string& path);
  /// Opens or creates it, to go on after `recorded`.
  static Result<std::unique_ptr<LastCommitFile>> Open(const std::string& path,
                                                      const RecordedMark& recorded);
  ~LastCommitFile();
  LastCommitFile(const LastCommitFile&) = delete;
  LastCommitFile& operator=(const LastCommitFile&) = delete;

  /// Durable when it returns; a failed sync stops the process.
  Status Write(const StoreMark& mark);

 private:
  LastCommitFile(int descriptor, uint64_t turn) : descriptor_(descriptor), turn_(turn) {}

  const int descriptor_;
  uint64_t turn_;
};

}  // namespace omen::rowstore
