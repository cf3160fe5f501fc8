// The property that everything above relies on: memcmp of keys is the order of values,
// and rows come back as they went in, for random values of every type.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "rowstore/internal/commit/codec_replay.h"
#include "rowstore/key_codec.h"
#include "rowstore/row_codec.h"
#include "types/io.h"
#include "types/number/numeric.h"

namespace omen::rowstore {
namespace {

constexpr Oid kKeyTypes[] = {
    oid::kBool,      oid::kInt2,        oid::kInt4,        oid::kInt8,        oid::kOid,
    oid::kFloat4,    oid::kFloat8,      oid::kNumeric,     oid::kText,        oid::kVarchar,
    oid::kBpchar,    oid::kBytea,       oid::kName,        oid::kDate,        oid::kTime,
    oid::kTimestamp, oid::kTimestamptz, oid::kInterval,    oid::kUuid,        oid::kInt4Array,
    oid::kTextArray, oid::kInt8Array,   oid::kFloat8Array, oid::kNumericArray};

/// Makes values that are likely to be equal, adjacent or at the limits.
class RandomValues {
 public:
  explicit RandomValues(uint64_t seed) : random_(seed) {}

  uint64_t Bits() { return random_(); }
  uint64_t Below(uint64_t n) { return random_() % n; }

  Value Make(Oid type) {
    switch (FormOf(type)) {
      case Form::kInt:
        return Value::Int(Integer(type));
      case Form::kDouble:
        return Value::Double(type == oid::kFloat4 ? static_cast<float>(Double()) : Double());
      case Form::kNumeric:
        return NumericValue();
      case Form::kBytes:
        return Value::Bytes(String(type == oid::kBytea));
      case Form::kInterval:
        return Value::Interval({.micros = Spread(86400000000ll * 40),
                                .days = static_cast<int32_t>(Spread(70)),
                                .months = static_cast<int32_t>(Spread(4))});
      case Form::kUuid: {
        UuidData uuid{};
        for (auto& byte : uuid) byte = Below(3) == 0 ? static_cast<uint8_t>(Bits()) : 0;
        return Value::Uuid(uuid);
      }
      case Form::kArray:
        return ArrayValue(InfoOf(type).element);
    }
    return Value();
  }

 private:
  int64_t Spread(int64_t limit) {
    return static_cast<int64_t>(Below(static_cast<uint64_t>(limit) * 2 + 1)) - limit;
  }

  int64_t Limited(int64_t low, int64_t high) {
    switch (Below(6)) {
      case 0:
        return low;
      case 1:
        return high;
      case 2:
        return std::max(low, Spread(3));
      default:
        return static_cast<int64_t>(static_cast<uint64_t>(low) +
                                    Bits() %
                                        (static_cast<uint64_t>(high) - static_cast<uint64_t>(low)));
    }
  }

  int64_t Integer(Oid type) {
    switch (type) {
      case oid::kBool:
        return static_cast<int64_t>(Below(2));
      case oid::kInt2:
        return Limited(INT16_MIN, INT16_MAX);
      case oid::kOid:
        return Limited(0, UINT32_MAX);
      case oid::kTime:
        return Limited(0, 86400000000ll);
      case oid::kInt8:
      case oid::kTimestamp:
      case oid::kTimestamptz:
        return Limited(INT64_MIN, INT64_MAX);
      default:
        return Limited(INT32_MIN, INT32_MAX);
    }
  }

  double Double() {
    using Limits = std::numeric_limits<double>;
    static constexpr double kSpecial[] = {0.0,
                                          -0.0,
                                          1.0,
                                          -1.0,
                                          1.5,
                                          Limits::infinity(),
                                          -Limits::infinity(),
                                          Limits::quiet_NaN(),
                                          Limits::denorm_min(),
                                          -Limits::denorm_min()};
    if (Below(2) == 0) return kSpecial[Below(std::size(kSpecial))];
    const double value = std::bit_cast<double>(Bits());
    return std::isnan(value) ? -std::numeric_limits<double>::quiet_NaN() : value;
  }

  Value NumericValue() {
    static constexpr const char* kSpecial[] = {"NaN", "Infinity", "-Infinity", "0",     "0.00",
                                               "1",   "1.0",      "-1.000",    "10000", "0.0001"};
    if (Below(4) == 0)
      return Numeric::Parse(kSpecial[Below(std::size(kSpecial))]).value().ToValue();
    std::string text = Below(2) ? "-" : "";
    for (uint64_t n = Below(12) + 1; n > 0; --n) text.push_back(Digit());
    if (Below(2)) {
      text.push_back('.');
      for (uint64_t n = Below(10) + 1; n > 0; --n) text.push_back(Digit());
    }
    return Numeric::Parse(text).value().ToValue();
  }
  char Digit() { return static_cast<char>('0' + (Below(2) ? 0 : Below(10))); }

  std::string String(bool binary) {
    std::string text;
    const uint64_t size = Below(3) == 0 ? Below(30) : Below(4);
    for (uint64_t i = 0; i < size; ++i) {
      if (binary) {
        static constexpr char kBytes[] = {'\0', '\x01', '\xff', '\xfe', 'a'};
        text.push_back(kBytes[Below(sizeof kBytes)]);
      } else {
        static constexpr const char* kLetters[] = {"\x01", "a", "b", "A", "é", "\U0001F600", "z"};
        text += kLetters[Below(std::size(kLetters))];
      }
    }
    return text;
  }

  Value ArrayValue(Oid element) {
    ArrayData array;
    array.element = element;
    for (uint64_t n = Below(4); n > 0; --n) {
      array.elements.push_back(Below(4) == 0 ? Value() : Make(element));
    }
    return Value::Array(std::move(array));
  }

  std::mt19937_64 random_;
};

int Sign(int x) { return (x > 0) - (x < 0); }

uint64_t Seed() {
  static const uint64_t seed = std::random_device()();
  return seed;
}

/// As a btree orders two values of which either may be null.
int OrderOf(Oid type, const Value& a, const Value& b, bool descending, bool nulls_first) {
  if (a.is_null() && b.is_null()) return 0;
  if (a.is_null()) return nulls_first ? -1 : 1;
  if (b.is_null()) return nulls_first ? 1 : -1;
  const int order = Sign(CompareValues(type, a, b));
  return descending ? -order : order;
}

TEST(KeyCodec, BytesOrderAsValuesDo) {
  SCOPED_TRACE(testing::Message() << "seed " << Seed());
  RandomValues random(Seed());
  for (Oid type : kKeyTypes) {
    for (int i = 0; i < 4000; ++i) {
      const Value a = random.Below(20) == 0 ? Value() : random.Make(type);
      const Value b = random.Below(20) == 0  ? Value()
                      : random.Below(8) == 0 ? a
                                             : random.Make(type);
      const bool descending = random.Below(2), nulls_first = random.Below(2);
      std::string left, right;
      AppendKeyColumn(type, a, descending, nulls_first, left);
      AppendKeyColumn(type, b, descending, nulls_first, right);
      // What follows must not matter unless the columns are equal.
      const int expected = OrderOf(type, a, b, descending, nulls_first);
      if (expected != 0) {
        left.push_back('\xff');
        right.push_back('\0');
        ASSERT_EQ(Sign(left.compare(right)), expected) << InfoOf(type).name;
        left.back() = '\0';
        right.back() = '\xff';
      }
      ASSERT_EQ(Sign(left.compare(right)), expected)
          << InfoOf(type).name << " " << (a.is_null() ? "null" : ToText({type, -1}, a)) << " "
          << (b.is_null() ? "null" : ToText({type, -1}, b));
    }
  }
}

TEST(KeyCodec, LosslessColumnsReadBack) {
  SCOPED_TRACE(testing::Message() << "seed " << Seed());
  RandomValues random(Seed() + 1);
  for (Oid type : kKeyTypes) {
    if (!KeyIsLossless(type)) continue;
    for (int i = 0; i < 500; ++i) {
      const Value value = random.Below(10) == 0 ? Value() : random.Make(type);
      const bool descending = random.Below(2), nulls_first = random.Below(2);
      std::string key;
      AppendKeyColumn(type, value, descending, nulls_first, key);
      key += "rest";
      std::string_view in = key;
      auto read = TakeKeyColumn(type, descending, nulls_first, &in);
      ASSERT_TRUE(read.ok());
      ASSERT_EQ(in, "rest");
      ASSERT_EQ(read->is_null(), value.is_null());
      if (!value.is_null()) {
        ASSERT_EQ(CompareValues(type, *read, value), 0);
      }
    }
  }
  EXPECT_FALSE(KeyIsLossless(oid::kNumeric));
  EXPECT_FALSE(KeyIsLossless(oid::kFloat8));
  EXPECT_FALSE(KeyIsSupported(oid::kJsonb));
}

TEST(KeyCodec, PrefixEndIsTheNextPrefix) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd(std::string("a\xff\xff", 3)), "b");
  EXPECT_EQ(PrefixEnd("\xff\xff"), "");
  EXPECT_EQ(PrefixEnd(""), "");
}

catalog::Table TableOf(const std::vector<Oid>& types) {
  catalog::Table table;
  table.oid = 20000;
  table.storage_id = 9;
  for (Oid type : types) {
    catalog::Column column;
    column.attnum = static_cast<int>(table.columns.size()) + 1;
    column.name = "c" + std::to_string(column.attnum);
    column.type = {type, -1};
    table.columns.push_back(column);
  }
  return table;
}

TEST(KeyCodec, RowAndIndexKeys) {
  catalog::Table table = TableOf({oid::kInt4, oid::kText});
  catalog::Index primary;
  primary.primary = primary.unique = true;
  primary.columns = {{1}};
  catalog::Index index;
  index.storage_id = 10;
  index.unique = true;
  index.columns = {{2}};
  table.indexes = {primary, index};
  const Row row = {Value::Int(7), Value::Text("x")};
  std::string row_key, unique_key, null_key;
  AppendPrimaryKey(table, row, row_key);
  EXPECT_EQ(StorageOfKey(row_key), 9u);
  bool has_null = true;
  AppendIndexKey(index, table, row, row_key, unique_key, &has_null);
  EXPECT_FALSE(has_null);
  EXPECT_EQ(StorageOfKey(unique_key), 10u);
  EXPECT_FALSE(unique_key.ends_with(row_key.substr(8)));
  AppendIndexKey(index, table, {Value::Int(7), Value()}, row_key, null_key, &has_null);
  EXPECT_TRUE(has_null);
  EXPECT_TRUE(null_key.ends_with(row_key.substr(8)));
  std::string by_id;
  AppendRowIdKey(9, 1234567, by_id);
  EXPECT_EQ(RowIdOfKey(by_id), 1234567u);
}

std::string Text(Oid type, const Value& value) {
  return value.is_null() ? "null" : ToText({type, -1}, value);
}

TEST(RowCodec, RowsComeBack) {
  SCOPED_TRACE(testing::Message() << "seed " << Seed());
  RandomValues random(Seed() + 2);
  const std::vector<Oid> types(std::begin(kKeyTypes), std::end(kKeyTypes));
  const catalog::Table table = TableOf(types);
  const RowDecoder all(table, {});
  for (int i = 0; i < 2000; ++i) {
    Row row;
    for (Oid type : types) row.push_back(random.Below(4) == 0 ? Value() : random.Make(type));
    std::string bytes;
    EncodeRow(table, row, bytes);
    Row decoded;
    ASSERT_TRUE(all.Decode(bytes, &decoded).ok());
    ASSERT_EQ(decoded.size(), row.size());
    const std::vector<int> some = {static_cast<int>(random.Below(types.size())) + 1,
                                   static_cast<int>(random.Below(types.size())) + 1, 3, 3};
    Row chosen;
    ASSERT_TRUE(RowDecoder(table, some).Decode(bytes, &chosen).ok());
    for (size_t c = 0; c < types.size(); ++c) {
      ASSERT_EQ(Text(types[c], decoded[c]), Text(types[c], row[c])) << InfoOf(types[c]).name;
    }
    for (size_t c = 0; c < some.size(); ++c) {
      const auto at = static_cast<size_t>(some[c]) - 1;
      ASSERT_EQ(Text(types[at], chosen[c]), Text(types[at], row[at]));
    }
  }
}

TEST(RowCodec, OlderRowsReadWithAddedAndDroppedColumns) {
  catalog::Table table = TableOf({oid::kInt4, oid::kText, oid::kInt8});
  std::string bytes;
  EncodeRow(table, {Value::Int(1), Value::Text("gone"), Value::Int(3)}, bytes);
  table.columns[1].dropped = true;
  catalog::Column added;
  added.attnum = 4;
  added.type = {oid::kText, -1};
  added.missing_value = Value::Text("default");
  table.columns.push_back(added);
  Row row;
  ASSERT_TRUE(RowDecoder(table, {}).Decode(bytes, &row).ok());
  EXPECT_EQ(row[0].AsInt(), 1);
  EXPECT_TRUE(row[1].is_null());
  EXPECT_EQ(row[2].AsInt(), 3);
  EXPECT_EQ(row[3].AsBytes(), "default");
}

TEST(RowCodec, DamagedRowsAreErrorsNotCrashes) {
  SCOPED_TRACE(testing::Message() << "seed " << Seed());
  RandomValues random(Seed() + 3);
  const std::vector<Oid> types(std::begin(kKeyTypes), std::end(kKeyTypes));
  const catalog::Table table = TableOf(types);
  const RowDecoder all(table, {});
  Row row, out;
  for (Oid type : types) row.push_back(random.Make(type));
  std::string good;
  EncodeRow(table, row, good);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_TRUE(
        all.Decode(std::string_view(good).substr(0, size), &out).Is(sqlstate::kDataCorrupted));
  }
  for (int i = 0; i < 20000; ++i) {
    std::string bad = good;
    for (uint64_t n = random.Below(4) + 1; n > 0; --n) {
      bad[random.Below(bad.size())] = static_cast<char>(random.Bits());
    }
    (void)all.Decode(bad, &out).ok();
  }
}

/// Inputs that decoders have had trouble with elsewhere: lengths beyond the end, varints that
/// never stop, counts without elements, escapes cut off.
TEST(CodecReplay, HostileBytesAndTheirMutations) {
  using namespace std::string_literals;
  const std::vector<std::string> corpus = {
      ""s,
      "\x01"s,
      "\x01\x01\x09\xff\x01"s,
      "\x01\x01\x09\xfd\x01\x05hello"s,
      "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,
      "\x01\x01\xff\xff\xff\xff\x7f"s,
      "\x01\x01\x09\x7f\x01\x06\x19\x02\x01\x00\x01\x61"s,
      "\x01\x01\x09\x7f\x01\x09\x19\x02\xff\xff\xff\xff\x0f\x00\x00"s,
      "\x01\x61\x00"s,
      "\x01\x61\x00\xff\x00\x00"s,
      "\x01\x05\x02\x01\x07\x02\x01\x03"s};
  SCOPED_TRACE(testing::Message() << "seed " << Seed());
  RandomValues random(Seed() + 4);
  for (const std::string& input : corpus) {
    ReplayHostileBytes(input);
    for (int i = 0; i < 5000; ++i) {
      std::string mutated = input;
      for (uint64_t n = random.Below(5) + 1; n > 0; --n) {
        const uint64_t at = random.Below(mutated.size() + 1);
        if (random.Below(3) == 0) {
          mutated.insert(at, 1, static_cast<char>(random.Bits()));
        } else if (at < mutated.size()) {
          mutated[at] = static_cast<char>(random.Bits());
        }
      }
      ReplayHostileBytes(mutated);
    }
  }
}

}  // namespace
}  // namespace omen::rowstore
