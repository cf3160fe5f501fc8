#include "exec/template/forecasts.h"

#include <gtest/gtest.h>

namespace omen::exec {
namespace {

constexpr int64_t kMinuteOfForecasts = 60'000'000, kHourOfForecasts = 60 * kMinuteOfForecasts;

TemplatePtr NamedTemplate(uint64_t id) {
  sql::StatementTraits traits;
  traits.template_id = id;
  return std::make_shared<StatementTemplate>(std::move(traits), "select ?", "SELECT");
}

void RunTimes(Templates* templates, uint64_t id, int times) {
  const TemplatePtr known = templates->Enter(id, [&] { return NamedTemplate(id); });
  for (int i = 0; i < times; ++i) templates->Current(known).runs.Note(Path::kRow, {});
}

/// So many runs at the beginning of each hour; the last one is `hours` - 1.
void RunHourly(Templates* templates, uint64_t id, int64_t hours, int times) {
  for (int64_t hour = 0; hour < hours; ++hour) {
    RunTimes(templates, id, times);
    templates->Count(hour * kHourOfForecasts);
  }
}

Status Go() { return Status::Ok(); }

TEST(Forecasts, AreOfTheTemplatesThereAre) {
  Templates templates(10);
  Forecasts forecasts(&templates);
  RunHourly(&templates, 1, 200, 7);
  RunTimes(&templates, 2, 3);
  templates.Count(199 * kHourOfForecasts);
  EXPECT_FALSE(forecasts.Of(1));
  const int64_t now = 199 * kHourOfForecasts + 5 * kMinuteOfForecasts;
  ASSERT_TRUE(forecasts.Renew(now, 100, Go).ok());
  const auto steady = forecasts.Of(1), fresh = forecasts.Of(2);
  ASSERT_TRUE(steady && fresh);
  EXPECT_EQ(steady->from_micros, now);
  EXPECT_NEAR(steady->next.runs, 7, 0.5);
  EXPECT_TRUE(steady->next.will_run);
  EXPECT_EQ(steady->next.last_hour_runs, 7);
  EXPECT_EQ(steady->next.hours_tried, learn::kHoursPerWeek);
  EXPECT_EQ(fresh->next.last_hour_runs, 3);
  EXPECT_EQ(fresh->next.hours_tried, 0u);
  EXPECT_FALSE(forecasts.Of(3));
}

TEST(Forecasts, AreRenewedTheLaterTheMoreTheyCost) {
  Templates templates(10);
  Forecasts forecasts(&templates);
  RunHourly(&templates, 1, 300, 7);
  RunTimes(&templates, 2, 3);
  const int64_t now = 299 * kHourOfForecasts;
  templates.Count(now);
  ASSERT_TRUE(forecasts.Renew(now, 100, Go).ok());
  const auto renew = [&](int64_t at) {
    ASSERT_TRUE(forecasts.Renew(at, 100, Go).ok());
    ASSERT_TRUE(forecasts.Of(1) && forecasts.Of(2));
  };
  renew(now + kMinuteOfForecasts);
  EXPECT_EQ(forecasts.Of(1)->from_micros, now);
  EXPECT_EQ(forecasts.Of(2)->from_micros, now + kMinuteOfForecasts);
  for (const int64_t at : {now + 20 * kMinuteOfForecasts, now - kHourOfForecasts}) {
    renew(at);  // the second time the clock was set back
    EXPECT_EQ(forecasts.Of(1)->from_micros, at);
    EXPECT_EQ(forecasts.Of(2)->from_micros, at);
  }
}

TEST(Forecasts, EveryoneHasATurnWhereFewAreMadeAtATime) {
  Templates templates(10);
  Forecasts forecasts(&templates);
  for (uint64_t id = 1; id <= 9; ++id) RunTimes(&templates, id, 1);
  templates.Count(kHourOfForecasts);
  for (int64_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(forecasts.Renew(kHourOfForecasts + i, 3, Go).ok());
  }
  for (uint64_t id = 1; id <= 9; ++id) EXPECT_TRUE(forecasts.Of(id)) << id;
}

TEST(Forecasts, StopWhenTold) {
  Templates templates(10);
  Forecasts forecasts(&templates);
  for (uint64_t id = 1; id <= 9; ++id) RunTimes(&templates, id, 1);
  const auto stop = [] { return Status(sqlstate::kQueryCanceled, "stop"); };
  EXPECT_FALSE(forecasts.Renew(kHourOfForecasts, 100, stop).ok());
  EXPECT_FALSE(forecasts.Of(1));
}

TEST(Forecasts, OfTemplatesThatLeftAreForgotten) {
  Templates templates(2);
  Forecasts forecasts(&templates);
  RunTimes(&templates, 1, 1);
  ASSERT_TRUE(forecasts.Renew(kHourOfForecasts, 100, Go).ok());
  EXPECT_TRUE(forecasts.Of(1));
  for (uint64_t id = 2; id <= 20; ++id) RunTimes(&templates, id, 1);
  ASSERT_TRUE(forecasts.Renew(2 * kHourOfForecasts, 100, Go).ok());
  size_t known = 0;
  for (uint64_t id = 1; id <= 20; ++id) known += forecasts.Of(id) ? 1 : 0;
  EXPECT_EQ(known, templates.All().size());
}

}  // namespace
}  // namespace omen::exec
