// A copy-on-write B+-tree: a writer copies the nodes it changes, readers keep the root they took
// and need no lock. Snapshots are therefore free; the price is a copied path per transaction,
// shared by all changes of one batch.
#pragma once

#include <span>

#include "base/status.h"
#include "index/delta/node_pool.h"
#include "index/delta/tree_node.h"
#include "index/memory/text_arena.h"

namespace omen::index {

/// What a point lookup in one tree found first under a key.
struct TreeHit {
  // kOnlyDead: a tombstone, and the tree is known to say nothing else of the key.
  enum State : uint8_t { kNone, kLive, kDead, kOnlyDead } state = kNone;
  uint64_t payload = 0;
};

/// The storage of one tree: nodes and string bytes. Roots point into it. One writer; readers of
/// roots need nothing from this object but that it lives.
template <typename Keys>
class CowTree {
 public:
  using Node = TreeNode<Keys>;
  using Inner = TreeInner<Keys>;
  using Root = TreeRoot<Keys>;
  using Key = typename Keys::Key;
  using Probe = typename Keys::Probe;

  CowTree(learn::Memory& memory, const typename Keys::Heads& heads)
      : heads_(heads),
        leaves_(memory, sizeof(Node)),
        inners_(memory, sizeof(Inner)),
        text_(memory),
        created_(memory),
        retired_(memory),
        memory_(memory) {}

  /// A transaction: Begin, changes to a copy of the root, then Commit or Abort.
  void Begin() { ++stamp_; }
  /// Makes (key, payload) an entry, or a tombstone. 53200 leaves `root` fit only for Abort.
  Status Put(Root& root, Key key, uint64_t payload, bool dead);
  /// Takes (key, payload) out, if it is there.
  Status Remove(Root& root, Key key, uint64_t payload);
  /// The nodes no longer reachable from the new root; give them to Free when no older root is
  /// read any more.
  learn::Array<Node*> Commit();
  /// Frees every node made since Begin; the root from before is as it was.
  void Abort();
  void Free(Node* node);

  /// Appends entries in order to a root that only this transaction holds: a bulk load.
  Status Append(Root& root, Key key, uint64_t payload);

  static void FindBatch(const Root& root, const Probe* probes, size_t n, TreeHit* hits);
  const typename Keys::Heads& heads() const { return heads_; }
  learn::Memory& memory() { return memory_; }
  /// Whether what `root` needs is a small part of what the tree holds: strings of removed entries
  /// and emptied nodes come back only when all entries move to another tree.
  bool Wasteful(const Root& root) const {
    const size_t nodes = root.entries * (sizeof(Node) / (kFan / 2));
    const size_t needed =
        nodes + (text_.bytes() > removed_text_ ? text_.bytes() - removed_text_ : 0);
    return bytes() > kReclaimLag + 3 * needed;
  }
  size_t bytes() const { return leaves_.bytes() + inners_.bytes() + text_.bytes(); }

 private:
  struct Split {
    Node* right = nullptr;
    uint64_t head = 0;  // with rest: the upper bound of what stayed left
    typename Keys::Rest rest{};
  };
  using Entry = typename Keys::Entry;

  Node* NewNode(uint32_t height);
  Node* Owned(Node* node);
  bool PutBelow(Node*& node, const Probe& probe, bool dead, Root& root, Split& split);
  bool PutInLeaf(Node* leaf, const Probe& probe, bool dead, Root& root, Split& split);
  bool AddChild(Node* node, uint32_t at, const Split& below, Split& split);
  bool SplitLeaf(Node* leaf, uint32_t at, Split& split);
  bool SplitInner(Inner* inner, bool at_end, Split& split);
  bool RemoveBelow(Node*& node, const Probe& probe, Root& root);
  static bool Contains(const Node* node, const Probe& probe);
  static void InsertSlot(Node* node, uint32_t at, const Entry& entry, bool dead);
  static void RemoveSlot(Node* node, uint32_t at);
  static TreeHit HitAt(const Node& leaf, uint32_t slot, const Probe& probe);
  static TreeHit FindBeyond(const Root& root, const Probe& probe);

  const typename Keys::Heads heads_;
  NodePool leaves_, inners_;
  TextArena text_;
  learn::Array<Node*> created_, retired_;
  learn::Memory& memory_;
  // Nodes that were replaced wait for their readers, some thousands at a time, and are taken again
  // afterwards: a small tree under many writes holds them without wasting them.
  static constexpr size_t kReclaimLag = size_t{16'000} * sizeof(Inner);
  uint64_t stamp_ = 0;
  size_t removed_text_ = 0;
};

extern template class CowTree<IntKeys>;
extern template class CowTree<StringKeys>;

}  // namespace omen::index
