#include "obs/query_history.h"

namespace omen::obs {

void QueryHistory::Add(QueryRecord record) {
  std::lock_guard lock(mutex_);
  record.id = next_id_++;
  records_.push_back(std::move(record));
  if (records_.size() > capacity_) records_.pop_front();
}

std::vector<QueryRecord> QueryHistory::Recent() const {
  std::lock_guard lock(mutex_);
  return {records_.begin(), records_.end()};
}

}  // namespace omen::obs
