#include "rowstore/commit_feed.h"

namespace omen::rowstore {
namespace {

/// A record's own size, so that many small ones count too.
constexpr size_t kRecordOverhead = 256;

size_t Cost(const RecordPtr& record) { return record->bytes + kRecordOverhead; }

}  // namespace

void CommitFeed::Push(const RecordPtr& record) {
  newest_ = record->id;
  if (bytes_ + Cost(record) > bytes_max_ && !queue_.empty()) {
    queue_.clear();
    bytes_ = 0;
    ++overflows_;
  }
  bytes_ += Cost(record);
  queue_.push_back({record, std::chrono::steady_clock::now()});
}

void CommitFeed::Pop() {
  bytes_ -= Cost(queue_.front().record);
  queue_.pop_front();
}

std::vector<RecordPtr> CommitFeed::Take(CommitId after, CommitId upto, size_t bytes) {
  std::vector<RecordPtr> taken;
  while (!queue_.empty() && queue_.front().record->id <= after) Pop();
  for (size_t used = 0; !queue_.empty() && used < bytes;) {
    const RecordPtr& record = queue_.front().record;
    if (record->id != after + 1 || record->id > upto) break;
    used += Cost(record);
    taken.push_back(record);
    ++after;
    Pop();
  }
  return taken;
}

std::chrono::steady_clock::time_point CommitFeed::oldest() const {
  return queue_.empty() ? std::chrono::steady_clock::now() : queue_.front().came;
}

}  // namespace omen::rowstore
