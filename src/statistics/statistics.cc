#include "statistics/statistics.h"

#include <algorithm>

#include "base/containment.h"
#include "statistics/image.h"
#include "statistics/sampled.h"

namespace omen::statistics {
namespace {

// PostgreSQL's autovacuum_analyze_threshold and _scale_factor.
constexpr double kChangedRows = 50, kChangedShare = 0.1;
// What follows changes is looked at sooner, and where nothing does, so is the table.
constexpr double kFollowRows = 20, kFollowShare = 0.01, kUnfollowedShare = 0.03;
// Taking a table takes at most this share of the time.
constexpr int64_t kRestTimes = 50;
// What there was no room for is not taken again at once.
constexpr int64_t kForgottenNanos = 600'000'000'000;
constexpr size_t kFillsMax = 1000;

/// Its sample is the table.
bool IsWhole(const TrackedTable& table) {
  return table.members != nullptr && !table.members->overflowed() &&
         static_cast<int64_t>(table.members->size()) == table.published->rows.load();
}

}  // namespace

Statistics::Statistics(memo::Memo* memo, const Clock* clock, const Limits& limits)
    : memo_(memo), clock_(clock), limits_(limits) {
  if (memo_ != nullptr) RestoreCounts();
}

Statistics::~Statistics() = default;

std::shared_ptr<PublishedTable> Statistics::Published(catalog::StorageId storage) const {
  const Shard& shard = ShardOf(storage);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.tables.find(storage);
  return found != shard.tables.end() ? found->second : nullptr;
}

TableStatisticsPtr Statistics::Of(catalog::StorageId storage) const {
  const Shard& shard = ShardOf(storage);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.tables.find(storage);
  return found != shard.tables.end() ? found->second->statistics : nullptr;
}

std::optional<double> Statistics::Rows(catalog::StorageId storage) const {
  const Shard& shard = ShardOf(storage);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.tables.find(storage);
  const int64_t rows =
      found != shard.tables.end() ? found->second->rows.load(std::memory_order_relaxed) : -1;
  return rows >= 0 ? std::optional(static_cast<double>(rows)) : std::nullopt;
}

std::optional<TableReport> Statistics::Report(catalog::StorageId storage) const {
  TableReport report;
  report.storage = storage;
  report.rows = Rows(storage);
  report.statistics = Of(storage);
  std::lock_guard lock(mutex_);
  const auto found = tables_.find(storage);
  if (found == tables_.end()) return std::nullopt;
  report.changed = found->second.changed;
  report.counters = found->second.counters;
  if (found->second.members != nullptr) report.followed = found->second.members->size();
  return report;
}

TrackedTable* Statistics::Find(catalog::StorageId storage) {
  const auto found = tables_.find(storage);
  return found != tables_.end() ? &found->second : nullptr;
}

TrackedTable& Statistics::Track(catalog::StorageId storage) {
  TrackedTable& table = tables_[storage];
  if (table.published == nullptr) {
    table.published = std::make_shared<PublishedTable>();
    Shard& shard = ShardOf(storage);
    const std::lock_guard lock(shard.mutex);
    shard.tables[storage] = table.published;
  }
  return table;
}

void Statistics::Forget(catalog::StorageId storage) {
  if (tables_.erase(storage) == 0) return;
  counts_changed_ = true;
  {
    Shard& shard = ShardOf(storage);
    const std::lock_guard lock(shard.mutex);
    shard.tables.erase(storage);
  }
  if (memo_ != nullptr) dropped_.push_back(storage);
  freed_.NotifyAll();
}

void Statistics::Publish(catalog::StorageId storage, TrackedTable* table,
                         TableStatisticsPtr statistics) {
  table->statistics_bytes = statistics != nullptr ? statistics->HeapBytes() : 0;
  {
    Shard& shard = ShardOf(storage);
    const std::lock_guard lock(shard.mutex);
    std::swap(table->published->statistics, statistics);
  }
  table->to_keep = true;
}

Statistics::Commit::Commit(Statistics* statistics, uint64_t id)
    : statistics_(*statistics), lock_(statistics->mutex_), id_(id) {
  statistics_.last_commit_ = id;
}

TrackedTable* Statistics::Commit::Find(catalog::StorageId storage) {
  if (storage != last_) {
    last_ = storage;
    found_ = statistics_.Find(storage);
  }
  return found_;
}

void Statistics::Commit::Created(catalog::StorageId storage) {
  TrackedTable& table = statistics_.Track(storage);
  if (id_ <= table.counted_at) return;
  table.published->rows = 0;
  table.members = std::make_unique<SampleMembers>(statistics_.limits_.sample);
  table.followed = std::make_unique<FollowedRows>();
  statistics_.counts_changed_ = true;
  last_ = 0;
}

void Statistics::Commit::Dropped(catalog::StorageId storage) {
  statistics_.Forget(storage);
  last_ = 0;
}

void Statistics::Commit::Replaced(catalog::StorageId before, catalog::StorageId storage,
                                  std::span<const Type> types) {
  const TableStatisticsPtr known = statistics_.Of(before);
  Dropped(before);
  Created(storage);
  if (known == nullptr || known->rows <= 0) return;
  auto inherited = std::make_shared<TableStatistics>(*known);
  inherited->storage = storage;
  for (size_t i = 0; i < inherited->columns.size(); ++i) {
    auto& column = inherited->columns[i];
    if (column != nullptr && (i >= types.size() || column->type != types[i])) column.reset();
  }
  std::erase_if(inherited->pairs, [&](const PairStatistics& pair) {
    return inherited->column(pair.a) == nullptr || inherited->column(pair.b) == nullptr;
  });
  statistics_.Track(storage).inherited = std::move(inherited);
}

void Statistics::Commit::Filled(catalog::StorageId storage) {
  TrackedTable* table = Find(storage);
  if (table == nullptr || id_ <= table->counted_at) return;
  const auto fill = statistics_.fills_.find(storage);
  const int64_t rows = fill != statistics_.fills_.end() ? static_cast<int64_t>(fill->second) : -1;
  statistics_.fills_.erase(storage);
  table->published->rows = rows;
  table->last_changed = id_;
  if (rows > 0) {
    table->changed += static_cast<uint64_t>(rows);
    table->counters.inserted += static_cast<uint64_t>(rows);
  }
  const auto inherited = std::move(table->inherited);
  if (rows != 0) table->ForgetSample();
  if (rows > 0 && inherited != nullptr) statistics_.Publish(storage, table, inherited);
  statistics_.counts_changed_ = true;
}

void Statistics::Commit::Row(catalog::StorageId storage, RowChange kind, std::string_view key,
                             std::string_view row) {
  TrackedTable* table = Find(storage);
  if (table == nullptr || id_ <= table->counted_at) return;
  const int64_t more = kind == RowChange::kInserted ? 1 : kind == RowChange::kDeleted ? -1 : 0;
  const int64_t rows = table->published->rows.load(std::memory_order_relaxed);
  if (rows >= 0 && more != 0) {
    table->published->rows.store(std::max<int64_t>(0, rows + more), std::memory_order_relaxed);
  }
  ++table->changed;
  table->last_changed = id_;
  TableCounters& counters = table->counters;
  ++(kind == RowChange::kInserted  ? counters.inserted
     : kind == RowChange::kUpdated ? counters.updated
                                   : counters.deleted);
  if (table->members != nullptr) table->members->Note(kind, key, row);
  if (table->taking != nullptr) {
    table->taking->Count(id_, more);
    table->taking->Note(id_, kind, key, row);
  }
  statistics_.counts_changed_ = true;
}

void Statistics::NoteFill(catalog::StorageId storage, uint64_t rows) {
  std::lock_guard lock(mutex_);
  if (fills_.size() >= kFillsMax) fills_.clear();  // of transactions that came to nothing
  fills_[storage] = rows;
}

Result<std::unique_ptr<Statistics::Taking>> Statistics::Begin(catalog::StorageId storage,
                                                              const CancelToken* cancel) {
  std::unique_lock lock(mutex_);
  OMEN_RETURN_IF_ERROR(freed_.Wait(lock, cancel, [&] {
    const TrackedTable* table = Find(storage);
    return table == nullptr || !table->busy;
  }));
  TrackedTable* table = Find(storage);
  if (table == nullptr) return std::unique_ptr<Taking>();
  table->busy = true;
  table->taking = std::make_unique<TakingState>();
  return std::unique_ptr<Taking>(new Taking(this, storage, last_commit_, clock_->MonotonicNanos()));
}

void Statistics::Free(catalog::StorageId storage) {
  TrackedTable* table = Find(storage);
  if (table == nullptr) return;
  table->busy = false;
  table->taking.reset();
  if (table->members == nullptr) table->followed.reset();
  freed_.NotifyAll();
}

Statistics::Taking::~Taking() {
  if (ended_) return;
  std::lock_guard lock(statistics_.mutex_);
  TrackedTable* table = statistics_.Find(storage_);
  if (table == nullptr) return;
  // What fails, fails again: not at once.
  table->not_before_nanos = statistics_.clock_->MonotonicNanos() + 10'000'000'000;
  statistics_.Free(storage_);
}

void Statistics::Taking::Stand(uint64_t commit) {
  std::lock_guard lock(statistics_.mutex_);
  TrackedTable* table = statistics_.Find(storage_);
  if (table != nullptr) table->taking->Stand(commit);
}

namespace {

/// Lets go of what is over the limit, evenly.
void ThinSample(size_t bytes_max, std::vector<SampledRow>* rows, double* share) {
  size_t bytes = 0;
  for (const SampledRow& row : *rows) bytes += row.HeapBytes();
  if (bytes <= bytes_max) return;
  const double keep = static_cast<double>(bytes_max) / static_cast<double>(bytes);
  // By bits that nothing else decides by.
  const auto below = static_cast<uint64_t>(keep * 65536);
  std::erase_if(
      *rows, [&](const SampledRow& row) { return ((KeyHash(row.key) >> 32) & 0xffff) >= below; });
  *share *= keep;
}

/// What commits are held up by is short: both are made before, and what they replace ends after.
struct NewSample {
  std::unique_ptr<SampleMembers> members;
  std::shared_ptr<FollowedRows> followed;

  NewSample(const Limits& limits, Taken* taken) {
    ThinSample(limits.sample_bytes, &taken->sample, &taken->share);
    members = std::make_unique<SampleMembers>(limits.sample, taken->sample, taken->share);
    followed = std::make_shared<FollowedRows>(std::move(taken->sample));
  }
  /// The sample goes on from the snapshot, with what was committed meanwhile.
  void Install(const TakingState& meanwhile, TrackedTable* table) {
    table->members.swap(members);
    table->followed.swap(followed);
    table->halvings = 0;
    if (!meanwhile.all_noted()) return table->ForgetSample();
    for (const TakingState::Noted& noted : meanwhile.noted) {
      table->members->Note(noted.change.kind, noted.change.key, noted.change.row);
    }
  }
};

}  // namespace

bool Statistics::Taking::Finish(Taken taken, bool by_command) {
  ended_ = true;
  NewSample sample(statistics_.limits_, &taken);
  std::lock_guard lock(statistics_.mutex_);
  TrackedTable* table = statistics_.Find(storage_);
  if (table == nullptr) return false;
  const SharedChange change;
  const TakingState& meanwhile = *table->taking;
  taken.statistics->commit_id = meanwhile.stood;
  taken.statistics->taken_micros = statistics_.clock_->WallMicros();
  const auto rows = static_cast<int64_t>(taken.statistics->rows);
  table->published->rows =
      meanwhile.uncounted ? -1 : std::max<int64_t>(0, rows + meanwhile.rows_since);
  table->changed = table->changed_followed = meanwhile.changed_since;
  statistics_.Publish(storage_, table, std::move(taken.statistics));
  sample.Install(meanwhile, table);
  TableCounters& counters = table->counters;
  ++(by_command ? counters.by_command : counters.in_background);
  (by_command ? counters.by_command_micros : counters.in_background_micros) =
      statistics_.clock_->WallMicros();
  const int64_t now = statistics_.clock_->MonotonicNanos();
  table->not_before_nanos = now + kRestTimes * (now - began_);
  statistics_.counts_changed_ = true;
  statistics_.Free(storage_);
  statistics_.Bound();
  return true;
}

std::vector<Need> Statistics::Needs() const {
  std::vector<Need> needs;
  const int64_t now = clock_->MonotonicNanos();
  std::lock_guard lock(mutex_);
  for (const auto& [storage, table] : tables_) {
    if (table.busy) continue;
    const int64_t counted = table.published->rows.load();
    const auto rows = static_cast<double>(std::max<int64_t>(counted, 0));
    const auto changed = static_cast<double>(table.changed);
    const TableStatisticsPtr known = Of(storage);
    const bool followed = table.members != nullptr && !table.members->overflowed();
    const auto since = static_cast<double>(table.changed - table.changed_followed);
    const double follow_at = std::min(kFollowRows, rows / 2) + kFollowShare * rows;
    if (followed && since >= follow_at && table.members->noted() > 0) {
      if (now >= table.follow_not_before_nanos) {
        needs.push_back({storage, Need::What::kFollow, 1 + since / (rows + 1)});
      }
      continue;
    }
    if (now < table.not_before_nanos || IsWhole(table)) continue;
    const double at = kChangedRows + (followed ? kChangedShare : kUnfollowedShare) *
                                         (known != nullptr ? known->rows : rows);
    if (counted < 0 || known == nullptr) {
      if (counted != 0) needs.push_back({storage, Need::What::kTake, 1e6 + rows});
    } else if (changed > at) {
      needs.push_back({storage, Need::What::kTake, changed / at});
    }
  }
  std::ranges::sort(needs, std::greater<>(), &Need::weight);
  return needs;
}

size_t Statistics::HeapBytes() const {
  std::lock_guard lock(mutex_);
  size_t bytes = 0;
  for (const auto& [storage, table] : tables_) {
    bytes += sizeof table;
    bytes += table.statistics_bytes;
    if (table.members != nullptr) bytes += table.members->HeapBytes();
    if (table.followed != nullptr && !table.busy) bytes += table.followed->HeapBytes();
  }
  return bytes;
}

// Of samples that rested longest, then of statistics taken longest ago.
void Statistics::Bound() {
  size_t samples = 0, known_bytes = 0;
  std::vector<std::pair<uint64_t, catalog::StorageId>> by_rest, by_age;
  for (const auto& [storage, table] : tables_) {
    if (table.members != nullptr && !table.busy) {
      samples += table.members->HeapBytes() + table.followed->HeapBytes();
      by_rest.emplace_back(table.last_changed, storage);
    }
    known_bytes += table.statistics_bytes;
  }
  if (samples > limits_.samples_bytes) std::ranges::sort(by_rest);
  for (size_t i = 0; i < by_rest.size() && samples > limits_.samples_bytes; ++i) {
    TrackedTable& table = tables_.at(by_rest[i].second);
    samples -= table.members->HeapBytes() + table.followed->HeapBytes();
    table.ForgetSample();
  }
  if (known_bytes <= limits_.statistics_bytes) return;
  for (const auto& [storage, table] : tables_) {
    if (const TableStatisticsPtr known = Of(storage))
      by_age.emplace_back(known->commit_id, storage);
  }
  std::ranges::sort(by_age);
  for (size_t i = 0; i + 1 < by_age.size() && known_bytes > limits_.statistics_bytes; ++i) {
    TrackedTable& table = tables_.at(by_age[i].second);
    known_bytes -= table.statistics_bytes;
    Publish(by_age[i].second, &table, nullptr);
    table.not_before_nanos = clock_->MonotonicNanos() + kForgottenNanos;
  }
}

}  // namespace omen::statistics
