// Trees that are made anew: for a delta to come, and for an index that is one tree.
#pragma once

#include <span>

#include "index/version/index.h"
#include "index/version/version_chain.h"

namespace omen::index {

/// An empty tree as `next`'s active delta, with a filter for `capacity` keys. Without lower layers
/// (capacity 0) every key is here, and a filter would say nothing. 53200.
template <typename Keys>
Status StartTree(learn::Memory& memory, Version<Keys>& next, const typename Keys::Heads& heads,
                 size_t capacity);

/// Publishes sorted pairs, of which there are some, as a tree over nothing. One writer; 53200.
template <typename Keys>
Status LoadTree(learn::Memory& memory, VersionChain<Keys>& chain,
                std::span<const Change<Keys>> sorted, uint64_t commit_id);

/// Copies a B-tree that holds far more than it needs into a new one. (Where there are runs a merge
/// does the same.) One writer; 53200.
template <typename Keys>
Status CompactTree(learn::Memory& memory, VersionChain<Keys>& chain);

}  // namespace omen::index
