#include "exec/write/load_order.h"

#include <gtest/gtest.h>

#include <functional>

namespace omen::exec {
namespace {

constexpr int64_t kLoaded = 200 * static_cast<int64_t>(LoadOrder::kStride);

/// c1 the key, bigint; c2 timestamp; c3 integer; c4 text.
catalog::Table EventTable(bool keyed = true) {
  catalog::Table table;
  for (const Oid type : {oid::kInt8, oid::kTimestamp, oid::kInt4, oid::kText}) {
    catalog::Column column;
    column.attnum = static_cast<int>(table.columns.size()) + 1;
    column.type = {type, -1};
    table.columns.push_back(column);
  }
  catalog::Index primary;
  primary.primary = primary.unique = true;
  primary.columns.push_back({1});
  if (keyed) table.indexes.push_back(primary);
  return table;
}

int64_t Scattered(int64_t i) { return i * 7919 % kLoaded; }

int OrderOf(const catalog::Table& table, const std::function<Row(int64_t)>& row,
            int64_t rows = kLoaded) {
  LoadOrder order(table);
  for (int64_t i = 0; i < rows; ++i) order.Add(row(i));
  return order.Column();
}

TEST(LoadOrder, IsThatOfTheTimesWhereKeysAreScattered) {
  const auto event = [](int64_t i) {
    // Some come late, and some have no time.
    const Value time = i % 9 == 0 ? Value() : Value::Int(i * 1'000'000 - i % 7 * 100'000'000);
    return Row{Value::Int(Scattered(i)), time, Value::Int(i), Value::Text("x")};
  };
  EXPECT_EQ(OrderOf(EventTable(), event), 2);
  EXPECT_EQ(OrderOf(EventTable(false), event), 0);
  EXPECT_EQ(OrderOf(EventTable(), event, kLoaded / 10), 0);
}

TEST(LoadOrder, IsNoneWhereTheKeyRisesToo) {
  EXPECT_EQ(OrderOf(EventTable(),
                    [](int64_t i) {
                      return Row{Value::Int(i), Value::Int(i), Value::Int(i), Value()};
                    }),
            0);
}

TEST(LoadOrder, IsNoneOfWhatIsScatteredOrNeverChanges) {
  EXPECT_EQ(OrderOf(EventTable(),
                    [](int64_t i) {
                      return Row{Value::Int(Scattered(i)), Value::Int(Scattered(i + 5)),
                                 Value::Int(4), Value()};
                    }),
            0);
}

TEST(LoadOrder, MayBeThatOfANumber) {
  EXPECT_EQ(OrderOf(EventTable(),
                    [](int64_t i) {
                      return Row{Value::Int(Scattered(i)), Value(), Value::Int(i / 5000), Value()};
                    }),
            3);
}

}  // namespace
}  // namespace omen::exec
