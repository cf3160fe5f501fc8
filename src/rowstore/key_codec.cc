#include "rowstore/key_codec.h"

#include <cmath>

#include "base/bytes.h"
#include "rowstore/value_form.h"

namespace omen::rowstore {
namespace {

constexpr uint64_t kSignBit = 1ull << 63;

// A numeric's first byte orders the kinds; a finite non-zero one goes on with its weight
// and digits, complemented for negatives.
enum NumericLead : char { kMinusInfinity = 1, kNegative, kZero, kPositive, kInfinity, kNan };

// Array elements are told apart from the end, so that a prefix sorts before what extends it.
enum ArrayLead : char { kArrayEnd = 0, kElement, kNullElement };

/// Bytes an integer type takes in a key.
int IntWidth(Oid type) {
  switch (InfoOf(type).form) {
    case TypeForm::kBool:
      return 1;
    case TypeForm::kInt2:
      return 2;
    case TypeForm::kInt4:
    case TypeForm::kDate:
      return 4;
    default:
      return 8;
  }
}

void AppendInt(int64_t value, int width, std::string& out) {
  const uint64_t bits = SwapBytes((static_cast<uint64_t>(value) << (64 - 8 * width)) ^ kSignBit);
  out.append(reinterpret_cast<const char*>(&bits), static_cast<size_t>(width));
}

int64_t LoadInt(const char* from, int width) {
  uint64_t bits = 0;
  std::memcpy(&bits, from, static_cast<size_t>(width));
  return static_cast<int64_t>(SwapBytes(bits) ^ kSignBit) >> (64 - 8 * width);
}

void AppendDouble(double value, std::string& out) {
  if (std::isnan(value)) {
    out.append(8, '\xff');
    return;
  }
  if (value == 0) value = 0;  // -0 equals 0
  uint64_t bits = std::bit_cast<uint64_t>(value);
  bits = bits & kSignBit ? ~bits : bits | kSignBit;
  AppendBigEndian(out, bits);
}

void AppendEscaped(std::string_view bytes, std::string& out) {
  for (;;) {
    const size_t zero = bytes.find('\0');
    out.append(bytes.substr(0, zero));
    if (zero == std::string_view::npos) break;
    out.append("\x00\xff", 2);
    bytes.remove_prefix(zero + 1);
  }
  out.append(2, '\0');
}

void Complement(std::string& bytes, size_t from) {
  for (size_t i = from; i < bytes.size(); ++i) bytes[i] = static_cast<char>(~bytes[i]);
}

void AppendNumeric(std::string_view bytes, std::string& out) {
  OMEN_CHECK(bytes.size() >= 5);
  const std::string_view digits = bytes.substr(5);
  switch (bytes[0]) {
    case 2:
      out.push_back(kNan);
      return;
    case 3:
      out.push_back(kInfinity);
      return;
    case 4:
      out.push_back(kMinusInfinity);
      return;
  }
  if (digits.empty()) {
    out.push_back(kZero);
    return;
  }
  const bool negative = bytes[0] == 1;
  out.push_back(negative ? kNegative : kPositive);
  const size_t start = out.size();
  const auto weight = LoadLittleEndian<uint16_t>(bytes.data() + 3);
  AppendBigEndian(out, static_cast<uint16_t>(weight ^ 0x8000));
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    const auto digit = LoadLittleEndian<uint16_t>(digits.data() + i);
    AppendBigEndian(out, static_cast<uint16_t>(digit + 1));
  }
  out.append(2, '\0');
  if (negative) Complement(out, start);
}

/// Months count 30 days and days 24 hours, as PostgreSQL orders them.
void AppendIntervalKey(const IntervalData& interval, std::string& out) {
  constexpr __int128 kDay = 86400000000ll;
  const __int128 days = interval.days + static_cast<__int128>(interval.months) * 30;
  const __int128 span = interval.micros + days * kDay;
  const auto bits = static_cast<unsigned __int128>(span);
  AppendBigEndian(out, static_cast<uint64_t>(bits >> 64) ^ kSignBit);
  AppendBigEndian(out, static_cast<uint64_t>(bits));
}

void AppendPayload(Oid type, const Value& value, std::string& out);

void AppendKeyArray(const ArrayData& array, std::string& out) {
  for (const Value& element : array.elements) {
    out.push_back(element.is_null() ? kNullElement : kElement);
    if (!element.is_null()) AppendPayload(array.element, element, out);
  }
  out.push_back(kArrayEnd);
  AppendInt(array.elements.empty() ? 1 : array.lower_bound, 4, out);
}

void AppendPayload(Oid type, const Value& value, std::string& out) {
  switch (FormOf(type)) {
    case Form::kInt:
      return AppendInt(value.AsInt(), IntWidth(type), out);
    case Form::kDouble:
      return AppendDouble(value.AsDouble(), out);
    case Form::kNumeric:
      return AppendNumeric(value.AsBytes(), out);
    case Form::kBytes:
      return AppendEscaped(value.AsBytes(), out);
    case Form::kInterval:
      return AppendIntervalKey(value.AsInterval(), out);
    case Form::kUuid: {
      const UuidData uuid = value.AsUuid();
      out.append(reinterpret_cast<const char*>(uuid.data()), uuid.size());
      return;
    }
    case Form::kArray:
      return AppendKeyArray(value.AsArray(), out);
  }
}

Status DamagedKey() { return Status(sqlstate::kDataCorrupted, "key is damaged"); }

/// Takes `size` bytes, complemented back if the column is descending.
bool TakeFixed(std::string_view* in, bool descending, size_t size, char* to) {
  if (in->size() < size) return false;
  std::memcpy(to, in->data(), size);
  in->remove_prefix(size);
  if (descending) {
    for (size_t i = 0; i < size; ++i) to[i] = static_cast<char>(~to[i]);
  }
  return true;
}

Result<Value> TakeEscaped(std::string_view* in, bool descending) {
  const char flip = descending ? '\xff' : '\0';
  std::string bytes;
  for (;;) {
    const size_t zero = in->find(flip);
    if (zero == std::string_view::npos || zero + 1 >= in->size()) return DamagedKey();
    bytes.append(in->substr(0, zero));
    const char next = static_cast<char>((*in)[zero + 1] ^ flip);
    in->remove_prefix(zero + 2);
    if (next == '\0') break;
    if (next != '\xff') return DamagedKey();
    bytes.push_back(flip);
  }
  if (descending) Complement(bytes, 0);
  return Value::Bytes(bytes);
}

}  // namespace

void AppendStoragePrefix(catalog::StorageId storage, std::string& out) {
  AppendBigEndian(out, storage);
}

catalog::StorageId StorageOfKey(std::string_view key) {
  OMEN_CHECK(key.size() >= 8);
  return LoadBigEndian<uint64_t>(key.data());
}

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(end.back() + 1);
  return end;
}

KeyRange StorageRange(catalog::StorageId storage) {
  KeyRange range;
  AppendStoragePrefix(storage, range.lower);
  range.upper = PrefixEnd(range.lower);
  return range;
}

void AppendKeyColumn(Oid type, const Value& value, bool descending, bool nulls_first,
                     std::string& out) {
  const bool null = value.is_null();
  out.push_back(static_cast<char>(nulls_first ? (null ? 0 : 1) : (null ? 2 : 1)));
  if (null) return;
  const size_t start = out.size();
  AppendPayload(type, value, out);
  if (descending) Complement(out, start);
}

void AppendPrimaryKey(const catalog::Table& table, const Row& row, std::string& out) {
  const catalog::Index* primary = table.primary_key();
  OMEN_CHECK(primary != nullptr);
  AppendStoragePrefix(table.storage_id, out);
  for (const catalog::IndexColumn& column : primary->columns) {
    AppendKeyColumn(table.column(column.attnum).type.oid,
                    row[static_cast<size_t>(column.attnum) - 1], column.descending,
                    column.nulls_first, out);
  }
}

void AppendRowIdKey(catalog::StorageId storage, uint64_t row_id, std::string& out) {
  AppendStoragePrefix(storage, out);
  AppendBigEndian(out, row_id);
}

uint64_t RowIdOfKey(std::string_view key) {
  OMEN_CHECK(key.size() == 16);
  return LoadBigEndian<uint64_t>(key.data() + 8);
}

void AppendIndexKey(const catalog::Index& index, const catalog::Table& table, const Row& row,
                    std::string_view row_key, std::string& out, bool* has_null) {
  AppendStoragePrefix(index.storage_id, out);
  bool null = false;
  for (const catalog::IndexColumn& column : index.columns) {
    const Value& value = row[static_cast<size_t>(column.attnum) - 1];
    null = null || (value.is_null() && !index.nulls_not_distinct);
    AppendKeyColumn(table.column(column.attnum).type.oid, value, column.descending,
                    column.nulls_first, out);
  }
  if (!index.unique || null) out.append(row_key.substr(8));
  if (has_null != nullptr) *has_null = null;
}

bool KeyIsSupported(Oid type) {
  if (type == oid::kJson || type == oid::kJsonb || type == oid::kJsonArray ||
      type == oid::kJsonbArray) {
    return false;
  }
  return FindType(type) != nullptr;
}

bool KeyIsLossless(Oid type) {
  switch (FormOf(type)) {
    case Form::kInt:
    case Form::kUuid:
      return true;
    case Form::kBytes:
      return KeyIsSupported(type);
    default:
      return false;
  }
}

Result<Value> TakeKeyColumn(Oid type, bool descending, bool nulls_first, std::string_view* in) {
  if (in->empty()) return DamagedKey();
  const char marker = in->front();
  in->remove_prefix(1);
  if (marker == (nulls_first ? 0 : 2)) return Value::Null();
  if (marker != 1) return DamagedKey();
  switch (FormOf(type)) {
    case Form::kInt: {
      char bytes[8];
      const int width = IntWidth(type);
      if (!TakeFixed(in, descending, static_cast<size_t>(width), bytes)) return DamagedKey();
      return Value::Int(LoadInt(bytes, width));
    }
    case Form::kUuid: {
      UuidData uuid;
      if (!TakeFixed(in, descending, uuid.size(), reinterpret_cast<char*>(uuid.data()))) {
        return DamagedKey();
      }
      return Value::Uuid(uuid);
    }
    case Form::kBytes:
      return TakeEscaped(in, descending);
    default:
      OMEN_CHECK(KeyIsLossless(type));
      return DamagedKey();
  }
}

}  // namespace omen::rowstore
