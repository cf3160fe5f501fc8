// Every type against PostgreSQL 15: text and binary forms both ways, order, hash.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "types/io.h"
#include "types/json/json.h"

namespace omen {
namespace {

struct ValueCase {
  const char* type;
  const char* text;
  const char* expected;  // "text #binary in hex", or "SQLSTATE message[ | detail][ | context]"
};

struct OrderCase {
  const char* type;
  const char* a;
  const char* b;
  int order;
};

// See testdata/value_cases.py.
constexpr ValueCase kValueCases[] = {
#include "types/testdata/value_cases.inc"
};
constexpr OrderCase kOrderCases[] = {
#include "types/testdata/order_cases.inc"
};

Type TypeNamed(std::string name) {
  if (name.ends_with("[]")) name = "_" + name.substr(0, name.size() - 2);
  const TypeInfo* info = FindTypeByName(name);
  EXPECT_NE(info, nullptr) << name;
  return {info->oid};
}

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (char c : bytes) hex += fmt::format("{:02x}", static_cast<uint8_t>(c));
  return hex;
}

std::string DescribeWhole(const Status& status) {
  const ErrorInfo& error = status.error();
  std::string text = fmt::format("{} {}", error.state.view(), error.message);
  if (!error.detail.empty()) text += " | " + error.detail;
  if (!error.where.empty()) text += " | " + error.where;
  return text;
}

std::string Binary(Type type, const Value& value) {
  std::string bytes;
  AppendBinary(type, value, bytes);
  return bytes;
}

TEST(ValueForms, TextAndBinaryAsPostgres) {
  for (const ValueCase& c : kValueCases) {
    Type type = TypeNamed(c.type);
    Result<Value> value = ParseText(type, c.text);
    std::string actual = value.ok() ? ToText(type, *value) + " #" + Hex(Binary(type, *value))
                                    : DescribeWhole(value.status());
    EXPECT_EQ(actual, c.expected) << c.type << " '" << c.text << "'";
  }
}

TEST(ValueForms, BinaryReadsBack) {
  for (const ValueCase& c : kValueCases) {
    Type type = TypeNamed(c.type);
    Result<Value> value = ParseText(type, c.text);
    if (!value.ok()) continue;
    std::string bytes = Binary(type, *value);
    Result<Value> back = ParseBinary(type, bytes);
    ASSERT_TRUE(back.ok()) << c.type << " " << c.text << " " << back.status().ToString();
    EXPECT_EQ(ToText(type, *back), ToText(type, *value)) << c.type;
    EXPECT_EQ(CompareValues(type.oid, *back, *value), 0) << c.type << " " << c.text;
    EXPECT_EQ(HashValue(type.oid, *back), HashValue(type.oid, *value)) << c.type;
  }
}

TEST(ValueForms, CutBinaryNeverCrashes) {
  for (const ValueCase& c : kValueCases) {
    Type type = TypeNamed(c.type);
    Result<Value> value = ParseText(type, c.text);
    if (!value.ok()) continue;
    std::string bytes = Binary(type, *value);
    for (size_t size = 0; size < bytes.size(); ++size) {
      (void)ParseBinary(type, std::string_view(bytes).substr(0, size)).ok();
    }
    (void)ParseBinary(type, bytes + "x").ok();
  }
}

TEST(ValueForms, OrderAsPostgres) {
  for (const OrderCase& c : kOrderCases) {
    Type type = TypeNamed(c.type);
    Result<Value> a = ParseText(type, c.a);
    Result<Value> b = ParseText(type, c.b);
    ASSERT_TRUE(a.ok() && b.ok()) << c.type << " " << c.a << " " << c.b;
    EXPECT_EQ(CompareValues(type.oid, *a, *b), c.order) << c.type << " " << c.a << " " << c.b;
    EXPECT_EQ(CompareValues(type.oid, *b, *a), -c.order) << c.type << " " << c.a << " " << c.b;
    if (c.order == 0) {
      EXPECT_EQ(HashValue(type.oid, *a), HashValue(type.oid, *b)) << c.type << " " << c.a;
    }
  }
}

TEST(ValueForms, NoiseNeverCrashes) {
  unsigned seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  static constexpr std::string_view kAlphabet =
      "0123456789+-:./eE {}[],\"\\'TZPNaninfjdyxu\n\xc3\xa4\xff";
  for (int round = 0; round < 60'000; ++round) {
    const TypeInfo& info = AllTypes()[random() % AllTypes().size()];
    std::string noise(random() % 24, '\0');
    for (char& c : noise) c = kAlphabet[random() % kAlphabet.size()];
    Result<Value> value = ParseText({info.oid}, noise);
    if (value.ok()) {
      std::string text = ToText({info.oid}, *value);
      Result<Value> back = ParseText({info.oid}, text);
      EXPECT_TRUE(back.ok()) << info.name << " '" << noise << "' '" << text << "'";
      if (back.ok()) {
        EXPECT_EQ(ToText({info.oid}, *back), text) << info.name;
      }
    }
    for (char& c : noise) c = static_cast<char>(random() % 4 == 0 ? random() : 0);
    (void)ParseBinary({info.oid}, noise).ok();
  }
}

TEST(ValueForms, DeepJsonIsRefusedNotFollowed) {
  std::string fits(kMaxJsonDepth, '[');
  fits.append(kMaxJsonDepth, ']');
  EXPECT_TRUE(ParseText({oid::kJson}, fits).ok());
  Result<Value> value = ParseText({oid::kJsonb}, fits);
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(CompareValues(oid::kJsonb, *value, *value), 0);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":[";
  for (const std::string& deep : {"[" + fits, objects}) {
    EXPECT_TRUE(ParseText({oid::kJson}, deep).status().Is(sqlstate::kTooComplex));
    EXPECT_TRUE(ParseText({oid::kJsonb}, deep).status().Is(sqlstate::kTooComplex));
  }
}

}  // namespace
}  // namespace omen
