#include "types/datetime.h"

#include <gtest/gtest.h>

#include "types/io.h"

namespace omen {
namespace {

std::string Describe(const Status& status) {
  return std::string(status.error().state.view()) + " " + status.error().message;
}

struct TextCase {
  const char* type;
  const char* text;
  const char* expected;
};

// Texts with what PostgreSQL 15 makes of them in New York; see testdata/datetime_cases.py.
constexpr TextCase kTextCases[] = {
#include "types/testdata/datetime_cases.inc"
};

TEST(DateTime, ReadsAndPrintsAsPostgres) {
  TextStyle style;
  style.time_zone = "America/New_York";
  for (const TextCase& c : kTextCases) {
    Type type{FindTypeByName(c.type)->oid};
    Result<Value> value = ParseText(type, c.text, style);
    std::string actual = value.ok() ? ToText(type, *value, style) : Describe(value.status());
    EXPECT_EQ(actual, c.expected) << c.type << " '" << c.text << "'";
  }
}

}  // namespace
}  // namespace omen
