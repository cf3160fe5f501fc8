// The conversions under every column: decimals, the numeric carrier, dates.
#include <gtest/gtest.h>

#include <random>

#include "colstore/internal/vector/clocks.h"
#include "colstore/internal/vector/decimals.h"
#include "colstore/internal/vector/numeric_carrier.h"
#include "types/number/numeric.h"
#include "types/number/numeric_blob.h"

namespace omen::colstore {
namespace {

Value Number(std::string_view text) {
  auto parsed = Numeric::Parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed->ToValue();
}

std::string Text(const Value& value) { return Numeric::FromValue(value).ToString(); }

std::string Carrier(const Value& value) {
  std::string out;
  AppendNumericCarrier(value, &out);
  return out;
}

TEST(NumericCarrier, RoundTripsAndOrders) {
  const std::vector<std::string> ascending = {
      "-Infinity",
      "-100000000000000000000000000000000000000000000000000.5",
      "-10001",
      "-10000.5",
      "-10000",
      "-12.00005",
      "-12",
      "-1",
      "-0.5",
      "-0.00001",
      "0",
      "0.00001",
      "0.5",
      "1",
      "12",
      "12.00005",
      "13",
      "10000",
      "10000.5",
      "10001",
      "100000000000000000000000000000000000000000000000000.5",
      "Infinity",
      "NaN"};
  std::string previous;
  for (const std::string& text : ascending) {
    const std::string carrier = Carrier(Number(text));
    EXPECT_EQ(Text(NumericFromCarrier(carrier)), text);
    const std::string key(NumericBlobKey(carrier));
    EXPECT_LT(previous, key) << text;
    previous = key;
  }
}

TEST(NumericCarrier, KeyIgnoresDisplayScaleAndCarrierKeepsIt) {
  const std::string one = Carrier(Number("1.0")), same = Carrier(Number("1.000"));
  EXPECT_EQ(NumericBlobKey(one), NumericBlobKey(same));
  EXPECT_EQ(Text(NumericFromCarrier(one)), "1.0");
  EXPECT_EQ(Text(NumericFromCarrier(same)), "1.000");
  EXPECT_EQ(Text(NumericFromCarrier(Carrier(Number("0.00")))), "0.00");
}

TEST(NumericCarrier, KeyOrderIsNumericOrder) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  const auto number = [&] {
    const auto digits = static_cast<int64_t>(random() >> (random() % 64));
    const __int128 value = (random() & 1) != 0 ? -static_cast<__int128>(digits) : digits;
    return Numeric::FromInt128(value, static_cast<int>(random() % 30));
  };
  for (int i = 0; i < 20'000; ++i) {
    const Numeric a = number(), b = number();
    const std::string ka = Carrier(a.ToValue()), kb = Carrier(b.ToValue());
    const int by_key = NumericBlobKey(ka).compare(NumericBlobKey(kb));
    const int by_value = Numeric::Compare(a, b);
    ASSERT_EQ(by_key < 0, by_value < 0) << a.ToString() << " " << b.ToString();
    ASSERT_EQ(by_key == 0, by_value == 0) << a.ToString() << " " << b.ToString();
  }
}

TEST(Decimals, AgreeWithNumeric) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    auto magnitude = static_cast<unsigned __int128>(random()) << 64 | random();
    magnitude >>= random() % 128;
    magnitude %= static_cast<unsigned __int128>(PowerOfTen(38));
    __int128 unscaled = static_cast<__int128>(magnitude);
    if ((random() & 1) != 0) unscaled = -unscaled;
    const int scale = static_cast<int>(random() % 39);
    const Value value = NumericFromDecimal(unscaled, scale);
    const Value expected = Numeric::FromInt128(unscaled, scale).ToValue();
    ASSERT_EQ(value.AsBytes(), expected.AsBytes()) << Text(expected);
    __int128 back = 0;
    ASSERT_TRUE(DecimalFromNumeric(value, 38, scale, &back)) << Text(expected);
    ASSERT_TRUE(back == unscaled) << Text(expected);
  }
}

TEST(Decimals, RoundsAndRefuses) {
  __int128 out = 0;
  EXPECT_TRUE(DecimalFromNumeric(Number("1.005"), 10, 2, &out));
  EXPECT_EQ(static_cast<int64_t>(out), 101);
  EXPECT_TRUE(DecimalFromNumeric(Number("-99.99"), 4, 2, &out));
  EXPECT_FALSE(DecimalFromNumeric(Number("100"), 4, 2, &out));
  EXPECT_FALSE(DecimalFromNumeric(Number("NaN"), 4, 2, &out));
  EXPECT_FALSE(DecimalFromNumeric(Number("Infinity"), 4, 2, &out));
  EXPECT_FALSE(DecimalFromNumeric(Number("1e60"), 38, 0, &out));
}

TEST(Clocks, InfinitiesAndEnds) {
  EXPECT_EQ(PgDate(EngineDate(kDateInfinity)), kDateInfinity);
  EXPECT_EQ(PgDate(EngineDate(kDateMinusInfinity)), kDateMinusInfinity);
  EXPECT_EQ(EngineDate(0).days, 10957);
  duckdb::timestamp_t out;
  for (int64_t micros : {kTimestampInfinity, kTimestampMinusInfinity, int64_t{0}, int64_t{-1},
                         int64_t{-211813488000000000}}) {
    ASSERT_TRUE(EngineTimestamp(micros, &out));
    EXPECT_EQ(PgTimestamp(out), micros);
  }
  EXPECT_FALSE(EngineTimestamp(9223371331199999999, &out));
}

TEST(Clocks, UuidOrderIsByteOrder) {
  UuidData low{}, high{};
  high[0] = 0x80;
  EXPECT_TRUE(EngineUuid(low) < EngineUuid(high));
  high[15] = 7;
  EXPECT_EQ(PgUuid(EngineUuid(high)), high);
}

}  // namespace
}  // namespace omen::colstore
