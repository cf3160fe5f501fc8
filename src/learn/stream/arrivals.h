// How often something happened in each minute of the past, kept in few bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace omen::learn {

/// Minutes are numbered from any start; those in which nothing happened take nothing, others two
/// bytes or three. Hours may be made coarse: then only their sum is known, in as many bytes. One
/// thread.
class Arrivals {
 public:
  static constexpr int64_t kMinutesPerHour = 60;

  /// Minutes must not go back behind the hour that was added to last; those that do count for it.
  void Add(int64_t minute, uint64_t count);

  /// `minutes` that begin with `minute` saw so many: one, or the sixty of a coarse hour.
  using Visit = std::function<void(int64_t minute, int64_t minutes, uint64_t count)>;
  void ForEach(const Visit& visit) const;
  uint64_t total() const { return total_; }
  size_t bytes() const { return bytes_; }
  bool empty() const { return hours_.empty(); }
  /// Of one that is not empty.
  int64_t last_hour() const { return hours_.back().hour; }

  /// Hours before that one are made coarse, or forgotten.
  void Coarsen(int64_t before_hour);
  void Forget(int64_t before_hour);

  /// Of the hours from that one on, or before it.
  std::string EncodeFrom(int64_t hour) const;
  std::string EncodeBefore(int64_t hour) const;
  /// Adds hours that come after those there are. False for bytes that are none of ours; then some
  /// may have been added.
  bool Append(std::string_view bytes);

 private:
  /// Of each minute in order its number in the hour and its count, as varints; a coarse hour has
  /// one count, for minute 60.
  struct Hour {
    int64_t hour;
    int64_t last_minute;  // of the hour
    uint64_t last_count;  // its own, not yet among `counts`
    std::string counts;

    bool coarse() const { return last_minute == kMinutesPerHour; }
  };
  static size_t BytesOf(const Hour& hour) { return sizeof(Hour) + hour.counts.capacity(); }
  /// Coarse hours, in order: of each how many hours after the one before (the first: after 0), and
  /// its count, as varints.
  struct Packed {
    std::string bytes;
    int64_t last_hour = 0;
  };
  static void VisitHour(const Hour& hour, const Visit& visit);
  void ForEachHour(const std::function<void(const Hour&)>& visit) const;
  std::string Encode(int64_t from_hour, int64_t to_hour) const;
  void Pack();
  void ForgetPacked(int64_t before_hour);

  Packed packed_;           // before all of hours_
  std::deque<Hour> hours_;  // in order
  uint64_t total_ = 0;
  size_t bytes_ = 0;
};

}  // namespace omen::learn
