// Tuples told apart by value, nulls alike, numbered as they came.
#include "exec/rows/tuple_hash.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "types/number/numeric.h"

namespace omen::exec::testing {
namespace {

const std::vector<Type> kPair = {{oid::kInt8, -1}, {oid::kText, -1}};

TEST(TupleSets, NumberDistinctTuplesAsTheyCame) {
  MemoryMeter memory;
  TupleSet set(kPair, &memory);
  const auto add = [&](Value a, Value b) {
    const Value tuple[] = {std::move(a), std::move(b)};
    bool fresh = false;
    const size_t number = set.FindOrAdd(tuple, &fresh).value();
    return std::pair(number, fresh);
  };
  EXPECT_EQ(add(Value::Int(1), Value::Text("x")), std::pair(size_t{0}, true));
  EXPECT_EQ(add(Value::Int(1), Value()), std::pair(size_t{1}, true));
  EXPECT_EQ(add(Value(), Value::Text("x")), std::pair(size_t{2}, true));
  EXPECT_EQ(add(Value(), Value()), std::pair(size_t{3}, true));
  EXPECT_EQ(add(Value(), Value()), std::pair(size_t{3}, false));
  EXPECT_EQ(add(Value::Int(1), Value::Text("x")), std::pair(size_t{0}, false));
  EXPECT_EQ(set.size(), 4u);
  EXPECT_TRUE(set[1][1].is_null());
  set.Clear();
  EXPECT_EQ(set.size(), 0u);
  EXPECT_EQ(add(Value(), Value()), std::pair(size_t{0}, true));
}

TEST(TupleSets, AgreeWithAMapThroughManyGrowths) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  MemoryMeter memory;
  TupleSet set(kPair, &memory);
  std::map<std::pair<int, int>, size_t> model;
  for (int i = 0; i < 20000; ++i) {
    const int a = static_cast<int>(random() % 90), b = static_cast<int>(random() % 90);
    const Value tuple[] = {a == 0 ? Value() : Value::Int(a),
                           b == 0 ? Value() : Value::Text(std::to_string(b))};
    const auto found = model.find({a, b});
    EXPECT_EQ(set.Find(tuple), found == model.end() ? SIZE_MAX : found->second);
    bool fresh = false;
    const size_t number = set.FindOrAdd(tuple, &fresh).value();
    EXPECT_EQ(fresh, found == model.end());
    EXPECT_EQ(number, model.emplace(std::pair(a, b), model.size()).first->second);
  }
  EXPECT_EQ(set.size(), model.size());
}

TEST(TupleSets, ValuesThatAreEqualAreOneWhateverTheirForm) {
  const std::vector<Oid> floats = {oid::kFloat8};
  const Value zero = Value::Double(0.0), negative = Value::Double(-0.0);
  EXPECT_TRUE(SameTuple(floats, &zero, &negative));
  EXPECT_EQ(HashTuple(floats, &zero), HashTuple(floats, &negative));
  const Value null;
  EXPECT_TRUE(SameTuple(floats, &null, &null));
  EXPECT_FALSE(SameTuple(floats, &null, &zero));
  EXPECT_TRUE(SameTuple({}, &zero, &null)) << "no columns: one tuple";
}

TEST(TupleSets, AreChargedForWhatTheyKeep) {
  const auto account = std::make_shared<MemoryAccount>(1 << 20);
  MemoryMeter memory(account);
  TupleSet set(kPair, &memory);
  Status status = Status::Ok();
  int added = 0;
  for (; status.ok() && added < 100000; ++added) {
    const Value tuple[] = {Value::Int(added), Value::Text(std::string(50, 'x'))};
    status = set.Insert(tuple).status().Clone();
  }
  EXPECT_TRUE(status.Is(sqlstate::kOutOfMemory));
  EXPECT_GT(added, 1000);
  EXPECT_LT(added, 10000);
}

}  // namespace
}  // namespace omen::exec::testing
