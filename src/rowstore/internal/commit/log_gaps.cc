#include "rowstore/internal/commit/log_gaps.h"

#include "obs/log.h"
#include "rowstore/internal/commit/commit_format.h"

namespace omen::rowstore {

void LogGaps::ColumnFamilyLogNumberMap(const std::map<uint32_t, uint64_t>&,
                                       const std::map<std::string, uint32_t>&) {
  last_ = 0;
}

rocksdb::WalFilter::WalProcessingOption LogGaps::LogRecordFound(unsigned long long log,
                                                                const std::string&,
                                                                const rocksdb::WriteBatch& batch,
                                                                rocksdb::WriteBatch*, bool*) {
  const CommitRange commits = CommitsOf(batch);
  if (commits.first == 0) return WalProcessingOption::kContinueProcessing;
  if (last_ != 0 && commits.first != last_ + 1) {
    obs::Log(obs::LogLevel::kWarn, "the log ends where a commit is missing",
             {{"last", last_}, {"next", commits.first}, {"log", log}});
    return WalProcessingOption::kStopReplay;
  }
  last_ = commits.last;
  return WalProcessingOption::kContinueProcessing;
}

}  // namespace omen::rowstore
