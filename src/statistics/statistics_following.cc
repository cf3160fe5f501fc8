// Statistics made anew from the rows that follow a table's changes.
#include "base/containment.h"
#include "statistics/image.h"
#include "statistics/sampled.h"
#include "statistics/statistics.h"

namespace omen::statistics {
namespace {

// Following a table takes at most this part of a core's time; several tables change at once.
constexpr int64_t kTableRestTimes = 400;

/// What was counted of all rows, as it would be now.
ColumnTotals TotalsFrom(const TableStatistics* before, const ColumnStatistics* column,
                        double rows) {
  ColumnTotals totals;
  if (before == nullptr || column == nullptr || column->distinct <= 0) return totals;
  const double growth = before->rows > 0 ? rows / before->rows : 1;
  totals.distinct = column->distinct_grows ? column->distinct * growth : column->distinct;
  return totals;
}

/// Of one column; null values where a row has none of that number.
std::vector<Value> ValuesOf(const std::vector<const SampledRow*>& rows, size_t index) {
  std::vector<Value> values;
  values.reserve(rows.size());
  for (const SampledRow* row : rows) {
    values.push_back(index < row->values.size() ? row->values[index] : Value());
  }
  return values;
}

std::shared_ptr<TableStatistics> FromRows(const FollowedRows& followed, double row_count,
                                          std::span<const Type> types,
                                          const TableStatistics* before) {
  const std::vector<const SampledRow*> rows = followed.InOrder();
  auto made = std::make_shared<TableStatistics>();
  made->rows = std::max(row_count, static_cast<double>(rows.size()));
  made->source = Source::kChanges;
  if (before != nullptr) made->pairs = before->pairs;
  for (size_t i = 0; i < types.size(); ++i) {
    made->columns.emplace_back();
    if (types[i].oid == oid::kInvalid) continue;
    const ColumnStatistics* known =
        before != nullptr ? before->column(static_cast<int>(i) + 1) : nullptr;
    ColumnStatistics column = ColumnFromSample(types[i], ValuesOf(rows, i), made->rows,
                                               TotalsFrom(before, known, made->rows));
    if (known != nullptr && !IsOrdered(types[i].oid)) column.average_width = known->average_width;
    made->bytes += column.average_width * (1 - column.null_share) * made->rows;
    made->columns.back() = std::make_shared<const ColumnStatistics>(std::move(column));
  }
  return made;
}

/// False where a row cannot be read, or has other columns than those before it.
bool Apply(SampleMembers::Noted changes, size_t columns, const Statistics::DecodeRow& decode,
           FollowedRows* followed) {
  if (followed->columns().value_or(columns) != columns) return false;
  for (auto& [hash, change] : changes) {
    if (change.kind == RowChange::kDeleted || change.row.empty()) {
      followed->Erase(change.key);
      continue;
    }
    auto row = decode(change.row);
    if (!row.ok() || row->size() != columns) return false;
    followed->Put(std::move(change.key), std::move(row).value());
  }
  return true;
}

}  // namespace

bool Statistics::Follow(catalog::StorageId storage, std::span<const Type> types,
                        const DecodeRow& decode) {
  const int64_t began = clock_->MonotonicNanos();
  SampleMembers::Noted noted;
  double rows = 0;
  uint64_t commit = 0, changed = 0;
  std::shared_ptr<FollowedRows> followed;
  {
    std::lock_guard lock(mutex_);
    TrackedTable* table = Find(storage);
    if (table == nullptr || table->busy || table->members == nullptr) return false;
    if (table->members->overflowed() || table->followed == nullptr) {
      table->ForgetSample();
      return false;
    }
    noted = table->members->TakeNoted();
    rows = static_cast<double>(std::max<int64_t>(0, table->published->rows.load()));
    commit = last_commit_;
    changed = table->changed;
    table->busy = true;
    followed = table->followed;
  }
  const TableStatisticsPtr before = Of(storage);
  std::shared_ptr<TableStatistics> made;
  const bool readable = Apply(std::move(noted), types.size(), decode, followed.get());
  if (readable) {
    LetGo(storage);
    made = FromRows(*followed, rows, types, before.get());
    made->storage = storage;
    made->commit_id = commit;
    made->taken_micros = clock_->WallMicros();
  }
  return FinishFollowing(storage, std::move(made), changed, began);
}

void Statistics::LetGo(catalog::StorageId storage) {
  std::lock_guard lock(mutex_);
  TrackedTable* table = Find(storage);
  if (table == nullptr || table->members == nullptr) return;
  const auto keep = [table] {
    table->halvings = table->members->halvings();
    table->followed->Keep(*table->members);
  };
  if (table->members->halvings() != table->halvings) keep();
  while (table->followed->HeapBytes() > limits_.sample_bytes && table->members->size() > 0) {
    table->members->Halve();
    keep();
  }
}

bool Statistics::FinishFollowing(catalog::StorageId storage, std::shared_ptr<TableStatistics> made,
                                 uint64_t changed, int64_t began) {
  std::unique_ptr<SampleMembers> ended;  // after the lock
  std::lock_guard lock(mutex_);
  TrackedTable* table = Find(storage);
  if (table == nullptr) return false;
  const SharedChange change;
  const bool fits = made != nullptr && table->members != nullptr;
  if (!fits) table->members.swap(ended);
  const int64_t now = clock_->MonotonicNanos();
  table->follow_not_before_nanos = now + kTableRestTimes * (now - began);
  if (made != nullptr) {
    const bool whole = made->rows == static_cast<double>(table->followed->size());
    if (whole) {
      // As good as taken.
      ++table->counters.in_background;
      table->counters.in_background_micros = clock_->WallMicros();
      table->changed -= std::min(table->changed, changed);
      changed = 0;
    }
    table->changed_followed = changed;
    Publish(storage, table, std::move(made));
  }
  Free(storage);
  Bound();
  return fits;
}

}  // namespace omen::statistics
