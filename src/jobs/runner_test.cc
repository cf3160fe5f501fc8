#include "jobs/runner.h"

#include <gtest/gtest.h>

#include <atomic>

#include "base/contention/background.h"

namespace omen::jobs {
namespace {

using namespace std::chrono_literals;

/// A machine as idle as the test wants.
class PlantedMachine final : public Machine {
 public:
  double IdleCores() override { return idle; }
  int64_t ThreadBytes() const override { return bytes; }
  void GiveWay() override { ++gave_way; }

  std::atomic<double> idle{2};
  std::atomic<int64_t> bytes{0};
  std::atomic<int> gave_way{0};
};

class RunnerTest : public testing::Test {
 protected:
  JobReport Report(std::string_view name) {
    for (JobReport& report : runner_.Reports()) {
      if (report.name == name) return report;
    }
    ADD_FAILURE() << "no job " << name;
    return {};
  }
  template <typename Ready>
  void Await(Ready ready) {
    for (int i = 0; i < 5000 && !ready(); ++i) PauseBriefly(2ms);
    EXPECT_TRUE(ready());
  }

  SystemClock clock_;
  PlantedMachine* const planted_ = new PlantedMachine;
  PlantedMachine& machine_ = *planted_;
  Runner runner_{
      &clock_, std::unique_ptr<Machine>(planted_), {.share_max = 0.5, .share_min = 0.01}};
};

TEST_F(RunnerTest, AJobRunsAgainAndAgainAndWhenWoken) {
  std::atomic<int> periodic = 0, woken = 0;
  const auto first = runner_.Add({.name = "periodic", .urgency = Urgency::kDue, .every = 1ms},
                                 [&](JobRun*) { return ++periodic, Status::Ok(); });
  const auto second = runner_.Add({.name = "woken", .urgency = Urgency::kDue},
                                  [&](JobRun*) { return ++woken, Status::Ok(); });
  Await([&] { return periodic >= 5; });
  EXPECT_EQ(woken, 0);
  EXPECT_EQ(Report("woken").state, JobState::kResting);
  EXPECT_EQ(Report("woken").next_due_micros, 0);
  second->Wake();
  Await([&] { return Report("woken").runs == 1; });
  EXPECT_EQ(woken, 1);
}

TEST_F(RunnerTest, RunsOfOneJobNeverOverlapAndNoWakeIsLost) {
  std::atomic<int> inside = 0, asked = 0, seen = 0;
  const auto job = runner_.Add({.name = "one", .urgency = Urgency::kDue}, [&](JobRun*) {
    EXPECT_EQ(++inside, 1);
    seen = asked.load();
    PauseBriefly(100us);
    --inside;
    return Status::Ok();
  });
  const auto other = runner_.Add({.name = "two", .urgency = Urgency::kDue, .every = 1ms},
                                 [](JobRun*) { return Status::Ok(); });
  for (int i = 0; i < 200; ++i) {
    ++asked;
    job->Wake();
    if (i % 7 == 0) PauseBriefly(200us);
  }
  Await([&] { return seen == 200; });
}

TEST_F(RunnerTest, SpareWorkGivesWayAndIsKnownAsBackground) {
  std::atomic<bool> background = false, due_background = true;
  const auto spare = runner_.Add({.name = "spare"}, [&](JobRun*) {
    background = Background::Here();
    return Status::Ok();
  });
  const auto due = runner_.Add({.name = "due", .urgency = Urgency::kDue}, [&](JobRun*) {
    due_background = Background::Here();
    return Status::Ok();
  });
  spare->Wake();
  due->Wake();
  Await([&] { return Report("spare").runs == 1 && Report("due").runs == 1; });
  EXPECT_TRUE(background);
  EXPECT_FALSE(due_background);
  EXPECT_EQ(machine_.gave_way, 1);
}

TEST_F(RunnerTest, SpareWorkRestsWhileNoCoreIsIdle) {
  machine_.idle = 0;
  std::atomic<int> portions = 0;
  const auto job = runner_.Add({.name = "long"}, [&](JobRun* run) {
    for (;;) {
      ++portions;
      PauseBriefly(5ms);
      OMEN_RETURN_IF_ERROR(run->Breathe());
    }
  });
  job->Wake();
  Await([&] { return runner_.share() < 0.02; });
  Await([&] { return Report("long").state == JobState::kPaused; });
  const JobReport before = Report("long");
  PauseBriefly(10ms);
  machine_.idle = 2;
  Await([&] { return runner_.share() == 0.5; });
  Await([&] { return Report("long").paused_us > before.paused_us; });
  EXPECT_TRUE(runner_.Cancel("long"));
  Await([&] { return Report("long").cancelled == 1; });
  EXPECT_EQ(Report("long").failures, 0u);
  EXPECT_GT(portions, 1);
}

TEST_F(RunnerTest, AtOnceDoesNotWaitForTheBudget) {
  machine_.idle = 0;
  std::atomic<int> runs = 0;
  const auto job = runner_.Add({.name = "spends"}, [&](JobRun*) {
    PauseBriefly(10ms);
    return ++runs, Status::Ok();
  });
  for (int i = 1; i <= 5; ++i) {
    job->WakeAtOnce();
    Await([&] { return runs == i; });
  }
  Await([&] { return Report("spends").state == JobState::kResting; });
  job->Wake();
  EXPECT_EQ(Report("spends").state, JobState::kWaiting);
  EXPECT_TRUE(runner_.Cancel("spends"));
  EXPECT_EQ(Report("spends").state, JobState::kResting);
  EXPECT_FALSE(runner_.Cancel("spends"));
  EXPECT_FALSE(runner_.Cancel("unknown"));
  EXPECT_EQ(runs, 5);
}

TEST_F(RunnerTest, ImpatientWorkIsRunWithoutItsShareToLetGo) {
  machine_.idle = 0;
  std::atomic<int> with = 0, without = 0;
  const auto job = runner_.Add({.name = "holds", .patience = 20ms}, [&](JobRun* run) {
    PauseBriefly(10ms);
    return ++(run->has_share() ? with : without), Status::Ok();
  });
  for (int i = 1; i <= 8; ++i) {
    job->Wake();
    Await([&] { return with + without == i; });
  }
  EXPECT_GT(without, 0);
}

TEST_F(RunnerTest, ARunEndsAtItsLimitAndTheJobGoesOn) {
  std::atomic<int> begun = 0;
  const auto job =
      runner_.Add({.name = "endless", .urgency = Urgency::kDue, .limit = 5ms}, [&](JobRun* run) {
        ++begun;
        while (run->cancel()->Check().ok()) PauseBriefly(100us);
        return run->cancel()->Check();
      });
  for (int i = 1; i <= 3; ++i) {
    job->Wake();
    Await([&] { return Report("endless").cancelled == static_cast<uint64_t>(i); });
  }
  EXPECT_EQ(begun, 3);
}

TEST_F(RunnerTest, APartThatOverrunsIsCancelledAndTheRunGoesOn) {
  std::atomic<int> in_time = 0, overran = 0;
  const auto job = runner_.Add({.name = "parts", .limit = 20s}, [&](JobRun* run) {
    for (int i = 0; i < 3; ++i) {
      const bool whole = run->Within(i == 1 ? 5ms : 10'000ms, [&] {
        while (i == 1 && !run->cancel()->cancelled()) PauseBriefly(1ms);
      });
      ++(whole ? in_time : overran);
      if (Status status = run->cancel()->Check(); !status.ok()) return status;
    }
    return Status::Ok();
  });
  job->Wake();
  Await([&] { return Report("parts").runs == 1; });
  EXPECT_EQ(in_time, 2);
  EXPECT_EQ(overran, 1);
  EXPECT_EQ(Report("parts").cancelled, 0u);
}

TEST_F(RunnerTest, ARunThatIsCancelledWithinAPartStaysSo) {
  std::atomic<bool> within = false;
  const auto job = runner_.Add({.name = "parts", .limit = 20s}, [&](JobRun* run) {
    run->Within(10'000ms, [&] {
      within = true;
      while (!run->cancel()->cancelled()) PauseBriefly(1ms);
    });
    return run->cancel()->Check();
  });
  job->Wake();
  Await([&] { return within.load(); });
  EXPECT_TRUE(runner_.Cancel("parts"));
  Await([&] { return Report("parts").runs == 1; });
  EXPECT_EQ(Report("parts").cancelled, 1u);
}

TEST_F(RunnerTest, AFailureIsShownAndTheNextRunComes) {
  std::atomic<int> runs = 0;
  const auto job =
      runner_.Add({.name = "fails", .urgency = Urgency::kDue, .every = 1ms}, [&](JobRun*) {
        return ++runs == 1 ? Status(sqlstate::kIoError, "the disk is away") : Status::Ok();
      });
  Await([&] { return runs >= 3; });
  const JobReport report = Report("fails");
  EXPECT_EQ(report.failures, 1u);
  EXPECT_NE(report.last_error.find("the disk is away"), std::string::npos);
}

TEST_F(RunnerTest, AFaultOfSpareWorkEndsItsRunAlone) {
  const auto job = runner_.Add({.name = "breaks"}, [](JobRun*) {
    OMEN_CHECK(1 + 1 == 3);
    return Status::Ok();
  });
  for (uint64_t i = 1; i <= 2; ++i) {
    job->WakeAtOnce();
    Await([&] { return Report("breaks").failures == i; });
  }
  EXPECT_NE(Report("breaks").last_error.find("1 + 1 == 3"), std::string::npos);
}

TEST_F(RunnerTest, WhoTakesAJobAwayWaitsForItsRun) {
  std::atomic<bool> inside = false, ended = false;
  auto job = runner_.Add({.name = "runs", .urgency = Urgency::kDue}, [&](JobRun* run) {
    inside = true;
    while (run->cancel()->Check().ok()) PauseBriefly(100us);
    ended = true;
    return run->cancel()->Check();
  });
  job->Wake();
  Await([&] { return inside.load(); });
  job.reset();
  EXPECT_TRUE(ended);
  EXPECT_TRUE(runner_.Reports().empty());
}

TEST_F(RunnerTest, TimeAndBytesAreCounted) {
  const auto job = runner_.Add({.name = "counts"}, [&](JobRun*) {
    machine_.bytes += 4096;
    PauseBriefly(3ms);
    return Status::Ok();
  });
  job->Wake();
  Await([&] { return Report("counts").runs == 1; });
  EXPECT_EQ(Report("counts").bytes, 4096);
  EXPECT_GE(Report("counts").last_us, 3000);
  EXPECT_LE(Report("counts").cpu_us, Report("counts").total_us + 1000);
}

TEST(Machine, ReadsWhatThereIs) {
  const auto machine = ThisMachine();
  PauseBriefly(10ms);
  EXPECT_GE(machine->IdleCores(), 0);
  EXPECT_GE(machine->ThreadBytes(), 0);
}

}  // namespace
}  // namespace omen::jobs
