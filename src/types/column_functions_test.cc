#include "types/column_functions.h"

#include <gtest/gtest.h>

namespace omen::column_functions {
namespace {

TEST(ColumnFunctions, SignatureRoundTrips) {
  const std::vector<std::vector<Type>> lists = {
      {}, {{oid::kInt4, -1}}, {{oid::kText, -1}, {oid::kNumeric, NumericTypmod(12, 2)}}};
  for (const auto& args : lists) {
    const Type result{oid::kNumeric, NumericTypmod(38, 4)};
    Signature signature;
    ASSERT_TRUE(ParseSignature(AdapterSignature(args, result), &signature));
    EXPECT_EQ(signature.args, args);
    EXPECT_EQ(signature.result, result);
  }
}

TEST(ColumnFunctions, DamagedSignaturesAreRefused) {
  for (const char* text : {"", "23:-1", "23:-1>", ">", "23>25:-1", "23:-1,>25:-1", ">25:-1x",
                           "23:-1;24:-1>25:-1", "a:1>25:-1"}) {
    Signature signature;
    EXPECT_FALSE(ParseSignature(text, &signature)) << text;
  }
}

}  // namespace
}  // namespace omen::column_functions
