// omendb_forecastbench SEED TEMPLATES DAYS JUDGED_DAYS: forecasts each of the last hours of made
// arrivals from the hours before it, with the server's forecaster, and prints as JSON how right it
// was beside "the last hour repeats", by kind of template and all together.
// omendb_forecastbench SEED TEMPLATES DAYS JUDGED_DAYS NUMBER: that template's hours, to be drawn.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <vector>

#include "arrivals_made.h"
#include "learn/forecast/arrival_forecast.h"

namespace forecast {
namespace {

constexpr int kHoursPerDay = 24;

struct Options {
  uint64_t seed;
  int templates, days, judged_days;

  int hours() const { return days * kHoursPerDay; }
  int judged_from() const { return (days - judged_days) * kHoursPerDay; }
};

/// What was said to run, and ran.
struct Hits {
  double both = 0, said = 0, ran = 0;

  void Note(bool predicted, bool actual) {
    both += predicted && actual;
    said += predicted;
    ran += actual;
  }
  void Add(const Hits& other) {
    both += other.both;
    said += other.said;
    ran += other.ran;
  }
  double f1() const { return said + ran > 0 ? 2 * both / (said + ran) : 1; }
};

/// Sums over hours and templates. Errors are absolute, in runs; relative ones in the template's
/// mean runs an hour, so that each template counts alike.
struct Judged {
  int templates = 0, better = 0, in_every_hour = 0;
  double error = 0, last_hour_error = 0, relative = 0, last_hour_relative = 0, log_ratios = 0;
  Hits hits, last_hour_hits, unsteady, last_hour_unsteady;

  void Add(const Judged& one) {
    templates += one.templates;
    better += one.better;
    in_every_hour += one.in_every_hour;
    error += one.error;
    last_hour_error += one.last_hour_error;
    relative += one.relative;
    last_hour_relative += one.last_hour_relative;
    log_ratios += one.log_ratios;
    hits.Add(one.hits);
    last_hour_hits.Add(one.last_hour_hits);
    unsteady.Add(one.unsteady);
    last_hour_unsteady.Add(one.last_hour_unsteady);
  }
};

void Sum(Judged* one, double runs, int hours) {
  const double mean = runs / hours;
  if (mean > 0) {
    one->relative = one->error / mean / hours;
    one->last_hour_relative = one->last_hour_error / mean / hours;
  }
  one->templates = 1;
  one->better = one->error <= one->last_hour_error;
  constexpr double kLeast = 0.01;  // of a run an hour: what is below is no error
  one->log_ratios =
      std::log((one->error / hours + kLeast) / (one->last_hour_error / hours + kLeast));
  one->in_every_hour = one->hits.ran == hours;
  if (one->in_every_hour) return;
  one->unsteady = one->hits;
  one->last_hour_unsteady = one->last_hour_hits;
}

Judged Judge(const std::vector<double>& runs, const Options& options) {
  omen::learn::ArrivalForecaster forecaster;
  Judged one;
  double sum = 0;
  for (int hour = 0; hour < options.hours(); ++hour) {
    const double actual = runs[static_cast<size_t>(hour)];
    if (hour >= options.judged_from()) {
      const omen::learn::ArrivalForecast next = forecaster.Next();
      one.error += std::abs(next.runs - actual);
      one.last_hour_error += std::abs(next.last_hour_runs - actual);
      one.hits.Note(next.will_run, actual > 0);
      one.last_hour_hits.Note(next.last_hour_runs > 0, actual > 0);
      sum += actual;
    }
    forecaster.Add(actual);
  }
  Sum(&one, sum, options.hours() - options.judged_from());
  return one;
}

void Print(std::string_view name, const Judged& of, const char* end) {
  const double templates = std::max(of.templates, 1);
  fmt::print(
      "\"{}\": {{\"templates\": {}, \"less_error\": {:.4f}, \"less_error_relative\": {:.4f}, "
      "\"less_error_typical\": {:.4f}, \"better_templates\": {:.4f}, \"f1\": {:.4f}, "
      "\"last_hour_f1\": {:.4f}, \"unsteady_f1\": {:.4f}, \"last_hour_unsteady_f1\": {:.4f}, "
      "\"in_every_hour\": {}}}{}\n",
      name, of.templates, 1 - of.error / of.last_hour_error,
      1 - of.relative / of.last_hour_relative, 1 - std::exp(of.log_ratios / templates),
      of.better / templates, of.hits.f1(), of.last_hour_hits.f1(), of.unsteady.f1(),
      of.last_hour_unsteady.f1(), of.in_every_hour, end);
}

void JudgeAll(const Options& options) {
  std::map<Kind, Judged> by_kind;
  Judged all;
  for (const Series& series : MakeArrivals(options.seed, options.templates, options.hours())) {
    const Judged one = Judge(series.runs, options);
    by_kind[series.kind].Add(one);
    all.Add(one);
  }
  fmt::print("{{");
  for (const auto& [kind, judged] : by_kind) Print(NameOf(kind), judged, ",");
  Print("all", all, "}");
}

void PrintHours(const Options& options, size_t number) {
  const Series series = MakeArrivals(options.seed, options.templates, options.hours()).at(number);
  omen::learn::ArrivalForecaster forecaster;
  fmt::print("{{\"kind\": \"{}\", \"hours\": [", NameOf(series.kind));
  for (int hour = 0; hour < options.hours(); ++hour) {
    const omen::learn::ArrivalForecast next = forecaster.Next();
    const double actual = series.runs[static_cast<size_t>(hour)];
    if (hour >= options.judged_from()) {
      fmt::print("{}[{}, {:.2f}, {:.3f}]", hour > options.judged_from() ? ", " : "", actual,
                 next.runs, next.probability);
    }
    forecaster.Add(actual);
  }
  fmt::print("]}}\n");
}

int Main(int count, char** words) {
  if (count < 5) {
    fmt::print(stderr, "omendb_forecastbench SEED TEMPLATES DAYS JUDGED_DAYS [NUMBER]\n");
    return 2;
  }
  const Options options{std::strtoull(words[1], nullptr, 10), std::atoi(words[2]),
                        std::atoi(words[3]), std::atoi(words[4])};
  if (count > 5) {
    PrintHours(options, std::strtoull(words[5], nullptr, 10));
  } else {
    JudgeAll(options);
  }
  return 0;
}

}  // namespace
}  // namespace forecast

int main(int count, char** words) { return forecast::Main(count, words); }
