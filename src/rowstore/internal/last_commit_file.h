// LAST_COMMIT: the last synced commit, kept apart from RocksDB so that start-up notices a
// log that was cut short or lost, which RocksDB opens without a word.
//
// Two slots of 4096 bytes, written in turn; a torn write leaves the other. A slot:
//   0   8 bytes  "OMENLAST"
//   8   uint64   turn, the higher valid one counts
//   16  uint64   commit id
//   24  uint64   epoch
//   32  uint64   FNV-1a of the 32 bytes before
// Integers are little-endian.
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

/// One thread at a time.
class LastCommitFile {
 public:
  /// Opens or creates it. `found` is what it says: 0 when it is new. XX001 when it is there but
  /// neither slot is sound.
  static Result<std::unique_ptr<LastCommitFile>> Open(const std::string& path, bool ignore_damage,
                                                      LastCommit* found);
  ~LastCommitFile();
  LastCommitFile(const LastCommitFile&) = delete;
  LastCommitFile& operator=(const LastCommitFile&) = delete;

  /// Durable when it returns; a failed sync stops the process.
  Status Write(const LastCommit& last);

 private:
  LastCommitFile(int descriptor, uint64_t turn) : descriptor_(descriptor), turn_(turn) {}

  const int descriptor_;
  uint64_t turn_;
};

}  // namespace omen::rowstore
