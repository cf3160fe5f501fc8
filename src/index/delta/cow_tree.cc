#include "index/delta/cow_tree.h"

#include <algorithm>

namespace omen::index {

template <typename Keys>
TreeNode<Keys>* CowTree<Keys>::NewNode(uint32_t height) {
  // Room in the list first: a node that could not be listed could not be freed.
  if (!created_.MakeRoom()) return nullptr;
  void* space = height == 1 ? leaves_.Take() : inners_.Take();
  if (space == nullptr) return nullptr;
  Node* node = height == 1 ? new (space) Node : new (space) Inner;
  std::fill_n(node->heads, kFan, kLargestHead);
  node->stamp = stamp_;
  node->count = node->dead = 0;
  node->height = height;
  return created_.Append(node) ? node : nullptr;
}

// The node itself where this transaction made it, else a copy; null when memory is refused.
template <typename Keys>
TreeNode<Keys>* CowTree<Keys>::Owned(Node* node) {
  if (node->stamp == stamp_) return node;
  if (!retired_.Append(node)) return nullptr;
  Node* copy = NewNode(node->height);
  if (copy == nullptr) return nullptr;
  if (node->height == 1) {
    *copy = *node;
  } else {
    *static_cast<Inner*>(copy) = *static_cast<Inner*>(node);
  }
  copy->stamp = stamp_;
  return copy;
}

template <typename Keys>
void CowTree<Keys>::InsertSlot(Node* node, uint32_t at, const Entry& entry, bool dead) {
  std::copy_backward(node->heads + at, node->heads + node->count, node->heads + node->count + 1);
  std::copy_backward(node->rest + at, node->rest + node->count, node->rest + node->count + 1);
  node->heads[at] = entry.head;
  node->rest[at] = entry.rest;
  const uint32_t below = node->dead & ((uint32_t{1} << at) - 1);
  node->dead = below | (node->dead - below) << 1 | uint32_t{dead} << at;
  ++node->count;
}

template <typename Keys>
void CowTree<Keys>::RemoveSlot(Node* node, uint32_t at) {
  std::copy(node->heads + at + 1, node->heads + node->count, node->heads + at);
  std::copy(node->rest + at + 1, node->rest + node->count, node->rest + at);
  const uint32_t below = node->dead & ((uint32_t{1} << at) - 1);
  node->dead = below | (node->dead >> 1 & ~((uint32_t{1} << at) - 1));
  node->heads[--node->count] = kLargestHead;
}

// Halves a full leaf; where keys arrive in order, leaves it full instead.
template <typename Keys>
bool CowTree<Keys>::SplitLeaf(Node* leaf, uint32_t at, Split& split) {
  Node* right = NewNode(1);
  if (right == nullptr) return false;
  const uint32_t keep = at == kFan ? kFan - 1 : kFan / 2;
  right->count = kFan - keep;
  std::copy(leaf->heads + keep, leaf->heads + kFan, right->heads);
  std::copy(leaf->rest + keep, leaf->rest + kFan, right->rest);
  right->dead = leaf->dead >> keep;
  leaf->dead &= (uint32_t{1} << keep) - 1;
  std::fill(leaf->heads + keep, leaf->heads + kFan, kLargestHead);
  leaf->count = keep;
  split = {right, leaf->heads[keep - 1], leaf->rest[keep - 1]};
  return true;
}

template <typename Keys>
bool CowTree<Keys>::PutInLeaf(Node* leaf, const Probe& probe, bool dead, Root& root, Split& split) {
  uint32_t at = LowerBoundIn(*leaf, leaf->count, probe);
  const uint32_t bit = uint32_t{1} << (at & 31);
  if (at < leaf->count && leaf->heads[at] == probe.head &&
      leaf->rest[at].payload == probe.payload && Keys::TieSameKey(leaf->rest[at], probe)) {
    root.dead += uint64_t{dead} - ((leaf->dead & bit) != 0);
    leaf->dead = dead ? leaf->dead | bit : leaf->dead & ~bit;
    return true;
  }
  typename Keys::Rest rest;
  if (!Keys::MakeRest(text_, probe.key(), probe.payload, rest)) return false;
  if (leaf->count == kFan) {
    if (!SplitLeaf(leaf, at, split)) return false;
    if (at > leaf->count) {
      at -= leaf->count;
      leaf = split.right;
    }
  }
  InsertSlot(leaf, at, {probe.head, rest}, dead);
  ++root.entries;
  root.dead += dead;
  // What was put at the end of the left half is its new upper bound.
  if (split.right != nullptr && leaf != split.right) {
    split.head = leaf->heads[leaf->count - 1];
    split.rest = leaf->rest[leaf->count - 1];
  }
  return true;
}

template <typename Keys>
bool CowTree<Keys>::SplitInner(Inner* inner, bool at_end, Split& split) {
  auto* right = static_cast<Inner*>(NewNode(inner->height));
  if (right == nullptr) return false;
  const uint32_t keep = at_end ? kFan - 1 : kFan / 2;
  right->count = kFan - keep;
  std::copy(inner->heads + keep, inner->heads + kFan, right->heads);
  std::copy(inner->rest + keep, inner->rest + kFan, right->rest);
  std::copy(inner->child + keep, inner->child + kFan, right->child);
  split = {right, inner->heads[keep - 1], inner->rest[keep - 1]};
  std::fill(inner->heads + keep - 1, inner->heads + kFan, kLargestHead);
  inner->count = keep;
  return true;
}

// Child `at` was split: its right half becomes child at + 1.
template <typename Keys>
bool CowTree<Keys>::AddChild(Node* node, uint32_t at, const Split& below, Split& split) {
  auto* inner = static_cast<Inner*>(node);
  if (inner->count == kFan) {
    if (!SplitInner(inner, at == kFan - 1, split)) return false;
    if (at >= inner->count) {
      at -= inner->count;
      inner = static_cast<Inner*>(split.right);
    }
  }
  const uint32_t bounds = inner->count - 1;
  std::copy_backward(inner->heads + at, inner->heads + bounds, inner->heads + bounds + 1);
  std::copy_backward(inner->rest + at, inner->rest + bounds, inner->rest + bounds + 1);
  std::copy_backward(inner->child + at + 1, inner->child + inner->count,
                     inner->child + inner->count + 1);
  inner->heads[at] = below.head;
  inner->rest[at] = below.rest;
  inner->child[at + 1] = below.right;
  ++inner->count;
  return true;
}

template <typename Keys>
bool CowTree<Keys>::PutBelow(Node*& node, const Probe& probe, bool dead, Root& root, Split& split) {
  Node* owned = Owned(node);
  if (owned == nullptr) return false;
  node = owned;
  if (node->height == 1) return PutInLeaf(node, probe, dead, root, split);
  const uint32_t at = LowerBoundIn(*node, node->count - 1, probe);
  Split below;
  if (!PutBelow(static_cast<Inner*>(node)->child[at], probe, dead, root, below)) return false;
  return below.right == nullptr || AddChild(node, at, below, split);
}

template <typename Keys>
Status CowTree<Keys>::Put(Root& root, Key key, uint64_t payload, bool dead) {
  if (root.node == nullptr) {
    root.node = NewNode(1);
    if (root.node == nullptr) return learn::OutOfMemory();
  }
  Split split;
  if (!PutBelow(root.node, Keys::MakeProbe(heads_, key, payload), dead, root, split))
    return learn::OutOfMemory();
  if (split.right == nullptr) return Status::Ok();
  auto* above = static_cast<Inner*>(NewNode(root.node->height + 1));
  if (above == nullptr) return learn::OutOfMemory();
  OMEN_CHECK(above->height <= kMaxHeight);
  above->count = 2;
  above->heads[0] = split.head;
  above->rest[0] = split.rest;
  above->child[0] = root.node;
  above->child[1] = split.right;
  root.node = above;
  return Status::Ok();
}

// A bulk load is Puts behind the last entry: leaves stay full, and nothing is copied.
template <typename Keys>
Status CowTree<Keys>::Append(Root& root, Key key, uint64_t payload) {
  created_.Truncate(0);
  return Put(root, key, payload, false);
}

template <typename Keys>
bool CowTree<Keys>::Contains(const Node* node, const Probe& probe) {
  while (node->height != 1) {
    const uint32_t at = LowerBoundIn(*node, node->count - 1, probe);
    node = static_cast<const Inner*>(node)->child[at];
  }
  const uint32_t at = LowerBoundIn(*node, node->count, probe);
  return at < node->count && node->heads[at] == probe.head &&
         node->rest[at].payload == probe.payload && Keys::TieSameKey(node->rest[at], probe);
}

// Null in `node` afterwards: it became empty.
template <typename Keys>
bool CowTree<Keys>::RemoveBelow(Node*& node, const Probe& probe, Root& root) {
  Node* owned = Owned(node);
  if (owned == nullptr) return false;
  node = owned;
  if (node->height == 1) {
    const uint32_t at = LowerBoundIn(*node, node->count, probe);
    root.dead -= node->dead >> at & 1;
    RemoveSlot(node, at);
  } else {
    auto* inner = static_cast<Inner*>(node);
    const uint32_t at = LowerBoundIn(*node, node->count - 1, probe);
    if (!RemoveBelow(inner->child[at], probe, root)) return false;
    if (inner->child[at] == nullptr) {
      std::copy(inner->child + at + 1, inner->child + inner->count, inner->child + at);
      std::copy(inner->heads + at + 1, inner->heads + inner->count, inner->heads + at);
      std::copy(inner->rest + at + 1, inner->rest + inner->count, inner->rest + at);
      --inner->count;
      std::fill(inner->heads + std::max(1u, inner->count) - 1, inner->heads + kFan, kLargestHead);
    }
  }
  if (node->count != 0) return true;
  if (!retired_.Append(node)) return false;
  node = nullptr;
  return true;
}

template <typename Keys>
Status CowTree<Keys>::Remove(Root& root, Key key, uint64_t payload) {
  const Probe probe = Keys::MakeProbe(heads_, key, payload);
  if (root.node == nullptr || !Contains(root.node, probe)) return Status::Ok();
  if (!RemoveBelow(root.node, probe, root)) return learn::OutOfMemory();
  --root.entries;
  removed_text_ += Keys::TextBytes(key);
  while (root.node != nullptr && root.node->height > 1 && root.node->count == 1) {
    if (!retired_.Append(root.node)) return learn::OutOfMemory();
    root.node = static_cast<Inner*>(root.node)->child[0];
  }
  return Status::Ok();
}

template <typename Keys>
learn::Array<TreeNode<Keys>*> CowTree<Keys>::Commit() {
  created_.Truncate(0);
  return std::exchange(retired_, learn::Array<Node*>(memory_));
}

template <typename Keys>
void CowTree<Keys>::Abort() {
  for (Node* node : created_) Free(node);
  created_.Truncate(0);
  retired_.Truncate(0);
}

template <typename Keys>
void CowTree<Keys>::Free(Node* node) {
  (node->height == 1 ? leaves_ : inners_).GiveBack(node);
}

// The bound above a leaf may outlive the entry it was taken from, and then a key's first entry is
// in the next leaf.
template <typename Keys>
TreeHit CowTree<Keys>::FindBeyond(const Root& root, const Probe& probe) {
  TreeCursor<Keys> cursor(root);
  cursor.Seek(probe);
  if (!cursor.valid() || cursor.head() != probe.head) return {};
  if (!Keys::TieSameKey(cursor.rest(), probe)) return {};
  return {cursor.dead() ? TreeHit::kDead : TreeHit::kLive, cursor.rest().payload};
}

// What the leaf says of the probe's key, whose first entry is at `slot`.
template <typename Keys>
TreeHit CowTree<Keys>::HitAt(const Node& leaf, uint32_t slot, const Probe& probe) {
  const uint64_t payload = leaf.rest[slot].payload;
  if ((leaf.dead >> slot & 1) == 0) return {TreeHit::kLive, payload};
  const uint32_t next = slot + 1;
  const bool only = next < leaf.count &&
                    (leaf.heads[next] != probe.head || !Keys::TieSameKey(leaf.rest[next], probe));
  return {only ? TreeHit::kOnlyDead : TreeHit::kDead, payload};
}

// All lookups go down together, a level at a time: while one node is on its way from memory,
// the others are searched.
template <typename Keys>
void CowTree<Keys>::FindBatch(const Root& root, const Probe* probes, size_t n, TreeHit* hits) {
  constexpr size_t kGroup = 32;
  OMEN_CHECK(n <= kGroup);
  for (size_t i = 0; i < n; ++i) hits[i] = {};
  if (root.node == nullptr) return;
  const Node* nodes[kGroup];
  learn::Window windows[kGroup];
  uint64_t heads[kGroup];
  uint32_t slots[kGroup];
  bool tied[kGroup] = {};
  for (size_t i = 0; i < n; ++i) {
    nodes[i] = root.node;
    windows[i] = {root.node->heads, kFan};
    heads[i] = probes[i].head;
  }
  const auto count_less = learn::BestWindowSearch().count_less;
  for (uint32_t height = root.node->height; height > 1; --height) {
    count_less(windows, heads, n, slots);
    for (size_t i = 0; i < n; ++i) {
      const auto* inner = static_cast<const Inner*>(nodes[i]);
      slots[i] = LowerBoundIn(*inner, inner->count - 1, slots[i], probes[i]);
      tied[i] |= slots[i] + 1 < inner->count && inner->heads[slots[i]] == heads[i];
      __builtin_prefetch(&inner->child[slots[i]]);
    }
    for (size_t i = 0; i < n; ++i) {
      nodes[i] = static_cast<const Inner*>(nodes[i])->child[slots[i]];
      windows[i].first = nodes[i]->heads;
      for (uint32_t head = 0; head < kFan; head += 8) __builtin_prefetch(nodes[i]->heads + head);
      __builtin_prefetch(&nodes[i]->count);
    }
  }
  count_less(windows, heads, n, slots);
  for (size_t i = 0; i < n; ++i) __builtin_prefetch(&nodes[i]->rest[slots[i] & (kFan - 1)]);
  for (size_t i = 0; i < n; ++i) {
    const Node& leaf = *nodes[i];
    const uint32_t slot = LowerBoundIn(leaf, leaf.count, slots[i], probes[i]);
    if (slot == leaf.count && tied[i]) hits[i] = FindBeyond(root, probes[i]);
    if (slot == leaf.count || leaf.heads[slot] != probes[i].head) continue;
    if (!Keys::TieSameKey(leaf.rest[slot], probes[i])) continue;
    hits[i] = HitAt(leaf, slot, probes[i]);
  }
}

template class CowTree<IntKeys>;
template class CowTree<StringKeys>;

}  // namespace omen::index
