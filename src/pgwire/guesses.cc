#include "pgwire/guesses.h"

#include <algorithm>

namespace omen::pgwire {
namespace {

using namespace std::chrono_literals;

constexpr int kFree = 3;
constexpr int kDoublingsMax = 5;
constexpr Guesses::Clock::duration kFirstPenalty = 250ms, kForgottenAfter = 60s;
constexpr size_t kEntriesMax = 10'000;

}  // namespace

Guesses::Clock::duration Guesses::Penalty(int failures) {
  if (failures < kFree) return Clock::duration::zero();
  return kFirstPenalty * (1 << std::min(failures - kFree, kDoublingsMax));
}

Guesses::Clock::duration Guesses::Delay(const Source& source, Clock::time_point now) {
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(source);
  if (found == entries_.end()) return Clock::duration::zero();
  Entry& entry = found->second;
  const auto begins = std::max(now, entry.next);
  entry.next = begins + Penalty(entry.failures);
  return begins - now;
}

void Guesses::Failed(const Source& source, Clock::time_point now) {
  std::lock_guard lock(mutex_);
  MakeRoom(now);
  Entry& entry = entries_[source];
  ++entry.failures;
  entry.next = std::max(entry.next, now + Penalty(entry.failures));
}

void Guesses::Succeeded(const Source& source) {
  std::lock_guard lock(mutex_);
  entries_.erase(source);
}

void Guesses::MakeRoom(Clock::time_point now) {
  if (entries_.size() < kEntriesMax) return;
  std::erase_if(entries_, [&](const auto& e) { return now - e.second.next > kForgottenAfter; });
  if (entries_.size() < kEntriesMax) return;
  const auto older = [](const auto& a, const auto& b) { return a.second.next < b.second.next; };
  entries_.erase(std::min_element(entries_.begin(), entries_.end(), older));
}

}  // namespace omen::pgwire
