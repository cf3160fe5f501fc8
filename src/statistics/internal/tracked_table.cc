#include "statistics/internal/tracked_table.h"

namespace omen::statistics {
namespace {

constexpr size_t kDeltasMax = 100'000, kNotedBytesMax = 8u << 20;

}  // namespace

void TakingState::Count(uint64_t commit, int64_t rows) {
  if (stood != 0) {
    if (commit <= stood) return;
    rows_since += rows;
    ++changed_since;
    return;
  }
  if (deltas.empty() || deltas.back().commit != commit) {
    if (deltas.size() >= kDeltasMax) uncounted = true;
    if (uncounted) return;
    deltas.push_back({commit, 0, 0});
  }
  deltas.back().rows += rows;
  ++deltas.back().changed;
}

bool TakingState::all_noted() const { return noted_bytes <= kNotedBytesMax; }

void TakingState::Note(uint64_t commit, RowChange kind, std::string_view key,
                       std::string_view row) {
  if (!all_noted() || (stood != 0 && commit <= stood)) return;
  noted_bytes += sizeof(Noted) + key.size() + row.size();
  noted.push_back({commit, {kind, std::string(key), std::string(row)}});
  if (!all_noted()) noted = {};
}

void TakingState::Stand(uint64_t commit) {
  stood = commit;
  for (const Delta& delta : deltas) {
    if (delta.commit <= commit) continue;
    rows_since += delta.rows;
    changed_since += delta.changed;
  }
  deltas = {};
  std::erase_if(noted, [commit](const Noted& change) { return change.commit <= commit; });
}

}  // namespace omen::statistics
