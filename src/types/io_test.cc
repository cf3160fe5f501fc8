#include "types/io.h"

#include <gtest/gtest.h>

#include <cmath>

namespace omen {
namespace {

struct IoCase {
  Oid type;
  const char* input;
  const char* expected;  // the text form, or "SQLSTATE message"
};

std::string Roundtrip(Type type, std::string_view input) {
  Result<Value> value = ParseText(type, input);
  if (value.ok()) return ToText(type, *value);
  const ErrorInfo& error = value.status().error();
  return std::string(error.state.view()) + " " + error.message;
}

TEST(TextForms, Scalars) {
  static constexpr IoCase kCases[] = {
      {oid::kInt4, " -2147483648 ", "-2147483648"},
      {oid::kInt4, "2147483648", "22003 value \"2147483648\" is out of range for type integer"},
      {oid::kInt4, "12a", "22P02 invalid input syntax for type integer: \"12a\""},
      {oid::kInt4, "", "22P02 invalid input syntax for type integer: \"\""},
      {oid::kInt2, "32768", "22003 value \"32768\" is out of range for type smallint"},
      {oid::kInt8, "9223372036854775808",
       "22003 value \"9223372036854775808\" is out of range for type bigint"},
      {oid::kInt8, "-9223372036854775808", "-9223372036854775808"},
      {oid::kOid, "-1", "4294967295"},
      {oid::kBool, " TRU ", "t"},
      {oid::kBool, "of", "f"},
      {oid::kBool, "o", "22P02 invalid input syntax for type boolean: \"o\""},
      {oid::kFloat8, "1e23", "9.999999999999999e+22"},
      {oid::kFloat8, "1e20", "1e+20"},
      {oid::kFloat8, "0.00001", "1e-05"},
      {oid::kFloat8, "0.1", "0.1"},
      {oid::kFloat8, "123456789012345", "123456789012345"},
      {oid::kFloat8, "1e15", "1e+15"},
      {oid::kFloat8, "-0", "-0"},
      {oid::kFloat8, "5e-324", "5e-324"},
      {oid::kFloat8, "1e400", "22003 \"1e400\" is out of range for type double precision"},
      {oid::kFloat8, "-inf", "-Infinity"},
      {oid::kFloat8, "nan", "NaN"},
      {oid::kFloat8, "0x1A", "26"},
      {oid::kFloat4, "1234567", "1.234567e+06"},
      {oid::kFloat4, "2e-45", "1e-45"},
      {oid::kFloat4, "1e39", "22003 \"1e39\" is out of range for type real"},
      {oid::kBytea, "\\xDEad be", "\\xdeadbe"},
      {oid::kBytea, "a\\\\b\\001", "\\x615c6201"},
      {oid::kBytea, "\\x1", "22023 invalid hexadecimal data: odd number of digits"},
      {oid::kBytea, "\\9", "22P02 invalid input syntax for type bytea"},
      {oid::kChar, "\\101", "A"},
      {oid::kUuid, "{A0EEBC99-9c0b4ef8-bb6d-6bb9bd380a11}", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
      {oid::kUuid, "a0", "22P02 invalid input syntax for type uuid: \"a0\""},
  };
  for (const IoCase& c : kCases) EXPECT_EQ(Roundtrip({c.type}, c.input), c.expected) << c.input;
}

TEST(TextForms, LengthModifiers) {
  EXPECT_EQ(Roundtrip({oid::kVarchar, 3 + 4}, "abc  "), "abc");
  EXPECT_EQ(Roundtrip({oid::kVarchar, 3 + 4}, "abcd"),
            "22001 value too long for type character varying(3)");
  EXPECT_EQ(Roundtrip({oid::kBpchar, 4 + 4}, "äb "), "äb  ");
  EXPECT_EQ(Roundtrip({oid::kBpchar, 1 + 4}, "äb"), "22001 value too long for type character(1)");
  Result<Value> cut = ApplyTypmod({oid::kVarchar, 2 + 4}, Value::Text("äöü"), true);
  EXPECT_EQ(cut->AsBytes(), "äö");
}

TEST(Utf8, RejectsIllFormed) {
  EXPECT_TRUE(IsValidUtf8("plain ascii, äöü, 漢字, 😀"));
  for (std::string_view bad : {"\xff", "abc\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3"}) {
    EXPECT_FALSE(IsValidUtf8(bad));
  }
  EXPECT_FALSE(IsValidUtf8(std::string_view("12345678\0", 9)));
  EXPECT_EQ(CheckUtf8("a\xff").error().message,
            "invalid byte sequence for encoding \"UTF8\": 0xff");
}

TEST(Compare, FloatsAndArrays) {
  Value nan = Value::Double(NAN);
  EXPECT_EQ(CompareValues(oid::kFloat8, nan, nan), 0);
  EXPECT_GT(CompareValues(oid::kFloat8, nan, Value::Double(INFINITY)), 0);
  EXPECT_EQ(HashValue(oid::kFloat8, Value::Double(-0.0)),
            HashValue(oid::kFloat8, Value::Double(0)));
  auto array = [](std::vector<Value> elements) {
    return Value::Array({oid::kInt4, 1, std::move(elements)});
  };
  Value one = array({Value::Int(1)});
  Value two = array({Value::Int(1), Value::Int(2)});
  Value null = array({Value::Int(1), Value::Null()});
  EXPECT_LT(CompareValues(oid::kInt4Array, one, two), 0);
  EXPECT_LT(CompareValues(oid::kInt4Array, two, null), 0);
}

TEST(Types, FormatType) {
  EXPECT_EQ(FormatType({oid::kVarchar, 14}), "character varying(10)");
  EXPECT_EQ(FormatType({oid::kNumericArray, NumericTypmod(12, 2)}), "numeric(12,2)[]");
  EXPECT_EQ(FormatType({oid::kNumeric, NumericTypmod(3, -2)}), "numeric(3,-2)");
  EXPECT_EQ(FormatType({oid::kTimestamptz, 3}), "timestamp(3) with time zone");
  EXPECT_EQ(FormatType({oid::kInterval, IntervalTypmod(interval_field::kAll, 2)}), "interval(2)");
  EXPECT_EQ(FormatType({oid::kBpchar, -1}), "bpchar");
}

}  // namespace
}  // namespace omen
