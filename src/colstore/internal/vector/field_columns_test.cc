// Fields of the engine's vectors are what their values are.
#include "colstore/internal/vector/field_columns.h"

#include <gtest/gtest.h>

#include <random>

#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/vector/vectors.h"
#include "types/io.h"

namespace omen::colstore {
namespace {

struct FieldCase {
  Type type;
  std::vector<std::string> texts;
};

const std::vector<FieldCase>& FieldCases() {
  static const std::vector<FieldCase> cases = {
      {{oid::kBool, -1}, {"t", "f"}},
      {{oid::kInt2, -1}, {"-32768", "32767", "0"}},
      {{oid::kInt4, -1}, {"-2147483648", "2147483647", "7"}},
      {{oid::kInt8, -1}, {"-9223372036854775808", "9223372036854775807", "0"}},
      {{oid::kOid, -1}, {"0", "4294967295"}},
      {{oid::kFloat4, -1}, {"1.5", "NaN", "-Infinity", "-0", "0.1"}},
      {{oid::kFloat8, -1}, {"0.1", "1e+308", "Infinity", "-0", "0.30000000000000004"}},
      {{oid::kNumeric, NumericTypmod(4, 2)}, {"-99.99", "0.00", "-0.05", "1.00", "10.50"}},
      {{oid::kNumeric, NumericTypmod(4, 4)}, {"0.0001", "-0.9999", "0"}},
      {{oid::kNumeric, NumericTypmod(9, 0)}, {"999999999", "-1", "0", "10000"}},
      {{oid::kNumeric, NumericTypmod(9, 3)}, {"-0.001", "123456.789", "100"}},
      {{oid::kNumeric, NumericTypmod(18, 6)}, {"-123456789012.345678", "0.000001", "5"}},
      {{oid::kNumeric, NumericTypmod(18, 18)}, {"0.000000000000000001", "-0.5"}},
      {{oid::kNumeric, NumericTypmod(38, 10)}, {"1234567890123456789012345678.0123456789", "0"}},
      {{oid::kNumeric, -1}, {"1.10", "-0.00000000000000000000000001", "NaN", "1000000"}},
      {{oid::kText, -1}, {"", "short", "a text of more than sixteen bytes", "h\xc3\xa9llo\t\\"}},
      {{oid::kVarchar, 44}, {"", "a text of more than sixteen bytes"}},
      {{oid::kBpchar, 24}, {"a", "", "twenty letters in it"}},
      {{oid::kName, -1}, {"a_name"}},
      {{oid::kChar, -1}, {"x", ""}},
      {{oid::kJson, -1}, {"{\"a\" :  1}"}},
      {{oid::kJsonb, -1}, {"{\"a\": 1}", "[]"}},
      {{oid::kBytea, -1}, {"\\x", "\\x00ff10"}},
      {{oid::kUuid, -1}, {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}},
      {{oid::kDate, -1}, {"2024-02-29", "infinity", "-infinity", "0044-03-15 BC", "1999-12-31"}},
      {{oid::kTime, -1}, {"00:00:00", "23:59:59.999999", "24:00:00"}},
      {{oid::kTimestamp, -1}, {"2024-02-29 01:02:03.25", "infinity", "0044-03-15 00:00:00 BC"}},
      {{oid::kTimestamptz, -1}, {"2024-07-01 00:00:00+00", "-infinity", "1800-01-01 00:00:00+00"}},
      {{oid::kInterval, -1}, {"1 year -2 days 03:04:05", "00:00:00"}},
      {{oid::kInt4Array, -1}, {"{1,NULL,-3}", "{}"}},
      {{oid::kNumericArray, -1}, {"{1.50,NaN}"}},
      {{oid::kTextArray, -1}, {"{\"a\tb\",\"c\\\\d\",a text of more than sixteen bytes}"}},
  };
  return cases;
}

std::vector<TextStyle> Styles() { return {{}, {"America/New_York", 0, false}, {"UTC", -3, true}}; }

std::string Bytes(const FieldColumn& column, size_t row) {
  std::string out = "before";
  return column.AppendBinary(row, out) ? out : "null";
}

std::string Shown(const FieldColumn& column, size_t row, const TextStyle& style) {
  std::string out = "before";
  return column.AppendText(row, style, out) ? out : "null";
}

/// Of the column, all fields against the values.
void ExpectFields(const FieldColumn& column, Type type, const std::vector<Value>& values) {
  for (size_t row = 0; row < values.size(); ++row) {
    SCOPED_TRACE(::testing::Message() << FormatType(type) << " " << row);
    const Value& value = values[row];
    EXPECT_EQ(column.Get(row).is_null(), value.is_null());
    std::string binary = "before";
    if (!value.is_null()) {
      AppendBinary(type, value, binary);
      EXPECT_EQ(ToText(type, column.Get(row)), ToText(type, value));
    }
    EXPECT_EQ(Bytes(column, row), value.is_null() ? "null" : binary);
    for (const TextStyle& style : Styles()) {
      EXPECT_EQ(Shown(column, row, style),
                value.is_null() ? "null" : "before" + ToText(type, value, style));
    }
  }
}

TEST(FieldColumns, AreTheirValuesInEveryType) {
  for (const FieldCase& c : FieldCases()) {
    std::vector<Value> values = {Value()};
    for (const std::string& text : c.texts) {
      values.push_back(ParseText(c.type, text).value());
      values.push_back(Value());
    }
    duckdb::Vector vector(EngineType(c.type), values.size());
    const VectorWriter writer(vector, c.type);
    for (size_t row = 0; row < values.size(); ++row) writer.Set(row, values[row]);
    ExpectFields(*MakeFieldColumn(vector, values.size(), c.type), c.type, values);
  }
}

TEST(FieldColumns, AreFoundThroughSelections) {
  for (const FieldCase& c : FieldCases()) {
    const Value value = ParseText(c.type, c.texts[0]).value();
    duckdb::Vector vector(EngineType(c.type), 2);
    const VectorWriter writer(vector, c.type);
    writer.Set(0, value);
    writer.Set(1, Value());
    duckdb::SelectionVector some(3);
    for (const auto& [row, index] : {std::pair{0, 1}, {1, 0}, {2, 0}}) {
      some.set_index(static_cast<duckdb::idx_t>(row), static_cast<duckdb::idx_t>(index));
    }
    duckdb::Vector sliced(vector, some, 3);
    ExpectFields(*MakeFieldColumn(sliced, 3, c.type), c.type, {Value(), value, value});
    duckdb::Vector constant(vector, 0, 1);
    constant.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
    ExpectFields(*MakeFieldColumn(constant, 2, c.type), c.type, {value, value});
  }
}

TEST(FieldColumns, DecimalsOfAllWidthsAgreeWithValues) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    const int precision = 1 + static_cast<int>(random() % 18);
    const int scale = static_cast<int>(random() % static_cast<size_t>(precision + 1));
    const Type type{oid::kNumeric, NumericTypmod(precision, scale)};
    std::vector<Value> values;
    duckdb::Vector vector(EngineType(type), 20);
    const VectorWriter writer(vector, type);
    for (size_t row = 0; row < 20; ++row) {
      std::string digits = random() % 2 == 0 ? "-" : "";
      for (int i = 0; i < precision; ++i) digits += static_cast<char>('0' + random() % 10);
      if (random() % 2 == 0) digits.resize(1 + random() % digits.size());
      if (digits == "-") digits = "0";
      digits += "e-" + std::to_string(scale);
      values.push_back(ParseText(type, digits).value());
      writer.Set(row, values.back());
    }
    ExpectFields(*MakeFieldColumn(vector, 20, type), type, values);
  }
}

/// As the sum of many bigints is wider than a bigint.
TEST(FieldColumns, WhatDoesNotFitIsToldWhenTheColumnIsMade) {
  const Type type{oid::kInt8, -1};
  duckdb::Vector vector(duckdb::LogicalType::HUGEINT, 2);
  auto* cells = duckdb::FlatVector::GetData<duckdb::hugeint_t>(vector);
  cells[0] = duckdb::hugeint_t(5);
  cells[1] = duckdb::hugeint_t(-6);
  ExpectFields(*MakeFieldColumn(vector, 2, type), type, {Value::Int(5), Value::Int(-6)});
  cells[1] = duckdb::hugeint_t(1, 0);
  const Status status = GuardEngine([&] {
    (void)MakeFieldColumn(vector, 2, type);
    return Status::Ok();
  });
  EXPECT_TRUE(status.Is(sqlstate::kNumericOutOfRange)) << status.ToString();
}

TEST(FieldColumns, CountWhatHasNoFixedSize) {
  const Type type{oid::kText, -1};
  duckdb::Vector vector(EngineType(type), 3);
  const VectorWriter writer(vector, type);
  writer.Set(0, Value::Text("a text of more than sixteen bytes"));
  writer.Set(1, Value());
  writer.Set(2, Value::Text("abc"));
  EXPECT_EQ(MakeFieldColumn(vector, 3, type)->payload_bytes(), 36u);
}

}  // namespace
}  // namespace omen::colstore
