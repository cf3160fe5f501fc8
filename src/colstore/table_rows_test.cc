// Rows taken out by their keys are those of a map, whatever the keys are made of.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "colstore/test_store.h"

namespace omen::colstore {
namespace {

using testing::TestStore;

constexpr int64_t kKeys = 9'000;  // several vectors of them, and of rows

/// The n-th key's value for a column of `type`; several keys share one in all columns but the last.
Value PartOfKey(const Type& type, int64_t n, bool last) {
  const int64_t part = last ? n : n % 7;
  if (type.oid == oid::kText) return Value::Text("a key of some length " + std::to_string(part));
  return Value::Int(part);
}

Row KeyOf(const std::vector<Type>& types, int64_t n) {
  Row key;
  for (const Type& type : types) key.push_back(PartOfKey(type, n, key.size() + 1 == types.size()));
  return key;
}

void TakeOutAtRandom(const std::vector<Type>& key_types, uint64_t seed) {
  SCOPED_TRACE(::testing::Message() << "seed " << seed << ", " << key_types.size() << " columns");
  std::vector<Type> types = key_types;
  types.push_back({oid::kInt8, -1});
  catalog::Table table = testing::MakeKeyedTable(7, types);
  for (int column = 2; column <= static_cast<int>(key_types.size()); ++column) {
    table.indexes[0].columns.push_back({column});
  }
  std::mt19937_64 random(seed);
  std::map<int64_t, int64_t> expected;
  TestStore store;
  store.Replace(table, {}, 1);
  for (uint64_t commit = 2; commit < 14; ++commit) {
    std::vector<Row> deletes, inserts;
    const int64_t first = static_cast<int64_t>(random() % kKeys);
    const int64_t count = static_cast<int64_t>(random() % (commit % 3 == 0 ? 20 : kKeys - first));
    for (int64_t n = first; n < first + count; ++n) {
      deletes.push_back(KeyOf(key_types, n));
      expected.erase(n);
      if (random() % 4 == 0) continue;
      Row row = KeyOf(key_types, n);
      expected[n] = static_cast<int64_t>(commit);
      row.push_back(Value::Int(expected[n]));
      inserts.push_back(std::move(row));
    }
    store.Apply(table, std::move(deletes), std::move(inserts), commit);
    const auto sums = store.Select(
        "SELECT count(*), sum(c" + std::to_string(types.size()) + ")::BIGINT FROM t7_1",
        {{oid::kInt8, -1}, {oid::kInt8, -1}});
    int64_t sum = 0;
    for (const auto& [key, value] : expected) sum += value;
    ASSERT_EQ(sums[0][0].AsInt(), static_cast<int64_t>(expected.size()));
    ASSERT_EQ(sums[0][1].is_null() ? 0 : sums[0][1].AsInt(), sum);
  }
}

TEST(TableRows, TakenOutByTheirKeysAreThoseOfAMap) {
  const Type int2{oid::kInt2, -1}, int4{oid::kInt4, -1}, int8{oid::kInt8, -1};
  const Type text{oid::kText, -1};
  const std::vector<std::vector<Type>> cases = {
      {int2}, {int4}, {int8}, {text}, {int4, int4}, {int8, text}, {text, int2}, {int2, int8, text}};
  for (const auto& types : cases) TakeOutAtRandom(types, std::random_device{}());
}

}  // namespace
}  // namespace omen::colstore
