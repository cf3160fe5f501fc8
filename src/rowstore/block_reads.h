// How the calling thread's reads of the row store found their blocks.
#pragma once

#include <cstdint>

namespace omen::rowstore {

struct BlockReads {
  uint64_t cached = 0;  // in the block cache
  uint64_t read = 0;    // from files, for want of it
};

/// Since the thread began; differences tell of a part of its work.
BlockReads BlockReadsOfThread();

}  // namespace omen::rowstore
