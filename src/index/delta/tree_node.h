// The nodes of a copy-on-write B+-tree.
//
// Heads come first, so that a search reads four whole cache lines and nothing else; free slots
// hold the largest head, so that it need not know the count. In an inner node slot i holds an
// upper bound of everything below child i; the last child has none.
#pragma once

#include <cstdint>

#include "index/memory/keys.h"
#include "learn/window_search.h"

namespace omen::index {

inline constexpr uint32_t kFan = 32;
inline constexpr uint32_t kMaxHeight = 16;
inline constexpr uint64_t kLargestHead = ~uint64_t{0};

template <typename Keys>
struct alignas(64) TreeNode {
  uint64_t heads[kFan];
  typename Keys::Rest rest[kFan];
  uint64_t stamp;   // the transaction that made it; only that one may still change it
  uint32_t count;   // entries, or children
  uint32_t dead;    // leaf: bit i set = entry i is a tombstone
  uint32_t height;  // 1 = leaf
};

template <typename Keys>
struct TreeInner : TreeNode<Keys> {
  TreeNode<Keys>* child[kFan];
};

/// A tree as a value: whoever holds it sees the tree as it was then.
template <typename Keys>
struct TreeRoot {
  TreeNode<Keys>* node = nullptr;
  uint64_t entries = 0;  // tombstones included
  uint64_t dead = 0;
  bool empty() const { return node == nullptr; }
};

/// The first of `limit` slots that is not below `probe`.
template <typename Keys>
uint32_t LowerBoundIn(const TreeNode<Keys>& node, uint32_t limit, uint32_t first_tie,
                      const typename Keys::Probe& probe) {
  uint32_t lo = first_tie < limit ? first_tie : limit;
  if (Keys::kHeadIsKey && probe.payload == 0) return lo;
  uint32_t hi = lo;
  while (hi < limit && node.heads[hi] == probe.head) ++hi;
  while (lo < hi) {
    const uint32_t middle = (lo + hi) / 2;
    if (Keys::TieLess(node.rest[middle], probe)) {
      lo = middle + 1;
    } else {
      hi = middle;
    }
  }
  return lo;
}

template <typename Keys>
uint32_t LowerBoundIn(const TreeNode<Keys>& node, uint32_t limit,
                      const typename Keys::Probe& probe) {
  const learn::Window window{node.heads, kFan};
  uint32_t first_tie;
  learn::BestWindowSearch().count_less(&window, &probe.head, 1, &first_tie);
  return LowerBoundIn(node, limit, first_tie, probe);
}

/// Walks the entries of a tree in order. The tree must stay alive.
template <typename Keys>
class TreeCursor {
 public:
  using Node = TreeNode<Keys>;
  using Inner = TreeInner<Keys>;

  explicit TreeCursor(const TreeRoot<Keys>& root) : root_(root.node) {}
  /// Stands at the first entry that is not below `probe`.
  void Seek(const typename Keys::Probe& probe) {
    depth_ = 0;
    if (root_ == nullptr) return;
    const Node* node = root_;
    for (;; ++depth_) {
      const bool leaf = node->height == 1;
      path_[depth_] = node;
      at_[depth_] = LowerBoundIn(*node, leaf ? node->count : node->count - 1, probe);
      if (leaf) break;
      node = static_cast<const Inner*>(node)->child[at_[depth_]];
    }
    ++depth_;
    if (at_[depth_ - 1] == path_[depth_ - 1]->count) NextLeaf();
  }
  bool valid() const { return depth_ != 0; }
  uint64_t head() const { return leaf().heads[slot()]; }
  const typename Keys::Rest& rest() const { return leaf().rest[slot()]; }
  bool dead() const { return leaf().dead >> slot() & 1; }
  typename Keys::Entry entry() const { return {head(), rest()}; }
  void Next() {
    if (++at_[depth_ - 1] == leaf().count) NextLeaf();
  }
  /// Asks for the memory of the next texts: they lie wherever they were written.
  void FetchTexts() const {
    if constexpr (!Keys::kHeadIsKey) {
      constexpr uint32_t kAhead = 8;
      if (!valid()) return;
      const uint32_t end = std::min<uint32_t>(leaf().count, slot() + kAhead);
      for (uint32_t i = slot(); i < end; ++i) __builtin_prefetch(leaf().rest[i].text);
    }
  }

 private:
  const Node& leaf() const { return *path_[depth_ - 1]; }
  uint32_t slot() const { return at_[depth_ - 1]; }

  void NextLeaf() {
    uint32_t level = depth_ - 1;
    do {
      if (level == 0) {
        depth_ = 0;
        return;
      }
      --level;
    } while (++at_[level] == path_[level]->count);
    while (level + 1 < depth_) {
      const Node* below = static_cast<const Inner*>(path_[level])->child[at_[level]];
      path_[++level] = below;
      at_[level] = 0;
    }
    if (const Node* node = path_[level - 1]; at_[level - 1] + 1 < node->count)
      __builtin_prefetch(static_cast<const Inner*>(node)->child[at_[level - 1] + 1]);
  }

  const Node* root_;
  uint32_t depth_ = 0;
  uint32_t at_[kMaxHeight];
  const Node* path_[kMaxHeight];
};

}  // namespace omen::index
