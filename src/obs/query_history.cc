#include "obs/query_history.h"

#include <algorithm>

namespace omen::obs {

QueryHistory::QueryHistory(size_t capacity)
    : capacity_(std::max<size_t>(capacity, 1)), slots_(new Slot[capacity_]) {}

void QueryHistory::OnOutcome(const Outcome& outcome) {
  const uint64_t id = added_.fetch_add(1, std::memory_order_relaxed) + 1;
  Slot& slot = slots_[id % capacity_];
  std::lock_guard lock(slot.mutex);
  QueryRecord& record = slot.record;
  if (record.id > id) return;  // overtaken by a whole round of the ring
  record.id = id;
  record.session_id = outcome.session_id;
  record.template_id = outcome.template_id;
  record.user = outcome.user;
  record.template_text = outcome.template_text;
  record.tag = outcome.tag;
  record.path = outcome.path;
  record.reason = outcome.reason;
  record.asked_router = outcome.asked_router;
  record.estimated_rows = outcome.estimated_rows;
  record.estimated_us = outcome.estimated_us;
  record.started_micros = outcome.started_micros;
  record.duration_us = outcome.duration_us;
  record.cpu_us = outcome.cpu_us;
  record.waited_us = outcome.waited_us;
  record.rows = outcome.rows;
  record.rows_read = outcome.rows_read;
  record.bytes = outcome.bytes;
  record.engine_us = outcome.engine_us;
  record.blocks_cached = outcome.blocks_cached;
  record.blocks_read = outcome.blocks_read;
  record.snapshot_commit = outcome.snapshot_commit;
  record.watermark = outcome.watermark;
  record.sqlstate = outcome.sqlstate;
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
