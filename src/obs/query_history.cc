#include "obs/query_history.h"

#include <algorithm>

namespace omen::obs {

QueryHistory::QueryHistory(size_t capacity)
    : capacity_(std::max<size_t>(capacity, 1)), slots_(new Slot[capacity_]) {}

void QueryHistory::Add(const QueryEvent& event) {
  const uint64_t id = added_.fetch_add(1, std::memory_order_relaxed) + 1;
  Slot& slot = slots_[id % capacity_];
  std::lock_guard lock(slot.mutex);
  QueryRecord& record = slot.record;
  if (record.id > id) return;  // overtaken by a whole round of the ring
  record.id = id;
  record.session_id = event.session_id;
  record.user = event.user;
  record.template_text = event.template_text;
  record.tag = event.tag;
  record.path = event.path;
  record.reason = event.reason;
  record.started_micros = event.started_micros;
  record.duration_us = event.duration_us;
  record.rows = event.rows;
  record.snapshot_commit = event.snapshot_commit;
  record.watermark = event.watermark;
  record.sqlstate = event.sqlstate;
}

std::vector<QueryRecord> QueryHistory::Recent() const {
  std::vector<QueryRecord> records;
  records.reserve(std::min<uint64_t>(capacity_, added_.load(std::memory_order_relaxed)));
  for (size_t i = 0; i < capacity_; ++i) {
    std::lock_guard lock(slots_[i].mutex);
    if (slots_[i].record.id != 0) records.push_back(slots_[i].record);
  }
  std::ranges::sort(records, {}, &QueryRecord::id);
  return records;
}

}  // namespace omen::obs
