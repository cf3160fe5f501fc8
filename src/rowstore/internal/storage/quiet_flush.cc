#include "rowstore/internal/storage/quiet_flush.h"

#include "rowstore/internal/engine/engine_status.h"

namespace omen::rowstore {
namespace {

// Files of fewer would be merged, with all that they overlap, too often.
constexpr uint64_t kEntriesOfAFile = 20'000;

}  // namespace

Status QuietFlush::Look() {
  const CommitId last = commits_.last_commit();
  const bool quiet = last == seen_;
  begun_ = begun_ && quiet;
  seen_ = last;
  if (!quiet || begun_) return Status::Ok();
  uint64_t entries = 0;
  if (!engine_.db()->GetIntProperty(engine_.rows(),
                                    rocksdb::DB::Properties::kNumEntriesActiveMemTable, &entries) ||
      entries < kEntriesOfAFile) {
    return Status::Ok();
  }
  begun_ = true;
  rocksdb::FlushOptions options;
  options.wait = false;
  return FromEngine(engine_.db()->Flush(options, engine_.rows()), "flush rows");
}

}  // namespace omen::rowstore
