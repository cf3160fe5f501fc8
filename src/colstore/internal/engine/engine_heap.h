// What the engine allocates in all. Its own limit counts its buffers, and not the texts and lists
// of the vectors that its operators pass on, which are as large as the values are.
#pragma once

#include <cstdint>

#include "duckdb.hpp"

namespace omen::colstore {

/// Of the process. Any thread.
class EngineHeap {
 public:
  /// Makes `config`'s engine allocate through here, and the engine's library, where it asks for no
  /// engine's memory. Large blocks are counted, and beyond `limit` refused, by which the statement
  /// that wants one ends (53200). Before the engine is opened; a later call sets the limit.
  static void Install(int64_t limit, duckdb::DBConfig* config);
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
