#include "statistics/followed_rows.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace omen::statistics {
namespace {

// Of a hash table's node and its place.
constexpr size_t kNodeBytes = 40;
// Longer rows say little for what they take.
constexpr size_t kRowBytesMax = 16u << 10;

uint64_t Mixed(uint64_t a, uint64_t b) {
  const auto product =
      static_cast<unsigned __int128>(a ^ 0x9e3779b97f4a7c15) * (b ^ 0xd6e8feb86659fd93);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

}  // namespace

uint64_t KeyHash(std::string_view key) {
  uint64_t hash = key.size();
  while (key.size() >= sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, key.data(), sizeof word);
    hash = Mixed(hash, word);
    key.remove_prefix(sizeof word);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, key.data(), key.size());
  return Mixed(Mixed(hash, rest), 0x589965cc75374cc3);
}

size_t SampledRow::HeapBytes() const {
  size_t bytes = sizeof *this + key.capacity() + values.size() * sizeof(Value);
  for (const Value& value : values) bytes += value.HeapBytes();
  return bytes;
}

SampleMembers::SampleMembers(const Limits& limits, const std::vector<SampledRow>& rows,
                             double share)
    : limits_(limits) {
  if (share < 1) threshold_ = static_cast<uint64_t>(share * 0x1p64);
  for (const SampledRow& row : rows) members_.insert(KeyHash(row.key));
}

void SampleMembers::Note(RowChange kind, std::string_view key, std::string_view row) {
  if (overflowed_) return;
  const uint64_t hash = KeyHash(key);
  switch (kind) {
    case RowChange::kInserted:
      if (hash >= threshold_) return;
      members_.insert(hash);
      break;
    case RowChange::kUpdated:
      if (!members_.contains(hash)) return;
      break;
    case RowChange::kDeleted:
      if (members_.erase(hash) == 0) return;
      break;
  }
  if (row.size() > kRowBytesMax) row = {};
  const auto [entry, fresh] = noted_.try_emplace(hash);
  NotedChange& noted = entry->second;
  if (!fresh) noted_bytes_ -= noted.row.size();
  if (fresh) noted.key = key, noted_bytes_ += kNodeBytes + sizeof noted + key.size();
  noted.kind = kind;
  noted.row = row;
  noted_bytes_ += row.size();
  if (noted_bytes_ > limits_.noted_bytes) {
    overflowed_ = true;
    members_.clear();
    noted_.clear();
  } else if (members_.size() > 2 * limits_.rows) {
    Halve();
  }
}

// By another bit each time, the lowest first: what decides whether a row comes in are the high
// ones.
void SampleMembers::Halve() {
  const uint64_t bit = uint64_t{1} << (halvings_ % 32);
  ++halvings_;
  threshold_ /= 2;
  std::erase_if(members_, [bit](uint64_t hash) { return (hash & bit) != 0; });
}

SampleMembers::Noted SampleMembers::TakeNoted() {
  noted_bytes_ = 0;
  return std::exchange(noted_, {});
}

size_t SampleMembers::HeapBytes() const { return members_.size() * kNodeBytes + noted_bytes_; }

FollowedRows::FollowedRows(std::vector<SampledRow> rows) {
  for (SampledRow& row : rows) Put(std::move(row.key), std::move(row.values));
}

void FollowedRows::Put(std::string key, Row values) {
  const uint64_t hash = KeyHash(key);
  SampledRow& row = rows_[hash];
  if (!row.key.empty()) bytes_ -= row.HeapBytes() + kNodeBytes;
  row = {std::move(key), std::move(values)};
  bytes_ += row.HeapBytes() + kNodeBytes;
}

void FollowedRows::Erase(std::string_view key) {
  const auto found = rows_.find(KeyHash(key));
  if (found == rows_.end()) return;
  bytes_ -= found->second.HeapBytes() + kNodeBytes;
  rows_.erase(found);
}

void FollowedRows::Keep(const SampleMembers& members) {
  std::erase_if(rows_, [&](const auto& entry) {
    if (members.Has(entry.first)) return false;
    bytes_ -= entry.second.HeapBytes() + kNodeBytes;
    return true;
  });
}

std::optional<size_t> FollowedRows::columns() const {
  if (rows_.empty()) return std::nullopt;
  return rows_.begin()->second.values.size();
}

std::vector<const SampledRow*> FollowedRows::InOrder() const {
  std::vector<const SampledRow*> rows;
  rows.reserve(rows_.size());
  for (const auto& [hash, row] : rows_) rows.push_back(&row);
  std::ranges::sort(rows, {}, [](const SampledRow* row) -> std::string_view { return row->key; });
  return rows;
}

}  // namespace omen::statistics
