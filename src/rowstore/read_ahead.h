// Long walks over rows, two threads wide: while one batch of entries is worked on, the next one is
// read from the engine.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/status.h"
#include "rowstore/view.h"

namespace omen::rowstore {

/// Reads ahead once the walk has turned out to be long, as long as there are cores for it, and
/// entries are not large. One thread; another one while a batch is read, which takes moments:
/// nobody waits for a walk that is left alone.
class ReadAhead final : public Iterator {
 public:
  static constexpr size_t kEntriesBefore = 8192;
  static constexpr size_t kBatchBytes = 256u << 10, kLargeBytes = 32u << 10;

  explicit ReadAhead(std::unique_ptr<Iterator> source) : source_(std::move(source)) {}
  ~ReadAhead() override;

  bool Valid() const override { return ahead_ ? at_ < batch_.places.size() : source_->Valid(); }
  void Next() override {
    if (!ahead_) return Step();
    if (++at_ == batch_.places.size()) Turn();
  }
  void Reset(const KeyRange& range, bool backward) override;
  std::string_view key() const override;
  std::string_view value() const override;
  Status status() const override;

 private:
  struct Place {
    size_t at;
    uint32_t key, value;  // bytes, one behind the other
  };
  struct Batch {
    std::string bytes;
    std::vector<Place> places;
    void Clear();
  };

  void Step();
  /// To the next batch, or to the end; to entry by entry where the next one is large.
  void Turn();
  void Fill(Batch* batch);
  void BeginToFill();
  void AwaitFilled();

  const std::unique_ptr<Iterator> source_;  // of the thread, while there is one
  size_t seen_ = 0;
  bool ahead_ = false;
  Batch batch_, next_;
  size_t at_ = 0;
  std::thread thread_;
  Status fault_;  // of the thread
};

}  // namespace omen::rowstore
