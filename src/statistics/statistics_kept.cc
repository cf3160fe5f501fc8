// What of the statistics the memo has.
//
//   statistics/<storage>/t        the table, and c<attnum>, p<a>-<b>: its columns and pairs
//   statistics-counts/<n>         rows of up to kTablesARecord tables, all of one commit
#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "statistics/record.h"
#include "statistics/statistics.h"

namespace omen::statistics {
namespace {

constexpr std::string_view kCountsPrefix = "statistics-counts/";
constexpr size_t kColumnsMax = 1600;  // of a table
constexpr size_t kTablesARecord = 1000, kCountBytes = 40, kMarkBytes = 16;
// What follows changes is made anew every few seconds: it is not written each time.
constexpr int64_t kBetweenKeeping = 60'000'000'000;

// Of the memo, which others need too.
constexpr size_t kMemoBytes = 8u << 20;

std::string StoragePrefix(catalog::StorageId storage) {
  return fmt::format("statistics/{:016x}/", storage);
}

void EraseAll(memo::Memo* memo, const std::string& prefix) {
  std::vector<std::string> keys;
  memo->ForEach(prefix,
                [&](std::string_view key, uint32_t, std::string_view) { keys.emplace_back(key); });
  for (const std::string& key : keys) memo->Erase(key);
}

size_t BytesKept(const memo::Memo& memo) {
  size_t bytes = 0;
  memo.ForEach("statistics/", [&](std::string_view key, uint32_t, std::string_view value) {
    bytes += key.size() + value.size();
  });
  return bytes;
}

void WriteStatistics(memo::Memo* memo, const TableStatistics& table, size_t bytes_max) {
  const std::string prefix = StoragePrefix(table.storage);
  memo->Put(prefix + "t", kRecordVersion, EncodeTable(table));
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i] == nullptr) continue;
    memo->Put(fmt::format("{}c{}", prefix, i + 1), kRecordVersion,
              EncodeColumn(*table.columns[i], bytes_max));
  }
  for (const PairStatistics& pair : table.pairs) {
    const ColumnStatistics *a = table.column(pair.a), *b = table.column(pair.b);
    if (a == nullptr || b == nullptr) continue;
    memo->Put(fmt::format("{}p{}-{}", prefix, pair.a, pair.b), kRecordVersion,
              EncodePair(pair, a->type, b->type, bytes_max));
  }
}

/// Null where there is no whole record of the table.
std::shared_ptr<TableStatistics> ReadStatistics(const memo::Memo& memo,
                                                catalog::StorageId storage) {
  const std::string prefix = StoragePrefix(storage);
  const auto record = memo.Get(prefix + "t", kRecordVersion);
  auto table = record ? DecodeTable(*record) : std::nullopt;
  if (!table || table->storage != storage) return nullptr;
  memo.ForEach(prefix, [&](std::string_view key, uint32_t version, std::string_view value) {
    key.remove_prefix(prefix.size());
    if (version != kRecordVersion || key.size() < 2) return;
    if (key[0] == 'c') {
      auto column = DecodeColumn(value);
      const size_t attnum = std::strtoul(std::string(key.substr(1)).c_str(), nullptr, 10);
      if (!column || attnum == 0 || attnum > kColumnsMax) return;
      if (table->columns.size() < attnum) table->columns.resize(attnum);
      table->columns[attnum - 1] = std::make_shared<ColumnStatistics>(*std::move(column));
    } else if (key[0] == 'p') {
      if (auto pair = DecodePair(value)) table->pairs.push_back(*std::move(pair));
    }
  });
  return std::make_shared<TableStatistics>(*std::move(table));
}

}  // namespace

void Statistics::RestoreCounts() {
  memo_->ForEach(kCountsPrefix, [&](std::string_view, uint32_t version, std::string_view bytes) {
    if (version != kRecordVersion || bytes.size() < kMarkBytes) return;
    const Mark mark{LoadLittleEndian<uint64_t>(bytes.data()),
                    LoadLittleEndian<uint64_t>(bytes.data() + 8)};
    // The oldest: commits behind it are told again.
    if (!kept_ || mark.commit < kept_->commit) kept_ = mark;
    for (bytes.remove_prefix(kMarkBytes); bytes.size() >= kCountBytes;
         bytes.remove_prefix(kCountBytes)) {
      const auto number = [&](size_t i) {
        return LoadLittleEndian<uint64_t>(bytes.data() + i * sizeof(uint64_t));
      };
      newest_kept_ = std::max<catalog::StorageId>(newest_kept_, number(0));
      kept_counts_[number(0)] = {mark.commit, static_cast<int64_t>(number(1)), number(2),
                                 static_cast<int64_t>(number(3)), static_cast<int64_t>(number(4))};
    }
  });
}

void Statistics::StartAt(uint64_t commit) {
  std::lock_guard lock(mutex_);
  last_commit_ = std::max(last_commit_, commit);
}

void Statistics::Restore(catalog::StorageId storage) {
  std::shared_ptr<TableStatistics> known;
  if (memo_ != nullptr) known = ReadStatistics(*memo_, storage);
  std::lock_guard lock(mutex_);
  TrackedTable& table = Track(storage);
  const auto kept = kept_counts_.find(storage);
  if (kept != kept_counts_.end()) {
    table.published->rows = kept->second.rows;
    table.counted_at = kept->second.commit;
    table.changed = kept->second.changed;
    table.counters.by_command_micros = kept->second.by_command_micros;
    table.counters.in_background_micros = kept->second.in_background_micros;
    table.counters.by_command = kept->second.by_command_micros != 0 ? 1 : 0;
    table.counters.in_background = kept->second.in_background_micros != 0 ? 1 : 0;
    kept_counts_.erase(kept);
  }
  if (known == nullptr) return;
  Publish(storage, &table, std::move(known));
  table.to_keep = false;
}

void Statistics::ForgetCounts() {
  std::lock_guard lock(mutex_);
  for (auto& [storage, table] : tables_) table.published->rows = -1;
  counts_changed_ = true;
}

void Statistics::KeepCounts(const EpochOf& epoch_of) {
  std::vector<std::string> records;
  {
    std::lock_guard lock(mutex_);
    if (!counts_changed_) return;
    counts_changed_ = false;
    const uint64_t epoch = epoch_of(last_commit_);
    size_t tables = 0;
    for (const auto& [storage, table] : tables_) {
      if (tables++ % kTablesARecord == 0) {
        AppendLittleEndian(records.emplace_back(), last_commit_);
        AppendLittleEndian(records.back(), epoch);
      }
      const int64_t rows = table.published->rows.load();
      for (const uint64_t number : {storage, static_cast<uint64_t>(rows), table.changed,
                                    static_cast<uint64_t>(table.counters.by_command_micros),
                                    static_cast<uint64_t>(table.counters.in_background_micros)}) {
        AppendLittleEndian(records.back(), number);
      }
    }
  }
  for (size_t i = 0; i < records.size(); ++i) {
    memo_->Put(fmt::format("{}{}", kCountsPrefix, i), kRecordVersion, records[i]);
  }
  // Of more tables than there are now.
  for (size_t i = records.size(); memo_->Get(fmt::format("{}{}", kCountsPrefix, i), kRecordVersion);
       ++i) {
    memo_->Erase(fmt::format("{}{}", kCountsPrefix, i));
  }
}

void Statistics::KeepStatistics(bool all) {
  std::vector<catalog::StorageId> dropped;
  std::vector<std::pair<catalog::StorageId, TableStatisticsPtr>> changed;
  const int64_t now = clock_->MonotonicNanos();
  {
    std::lock_guard lock(mutex_);
    dropped.swap(dropped_);
    for (auto& [storage, table] : tables_) {
      if (!table.to_keep) continue;
      TableStatisticsPtr known = Of(storage);
      const bool often = known != nullptr && known->source == Source::kChanges;
      if (!all && often && now < table.kept_nanos + kBetweenKeeping) continue;
      table.to_keep = false;
      table.kept_nanos = now;
      changed.emplace_back(storage, std::move(known));
    }
  }
  for (const catalog::StorageId storage : dropped) EraseAll(memo_, StoragePrefix(storage));
  for (const auto& [storage, known] : changed) {
    EraseAll(memo_, StoragePrefix(storage));
    if (known == nullptr || BytesKept(*memo_) + known->HeapBytes() > kMemoBytes) continue;
    WriteStatistics(memo_, *known, limits_.record_bytes);
  }
}

void Statistics::Keep(const EpochOf& epoch_of, bool all) {
  if (memo_ == nullptr) return;
  std::lock_guard lock(keeping_);
  KeepStatistics(all);
  KeepCounts(epoch_of);
}

}  // namespace omen::statistics
