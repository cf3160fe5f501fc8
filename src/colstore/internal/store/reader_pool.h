// Readers at rest, with the plans they keep.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "colstore/internal/engine/engine.h"

namespace omen::colstore {

/// Lends readers; one that was lent may outlive it. Any thread.
class ReaderPool : public std::enable_shared_from_this<ReaderPool> {
 public:
  explicit ReaderPool(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}
  /// The one that has rested shortest.
  std::unique_ptr<Reader> Lend();

 private:
  class Lent;
  void TakeBack(std::unique_ptr<Reader> reader);

  const std::shared_ptr<Engine> engine_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> resting_;
};

}  // namespace omen::colstore
