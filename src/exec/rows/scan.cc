#include "exec/rows/scan.h"

#include <algorithm>
#include <optional>

#include "rowstore/key_codec.h"

namespace omen::exec {

/// Rows of a covering index, read back from its keys.
class IndexEntryReader {
 public:
  explicit IndexEntryReader(const TableScan& scan) : scan_(scan) {}

  /// `key` is the index entry's, `tail` the row key's tail it holds.
  Status Read(std::string_view key, std::string_view tail, EvalContext& context) const {
    key.remove_prefix(8);
    OMEN_RETURN_IF_ERROR(Take(*scan_.conditions_.index(), key, context));
    const catalog::Index* primary = scan_.table_->primary_key();
    return primary != nullptr ? Take(*primary, tail, context) : Status::Ok();
  }

 private:
  Status Take(const catalog::Index& index, std::string_view bytes, EvalContext& context) const {
    for (const catalog::IndexColumn& column : index.columns) {
      OMEN_ASSIGN_OR_RETURN(Value value,
                            rowstore::TakeKeyColumn(scan_.table_->column(column.attnum).type.oid,
                                                    column.descending, column.nulls_first, &bytes));
      for (size_t i = 0; i < scan_.read_attnums_.size(); ++i) {
        if (scan_.read_attnums_[i] == column.attnum) context.frame[scan_.slots_[i]] = value;
      }
    }
    return Status::Ok();
  }

  const TableScan& scan_;
};

namespace {

// Rows by their keys, many together, which costs less, and ever more of them while they are asked
// for: who wants one must not pay for many.
class RowFetcher {
 public:
  explicit RowFetcher(RowReader* rows)
      : rows_(*rows), batch_(std::make_unique<rowstore::RowBatch>()) {}

  /// Begins with as many as were wanted the last time, fewer where those were wide.
  void Open() {
    ahead_ = std::clamp<size_t>(taken_, 1, ahead_max_);
    taken_ = at_ = 0;
    batch_->Clear();
  }

  /// The next row; `value` is null where there is none by its key. `add_key(&key)`: appends the
  /// next one, a Result<bool>.
  template <typename AddKey>
  Result<bool> Next(const AddKey& add_key, std::string_view* key,
                    std::optional<std::string_view>* value) {
    if (at_ == batch_->size()) OMEN_RETURN_IF_ERROR(Fetch(add_key));
    if (at_ == batch_->size()) return false;
    *key = batch_->key(at_);
    *value = batch_->found(at_) ? std::optional(batch_->value(at_)) : std::nullopt;
    ++at_;
    ++taken_;
    return true;
  }

 private:
  static constexpr size_t kBytesMax = 256 << 10;

  template <typename AddKey>
  Status Fetch(const AddKey& add_key) {
    batch_->Clear();
    at_ = 0;
    while (batch_->size() < ahead_) {
      OMEN_ASSIGN_OR_RETURN(const bool more, add_key(&batch_->Add()));
      if (more) continue;
      batch_->TakeBack();
      break;
    }
    if (batch_->size() == 0) return Status::Ok();
    OMEN_RETURN_IF_ERROR(rows_.MultiGet(batch_.get()));
    ahead_max_ = AheadMax();
    ahead_ = std::min(ahead_ + ahead_ / 2 + 1, ahead_max_);
    return Status::Ok();
  }

  /// Of rows as wide as the last ones.
  size_t AheadMax() const {
    size_t bytes = 1;
    for (size_t i = 0; i < batch_->size(); ++i) {
      if (batch_->found(i)) bytes += batch_->value(i).size();
    }
    return std::clamp<size_t>(batch_->size() * kBytesMax / bytes, 1, rows_.ahead_max());
  }

  RowReader& rows_;
  const std::unique_ptr<rowstore::RowBatch> batch_;
  size_t ahead_ = 1, ahead_max_ = 1, at_ = 0, taken_ = 0;
};

// All ranges of a scan, one after the other.
class TableScanOperator final : public Operator {
 public:
  TableScanOperator(const TableScan& plan, EvalContext* context)
      : plan_(plan), context_(*context), entries_(plan) {}

  Status Open() override {
    in_range_ = false;
    next_range_ = 0;
    OMEN_RETURN_IF_ERROR(plan_.conditions().Ranges(context_, &ranges_, &points_));
    if (plan_.backward) std::ranges::reverse(ranges_);
    if (points_) Open(&points_fetcher_);
    if (leads_to_rows()) Open(&row_fetcher_);
    return Status::Ok();
  }

  Result<bool> Next() override {
    while (true) {
      OMEN_RETURN_IF_ERROR(context_.run->Poll());
      std::string_view key, value;
      OMEN_ASSIGN_OR_RETURN(const bool more, NextRow(&key, &value));
      if (!more) return false;
      OMEN_ASSIGN_OR_RETURN(const bool accepted, Read(key, value));
      if (accepted) return true;
    }
  }

 private:
  void Open(std::optional<RowFetcher>* fetcher) {
    if (!fetcher->has_value()) fetcher->emplace(&context_.run->rows);
    (*fetcher)->Open();
  }

  bool leads_to_rows() const { return plan_.secondary() && !plan_.covering(); }

  Result<bool> NextRow(std::string_view* key, std::string_view* value) {
    return leads_to_rows() ? NextFetched(key, value) : NextEntry(key, value);
  }

  Result<bool> NextEntry(std::string_view* key, std::string_view* value) {
    return points_ ? NextPoint(key, value) : NextOfRanges(key, value);
  }

  Result<bool> NextOfRanges(std::string_view* key, std::string_view* value) {
    while (true) {
      if (in_range_) {
        if (fresh_) {
          fresh_ = false;
        } else {
          iterator_->Next();
        }
        if (iterator_->Valid()) {
          *key = iterator_->key();
          *value = iterator_->value();
          return true;
        }
        OMEN_RETURN_IF_ERROR(iterator_->status());
        in_range_ = false;
      }
      if (next_range_ == ranges_.size()) return false;
      Enter(ranges_[next_range_++]);
    }
  }

  void Enter(const rowstore::KeyRange& range) {
    if (iterator_ == nullptr) {
      iterator_ = context_.run->rows.Walk(range, plan_.backward);
    } else {
      iterator_->Reset(range, plan_.backward);
    }
    in_range_ = fresh_ = true;
  }

  Result<bool> NextFetched(std::string_view* key, std::string_view* value) {
    const auto add_key = [this](std::string* row_key) -> Result<bool> {
      std::string_view entry, tail;
      OMEN_ASSIGN_OR_RETURN(const bool more, NextEntry(&entry, &tail));
      if (!more) return false;
      rowstore::AppendStoragePrefix(plan_.table().storage_id, *row_key);
      row_key->append(tail);
      return true;
    };
    std::optional<std::string_view> found;
    OMEN_ASSIGN_OR_RETURN(const bool more, row_fetcher_->Next(add_key, key, &found));
    if (!more) return false;
    if (!found.has_value()) {
      return Status(sqlstate::kIndexCorrupted,
                    "index \"" + plan_.conditions().index()->name + "\" points to no row");
    }
    *value = *found;
    return true;
  }

  Result<bool> NextPoint(std::string_view* key, std::string_view* value) {
    const auto add_key = [this](std::string* row_key) -> Result<bool> {
      if (next_range_ == ranges_.size()) return false;
      *row_key = ranges_[next_range_++].lower;
      return true;
    };
    std::optional<std::string_view> found;
    do {
      OMEN_ASSIGN_OR_RETURN(const bool more, points_fetcher_->Next(add_key, key, &found));
      if (!more) return false;
    } while (!found.has_value());
    *value = *found;
    return true;
  }

  Result<bool> Read(std::string_view key, std::string_view value) {
    if (!plan_.secondary() || !plan_.covering()) return plan_.Accept(key, value, context_);
    OMEN_RETURN_IF_ERROR(entries_.Read(key, value, context_));
    return PassesFilter();
  }

  Result<bool> PassesFilter() {
    ++context_.run->rows_read;
    bool pass = true;
    if (plan_.filter != nullptr) OMEN_RETURN_IF_ERROR(plan_.filter->Test(context_, &pass));
    return pass;
  }

  const TableScan& plan_;
  EvalContext& context_;
  IndexEntryReader entries_;
  std::vector<rowstore::KeyRange> ranges_;
  bool points_ = false, in_range_ = false, fresh_ = false;
  size_t next_range_ = 0;
  std::unique_ptr<rowstore::Iterator> iterator_;
  std::optional<RowFetcher> points_fetcher_, row_fetcher_;
};

// The shortest way: one primary key, one get.
class PointGet final : public Operator {
 public:
  PointGet(const TableScan& plan, EvalContext* context) : plan_(plan), context_(*context) {}

  Status Open() override {
    key_.clear();
    OMEN_ASSIGN_OR_RETURN(const bool possible, plan_.conditions().PointKey(context_, &key_));
    done_ = !possible;
    return Status::Ok();
  }
  Result<bool> Next() override {
    if (done_) return false;
    done_ = true;
    OMEN_ASSIGN_OR_RETURN(const bool found, context_.run->rows.Get(key_, &bytes_));
    if (!found) return false;
    return plan_.Accept(key_, bytes_, context_);
  }

 private:
  const TableScan& plan_;
  EvalContext& context_;
  std::string key_, bytes_;
  bool done_ = true;
};

}  // namespace

TableScan::TableScan(int relation, const sql::Relation& source, KeyConditions conditions)
    : relation_(relation),
      table_(source.table),
      attnums_(source.attnums),
      alias_(source.alias),
      conditions_(std::move(conditions)) {}

std::unique_ptr<Operator> TableScan::Start(EvalContext* context) const {
  if (conditions_.is_point() && !secondary()) {
    return std::make_unique<PointGet>(*this, context);
  }
  return std::make_unique<TableScanOperator>(*this, context);
}

bool TableScan::Covers(const std::vector<int>& attnums) const {
  if (!secondary() || key_slot >= 0) return false;
  const auto readable = [&](const catalog::Index* index, int attnum) {
    return index != nullptr && std::ranges::any_of(index->columns, [&](const auto& column) {
             return column.attnum == attnum;
           });
  };
  const auto lossless = [&](const catalog::Index* index) {
    return index == nullptr || std::ranges::all_of(index->columns, [&](const auto& column) {
             return rowstore::KeyIsLossless(table_->column(column.attnum).type.oid);
           });
  };
  const catalog::Index* primary = table_->primary_key();
  return lossless(conditions_.index()) && lossless(primary) &&
         std::ranges::all_of(attnums, [&](int attnum) {
           return readable(conditions_.index(), attnum) || readable(primary, attnum);
         });
}

void TableScan::Finalize(const Scope& scope) {
  const std::vector<int>& slots = scope.slots[static_cast<size_t>(relation_)];
  for (size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] < 0) continue;
    read_attnums_.push_back(attnums_[i]);
    slots_.push_back(slots[i]);
  }
  covering_ = Covers(read_attnums_);
  if (!read_attnums_.empty()) decoder_.emplace(*table_, read_attnums_, slots_);
}

void TableScan::AddSlots(std::vector<int>* slots) const {
  slots->insert(slots->end(), slots_.begin(), slots_.end());
  if (key_slot >= 0) slots->push_back(key_slot);
  if (row_slot >= 0) slots->push_back(row_slot);
}

Result<bool> TableScan::Accept(std::string_view row_key, std::string_view bytes,
                               EvalContext& context) const {
  ++context.run->rows_read;
  if (decoder_) OMEN_RETURN_IF_ERROR(decoder_->Decode(bytes, context.frame));
  bool pass = true;
  if (filter != nullptr) OMEN_RETURN_IF_ERROR(filter->Test(context, &pass));
  if (!pass) return false;
  if (key_slot >= 0) context.frame[key_slot] = Value::Bytes(row_key);
  if (row_slot >= 0) context.frame[row_slot] = Value::Bytes(bytes);
  return true;
}

void TableScan::Explain(ExplainWriter* writer) const {
  const catalog::Index* index = conditions_.index();
  const bool bounded = conditions_.term_count() > 0 || conditions_.has_limits();
  const bool through_index = index != nullptr && (!index->primary || bounded || backward);
  std::string type = through_index ? covering_ ? "Index Only Scan" : "Index Scan" : "Seq Scan";
  if (through_index && backward) type += " Backward";
  ExplainNode& node = writer->Node(*this, std::move(type));
  node.relation = table_->name;
  node.alias = alias_;
  if (through_index) node.index = index->name;
  if (!condition_text.empty()) writer->Detail("Index Cond", condition_text);
  if (!filter_text.empty()) writer->Detail("Filter", filter_text);
}

}  // namespace omen::exec
