#include "colstore/internal/store/table_rows.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "colstore/internal/vector/vectors.h"
#include "duckdb/catalog/catalog.hpp"
#include "duckdb/catalog/catalog_entry/table_catalog_entry.hpp"
#include "duckdb/planner/bound_constraint.hpp"
#include "duckdb/planner/filter/conjunction_filter.hpp"
#include "duckdb/planner/filter/constant_filter.hpp"
#include "duckdb/planner/filter/optional_filter.hpp"
#include "duckdb/storage/data_table.hpp"
#include "duckdb/storage/table/append_state.hpp"
#include "duckdb/storage/table/delete_state.hpp"
#include "duckdb/storage/table/scan_state.hpp"
#include "duckdb/transaction/duck_transaction.hpp"
#include "duckdb/transaction/meta_transaction.hpp"

namespace omen::colstore {
namespace {

/// Of more keys nobody asks which are the least and the greatest: they are everywhere.
constexpr size_t kKeysWorthBounds = 4096;
/// So many that few rows pass by chance, and that they stay in a core's cache.
constexpr size_t kBitsLeast = 4096, kBitsMost = 1 << 22;
constexpr uint64_t kSpread = 0x9E3779B97F4A7C15;

using Constraints = duckdb::vector<duckdb::unique_ptr<duckdb::BoundConstraint>>;

/// Our tables have none.
const Constraints& NoConstraints() {
  static const Constraints none;
  return none;
}

duckdb::vector<duckdb::LogicalType> TypesOf(const std::vector<StoredColumn>& columns) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const StoredColumn& column : columns) types.push_back(EngineType(column.type));
  return types;
}

/// Up to a vector of `rows`, from `begin` on.
void Fill(const std::vector<StoredColumn>& columns, const std::vector<Row>& rows, size_t begin,
          duckdb::DataChunk* chunk) {
  const size_t count = std::min<size_t>(STANDARD_VECTOR_SIZE, rows.size() - begin);
  chunk->Reset();
  for (size_t i = 0; i < columns.size(); ++i) {
    const VectorWriter writer(chunk->data[i], columns[i].type);
    const size_t position = columns[i].position;
    for (size_t row = 0; row < count; ++row) writer.Set(row, rows[begin + row][position]);
  }
  chunk->SetCardinality(count);
}

}  // namespace

/// The keys that are looked for. Almost all rows are passed by after a look at one bit.
class TableRows::Keys {
 public:
  Keys(const std::vector<StoredColumn>& columns, const std::vector<Row>& rows);

  /// The rows of a chunk, whose first columns are the keys', that have one of them; how many.
  duckdb::idx_t Find(duckdb::DataChunk& chunk, duckdb::SelectionVector* found);

  /// Lets a scan pass by what has none of them in its first column; null: not worth it.
  duckdb::unique_ptr<duckdb::TableFilter> Bounds() const {
    if (count_ > kKeysWorthBounds) return nullptr;
    duckdb::Value least = chunks_[0]->GetValue(0, 0), greatest = least;
    for (const auto& chunk : chunks_) {
      for (duckdb::idx_t row = 0; row < chunk->size(); ++row) {
        duckdb::Value value = chunk->GetValue(0, row);
        if (value.IsNull()) return nullptr;
        if (value < least) least = value;
        if (value > greatest) greatest = std::move(value);
      }
    }
    auto both = duckdb::make_uniq<duckdb::ConjunctionAndFilter>();
    using duckdb::ExpressionType;
    both->child_filters.push_back(duckdb::make_uniq<duckdb::ConstantFilter>(
        ExpressionType::COMPARE_GREATERTHANOREQUALTO, std::move(least)));
    both->child_filters.push_back(duckdb::make_uniq<duckdb::ConstantFilter>(
        ExpressionType::COMPARE_LESSTHANOREQUALTO, std::move(greatest)));
    return duckdb::make_uniq<duckdb::OptionalFilter>(std::move(both));
  }

 private:
  struct Slot {
    duckdb::hash_t hash = 0;
    uint32_t number = 0;  // of the key, counted from 1; 0: free
  };

  /// Calls `each` with a row and its bit: of the first column where that is an integer, which is
  /// cheaper than to hash it.
  template <typename Each>
  void ForBits(duckdb::DataChunk& chunk, Each each);
  template <typename T, typename Each>
  void ForBitsOf(const duckdb::UnifiedVectorFormat& first, duckdb::idx_t count, Each each) const;
  const duckdb::hash_t* Hash(duckdb::DataChunk& chunk, const duckdb::SelectionVector& rows,
                             duckdb::idx_t count);
  void Insert(Slot slot);
  bool Has(duckdb::DataChunk& chunk, duckdb::idx_t row, duckdb::hash_t hash) const;
  bool Equals(size_t key, duckdb::DataChunk& chunk, duckdb::idx_t row) const;

  const size_t columns_;
  std::vector<duckdb::unique_ptr<duckdb::DataChunk>> chunks_;
  size_t count_ = 0;
  std::vector<Slot> slots_;  // a power of two
  std::vector<uint64_t> bits_;
  int shift_;  // of a product, to a bit's number
  duckdb::Vector hashes_{duckdb::LogicalType::HASH};
  const duckdb::SelectionVector all_{0, STANDARD_VECTOR_SIZE};
};

TableRows::Keys::Keys(const std::vector<StoredColumn>& columns, const std::vector<Row>& rows)
    : columns_(columns.size()), count_(rows.size()), slots_(std::bit_ceil(rows.size() * 4)) {
  const size_t bits = std::clamp(std::bit_ceil(rows.size() * 64), kBitsLeast, kBitsMost);
  bits_.resize(bits / 64);
  shift_ = 64 - std::countr_zero(bits);
  for (size_t begin = 0; begin < rows.size(); begin += STANDARD_VECTOR_SIZE) {
    auto chunk = duckdb::make_uniq<duckdb::DataChunk>();
    chunk->Initialize(duckdb::Allocator::DefaultAllocator(), TypesOf(columns));
    Fill(columns, rows, begin, chunk.get());
    const duckdb::hash_t* hash = Hash(*chunk, all_, chunk->size());
    for (duckdb::idx_t row = 0; row < chunk->size(); ++row) {
      Insert({hash[row], static_cast<uint32_t>(begin + row + 1)});
    }
    ForBits(*chunk, [&](duckdb::idx_t, size_t bit) { bits_[bit / 64] |= uint64_t{1} << bit % 64; });
    chunks_.push_back(std::move(chunk));
  }
}

/// Those of `rows`, each in its place.
const duckdb::hash_t* TableRows::Keys::Hash(duckdb::DataChunk& chunk,
                                            const duckdb::SelectionVector& rows,
                                            duckdb::idx_t count) {
  hashes_.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  duckdb::VectorOperations::Hash(chunk.data[0], hashes_, rows, count);
  for (size_t i = 1; i < columns_; ++i) {
    duckdb::VectorOperations::CombineHash(hashes_, chunk.data[i], rows, count);
  }
  hashes_.Flatten(STANDARD_VECTOR_SIZE);  // of a constant there is one
  return duckdb::FlatVector::GetData<duckdb::hash_t>(hashes_);
}

template <typename T, typename Each>
void TableRows::Keys::ForBitsOf(const duckdb::UnifiedVectorFormat& first, duckdb::idx_t count,
                                Each each) const {
  const T* values = duckdb::UnifiedVectorFormat::GetData<T>(first);
  const duckdb::SelectionVector& places = *first.sel;
  const int shift = shift_;
  const auto bit = [shift](T value) { return static_cast<uint64_t>(value) * kSpread >> shift; };
  if (!places.IsSet()) {
    for (duckdb::idx_t row = 0; row < count; ++row) each(row, bit(values[row]));
  } else {
    for (duckdb::idx_t row = 0; row < count; ++row) each(row, bit(values[places.get_index(row)]));
  }
}

template <typename Each>
void TableRows::Keys::ForBits(duckdb::DataChunk& chunk, Each each) {
  duckdb::UnifiedVectorFormat first;
  chunk.data[0].ToUnifiedFormat(chunk.size(), first);
  switch (chunk.data[0].GetType().InternalType()) {
    case duckdb::PhysicalType::INT32:
      return ForBitsOf<int32_t>(first, chunk.size(), each);
    case duckdb::PhysicalType::INT64:
      return ForBitsOf<int64_t>(first, chunk.size(), each);
    default: {
      const duckdb::hash_t* hash = Hash(chunk, all_, chunk.size());
      for (duckdb::idx_t row = 0; row < chunk.size(); ++row) {
        each(row, hash[row] * kSpread >> shift_);
      }
    }
  }
}

duckdb::idx_t TableRows::Keys::Find(duckdb::DataChunk& chunk, duckdb::SelectionVector* found) {
  duckdb::idx_t candidates = 0;
  const uint64_t* bits = bits_.data();
  duckdb::sel_t* rows = found->data();
  ForBits(chunk, [&candidates, bits, rows](duckdb::idx_t row, size_t bit) {
    rows[candidates] = static_cast<duckdb::sel_t>(row);
    candidates += bits[bit / 64] >> bit % 64 & 1;
  });
  if (candidates == 0) return 0;
  const duckdb::hash_t* hash = Hash(chunk, *found, candidates);
  duckdb::idx_t count = 0;
  for (duckdb::idx_t i = 0; i < candidates; ++i) {
    const duckdb::idx_t row = found->get_index(i);
    if (Has(chunk, row, hash[row])) found->set_index(count++, row);
  }
  return count;
}

void TableRows::Keys::Insert(Slot slot) {
  size_t at = slot.hash & (slots_.size() - 1);
  while (slots_[at].number != 0) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = slot;
}

bool TableRows::Keys::Has(duckdb::DataChunk& chunk, duckdb::idx_t row, duckdb::hash_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask; slots_[at].number != 0; at = (at + 1) & mask) {
    if (slots_[at].hash == hash && Equals(slots_[at].number - 1, chunk, row)) return true;
  }
  return false;
}

bool TableRows::Keys::Equals(size_t key, duckdb::DataChunk& chunk, duckdb::idx_t row) const {
  duckdb::DataChunk& keys = *chunks_[key / STANDARD_VECTOR_SIZE];
  for (duckdb::idx_t column = 0; column < keys.ColumnCount(); ++column) {
    const duckdb::Value wanted = keys.GetValue(column, key % STANDARD_VECTOR_SIZE);
    const duckdb::Value found = chunk.GetValue(column, row);
    if (wanted.IsNull() || found.IsNull() || wanted != found) return false;
  }
  return true;
}

TableRows::TableRows(duckdb::ClientContext& context, const std::string& table)
    : context_(context),
      table_(duckdb::Catalog::GetEntry<duckdb::TableCatalogEntry>(context, INVALID_CATALOG,
                                                                  DEFAULT_SCHEMA, table)) {
  duckdb::MetaTransaction::Get(context).ModifyDatabase(table_.ParentCatalog().GetAttached());
}

void TableRows::Delete(const std::vector<StoredColumn>& columns, const std::vector<Row>& rows) {
  if (rows.empty()) return;
  Keys keys(columns, rows);
  Delete(Find(columns, &keys));
}

void TableRows::DeleteAll() { Delete(Find({}, nullptr)); }

TableRows::RowIds TableRows::Find(const std::vector<StoredColumn>& columns, Keys* keys) {
  duckdb::vector<duckdb::StorageIndex> ids;
  for (const StoredColumn& column : columns) {
    ids.emplace_back(table_.GetColumn(column.name).StorageOid());
  }
  auto types = TypesOf(columns);
  ids.emplace_back(duckdb::COLUMN_IDENTIFIER_ROW_ID);
  types.push_back(duckdb::LogicalType::ROW_TYPE);
  duckdb::TableFilterSet filters;
  if (auto bounds = keys != nullptr ? keys->Bounds() : nullptr) {
    filters.filters[0] = std::move(bounds);
  }
  auto& transaction = duckdb::DuckTransaction::Get(context_, table_.ParentCatalog());
  duckdb::DataTable& storage = table_.GetStorage();
  duckdb::TableScanState scan;
  storage.InitializeScan(context_, transaction, scan, ids,
                         filters.filters.empty() ? nullptr : &filters);
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(), types);
  duckdb::SelectionVector found(STANDARD_VECTOR_SIZE);
  RowIds row_ids;
  for (;;) {
    chunk.Reset();
    storage.Scan(transaction, chunk, scan);
    if (chunk.size() == 0) return row_ids;
    const duckdb::idx_t count = keys != nullptr ? keys->Find(chunk, &found) : chunk.size();
    if (count == 0) continue;
    duckdb::UnifiedVectorFormat rows;
    chunk.data.back().ToUnifiedFormat(chunk.size(), rows);
    const auto* ids_of_rows = duckdb::UnifiedVectorFormat::GetData<duckdb::row_t>(rows);
    for (duckdb::idx_t i = 0; i < count; ++i) {
      const duckdb::idx_t row = keys != nullptr ? found.get_index(i) : i;
      row_ids.push_back(ids_of_rows[rows.sel->get_index(row)]);
    }
  }
}

void TableRows::Delete(RowIds rows) {
  duckdb::DataTable& storage = table_.GetStorage();
  const auto state = storage.InitializeDelete(table_, context_, NoConstraints());
  for (size_t begin = 0; begin < rows.size(); begin += STANDARD_VECTOR_SIZE) {
    const size_t count = std::min<size_t>(STANDARD_VECTOR_SIZE, rows.size() - begin);
    duckdb::Vector ids(duckdb::LogicalType::ROW_TYPE,
                       reinterpret_cast<duckdb::data_ptr_t>(rows.data() + begin));
    (void)storage.Delete(*state, context_, ids, count);
  }
}

void TableRows::Append(const std::vector<StoredColumn>& columns, const std::vector<Row>& rows) {
  std::vector<StoredColumn> in_order;
  for (const auto& column : table_.GetColumns().Physical()) {
    const auto found = std::ranges::find(columns, column.Name(), &StoredColumn::name);
    OMEN_CHECK(found != columns.end());
    in_order.push_back(*found);
  }
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(), TypesOf(in_order));
  duckdb::DataTable& storage = table_.GetStorage();
  duckdb::LocalAppendState state;
  storage.InitializeLocalAppend(state, table_, context_, NoConstraints());
  for (size_t begin = 0; begin < rows.size(); begin += STANDARD_VECTOR_SIZE) {
    Fill(in_order, rows, begin, &chunk);
    storage.LocalAppend(state, context_, chunk, false);
  }
  storage.FinalizeLocalAppend(state);
}

void TableRows::Append(duckdb::DataChunk& chunk) {
  table_.GetStorage().LocalAppend(table_, context_, chunk, NoConstraints());
}

}  // namespace omen::colstore
