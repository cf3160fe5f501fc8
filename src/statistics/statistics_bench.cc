// Times what commits and planning ask of the statistics. usage: statistics_bench
#include <fmt/format.h>

#include <random>
#include <vector>

#include "statistics/joins.h"
#include "statistics/sampled.h"
#include "statistics/selectivity.h"
#include "statistics/statistics.h"

namespace omen::statistics {
namespace {

constexpr int kTimes = 1'000'000;
constexpr catalog::StorageId kTable = 7;

/// `work(i)` so often, in turn.
template <typename Work>
void Time(const char* name, int times, const Work& work) {
  const SystemClock clock;
  for (int warm = 0; warm < 2; ++warm) {
    const int64_t begin = clock.MonotonicNanos();
    for (int i = 0; i < times; ++i) work(i);
    const auto nanos = static_cast<double>(clock.MonotonicNanos() - begin);
    if (warm == 1) fmt::print("{:44} {:8.1f} ns\n", name, nanos / times);
  }
}

ColumnStatistics Take(Oid type, const std::vector<Value>& sample) {
  return ColumnFromSample({type, -1}, sample, 1e6);
}

void Estimates() {
  std::mt19937_64 random(1);
  std::vector<Value> numbers, texts, list;
  for (int i = 0; i < 30'000; ++i) {
    numbers.push_back(
        Value::Int(static_cast<int64_t>(std::pow(1e6, double(random() % 10000) / 1e4))));
    texts.push_back(Value::Text(fmt::format("customer number {:06}", random() % 100'000)));
  }
  for (int i = 0; i < 1000; ++i) list.push_back(numbers[static_cast<size_t>(i)]);
  const ColumnStatistics ints = Take(oid::kInt8, numbers), strings = Take(oid::kText, texts);
  double sum = 0;
  const auto at = [](const std::vector<Value>& from, int i) {
    return &from[static_cast<size_t>(i) % from.size()];
  };
  Time("int8 = value", kTimes, [&](int i) { sum += EqualShare(&ints, at(numbers, i)); });
  Time("text = value", kTimes, [&](int i) { sum += EqualShare(&strings, at(texts, i)); });
  Time("int8 between", kTimes, [&](int i) {
    sum += RangeShare(&ints, RangeEnd::At(at(numbers, i), true),
                      RangeEnd::At(at(numbers, i + 1), true));
  });
  Time("text between", kTimes, [&](int i) {
    sum += RangeShare(&strings, RangeEnd::At(at(texts, i), true),
                      RangeEnd::At(at(texts, i + 1), true));
  });
  Time("int8 in 1000 values", kTimes / 100, [&](int) { sum += InShare(&ints, list); });
  const Value prefix = Value::Text("customer number 012%"), middle = Value::Text("%9123%");
  Time("text like prefix", kTimes / 100, [&](int) { sum += LikeShare(&strings, &prefix); });
  Time("text like middle", kTimes / 100, [&](int) { sum += LikeShare(&strings, &middle); });
  Time("int8 = int8 of another table", kTimes / 100,
       [&](int) { sum += EqualJoinShare(&ints, 1e6, &ints, 1e6); });
  fmt::print("(sum {:.3g})\n", sum);
}

std::string KeyOf(uint64_t number) { return fmt::format("{:016}", number); }

/// A table of a million rows of which 2% are followed.
void Commits() {
  const SystemClock clock;
  Statistics statistics(nullptr, &clock);
  uint64_t commit = 0;
  Statistics::Commit(&statistics, ++commit).Created(kTable);
  std::vector<std::string> keys;
  for (uint64_t i = 0; i < 1'000'000; ++i) keys.push_back(KeyOf(i));
  const std::string row(100, 'r');
  const auto tell = [&](RowChange kind, const std::string& key) {
    Statistics::Commit(&statistics, ++commit).Row(kTable, kind, key, row);
  };
  for (const std::string& key : keys) {
    tell(RowChange::kInserted, key);
    if (commit % 10'000 == 0) {
      statistics.Follow(kTable, {}, [](std::string_view) -> Result<Row> { return Row{}; });
    }
  }
  fmt::print("{} rows of {} are followed\n", statistics.Report(kTable)->followed, keys.size());
  std::mt19937_64 random(1);
  Time("a commit that updates a row", kTimes,
       [&](int) { tell(RowChange::kUpdated, keys[random() % keys.size()]); });
  Time("a commit that inserts a row", kTimes,
       [&](int i) { tell(RowChange::kInserted, keys[static_cast<size_t>(i)]); });
  Time("rows of a table", kTimes, [&](int) { (void)statistics.Rows(kTable); });
  Time("statistics of a table", kTimes, [&](int) { (void)statistics.Of(kTable); });
}

}  // namespace
}  // namespace omen::statistics

int main() {
  omen::statistics::Estimates();
  omen::statistics::Commits();
}
