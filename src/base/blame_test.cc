#include "base/blame.h"

#include <gtest/gtest.h>

namespace omen {
namespace {

TEST(Blame, OfAPathIsToldApartFromTheStatements) {
  EXPECT_EQ(BlameOf(Refusal("this")), Blame::kRefusal);
  EXPECT_EQ(BlameOf(Unavailable("gone")), Blame::kRefusal);
  EXPECT_EQ(BlameOf(PathFault("broken")), Blame::kFault);
  EXPECT_EQ(BlameOf(NarrowOverflow("wide")), Blame::kNarrow);
  // The same codes, said of the statement.
  EXPECT_FALSE(IsOfPath(NotSupported("this")));
  EXPECT_FALSE(IsOfPath(InternalError("broken")));
  EXPECT_FALSE(IsOfPath(Status::Ok()));
}

TEST(Blame, SettlesAsTheCodeThatAClientIsTold) {
  const Status refused = Settled(Refusal("this").Clone());
  EXPECT_TRUE(refused.Is(sqlstate::kFeatureNotSupported));
  EXPECT_EQ(refused.error().message, "this is not supported");
  EXPECT_FALSE(IsOfPath(refused));
  EXPECT_TRUE(Settled(Unavailable("gone")).Is(sqlstate::kNotInPrerequisiteState));
  EXPECT_TRUE(Settled(PathFault("broken")).Is(sqlstate::kInternalError));
  EXPECT_TRUE(Settled(NarrowOverflow("wide")).Is(sqlstate::kNumericOutOfRange));
  EXPECT_TRUE(Settled(Status::Ok()).ok());
}

}  // namespace
}  // namespace omen
