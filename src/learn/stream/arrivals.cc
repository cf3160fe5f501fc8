#include "learn/stream/arrivals.h"

#include <algorithm>
#include <limits>

#include "base/packing/packed_bytes.h"

namespace omen::learn {

void Arrivals::Add(int64_t minute, uint64_t count) {
  if (count == 0) return;
  int64_t hour = minute / kMinutesPerHour, of_hour = minute % kMinutesPerHour;
  if (!hours_.empty() && hour < hours_.back().hour) {
    hour = hours_.back().hour;
    of_hour = 0;
  }
  total_ += count;
  if (hours_.empty() || hour > hours_.back().hour) {
    hours_.push_back({hour, of_hour, count, {}});
    bytes_ += BytesOf(hours_.back());
    return;
  }
  Hour& last = hours_.back();
  if (last.coarse() || of_hour <= last.last_minute) {
    last.last_count += count;
    return;
  }
  bytes_ -= BytesOf(last);
  AppendVarint(last.counts, static_cast<uint64_t>(last.last_minute));
  AppendVarint(last.counts, last.last_count);
  bytes_ += BytesOf(last);
  last.last_minute = of_hour;
  last.last_count = count;
}

void Arrivals::VisitHour(const Hour& hour, const Visit& visit) {
  const int64_t begin = hour.hour * kMinutesPerHour;
  PackedReader in(hour.counts);
  while (!in.whole()) {
    const auto minute = static_cast<int64_t>(in.Int());
    visit(begin + minute, 1, in.Int());
  }
  if (hour.coarse()) return visit(begin, kMinutesPerHour, hour.last_count);
  visit(begin + hour.last_minute, 1, hour.last_count);
}

void Arrivals::ForEachHour(const std::function<void(const Hour&)>& visit) const {
  PackedReader in(packed_.bytes);
  int64_t at = 0;
  while (!in.whole()) {
    at += static_cast<int64_t>(in.Int());
    visit({at, kMinutesPerHour, in.Int(), {}});
  }
  for (const Hour& hour : hours_) visit(hour);
}

void Arrivals::ForEach(const Visit& visit) const {
  ForEachHour([&](const Hour& hour) { VisitHour(hour, visit); });
}

void Arrivals::Coarsen(int64_t before_hour) {
  for (Hour& hour : hours_) {
    if (hour.hour >= before_hour) break;
    if (hour.coarse()) continue;
    uint64_t sum = 0;
    VisitHour(hour, [&](int64_t, int64_t, uint64_t count) { sum += count; });
    bytes_ -= BytesOf(hour);
    hour.last_minute = kMinutesPerHour;
    hour.last_count = sum;
    std::string().swap(hour.counts);  // assigned to, it would keep its memory
    bytes_ += BytesOf(hour);
  }
  Pack();
}

// All but the last, to which there may be added.
void Arrivals::Pack() {
  const size_t before = packed_.bytes.capacity();
  while (hours_.size() > 1 && hours_.front().coarse()) {
    const Hour& hour = hours_.front();
    AppendVarint(packed_.bytes, static_cast<uint64_t>(hour.hour - packed_.last_hour));
    AppendVarint(packed_.bytes, hour.last_count);
    packed_.last_hour = hour.hour;
    bytes_ -= BytesOf(hour);
    hours_.pop_front();
  }
  bytes_ += packed_.bytes.capacity() - before;
}

void Arrivals::ForgetPacked(int64_t before_hour) {
  if (packed_.bytes.empty()) return;
  Packed kept;
  ForEachHour([&](const Hour& hour) {
    if (hour.hour > packed_.last_hour) return;
    if (hour.hour < before_hour) {
      total_ -= hour.last_count;
      return;
    }
    AppendVarint(kept.bytes, static_cast<uint64_t>(hour.hour - kept.last_hour));
    AppendVarint(kept.bytes, hour.last_count);
    kept.last_hour = hour.hour;
  });
  kept.bytes.shrink_to_fit();
  bytes_ = bytes_ + kept.bytes.capacity() - packed_.bytes.capacity();
  packed_ = std::move(kept);
}

void Arrivals::Forget(int64_t before_hour) {
  ForgetPacked(before_hour);
  while (!hours_.empty() && hours_.front().hour < before_hour) {
    VisitHour(hours_.front(), [&](int64_t, int64_t, uint64_t count) { total_ -= count; });
    bytes_ -= BytesOf(hours_.front());
    hours_.pop_front();
  }
}

// Of each hour: how many hours after the one before, the last minute, its count, and the others.
std::string Arrivals::Encode(int64_t from_hour, int64_t to_hour) const {
  PackedWriter out;
  int64_t before = 0;
  ForEachHour([&](const Hour& hour) {
    if (hour.hour < from_hour || hour.hour >= to_hour) return;
    out.Int(static_cast<uint64_t>(hour.hour - before));
    out.Int(static_cast<uint64_t>(hour.last_minute));
    out.Int(hour.last_count);
    out.Text(hour.counts);
    before = hour.hour;
  });
  return out.Take();
}

std::string Arrivals::EncodeFrom(int64_t hour) const {
  return Encode(hour, std::numeric_limits<int64_t>::max());
}

std::string Arrivals::EncodeBefore(int64_t hour) const { return Encode(0, hour); }

namespace {

/// Pairs of a minute and its count, minutes in order and before `end`.
bool AreCounts(std::string_view bytes, uint64_t end) {
  PackedReader in(bytes);
  uint64_t next = 0;
  while (in.ok() && !in.whole()) {
    const uint64_t minute = in.Int();
    in.Int();
    if (minute < next || minute >= end) return false;
    next = minute + 1;
  }
  return in.ok();
}

}  // namespace

bool Arrivals::Append(std::string_view bytes) {
  PackedReader in(bytes);
  constexpr uint64_t kHoursMax = uint64_t{1} << 32;  // half a million years
  uint64_t at = 0;
  while (in.ok() && !in.whole()) {
    at += std::min(in.Int(), kHoursMax);
    const uint64_t last_minute = in.Int(), last_count = in.Int();
    const std::string_view counts = in.Text();
    const bool later = hours_.empty() || static_cast<int64_t>(at) > hours_.back().hour;
    if (!in.ok() || !later || last_minute > kMinutesPerHour || at > kHoursMax) return false;
    if (!AreCounts(counts, last_minute) || (last_minute == kMinutesPerHour && !counts.empty())) {
      return false;
    }
    hours_.push_back({static_cast<int64_t>(at), static_cast<int64_t>(last_minute), last_count,
                      std::string(counts)});
    bytes_ += BytesOf(hours_.back());
    VisitHour(hours_.back(), [&](int64_t, int64_t, uint64_t count) { total_ += count; });
  }
  Pack();
  return in.ok();
}

}  // namespace omen::learn
