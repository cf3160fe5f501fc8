#include "rowstore/row_codec.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/packing/packed_bytes.h"
#include "base/work.h"
#include "rowstore/value_form.h"

namespace omen::rowstore {
namespace {

constexpr char kRowFormat = 1;
constexpr char kIncarnateFormat = 2;
constexpr size_t kIntervalBytes = 16;
constexpr size_t kUuidBytes = 16;
// More than a table can have: a longer count is damage, and must not size a bitmap.
constexpr uint32_t kColumnsMax = 1u << 20;

uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

void AppendSized(std::string& out, std::string_view bytes) {
  AppendVarint(out, bytes.size());
  out.append(bytes);
}

void AppendArray(const ArrayData& array, std::string& out);

void AppendColumn(Form form, const Value& value, std::string& out) {
  switch (form) {
    case Form::kInt:
      return AppendVarint(out, ZigZag(value.AsInt()));
    case Form::kDouble:
      return AppendLittleEndian(out, std::bit_cast<uint64_t>(value.AsDouble()));
    case Form::kInterval: {
      const IntervalData& interval = value.AsInterval();
      AppendLittleEndian(out, static_cast<uint64_t>(interval.micros));
      AppendLittleEndian(out, static_cast<uint32_t>(interval.days));
      AppendLittleEndian(out, static_cast<uint32_t>(interval.months));
      return;
    }
    case Form::kUuid: {
      const UuidData uuid = value.AsUuid();
      out.append(reinterpret_cast<const char*>(uuid.data()), uuid.size());
      return;
    }
    case Form::kBytes:
    case Form::kNumeric:
      return AppendSized(out, value.AsBytes());
    case Form::kArray:
      return AppendArray(value.AsArray(), out);
  }
}

void AppendArray(const ArrayData& array, std::string& out) {
  std::string body;
  AppendVarint(body, array.element);
  AppendVarint(body, ZigZag(array.lower_bound));
  AppendVarint(body, array.elements.size());
  const Form form = FormOf(array.element);
  for (const Value& element : array.elements) {
    body.push_back(element.is_null() ? 1 : 0);
    if (!element.is_null()) AppendColumn(form, element, body);
  }
  AppendSized(out, body);
}

/// Reads forward through one row; every Take fails rather than pass the end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  size_t left() const { return static_cast<size_t>(end_ - at_); }

  bool TakeVarint(uint64_t* value) {
    if (at_ != end_ && static_cast<uint8_t>(*at_) < 0x80) [[likely]] {
      *value = static_cast<uint8_t>(*at_++);
      return true;
    }
    return TakeLongVarint(value);
  }

  bool TakeBytes(size_t size, std::string_view* bytes) {
    if (left() < size) return false;
    *bytes = {at_, size};
    at_ += size;
    return true;
  }

  bool TakeSized(std::string_view* bytes) {
    uint64_t size;
    return TakeVarint(&size) && size <= left() && TakeBytes(size, bytes);
  }

  bool TakeValue(Form form, Value* value);
  bool Skip(Form form);

 private:
  bool TakeLongVarint(uint64_t* value) {
    uint64_t result = 0;
    for (int shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto byte = static_cast<uint8_t>(*at_++);
      result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) {
        *value = result;
        return shift < 63 || byte <= 1;
      }
    }
    return false;
  }

  const char* at_;
  const char* end_;
};

bool IsNumeric(std::string_view bytes) {
  return bytes.size() >= 5 && bytes.size() % 2 == 1 && static_cast<uint8_t>(bytes[0]) <= 4;
}

bool TakeArray(std::string_view body, Value* value) {
  Reader reader(body);
  uint64_t element, lower_bound, count;
  if (!reader.TakeVarint(&element) || !reader.TakeVarint(&lower_bound) ||
      !reader.TakeVarint(&count) || count > reader.left() || element > UINT32_MAX) {
    return false;
  }
  ArrayData array;
  array.element = static_cast<Oid>(element);
  array.lower_bound = static_cast<int32_t>(UnZigZag(lower_bound));
  const TypeInfo* info = FindType(array.element);
  // Arrays of arrays do not exist; refusing them bounds the recursion.
  if (info == nullptr || info->carrier == Carrier::kArray) return false;
  const Form form = FormOf(array.element);
  array.elements.resize(count);
  for (Value& one : array.elements) {
    std::string_view null;
    if (!reader.TakeBytes(1, &null)) return false;
    if (null[0] == 0 && !reader.TakeValue(form, &one)) return false;
  }
  if (reader.left() != 0) return false;
  *value = Value::Array(std::move(array));
  return true;
}

bool Reader::TakeValue(Form form, Value* value) {
  std::string_view bytes;
  switch (form) {
    case Form::kInt: {
      uint64_t bits;
      if (!TakeVarint(&bits)) return false;
      *value = Value::Int(UnZigZag(bits));
      return true;
    }
    case Form::kBytes:
      if (!TakeSized(&bytes)) return false;
      *value = Value::Bytes(bytes);
      return true;
    case Form::kNumeric:
      if (!TakeSized(&bytes) || !IsNumeric(bytes)) return false;
      *value = Value::Bytes(bytes);
      return true;
    case Form::kDouble:
      if (!TakeBytes(8, &bytes)) return false;
      *value = Value::Double(std::bit_cast<double>(LoadLittleEndian<uint64_t>(bytes.data())));
      return true;
    case Form::kInterval:
      if (!TakeBytes(kIntervalBytes, &bytes)) return false;
      *value = Value::Interval(
          {.micros = static_cast<int64_t>(LoadLittleEndian<uint64_t>(bytes.data())),
           .days = static_cast<int32_t>(LoadLittleEndian<uint32_t>(bytes.data() + 8)),
           .months = static_cast<int32_t>(LoadLittleEndian<uint32_t>(bytes.data() + 12))});
      return true;
    case Form::kUuid: {
      if (!TakeBytes(kUuidBytes, &bytes)) return false;
      UuidData uuid;
      std::memcpy(uuid.data(), bytes.data(), uuid.size());
      *value = Value::Uuid(uuid);
      return true;
    }
    case Form::kArray:
      return TakeSized(&bytes) && TakeArray(bytes, value);
  }
  return false;
}

bool Reader::Skip(Form form) {
  std::string_view bytes;
  uint64_t bits;
  switch (form) {
    case Form::kInt:
      return TakeVarint(&bits);
    case Form::kDouble:
      return TakeBytes(8, &bytes);
    case Form::kInterval:
      return TakeBytes(kIntervalBytes, &bytes);
    case Form::kUuid:
      return TakeBytes(kUuidBytes, &bytes);
    case Form::kBytes:
    case Form::kNumeric:
    case Form::kArray:
      return TakeSized(&bytes);
  }
  return false;
}

Status DamagedRow(std::string_view what) {
  return Status(sqlstate::kDataCorrupted, fmt::format("row is damaged: {}", what));
}

}  // namespace

uint64_t IncarnationOf(std::string_view bytes) {
  if (bytes.empty() || bytes[0] != kIncarnateFormat) return 0;
  Reader reader(bytes.substr(1));
  uint64_t incarnation = 0;
  return reader.TakeVarint(&incarnation) ? incarnation : 0;
}

void EncodeRow(const catalog::Table& table, const Row& row, std::string& out,
               uint64_t incarnation) {
  const size_t count = table.columns.size();
  OMEN_CHECK(row.size() >= count);
  out.push_back(incarnation == 0 ? kRowFormat : kIncarnateFormat);
  if (incarnation != 0) AppendVarint(out, incarnation);
  AppendVarint(out, table.schema_version);
  AppendVarint(out, count);
  const size_t bitmap = out.size();
  out.append((count + 7) / 8, '\0');
  for (size_t i = 0; i < count; ++i) {
    if (row[i].is_null() || table.columns[i].dropped) {
      out[bitmap + i / 8] = static_cast<char>(out[bitmap + i / 8] | 1 << i % 8);
    } else {
      AppendColumn(FormOf(table.columns[i].type.oid), row[i], out);
    }
  }
}

RowDecoder::RowDecoder(const catalog::Table& table, std::span<const int> attnums,
                       std::span<const int> places)
    : outputs_(attnums.empty() ? table.columns.size() : attnums.size()) {
  size_t last = attnums.empty() ? table.columns.size() : 0;
  for (int attnum : attnums) {
    OMEN_CHECK(attnum >= 1 && static_cast<size_t>(attnum) <= table.columns.size());
    last = std::max(last, static_cast<size_t>(attnum));
  }
  for (size_t i = 0; i < last; ++i) {
    const catalog::Column& column = table.columns[i];
    steps_.push_back({FormOf(column.type.oid), column.dropped,
                      attnums.empty() ? static_cast<int>(i) : -1, column.missing_value});
  }
  for (size_t i = 0; i < attnums.size(); ++i) {
    const int output = places.empty() ? static_cast<int>(i) : places[i];
    Step& step = steps_[static_cast<size_t>(attnums[i]) - 1];
    if (step.output < 0) {
      step.output = output;
    } else {
      copies_.push_back({step.output, output});
    }
  }
}

Status RowDecoder::Decode(std::string_view bytes, Value* out) const {
  if (bytes.size() < Work::kLargeBytes) [[likely]]
    return DecodeColumns(bytes, out);
  return Work::Run({}, [&] { return DecodeColumns(bytes, out); });
}

Status RowDecoder::DecodeColumns(std::string_view bytes, Value* out) const {
  Reader reader(bytes);
  std::string_view format, nulls;
  uint64_t version, count;
  if (!reader.TakeBytes(1, &format)) return DamagedRow("empty");
  if (format[0] == kIncarnateFormat) {
    uint64_t incarnation;
    if (!reader.TakeVarint(&incarnation)) return DamagedRow("short header");
  } else if (format[0] != kRowFormat) {
    return DamagedRow("unknown format");
  }
  if (!reader.TakeVarint(&version) || !reader.TakeVarint(&count) || count > kColumnsMax ||
      !reader.TakeBytes((count + 7) / 8, &nulls)) {
    return DamagedRow("short header");
  }
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    if (i >= count) {
      if (step.output >= 0) out[step.output] = step.missing;
    } else if (nulls[i / 8] >> (i % 8) & 1) {
      if (step.output >= 0) out[step.output] = Value::Null();
    } else if (step.output < 0) {
      if (!reader.Skip(step.form)) return DamagedRow("short column");
    } else if (!reader.TakeValue(step.form, &out[step.output])) {
      return DamagedRow("short column");
    } else if (step.dropped) {
      out[step.output] = Value::Null();
    }
  }
  for (auto [from, to] : copies_) out[to] = out[from];
  return Status::Ok();
}

}  // namespace omen::rowstore
