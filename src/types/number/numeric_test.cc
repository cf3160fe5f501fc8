#include "types/number/numeric.h"

#include <gtest/gtest.h>

#include <map>

#include "types/describe_status.h"
#include "types/io.h"
#include "types/number/numeric_binary.h"
#include "types/number/numeric_blob.h"
#include "types/number/numeric_functions.h"

namespace omen {
namespace {

std::string Show(const Result<Numeric>& result) {
  return result.ok() ? result->ToString() : Describe(result.status());
}

std::string ShowInt(const Result<int64_t>& result) {
  return result.ok() ? std::to_string(*result) : Describe(result.status());
}

int SmallInt(const Numeric& value) { return static_cast<int>(*value.ToInt64()); }

using NumericOperation = std::string (*)(const Numeric& a, const Numeric& b);

const std::map<std::string, NumericOperation>& NumericOperations() {
  using N = const Numeric&;
  static const std::map<std::string, NumericOperation> kOperations = {
      {"neg", [](N a, N) { return a.Negate().ToString(); }},
      {"abs", [](N a, N) { return a.Abs().ToString(); }},
      {"ceil", [](N a, N) { return a.Ceil().ToString(); }},
      {"floor", [](N a, N) { return a.Floor().ToString(); }},
      {"sqrt", [](N a, N) { return Show(NumericSqrt(a)); }},
      {"exp", [](N a, N) { return Show(NumericExp(a)); }},
      {"ln", [](N a, N) { return Show(NumericLn(a)); }},
      {"log10", [](N a, N) { return Show(NumericLog10(a)); }},
      {"int8", [](N a, N) { return ShowInt(a.ToInt64()); }},
      {"float8", [](N a, N) { return ToText({oid::kFloat8}, Value::Double(a.ToDouble())); }},
      {"text", [](N a, N) { return a.ToString(); }},
      {"add", [](N a, N b) { return Show(Numeric::Add(a, b)); }},
      {"sub", [](N a, N b) { return Show(Numeric::Subtract(a, b)); }},
      {"mul", [](N a, N b) { return Show(Numeric::Multiply(a, b)); }},
      {"div", [](N a, N b) { return Show(Numeric::Divide(a, b)); }},
      {"divtrunc", [](N a, N b) { return Show(NumericDivideTruncate(a, b)); }},
      {"mod", [](N a, N b) { return Show(NumericModulo(a, b)); }},
      {"pow", [](N a, N b) { return Show(NumericPower(a, b)); }},
      {"log", [](N a, N b) { return Show(NumericLog(a, b)); }},
      {"round", [](N a, N b) { return a.Round(SmallInt(b)).ToString(); }},
      {"trunc", [](N a, N b) { return a.Truncate(SmallInt(b)).ToString(); }},
      {"cmp", [](N a, N b) { return std::to_string(Numeric::Compare(a, b)); }},
      {"typmod", [](N a, N b) { return Show(a.ApplyTypmod(SmallInt(b))); }},
  };
  return kOperations;
}

struct Case {
  const char* operation;
  const char* a;
  const char* b;
  const char* expected;
};

// Random operations with the answers of PostgreSQL 15; see testdata/numeric_cases.py.
constexpr Case kCases[] = {
#include "types/testdata/numeric_cases.inc"
};

TEST(Numeric, AnswersAsPostgres) {
  for (const Case& c : kCases) {
    Result<Numeric> a = Numeric::Parse(c.a);
    Result<Numeric> b = Numeric::Parse(c.b);
    ASSERT_TRUE(a.ok() && b.ok());
    EXPECT_EQ(NumericOperations().at(c.operation)(*a, *b), c.expected)
        << c.operation << " " << c.a << " " << c.b;
  }
}

TEST(Numeric, CarriedFormsKeepEverything) {
  for (const Case& c : kCases) {
    Numeric a = *Numeric::Parse(c.a);
    Numeric b = *Numeric::Parse(c.b);
    Value carried = a.ToValue();
    EXPECT_EQ(Numeric::FromValue(carried).ToString(), a.ToString());
    std::string wire;
    AppendNumericBinary(a.ToValue().AsBytes(), wire);
    EXPECT_EQ(ParseNumericBinary(wire)->ToString(), a.ToString());
    int order = CompareCarriedNumerics(carried.AsBytes(), b.ToValue().AsBytes());
    EXPECT_EQ(order, Numeric::Compare(a, b)) << c.a << " " << c.b;
    if (order == 0) {
      EXPECT_EQ(a.Hash(), b.Hash());
    }
    std::string blob = EncodeNumericBlob(a);
    EXPECT_EQ(DecodeNumericBlob(blob)->ToString(), a.ToString());
    std::string other = EncodeNumericBlob(b);
    int keys = NumericBlobKey(blob).compare(NumericBlobKey(other));
    EXPECT_EQ(keys < 0 ? -1 : keys > 0, order) << c.a << " " << c.b;
  }
}

TEST(Numeric, DamagedBlobsAreRefused) {
  std::string blob = EncodeNumericBlob(*Numeric::Parse("-123456.789"));
  for (size_t size = 0; size < blob.size(); ++size) {
    EXPECT_FALSE(DecodeNumericBlob(blob.substr(0, size)).ok());
  }
  EXPECT_FALSE(DecodeNumericBlob(std::string_view("\7\0\0", 3)).ok());
}

TEST(Numeric, ParsesAndRefuses) {
  struct ParseCase {
    const char* text;
    const char* expected;
  };
  static constexpr ParseCase kParse[] = {
      {" +.5e1 ", "5"},
      {"5.", "5"},
      {"1e-3", "0.001"},
      {"-0.00", "0.00"},
      {"-inf", "-Infinity"},
      {".", "22P02 invalid input syntax for type numeric: \".\""},
      {"1e", "22P02 invalid input syntax for type numeric: \"1e\""},
      {"1_0", "22P02 invalid input syntax for type numeric: \"1_0\""},
      {"", "22P02 invalid input syntax for type numeric: \"\""},
      {"1e131072", "22003 value overflows numeric format"},
      {"1e-20000", "22003 value overflows numeric format"},
      {"1e99999999999", "22003 value overflows numeric format"},
  };
  for (const ParseCase& c : kParse) EXPECT_EQ(Show(Numeric::Parse(c.text)), c.expected) << c.text;
  EXPECT_EQ(Numeric::Parse("1e131071")->IntegerDigits(), 131072);
}

TEST(Numeric, Int128) {
  __int128 unscaled;
  for (const char* text : {"123456.789", "-0.05", "99999999999999999999999999999999999999"}) {
    Numeric value = *Numeric::Parse(text);
    int scale = value.display_scale();
    ASSERT_TRUE(value.ToInt128(scale, &unscaled));
    EXPECT_EQ(Numeric::FromInt128(unscaled, scale).ToString(), text);
  }
  EXPECT_FALSE(Numeric::Parse("1e38")->ToInt128(0, &unscaled));
  EXPECT_FALSE(Numeric::Parse("1e37")->ToInt128(1, &unscaled));
  ASSERT_TRUE(Numeric::Parse("1255")->ToInt128(-1, &unscaled));
  EXPECT_EQ(static_cast<int64_t>(unscaled), 126);
}

TEST(Numeric, FieldOverflowSaysWhy) {
  Result<Numeric> result = Numeric::Parse("99.995")->ApplyTypmod(NumericTypmod(4, 2));
  EXPECT_EQ(result.status().error().detail,
            "A field with precision 4, scale 2 must round to an absolute value less than 10^2.");
}

}  // namespace
}  // namespace omen
