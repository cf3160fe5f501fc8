// What the engine allocates beside its buffers: the texts and lists of the vectors that its
// operators pass on. Its own limit counts only buffers, so these have one of their own.
#pragma once

#include <cstdint>

namespace omen::colstore {

/// Of the process, as the engine's allocator is. Any thread.
class EngineHeap {
 public:
  /// Before the first store is opened: from then on large blocks are counted, and beyond `limit`
  /// refused, by which the statement that wants them ends (53200). A later call sets the limit.
  static void Limit(int64_t limit);
  /// In large blocks.
  static int64_t used();

  /// While it lives the thread is refused nothing: a change that comes from the row store must
  /// arrive, however large a statement is meanwhile.
  class Unlimited {
   public:
    Unlimited();
    ~Unlimited();
    Unlimited(const Unlimited&) = delete;
    Unlimited& operator=(const Unlimited&) = delete;

   private:
    const bool before_;
  };
};

}  // namespace omen::colstore
