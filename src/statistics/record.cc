// All integers little-endian. A value is its length (4; all ones: null) and its wire form, after
// the type of its column.
#include "statistics/record.h"

#include <algorithm>
#include <bit>

#include "base/bytes.h"
#include "types/io.h"

namespace omen::statistics {
namespace {

constexpr uint32_t kNoValue = UINT32_MAX;
constexpr size_t kEntriesMax = 1000;

class RecordWriter {
 public:
  explicit RecordWriter(std::string* out) : out_(*out) {}
  void Int(uint64_t value) { AppendLittleEndian(out_, value); }
  void Double(double value) { Int(std::bit_cast<uint64_t>(value)); }
  void OfType(Type type) {
    AppendLittleEndian(out_, uint32_t{type.oid});
    AppendLittleEndian(out_, static_cast<uint32_t>(type.typmod));
  }
  void Of(Type type, const Value& value) {
    if (value.is_null()) return AppendLittleEndian(out_, kNoValue);
    std::string bytes;
    AppendBinary(type, value, bytes);
    AppendLittleEndian(out_, static_cast<uint32_t>(bytes.size()));
    out_ += bytes;
  }

 private:
  std::string& out_;
};

/// Fails once and for all where there is less than asked for.
class RecordReader {
 public:
  explicit RecordReader(std::string_view in) : in_(in) {}
  uint64_t Int() { return Fixed<uint64_t>(); }
  double Double() { return std::bit_cast<double>(Int()); }
  Type OfType() {
    const auto oid = Fixed<uint32_t>();
    return {oid, static_cast<int32_t>(Fixed<uint32_t>())};
  }
  Value Of(Type type) {
    const auto size = Fixed<uint32_t>();
    if (size == kNoValue || !ok_) return {};
    if (size > in_.size()) return Fail();
    auto value = ParseBinary(type, in_.substr(0, size));
    in_.remove_prefix(size);
    return value.ok() ? std::move(value).value() : Fail();
  }
  size_t Count() {
    const uint64_t count = Int();
    if (count > kEntriesMax) ok_ = false;
    return ok_ ? static_cast<size_t>(count) : 0;
  }
  bool Whole() const { return ok_ && in_.empty(); }
  bool ok() const { return ok_; }

 private:
  template <typename T>
  T Fixed() {
    if (in_.size() < sizeof(T)) ok_ = false;
    if (!ok_) return 0;
    const T value = LoadLittleEndian<T>(in_.data());
    in_.remove_prefix(sizeof(T));
    return value;
  }
  Value Fail() {
    ok_ = false;
    return {};
  }

  std::string_view in_;
  bool ok_ = true;
};

std::string ColumnBytes(const ColumnStatistics& column, size_t common, size_t bounds) {
  std::string bytes;
  RecordWriter out(&bytes);
  out.OfType(column.type);
  for (const double number : {column.null_share, column.average_width, column.distinct,
                              column.correlation, column.sample_rows}) {
    out.Double(number);
  }
  out.Int(column.distinct_grows ? 1 : 0);
  out.Int(common);
  for (size_t i = 0; i < common; ++i) {
    out.Double(column.common[i].share);
    out.Of(column.type, column.common[i].value);
  }
  out.Int(bounds);
  for (size_t i = 0; i < bounds; ++i) {
    // Evenly, the first and the last among them.
    const size_t index = bounds > 1 ? i * (column.bounds.size() - 1) / (bounds - 1) : 0;
    out.Of(column.type, column.bounds[index]);
  }
  return bytes;
}

std::string PairBytes(const PairStatistics& pair, Type a, Type b, size_t common) {
  std::string bytes;
  RecordWriter out(&bytes);
  out.OfType(a);
  out.OfType(b);
  out.Int(static_cast<uint64_t>(pair.a));
  out.Int(static_cast<uint64_t>(pair.b));
  for (const double number : {pair.distinct, pair.a_gives_b, pair.b_gives_a}) out.Double(number);
  out.Int(common);
  for (size_t i = 0; i < common; ++i) {
    out.Double(pair.common[i].share);
    out.Of(a, pair.common[i].a);
    out.Of(b, pair.common[i].b);
  }
  return bytes;
}

}  // namespace

std::string EncodeTable(const TableStatistics& table) {
  std::string bytes;
  RecordWriter out(&bytes);
  out.Int(table.storage);
  out.Int(table.commit_id);
  out.Double(table.rows);
  out.Double(table.bytes);
  out.Int(static_cast<uint64_t>(table.taken_micros));
  out.Int(static_cast<uint64_t>(table.source));
  return bytes;
}

std::optional<TableStatistics> DecodeTable(std::string_view bytes) {
  RecordReader in(bytes);
  TableStatistics table;
  table.storage = in.Int();
  table.commit_id = in.Int();
  table.rows = in.Double();
  table.bytes = in.Double();
  table.taken_micros = static_cast<int64_t>(in.Int());
  table.source = static_cast<Source>(in.Int());
  if (!in.Whole()) return std::nullopt;
  return table;
}

std::string EncodeColumn(const ColumnStatistics& column, size_t bytes_max) {
  size_t common = column.common.size(), bounds = column.bounds.size();
  std::string bytes = ColumnBytes(column, common, bounds);
  while (bytes.size() > bytes_max && common + bounds > 0) {
    common /= 2;
    bounds = bounds > 2 ? bounds / 2 + 1 : 0;
    bytes = ColumnBytes(column, common, bounds);
  }
  return bytes;
}

std::optional<ColumnStatistics> DecodeColumn(std::string_view bytes) {
  RecordReader in(bytes);
  ColumnStatistics column;
  column.type = in.OfType();
  if (!in.ok() || FindType(column.type.oid) == nullptr) return std::nullopt;
  for (double* number : {&column.null_share, &column.average_width, &column.distinct,
                         &column.correlation, &column.sample_rows}) {
    *number = in.Double();
  }
  column.distinct_grows = in.Int() != 0;
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    const double share = in.Double();
    column.common.push_back({in.Of(column.type), share});
  }
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    column.bounds.push_back(in.Of(column.type));
  }
  if (!in.Whole()) return std::nullopt;
  const auto is_null = [](const Value& value) { return value.is_null(); };
  if (std::ranges::any_of(column.bounds, is_null) ||
      std::ranges::any_of(column.common, is_null, &CommonValue::value)) {
    return std::nullopt;
  }
  column.Derive();
  return column;
}

std::string EncodePair(const PairStatistics& pair, Type a, Type b, size_t bytes_max) {
  size_t common = pair.common.size();
  std::string bytes = PairBytes(pair, a, b, common);
  while (bytes.size() > bytes_max && common > 0) bytes = PairBytes(pair, a, b, common /= 2);
  return bytes;
}

std::optional<PairStatistics> DecodePair(std::string_view bytes) {
  RecordReader in(bytes);
  PairStatistics pair;
  const Type a = in.OfType(), b = in.OfType();
  if (!in.ok() || FindType(a.oid) == nullptr || FindType(b.oid) == nullptr) return std::nullopt;
  pair.a = static_cast<int>(in.Int());
  pair.b = static_cast<int>(in.Int());
  for (double* number : {&pair.distinct, &pair.a_gives_b, &pair.b_gives_a}) *number = in.Double();
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    const double share = in.Double();
    Value of_a = in.Of(a), of_b = in.Of(b);
    pair.common.push_back({std::move(of_a), std::move(of_b), share});
  }
  if (!in.Whole()) return std::nullopt;
  return pair;
}

}  // namespace omen::statistics
