#include "rowstore/internal/storage/quiet_flush.h"

#include <algorithm>
#include <string>

#include "rowstore/internal/engine/engine_status.h"

namespace omen::rowstore {
namespace {

using Properties = rocksdb::DB::Properties;

// Files of fewer would be merged, with all that they overlap, too often.
constexpr uint64_t kEntriesOfAFile = 20'000;

uint64_t Property(const Engine& engine, const std::string& name) {
  uint64_t value = 0;
  return engine.db()->GetIntProperty(engine.rows(), name, &value) ? value : 0;
}

}  // namespace

// Every few files are merged with what they overlap, the first level at most; files of a second's
// writes cost as much as full ones. At 4 MB a look that is about a fiftieth of a core.
Status QuietFlush::Look(CommitId last_commit) {
  const bool quiet = last_commit == seen_;
  begun_ = begun_ && quiet;
  seen_ = last_commit;
  rest_ -= std::min<uint64_t>(rest_, 1);
  if (!quiet || begun_ || rest_ > 0) return Status::Ok();
  if (Property(engine_, Properties::kNumEntriesActiveMemTable) < kEntriesOfAFile) {
    return Status::Ok();
  }
  rest_ = std::min(Property(engine_, Properties::kLiveSstFilesSize), kFirstLevelBytes) /
          merged_bytes_a_look_;
  begun_ = true;
  rocksdb::FlushOptions options;
  options.wait = false;
  return FromEngine(engine_.db()->Flush(options, engine_.rows()), "flush rows");
}

}  // namespace omen::rowstore
