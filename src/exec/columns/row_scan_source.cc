#include "exec/columns/row_scan_source.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>

#include "base/blame.h"
#include "base/bytes.h"
#include "rowstore/key_codec.h"
#include "rowstore/row_codec.h"

namespace omen::exec {
namespace {

constexpr double kRowsPerPart = 20'000;
constexpr size_t kPartsMax = 8;
/// To find a range takes as long as to read so many rows.
constexpr double kRowsPerRange = 8;
constexpr size_t kRangesAlways = 64;
// What a batch of rows holds, beyond one row: each is copied once more.
constexpr size_t kBatchBytesMax = 4 << 20;
/// Rows before it is known that many are wanted.
constexpr size_t kFirstBatch = 128;
/// Rows that a filter may leave out before whoever reads is asked again.
constexpr size_t kTestedMax = 16 << 10;

/// Walks over one table's rows. Own writes are merged by walks of the transaction, which are made
/// on its thread, ahead, and used again. A plan may read a part twice, and want more of them than
/// that: the transaction is not being written to meanwhile.
class Walks {
 public:
  explicit Walks(const RowScanInput& input)
      : store_(input.store), view_(input.view), own_(input.own) {}

  void MakeAhead(size_t count, const rowstore::KeyRange& range) {
    if (own_ == nullptr) return;
    while (idle_.size() < count) idle_.push_back(own_->Scan(range));
  }

  std::unique_ptr<rowstore::Iterator> Take(const rowstore::KeyRange& range, bool backward = false) {
    if (own_ == nullptr) return store_->Scan(view_, range, backward);
    std::unique_ptr<rowstore::Iterator> walk;
    {
      std::lock_guard lock(mutex_);
      if (idle_.empty()) return own_->Scan(range, backward);
      walk = std::move(idle_.back());
      idle_.pop_back();
    }
    walk->Reset(range, backward);
    return walk;
  }

  void Give(std::unique_ptr<rowstore::Iterator> walk) {
    if (own_ == nullptr) return;
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(walk));
  }

 private:
  rowstore::RowStore* const store_;
  const std::shared_ptr<rowstore::ReadView> view_;
  rowstore::Transaction* const own_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<rowstore::Iterator>> idle_;
};

/// The ranges of one part, one after the other.
class TableCursor final : public colstore::ScanSource::Cursor {
 public:
  TableCursor(std::shared_ptr<const catalog::Table> table, const std::vector<int>& columns,
              std::shared_ptr<Walks> walks, KeyRanges ranges,
              const std::shared_ptr<const RowFilter>& filter)
      : table_(std::move(table)), walks_(std::move(walks)), ranges_(std::move(ranges)) {
    std::vector<int> attnums;
    for (const int column : columns) attnums.push_back(column + 1);
    if (!attnums.empty()) decoder_ = std::make_unique<rowstore::RowDecoder>(*table_, attnums);
    if (filter != nullptr) tester_.emplace(filter);
    rows_ = walks_->Take(ranges_[0]);
  }
  ~TableCursor() override { walks_->Give(std::move(rows_)); }

  Result<std::optional<size_t>> Next(std::vector<Row>* rows, size_t capacity) override {
    size_t count = 0, bytes = 0, tested = 0;
    capacity = std::min(capacity, ahead_);
    ahead_ = std::max(ahead_, 2 * capacity);
    if (rows->size() < capacity) rows->resize(capacity);
    while (count < capacity && bytes < kBatchBytesMax && tested < kTestedMax) {
      if (!rows_->Valid()) {
        OMEN_ASSIGN_OR_RETURN(const bool more, EnterNextRange());
        if (!more) break;
      }
      ++tested;
      bool passes = true;
      if (tester_) {
        OMEN_ASSIGN_OR_RETURN(passes, tester_->Passes(rows_->value()));
      }
      if (passes && decoder_ != nullptr) {
        bytes += rows_->value().size();
        OMEN_RETURN_IF_ERROR(decoder_->Decode(rows_->value(), &(*rows)[count]));
      }
      count += passes ? 1 : 0;
      rows_->Next();
    }
    if (tested == 0) return {std::nullopt};
    return {count};
  }

 private:
  /// To the first row in one of the ranges left; false where there is none.
  Result<bool> EnterNextRange() {
    while (!rows_->Valid()) {
      OMEN_RETURN_IF_ERROR(rows_->status());
      if (range_ + 1 == ranges_.size()) return false;
      rows_->Reset(ranges_[++range_], false);
    }
    return true;
  }

  std::shared_ptr<const catalog::Table> table_;
  std::shared_ptr<Walks> walks_;
  const KeyRanges ranges_;
  std::unique_ptr<rowstore::RowDecoder> decoder_;
  std::optional<RowTester> tester_;
  std::unique_ptr<rowstore::Iterator> rows_;
  size_t range_ = 0;            // that is being read
  size_t ahead_ = kFirstBatch;  // rows in the next batch, at most
};

uint64_t EightBytesAt(const std::string& key, size_t at) {
  char bytes[8] = {};
  if (at < key.size()) std::memcpy(bytes, key.data() + at, std::min<size_t>(8, key.size() - at));
  return LoadBigEndian<uint64_t>(bytes);
}

/// Who shares the work of reading a table.
class PartMaker {
 public:
  PartMaker(Walks* walks, const RowScanInput& input) : walks_(*walks), input_(input) {}

  std::vector<KeyRanges> Parts(KeyRanges ranges) const {
    ranges = AsFew(std::move(ranges));
    if (ranges.size() == 1) ranges = Split(std::move(ranges[0]));
    std::vector<KeyRanges> parts(std::min(ranges.size(), kPartsMax));
    for (size_t i = 0; i < ranges.size(); ++i) {
      parts[i * parts.size() / ranges.size()].push_back(std::move(ranges[i]));
    }
    return parts;
  }

 private:
  /// Where they are more than the table's rows are worth, the one around them all.
  KeyRanges AsFew(KeyRanges ranges) const {
    const auto count = static_cast<double>(ranges.size());
    if (ranges.size() <= kRangesAlways || count * kRowsPerRange <= input_.table_rows) return ranges;
    return {{ranges.front().lower, ranges.back().upper}};
  }

  std::string EdgeKey(const rowstore::KeyRange& range, bool last) const {
    auto rows = walks_.Take(range, last);
    std::string key = rows->Valid() ? std::string(rows->key()) : std::string();
    walks_.Give(std::move(rows));
    return key;
  }

  // Cuts the range at keys evenly spaced between the first and the last; even spacing is a
  // guess about the keys that costs only balance.
  KeyRanges Split(rowstore::KeyRange range) const {
    const size_t parts =
        std::clamp<size_t>(static_cast<size_t>(input_.keys.read / kRowsPerPart), 1, kPartsMax);
    if (parts == 1) return {std::move(range)};
    const std::string first = EdgeKey(range, false), last = EdgeKey(range, true);
    const size_t same = static_cast<size_t>(std::ranges::mismatch(first, last).in1 - first.begin());
    const uint64_t low = EightBytesAt(first, same), high = EightBytesAt(last, same);
    if (first.empty() || low >= high) return {std::move(range)};
    KeyRanges ranges;
    std::string lower = range.lower;
    for (size_t i = 1; i < parts; ++i) {
      std::string cut = first.substr(0, same);
      AppendBigEndian(cut, low + (high - low) / parts * i);
      if (cut <= lower) continue;
      ranges.push_back({lower, cut});
      lower = std::move(cut);
    }
    ranges.push_back({std::move(lower), std::move(range.upper)});
    return ranges;
  }

  Walks& walks_;
  const RowScanInput& input_;
};

class TableSource final : public colstore::ScanSource {
 public:
  TableSource(std::shared_ptr<const catalog::Table> table, RowScanInput input)
      : table_(std::move(table)),
        input_(std::move(input)),
        walks_(std::make_shared<Walks>(input_)) {
    for (const catalog::Column& column : table_->columns) types_.push_back(column.type);
    parts_ = PartMaker(walks_.get(), input_).Parts(input_.keys.ranges);
    if (!parts_.empty()) walks_->MakeAhead(parts_.size(), parts_[0][0]);
  }

  const std::vector<Type>& types() const override { return types_; }
  int parts() const override { return static_cast<int>(parts_.size()); }
  uint64_t row_estimate() const override { return static_cast<uint64_t>(input_.keys.rows); }

  Result<std::unique_ptr<Cursor>> Open(int part, const std::vector<int>& columns) override {
    return std::unique_ptr<Cursor>(std::make_unique<TableCursor>(
        table_, columns, walks_, parts_[static_cast<size_t>(part)], input_.keys.filter));
  }

  Result<std::shared_ptr<ScanSource>> Within(
      const std::vector<colstore::ColumnBound>& bounds) override {
    std::optional<KeyRanges> keys = KeysWithin(*table_, bounds);
    if (!keys.has_value()) return std::shared_ptr<ScanSource>();
    auto within = std::make_shared<TableSource>(*this);
    within->parts_ = PartMaker(walks_.get(), input_).Parts(InBoth(input_.keys.ranges, *keys));
    return std::shared_ptr<ScanSource>(std::move(within));
  }

 private:
  std::shared_ptr<const catalog::Table> table_;
  RowScanInput input_;
  std::shared_ptr<Walks> walks_;
  std::vector<Type> types_;
  std::vector<KeyRanges> parts_;
};

class ComputedCursor final : public colstore::ScanSource::Cursor {
 public:
  ComputedCursor(const std::vector<Row>& rows, std::vector<int> columns)
      : rows_(rows), columns_(std::move(columns)) {}
  Result<std::optional<size_t>> Next(std::vector<Row>* rows, size_t capacity) override {
    const size_t count = std::min(capacity, rows_.size() - next_);
    if (count == 0) return {std::nullopt};
    rows->resize(std::max(rows->size(), count));
    for (size_t i = 0; i < count; ++i) {
      Row& row = (*rows)[i];
      row.clear();
      for (const int column : columns_) {
        row.push_back(rows_[next_ + i][static_cast<size_t>(column)]);
      }
    }
    next_ += count;
    return {count};
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
  Result<std::shared_ptr<ScanSource>> Within(const std::vector<colstore::ColumnBound>&) override {
    return std::shared_ptr<ScanSource>();
  }

 private:
  std::vector<Type> types_;
  std::vector<Row> rows_;
};

}  // namespace

Result<std::shared_ptr<colstore::ScanSource>> MakeRowScan(
    std::shared_ptr<const catalog::Table> table, RowScanInput input) {
  return std::shared_ptr<colstore::ScanSource>(
      std::make_shared<TableSource>(std::move(table), std::move(input)));
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
