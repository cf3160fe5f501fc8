#include "exec/columns/row_scan_source.h"

#include <algorithm>
#include <cstring>

#include "base/blame.h"
#include "base/bytes.h"
#include "rowstore/key_codec.h"
#include "rowstore/row_codec.h"

namespace omen::exec {
namespace {

constexpr double kRowsPerPart = 20'000;
constexpr int kPartsMax = 8;
// What a batch of rows holds, beyond one row: each is copied once more.
constexpr size_t kBatchBytesMax = 4 << 20;

class TableCursor final : public colstore::ScanSource::Cursor {
 public:
  TableCursor(std::shared_ptr<const catalog::Table> table, const std::vector<int>& columns,
              std::unique_ptr<rowstore::Iterator> rows)
      : table_(std::move(table)), rows_(std::move(rows)) {
    std::vector<int> attnums;
    for (const int column : columns) attnums.push_back(column + 1);
    if (!attnums.empty()) decoder_ = std::make_unique<rowstore::RowDecoder>(*table_, attnums);
  }

  Result<size_t> Next(std::vector<Row>* rows, size_t capacity) override {
    size_t count = 0, bytes = 0;
    if (rows->size() < capacity) rows->resize(capacity);
    for (; count < capacity && bytes < kBatchBytesMax && rows_->Valid(); rows_->Next()) {
      if (decoder_ != nullptr) {
        bytes += rows_->value().size();
        OMEN_RETURN_IF_ERROR(decoder_->Decode(rows_->value(), &(*rows)[count]));
      }
      ++count;
    }
    if (!rows_->Valid()) OMEN_RETURN_IF_ERROR(rows_->status());
    return count;
  }

 private:
  std::shared_ptr<const catalog::Table> table_;
  std::unique_ptr<rowstore::RowDecoder> decoder_;
  std::unique_ptr<rowstore::Iterator> rows_;
};

class TableSource final : public colstore::ScanSource {
 public:
  TableSource(std::shared_ptr<const catalog::Table> table, RowScanInput input,
              std::vector<rowstore::KeyRange> ranges)
      : table_(std::move(table)), input_(std::move(input)), ranges_(std::move(ranges)) {
    for (const catalog::Column& column : table_->columns) types_.push_back(column.type);
    if (input_.own == nullptr) return;
    // Own writes are merged by iterators of the transaction, which belong to this thread.
    for (const rowstore::KeyRange& range : ranges_) made_.push_back(input_.own->Scan(range));
  }

  const std::vector<Type>& types() const override { return types_; }
  int parts() const override { return static_cast<int>(ranges_.size()); }
  uint64_t row_estimate() const override { return static_cast<uint64_t>(input_.rows); }

  Result<std::unique_ptr<Cursor>> Open(int part, const std::vector<int>& columns) override {
    return std::unique_ptr<Cursor>(
        std::make_unique<TableCursor>(table_, columns, TakeIterator(static_cast<size_t>(part))));
  }

 private:
  // A plan may read a part twice; the transaction is not being written to meanwhile.
  std::unique_ptr<rowstore::Iterator> TakeIterator(size_t part) {
    if (input_.own == nullptr) return input_.store->Scan(input_.view, ranges_[part]);
    std::lock_guard lock(mutex_);
    if (made_[part] != nullptr) return std::move(made_[part]);
    return input_.own->Scan(ranges_[part]);
  }

  std::shared_ptr<const catalog::Table> table_;
  RowScanInput input_;
  std::vector<rowstore::KeyRange> ranges_;
  std::vector<Type> types_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<rowstore::Iterator>> made_;
};

class ComputedCursor final : public colstore::ScanSource::Cursor {
 public:
  ComputedCursor(const std::vector<Row>& rows, std::vector<int> columns)
      : rows_(rows), columns_(std::move(columns)) {}
  Result<size_t> Next(std::vector<Row>* rows, size_t capacity) override {
    const size_t count = std::min(capacity, rows_.size() - next_);
    rows->resize(std::max(rows->size(), count));
    for (size_t i = 0; i < count; ++i) {
      Row& row = (*rows)[i];
      row.clear();
      for (const int column : columns_) {
        row.push_back(rows_[next_ + i][static_cast<size_t>(column)]);
      }
    }
    next_ += count;
    return count;
  }

 private:
  const std::vector<Row>& rows_;
  std::vector<int> columns_;
  size_t next_ = 0;
};

class ComputedSource final : public colstore::ScanSource {
 public:
  ComputedSource(std::vector<Type> types, std::vector<Row> rows)
      : types_(std::move(types)), rows_(std::move(rows)) {}
  const std::vector<Type>& types() const override { return types_; }
  int parts() const override { return 1; }
  uint64_t row_estimate() const override { return rows_.size(); }
  Result<std::unique_ptr<Cursor>> Open(int, const std::vector<int>& columns) override {
    return std::unique_ptr<Cursor>(std::make_unique<ComputedCursor>(rows_, columns));
  }

 private:
  std::vector<Type> types_;
  std::vector<Row> rows_;
};

std::string EdgeKey(const RowScanInput& input, const rowstore::KeyRange& range, bool last) {
  const auto rows = input.own != nullptr ? input.own->Scan(range, last)
                                         : input.store->Scan(input.view, range, last);
  return rows->Valid() ? std::string(rows->key()) : std::string();
}

uint64_t EightBytesAt(const std::string& key, size_t at) {
  char bytes[8] = {};
  if (at < key.size()) std::memcpy(bytes, key.data() + at, std::min<size_t>(8, key.size() - at));
  return LoadBigEndian<uint64_t>(bytes);
}

// Cuts the range at keys evenly spaced between the first and the last; even spacing is a
// guess about the keys that costs only balance.
std::vector<rowstore::KeyRange> SplitRange(const RowScanInput& input, rowstore::KeyRange range) {
  const int parts = std::clamp(static_cast<int>(input.rows / kRowsPerPart), 1, kPartsMax);
  if (parts == 1) return {std::move(range)};
  const std::string first = EdgeKey(input, range, false), last = EdgeKey(input, range, true);
  const size_t same = static_cast<size_t>(std::ranges::mismatch(first, last).in1 - first.begin());
  const uint64_t low = EightBytesAt(first, same), high = EightBytesAt(last, same);
  if (first.empty() || low >= high) return {std::move(range)};
  std::vector<rowstore::KeyRange> ranges;
  std::string lower = range.lower;
  for (int i = 1; i < parts; ++i) {
    std::string cut = first.substr(0, same);
    AppendBigEndian(cut,
                    low + (high - low) / static_cast<uint64_t>(parts) * static_cast<uint64_t>(i));
    if (cut <= lower) continue;
    ranges.push_back({lower, cut});
    lower = std::move(cut);
  }
  ranges.push_back({std::move(lower), std::move(range.upper)});
  return ranges;
}

}  // namespace

std::vector<rowstore::KeyRange> AllKeysOf(const catalog::Table& table) {
  rowstore::KeyRange range;
  rowstore::AppendStoragePrefix(table.storage_id, range.lower);
  range.upper = rowstore::PrefixEnd(range.lower);
  return {std::move(range)};
}

Result<std::shared_ptr<colstore::ScanSource>> MakeRowScan(
    std::shared_ptr<const catalog::Table> table, const RowScanInput& input) {
  std::vector<rowstore::KeyRange> ranges = input.ranges;
  if (ranges.size() == 1) ranges = SplitRange(input, std::move(ranges[0]));
  return std::shared_ptr<colstore::ScanSource>(
      std::make_shared<TableSource>(std::move(table), input, std::move(ranges)));
}

Result<std::shared_ptr<colstore::ScanSource>> MakeSystemScan(
    const catalog::SystemRelation& relation, const SystemContext& context) {
  const SystemProducer producer = FindSystemProducer(relation.producer);
  if (producer == nullptr) return Refusal("relation " + relation.name);
  std::vector<Row> rows;
  OMEN_RETURN_IF_ERROR(producer(context, &rows));
  std::vector<Type> types;
  for (const catalog::Column& column : relation.columns) types.push_back(column.type);
  return std::shared_ptr<colstore::ScanSource>(
      std::make_shared<ComputedSource>(std::move(types), std::move(rows)));
}

}  // namespace omen::exec
