#include "types/number/short_decimal.h"

#include <gtest/gtest.h>

#include <bit>
#include <functional>
#include <random>

#include "types/number/numeric.h"
#include "types/number/numeric_blob.h"
#include "types/number/numeric_functions.h"

namespace omen {
namespace {

Numeric Long(const ShortDecimal& value) { return Numeric::FromInt128(value.unscaled, value.scale); }

std::string BlobOf(const ShortDecimal& value) {
  char bytes[kShortBlobBytes];
  return {bytes, static_cast<size_t>(WriteShortBlob(value, bytes))};
}

/// Draws numbers of all lengths and scales, many of them round or small.
class Numbers {
 public:
  explicit Numbers(uint64_t seed) : random_(seed) {}

  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint64_t>(limit)); }
  double AnyDouble() { return std::bit_cast<double>(random_()); }
  ShortDecimal Next() {
    const int digits = Below(4) == 0 ? Below(39) : Below(12);
    __int128 value = 0;
    for (int i = 0; i < digits; ++i) value = value * 10 + (Below(3) == 0 ? 0 : Below(10));
    return {Below(2) == 0 ? value : -value, Below(4) == 0 ? Below(39) : Below(7)};
  }

 private:
  std::mt19937_64 random_;
};

class ShortDecimalTest : public testing::Test {
 protected:
  /// `value`, where there is one, is `expected`; counts those that there are.
  void Expect(const ShortResult& value, const Result<Numeric>& expected, const std::string& what) {
    if (!value) return;
    ++answered_;
    ASSERT_TRUE(expected.ok()) << what;
    EXPECT_EQ(Long(*value).ToString(), expected->ToString()) << what;
    EXPECT_EQ(value->scale, expected->display_scale()) << what;
  }

  static constexpr int kDraws = 50'000;
  const uint64_t seed_ = std::random_device{}();
  const testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
  Numbers numbers_{seed_};
  int answered_ = 0;
};

TEST_F(ShortDecimalTest, OperationsOfTwoGiveWhatNumericGives) {
  using Short = ShortResult (*)(const ShortDecimal&, const ShortDecimal&);
  using General = Result<Numeric> (*)(const Numeric&, const Numeric&);
  const std::tuple<const char*, Short, General> kOperations[] = {
      {"+", &ShortSum, &Numeric::Add},
      {"-", &ShortDifference, &Numeric::Subtract},
      {"*", &ShortProduct, &Numeric::Multiply},
      {"/", &ShortQuotient, &Numeric::Divide},
      {"div", &ShortWholeQuotient, &NumericDivideTruncate},
      {"mod", &ShortRemainder, &NumericModulo},
  };
  for (const auto& [name, operation, general] : kOperations) {
    answered_ = 0;
    for (int i = 0; i < kDraws; ++i) {
      const ShortDecimal a = numbers_.Next(), b = numbers_.Next();
      Expect(operation(a, b), general(Long(a), Long(b)),
             Long(a).ToString() + " " + name + " " + Long(b).ToString());
    }
    EXPECT_GT(answered_, kDraws / 4) << name;
  }
}

TEST_F(ShortDecimalTest, SumsBeyondTheirIntegerAreLeftToNumeric) {
  __int128 nines = 0;
  for (int i = 0; i < 38; ++i) nines = nines * 10 + 9;
  EXPECT_EQ(ShortSum({nines, 0}, {nines, 0}), std::nullopt);
  EXPECT_EQ(ShortSum({-nines, 3}, {-nines, 3}), std::nullopt);
  EXPECT_EQ(ShortDifference({nines, 38}, {-nines, 38}), std::nullopt);
  EXPECT_EQ(ShortDifference({nines, 38}, {nines, 38}), (ShortDecimal{0, 38}));
}

TEST_F(ShortDecimalTest, OperationsOfOneGiveWhatNumericGives) {
  for (int i = 0; i < kDraws; ++i) {
    const ShortDecimal a = numbers_.Next();
    const int scale = numbers_.Below(20) - 2;
    const Numeric general = Long(a);
    const std::string text = general.ToString();
    Expect(RoundShort(a, scale), general.Round(scale), "round " + text);
    Expect(TruncateShort(a, scale), general.Truncate(scale), "trunc " + text);
    Expect(FloorShort(a), general.Floor(), "floor " + text);
    Expect(CeilShort(a), general.Ceil(), "ceil " + text);
    std::string shown;
    AppendShortText(a, &shown);
    EXPECT_EQ(shown, text);
    if (const auto number = DoubleOfShort(a)) {
      EXPECT_EQ(*number, general.ToDouble()) << text;
    }
    const ShortDecimal b = numbers_.Next();
    if (const auto order = CompareShort(a, b)) {
      EXPECT_EQ(*order, Numeric::Compare(general, Long(b))) << text;
    }
  }
  EXPECT_GT(answered_, 3 * kDraws);
}

TEST_F(ShortDecimalTest, RootsAreThoseOfNumeric) {
  constexpr int kRoots = 5'000;
  for (int i = 0; i < kRoots; ++i) {
    const ShortDecimal a = numbers_.Next();
    const ShortDecimal square = ShortProduct(a, a).value_or(a);
    for (const ShortDecimal& value : {a, square, ShortDecimal{square.unscaled + 1, square.scale}}) {
      if (value.unscaled < 0) {
        EXPECT_EQ(ShortSqrt(value), std::nullopt);
      }
      Expect(ShortSqrt(value), NumericSqrt(Long(value)), "sqrt " + Long(value).ToString());
    }
  }
  EXPECT_GT(answered_, kRoots);
}

TEST_F(ShortDecimalTest, BlobsAreThoseOfNumeric) {
  for (int i = 0; i < kDraws; ++i) {
    const ShortDecimal a = numbers_.Next();
    const std::string blob = EncodeNumericBlob(Long(a));
    EXPECT_EQ(BlobOf(a), blob) << Long(a).ToString();
    const ShortResult read = ShortFromBlob(blob);
    if (!read) continue;
    ++answered_;
    EXPECT_EQ(*read, a);
    EXPECT_EQ(ShortFromCarried(Long(a).ToValue().AsBytes()), read);
  }
  EXPECT_GT(answered_, kDraws / 2);
  EXPECT_FALSE(ShortFromBlob(EncodeNumericBlob(Numeric::Special(Numeric::Kind::kNaN))));
  EXPECT_FALSE(ShortFromCarried(Numeric::Special(Numeric::Kind::kInfinity).ToValue().AsBytes()));
  EXPECT_FALSE(ShortFromBlob(""));
  EXPECT_FALSE(ShortFromBlob(std::string("\4\0\0\0\0", 5)));
}

TEST_F(ShortDecimalTest, DoublesAreReadAsNumericReadsThem) {
  for (int i = 0; i < kDraws; ++i) {
    const double even = std::ldexp(numbers_.Below(1'000'000) - 500'000, numbers_.Below(60) - 40);
    for (const double value : {numbers_.AnyDouble(), even, numbers_.Below(100'000) / 100.0}) {
      Expect(ShortFromDouble(value), Numeric::FromDouble(value), std::to_string(value));
    }
  }
  EXPECT_GT(answered_, 2 * kDraws);
  EXPECT_EQ(ShortFromDouble(-0.0), ShortDecimal{});
}

}  // namespace
}  // namespace omen
