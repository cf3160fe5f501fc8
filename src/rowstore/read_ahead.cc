#include "rowstore/read_ahead.h"

#include <atomic>
#include <optional>
#include <system_error>
#include <utility>

#include "base/containment.h"

namespace omen::rowstore {
namespace {

/// A core that is free to read ahead. One is left for whoever works on what is read.
class SpareCore {
 public:
  bool Take() {
    static const int limit = static_cast<int>(std::thread::hardware_concurrency()) - 1;
    if (taken_.fetch_add(1) < limit) return true;
    Give();
    return false;
  }
  void Give() { taken_.fetch_sub(1); }

 private:
  std::atomic<int> taken_ = 0;
};

SpareCore spare_core;

}  // namespace

ReadAhead::~ReadAhead() { AwaitFilled(); }

void ReadAhead::Batch::Clear() {
  bytes.clear();
  places.clear();
}

void ReadAhead::Reset(const KeyRange& range, bool backward) {
  AwaitFilled();
  fault_ = Status::Ok();
  ahead_ = false;
  seen_ = 0;
  source_->Reset(range, backward);
}

void ReadAhead::Step() {
  source_->Next();
  if (++seen_ < kEntriesBefore) return;
  seen_ = 0;
  ahead_ = true;
  next_.Clear();
  Turn();
}

void ReadAhead::Fill(Batch* batch) {
  batch->Clear();
  for (; source_->Valid() && batch->bytes.size() < kBatchBytes; source_->Next()) {
    const std::string_view key = source_->key(), value = source_->value();
    if (key.size() + value.size() > kLargeBytes) return;
    batch->places.push_back({batch->bytes.size(), static_cast<uint32_t>(key.size()),
                             static_cast<uint32_t>(value.size())});
    batch->bytes.append(key).append(value);
  }
}

void ReadAhead::BeginToFill() {
  if (!spare_core.Take()) return;
  try {
    thread_ = std::thread([this] {
      const std::optional<Fault> fault = Contain([this] { Fill(&next_); });
      if (fault) fault_ = fault->ToStatus();
      spare_core.Give();
    });
  } catch (const std::system_error&) {
    spare_core.Give();  // no thread: the walk's own reads on
  }
}

void ReadAhead::AwaitFilled() {
  if (thread_.joinable()) thread_.join();
}

void ReadAhead::Turn() {
  at_ = 0;
  AwaitFilled();
  std::swap(batch_, next_);
  next_.Clear();
  if (!fault_.ok()) return batch_.Clear();
  if (batch_.places.empty()) Fill(&batch_);
  ahead_ = !batch_.places.empty() || !source_->Valid();
  if (ahead_ && source_->Valid()) BeginToFill();
}

std::string_view ReadAhead::key() const {
  if (!ahead_) return source_->key();
  const Place& place = batch_.places[at_];
  return {batch_.bytes.data() + place.at, place.key};
}

std::string_view ReadAhead::value() const {
  if (!ahead_) return source_->value();
  const Place& place = batch_.places[at_];
  return {batch_.bytes.data() + place.at + place.key, place.value};
}

Status ReadAhead::status() const { return fault_.ok() ? source_->status() : fault_.Clone(); }

}  // namespace omen::rowstore
