#include "exec/columns/key_ranges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "rowstore/key_codec.h"

namespace omen::exec {
namespace {

using colstore::ColumnBound;

constexpr Type kInt4{oid::kInt4, -1}, kText{oid::kText, -1};

/// Columns a int4, b text, c int4; the key is (a, b), one of its columns perhaps descending.
catalog::Table MakeTable(bool descending_a, bool descending_b) {
  catalog::Table table;
  table.storage_id = 7;
  for (const Type type : {kInt4, kText, kInt4}) {
    catalog::Column column;
    column.attnum = static_cast<int>(table.columns.size()) + 1;
    column.type = type;
    table.columns.push_back(column);
  }
  catalog::Index key;
  key.primary = key.unique = true;
  key.columns = {{1, descending_a, false}, {2, descending_b, false}};
  table.indexes.push_back(key);
  return table;
}

std::string KeyOf(const catalog::Table& table, const Row& row) {
  std::string key;
  rowstore::AppendPrimaryKey(table, row, key);
  return key;
}

bool Contain(const KeyRanges& ranges, const std::string& key) {
  return std::ranges::any_of(ranges, [&](const rowstore::KeyRange& range) {
    return range.lower <= key && (range.upper.empty() || key < range.upper);
  });
}

bool InOrder(const KeyRanges& ranges) {
  for (size_t i = 0; i < ranges.size(); ++i) {
    if (!ranges[i].upper.empty() && ranges[i].upper <= ranges[i].lower) return false;
    if (i > 0 && (ranges[i - 1].upper.empty() || ranges[i].lower < ranges[i - 1].upper)) {
      return false;
    }
  }
  return true;
}

Row RowOf(int a, const std::string& b) { return {Value::Int(a), Value::Text(b), Value::Int(0)}; }

TEST(KeysWithin, ValuesOfTheWholeKeyAreOneRangeEach) {
  const catalog::Table table = MakeTable(false, false);
  const std::vector<ColumnBound> bounds = {
      {0, {Value::Int(5), Value::Int(-2), Value::Int(5)}, {}, {}},
      {1, {Value::Text("x"), Value::Text("")}, {}, {}}};
  const auto ranges = KeysWithin(table, bounds);
  ASSERT_TRUE(ranges.has_value());
  EXPECT_EQ(ranges->size(), 4u);
  EXPECT_TRUE(InOrder(*ranges));
  EXPECT_TRUE(Contain(*ranges, KeyOf(table, RowOf(-2, ""))));
  EXPECT_FALSE(Contain(*ranges, KeyOf(table, RowOf(-2, "y"))));
  EXPECT_FALSE(Contain(*ranges, KeyOf(table, RowOf(4, "x"))));
}

TEST(KeysWithin, NothingWhereTheKeyDoesNotBeginWithThem) {
  const catalog::Table table = MakeTable(false, false);
  EXPECT_FALSE(KeysWithin(table, {}).has_value());
  const std::vector<ColumnBound> second = {{1, {Value::Text("x")}, {}, {}},
                                           {2, {Value::Int(1)}, {}, {}}};
  EXPECT_FALSE(KeysWithin(table, second).has_value());
  catalog::Table keyless = table;
  keyless.indexes.clear();
  const std::vector<ColumnBound> first = {{0, {Value::Int(1)}, {}, {}}};
  EXPECT_FALSE(KeysWithin(keyless, first).has_value());
}

TEST(KeysWithin, TooManyValuesAreARangeOrLeftOut) {
  const catalog::Table table = MakeTable(false, false);
  std::vector<Value> many, texts;
  for (int i = 0; i < 1000; ++i) many.push_back(Value::Int(i));
  for (int i = 0; i < 200; ++i) texts.push_back(Value::Text(std::to_string(i)));
  const std::vector<ColumnBound> bounds = {{0, many, Value::Int(0), Value::Int(999)},
                                           {1, texts, Value::Text("0"), Value::Text("99")}};
  const auto ranges = KeysWithin(table, bounds);
  ASSERT_TRUE(ranges.has_value());
  EXPECT_EQ(ranges->size(), 1000u);
  EXPECT_TRUE(Contain(*ranges, KeyOf(table, RowOf(3, "57"))));
  EXPECT_FALSE(Contain(*ranges, KeyOf(table, RowOf(3, "z"))));
}

/// Random bounds of some of the columns.
class RandomBounds {
 public:
  explicit RandomBounds(uint64_t seed) : random_(seed) {}

  int Number() { return static_cast<int>(random_() % 12) - 4; }
  std::string Word() {
    const char* words[] = {"", "a", "ab", "b", "ba", "c", "zz"};
    return words[random_() % std::size(words)];
  }
  bool Chance() { return random_() % 2 == 0; }

  template <typename Draw>
  void Add(int column, const Draw& draw, std::vector<ColumnBound>* bounds) {
    ColumnBound bound;
    bound.column = column;
    if (Chance()) {
      for (size_t i = 0; i <= random_() % 4; ++i) bound.values.push_back(draw());
    }
    if (Chance()) bound.low = draw();
    if (Chance()) bound.high = draw();
    bounds->push_back(std::move(bound));
  }

 private:
  std::mt19937_64 random_;
};

bool IsWithin(const std::vector<ColumnBound>& bounds, int a, const std::string& b) {
  return std::ranges::all_of(bounds, [&](const ColumnBound& bound) {
    const auto order = [&](const Value& value) {
      return bound.column == 0 ? (a < value.AsInt()   ? -1
                                  : a > value.AsInt() ? 1
                                                      : 0)
                               : b.compare(value.AsBytes());
    };
    const bool listed =
        bound.values.empty() ||
        std::ranges::any_of(bound.values, [&](const Value& v) { return order(v) == 0; });
    return listed && (bound.low.is_null() || order(bound.low) >= 0) &&
           (bound.high.is_null() || order(bound.high) <= 0);
  });
}

TEST(KeysWithin, NoRowWithinRandomBoundsIsLost) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomBounds random(seed);
  for (int round = 0; round < 2000; ++round) {
    const catalog::Table table = MakeTable(random.Chance(), random.Chance());
    std::vector<ColumnBound> bounds;
    random.Add(
        0, [&] { return Value::Int(random.Number()); }, &bounds);
    if (random.Chance())
      random.Add(
          1, [&] { return Value::Text(random.Word()); }, &bounds);
    const auto ranges = KeysWithin(table, bounds);
    if (!ranges.has_value()) continue;
    ASSERT_TRUE(InOrder(*ranges));
    const KeyRanges half = {{KeyOf(table, RowOf(1, "b")), ""}};
    const KeyRanges both = InBoth(*ranges, half);
    ASSERT_TRUE(InOrder(both));
    for (int draw = 0; draw < 20; ++draw) {
      const int a = random.Number();
      const std::string b = random.Word();
      const std::string key = KeyOf(table, RowOf(a, b));
      ASSERT_TRUE(!IsWithin(bounds, a, b) || Contain(*ranges, key)) << a << " " << b;
      ASSERT_EQ(Contain(both, key), Contain(*ranges, key) && Contain(half, key));
    }
  }
}

TEST(InBoth, OfRangesWithoutAnEnd) {
  const KeyRanges one = {{"a", "c"}, {"e", ""}}, other = {{"b", "f"}, {"g", ""}};
  const KeyRanges both = InBoth(one, other);
  ASSERT_EQ(both.size(), 3u);
  EXPECT_EQ(both[0].lower + both[0].upper, "bc");
  EXPECT_EQ(both[1].lower + both[1].upper, "ef");
  EXPECT_EQ(both[2].lower + both[2].upper, "g");
  EXPECT_TRUE(InBoth(one, {}).empty());
}

}  // namespace
}  // namespace omen::exec
