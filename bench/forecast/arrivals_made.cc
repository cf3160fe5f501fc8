#include "arrivals_made.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace forecast {
namespace {

constexpr int kDay = 24, kWeek = 168;

using Engine = std::mt19937_64;

double Uniform(Engine& engine, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(engine);
}
double LogUniform(Engine& engine, double low, double high) {
  return std::exp(Uniform(engine, std::log(low), std::log(high)));
}
int Below(Engine& engine, int count) {
  return std::uniform_int_distribution<int>(0, count - 1)(engine);
}
bool Chance(Engine& engine, double share) { return Uniform(engine, 0, 1) < share; }
double Normal(Engine& engine, double deviation) {
  return deviation * std::normal_distribution<double>(0, 1)(engine);
}
/// More spread than Poisson's: clients come in groups.
double Count(Engine& engine, double rate, double noise) {
  const double noisy = rate * std::exp(Normal(engine, noise) - noise * noise / 2);
  if (noisy <= 0) return 0;
  return static_cast<double>(std::poisson_distribution<int64_t>(std::min(noisy, 1e9))(engine));
}

/// What all templates of one seed share.
struct World {
  int first_weekday;         // of hour 0
  int holiday;               // a day; -1: none
  std::vector<double> load;  // by hour, about 1

  World(Engine& engine, int hours)
      : first_weekday(Below(engine, 7)),
        holiday(Chance(engine, 0.5) ? Below(engine, hours / kDay) : -1) {
    double level = 0;
    for (int hour = 0; hour < hours; ++hour) {
      level = 0.8 * level + Normal(engine, 0.08);
      load.push_back(std::exp(level));
    }
  }
  int hours() const { return static_cast<int>(load.size()); }
  bool IsWorkday(int hour) const {
    const int day = hour / kDay;
    return day != holiday && (first_weekday + day) % 7 < 5;
  }
  int HourOfWeek(int hour) const { return (first_weekday * kDay + hour) % kWeek; }
};

/// A day's course: `night` of the peak's rate, highest at `peak`.
struct Daily {
  double night, peak, sharpness, weekend;

  explicit Daily(Engine& engine)
      : night(LogUniform(engine, 0.02, 0.4)),
        peak(Uniform(engine, 9, 21)),
        sharpness(Uniform(engine, 0.7, 2.5)),
        weekend(Uniform(engine, 0.2, 1.3)) {}
  double At(const World& world, int hour) const {
    constexpr double kTurn = 2 * 3.14159265358979;
    const double height = 0.5 + 0.5 * std::cos(kTurn * (hour % kDay - peak) / kDay);
    const double rate = night + (1 - night) * std::pow(height, sharpness);
    return world.load[static_cast<size_t>(hour)] * rate * (world.IsWorkday(hour) ? 1 : weekend);
  }
};

template <typename RateOfHour>
std::vector<double> Drawn(Engine& engine, const World& world, double noise, RateOfHour rate) {
  std::vector<double> runs;
  for (int hour = 0; hour < world.hours(); ++hour) {
    runs.push_back(Count(engine, rate(hour), noise));
  }
  return runs;
}

std::vector<double> Visitors(Engine& engine, const World& world) {
  const Daily daily(engine);
  const double peak = LogUniform(engine, 20, 20'000), noise = Uniform(engine, 0.05, 0.3);
  return Drawn(engine, world, noise, [&](int hour) { return peak * daily.At(world, hour); });
}

std::vector<double> Office(Engine& engine, const World& world) {
  const int begin = 7 + Below(engine, 3), end = 16 + Below(engine, 4);
  const double rate = LogUniform(engine, 1, 40),
               after_hours = rate * LogUniform(engine, 1e-4, 0.02);
  return Drawn(engine, world, 0.4, [&](int hour) {
    const bool at_work = hour % kDay >= begin && hour % kDay < end && world.IsWorkday(hour);
    return world.load[static_cast<size_t>(hour)] * (at_work ? rate : after_hours);
  });
}

std::vector<double> Cron(Engine& engine, const World& world) {
  constexpr std::array<int, 8> kEvery = {1, 1, 2, 4, 6, kDay, kDay, kWeek};
  const int every = kEvery[static_cast<size_t>(Below(engine, 8))], offset = Below(engine, every);
  const double count = std::floor(LogUniform(engine, 1, 60)), late = Uniform(engine, 0, 0.08);
  std::vector<double> runs(world.load.size());
  for (int hour = 0; hour < world.hours(); ++hour) {
    if (world.HourOfWeek(hour) % every != offset || Chance(engine, 0.02)) continue;
    const int at = hour + (Chance(engine, late) ? 1 : 0);
    if (at < world.hours()) runs[static_cast<size_t>(at)] += count;
  }
  return runs;
}

std::vector<double> Drift(Engine& engine, const World& world) {
  const Daily daily(engine);
  const double peak = LogUniform(engine, 20, 5000), noise = Uniform(engine, 0.05, 0.3);
  const double to = std::log(LogUniform(engine, 0.15, 6));  // over the whole time
  const bool at_once = Chance(engine, 0.4);
  const int moment = Below(engine, world.hours());
  return Drawn(engine, world, noise, [&](int hour) {
    const double share = at_once ? (hour >= moment ? 1 : 0) : double(hour) / world.hours();
    return peak * daily.At(world, hour) * std::exp(to * share);
  });
}

std::vector<double> Spikes(Engine& engine, const World& world) {
  const Daily daily(engine);
  const double base = LogUniform(engine, 0.5, 100), noise = Uniform(engine, 0.1, 0.3);
  std::vector<double> height(world.load.size(), 1);
  const auto spike = [&](int hour, double times) {
    for (double rest = times; hour < world.hours() && rest > 1; ++hour, rest *= 0.4) {
      height[static_cast<size_t>(hour)] = std::max(height[static_cast<size_t>(hour)], rest);
    }
  };
  const bool daily_spikes = Chance(engine, 0.5);
  const int set = Below(engine, daily_spikes ? kDay : kWeek);
  const double times = Uniform(engine, 8, 30), at_random = LogUniform(engine, 0.002, 0.015);
  for (int hour = 0; hour < world.hours(); ++hour) {
    const int now = daily_spikes ? hour % kDay : world.HourOfWeek(hour);
    if (now == set) spike(hour, times * Uniform(engine, 0.7, 1.3));
    if (Chance(engine, at_random)) spike(hour, Uniform(engine, 5, 30));
  }
  return Drawn(engine, world, noise, [&](int hour) {
    return base * daily.At(world, hour) * height[static_cast<size_t>(hour)];
  });
}

std::vector<double> Sessions(Engine& engine, const World& world) {
  const double begins = Uniform(engine, 0.03, 0.2), ends = Uniform(engine, 0.2, 0.6);
  const double rate = LogUniform(engine, 3, 40);
  bool on = false;
  return Drawn(engine, world, 0.5, [&](int hour) {
    const bool at_work = world.IsWorkday(hour) && hour % kDay >= 8 && hour % kDay < 20;
    on = on ? !Chance(engine, ends) : at_work && Chance(engine, begins);
    return on ? rate : 0;
  });
}

std::vector<double> Rare(Engine& engine, const World& world) {
  const double rate = LogUniform(engine, 0.04, 4);
  return Drawn(engine, world, 0, [&](int) { return rate; });
}

std::vector<double> Wander(Engine& engine, const World& world) {
  double level = std::log(LogUniform(engine, 1, 500));
  const double centre = level, step = Uniform(engine, 0.1, 0.4);
  return Drawn(engine, world, 0.1, [&](int) {
    level += Normal(engine, step) + 0.02 * (centre - level);
    return std::exp(level);
  });
}

/// Of a hundred templates.
constexpr std::array<int, kKinds> kShares = {20, 15, 15, 15, 12, 8, 10, 5};

Kind KindOf(int template_number) {
  int rest = template_number % 100;
  for (int kind = 0; kind < kKinds; ++kind) {
    rest -= kShares[static_cast<size_t>(kind)];
    if (rest < 0) return static_cast<Kind>(kind);
  }
  return Kind::kRare;
}

std::vector<double> Make(Kind kind, Engine& engine, const World& world) {
  constexpr std::array<std::vector<double> (*)(Engine&, const World&), kKinds> kMakers = {
      Visitors, Office, Cron, Drift, Spikes, Sessions, Rare, Wander};
  return kMakers[static_cast<size_t>(kind)](engine, world);
}

}  // namespace

std::string_view NameOf(Kind kind) {
  constexpr std::array<std::string_view, kKinds> kNames = {
      "visitors", "office", "cron", "drift", "spikes", "sessions", "rare", "wander"};
  return kNames[static_cast<size_t>(kind)];
}

std::vector<Series> MakeArrivals(uint64_t seed, int templates, int hours) {
  Engine engine(seed);
  const World world(engine, hours);
  std::vector<Series> all;
  for (int number = 0; number < templates; ++number) {
    const Kind kind = KindOf(number * 37);  // a hundred in a row have every share
    all.push_back({kind, Make(kind, engine, world)});
  }
  return all;
}

}  // namespace forecast
