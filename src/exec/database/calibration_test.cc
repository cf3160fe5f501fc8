#include "exec/database/calibration.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "exec/database/services.h"
#include "exec/database/test_engine.h"

namespace omen::exec::testing {
namespace {

/// Of a machine whose other work takes a share of the thread's time.
class SharedClock final : public Clock {
 public:
  int64_t WallMicros() const override { return own_.WallMicros(); }
  int64_t MonotonicNanos() const override { return own_.MonotonicNanos(); }
  int64_t ThreadNanos() const override {
    return static_cast<int64_t>((1 - taken) * static_cast<double>(own_.MonotonicNanos()));
  }
  double taken = 0;

 private:
  const SystemClock own_;
};

class CalibrationTest : public ::testing::Test {
 protected:
  CalibrationTest()
      : path_(::testing::TempDir() + "calibration." + std::to_string(getpid())),
        memo_(memo::Memo::Open(path_).value()) {
    DatabaseParts parts;
    parts.rows = &engine_.rows();
    parts.replica = &engine_.replica();
    parts.catalog = &engine_.catalog();
    parts.clock = &clock_;
    services_ = std::make_unique<Services>(parts);
  }
  ~CalibrationTest() override { std::filesystem::remove(path_); }

  Calibration Make(Costs* costs) {
    return Calibration(services_->reads, services_->transactions, memo_.get(), costs);
  }

  SharedClock clock_;
  TestEngine engine_;
  const std::string path_;
  std::unique_ptr<memo::Memo> memo_;
  std::unique_ptr<Services> services_;
  CancelToken cancel_;
};

TEST_F(CalibrationTest, IsKept) {
  Costs costs;
  Calibration calibration = Make(&costs);
  EXPECT_EQ(costs.pace().rows, 1);
  ASSERT_TRUE(calibration.Run(&cancel_).ok());
  const MachinePace pace = costs.pace();
  EXPECT_NE(pace.rows, 1);
  EXPECT_NE(pace.engine_start, 1);
  EXPECT_NE(pace.engine_rows, 1);
  Costs later;
  Make(&later);
  EXPECT_EQ(later.pace().rows, pace.rows);
  EXPECT_EQ(later.pace().engine_start, pace.engine_start);
  EXPECT_EQ(later.pace().engine_rows, pace.engine_rows);
}

TEST_F(CalibrationTest, GetsFasterAlone) {
  Costs costs;
  Calibration calibration = Make(&costs);
  ASSERT_TRUE(calibration.Run(&cancel_).ok());
  const MachinePace first = costs.pace();
  ASSERT_TRUE(calibration.Run(&cancel_).ok());
  EXPECT_LE(costs.pace().rows, first.rows);
  EXPECT_LE(costs.pace().engine_start, first.engine_start);
}

TEST_F(CalibrationTest, LearnsNothingFromABusyMachine) {
  Costs costs;
  Calibration calibration = Make(&costs);
  clock_.taken = 0.3;
  ASSERT_TRUE(calibration.Run(&cancel_).ok());
  EXPECT_EQ(costs.pace().rows, 1);
  EXPECT_EQ(costs.pace().engine_start, 1);
  clock_.taken = 0;
  ASSERT_TRUE(calibration.Run(&cancel_).ok());
  EXPECT_NE(costs.pace().rows, 1);
}

TEST_F(CalibrationTest, CancelledItLeavesTheCosts) {
  Costs costs;
  Calibration calibration = Make(&costs);
  cancel_.Cancel(CancelToken::Reason::kUser);
  EXPECT_TRUE(calibration.Run(&cancel_).Is(sqlstate::kQueryCanceled));
  EXPECT_EQ(costs.pace().rows, 1);
}

}  // namespace
}  // namespace omen::exec::testing
