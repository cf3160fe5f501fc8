#include "index/version/run_merge.h"

namespace omen::index {

namespace {

template <typename Keys>
size_t BytesOf(typename Keys::Key key) {
  return sizeof(typename Keys::Entry) + Keys::TextBytes(key);
}

// What lies ahead of the cursor up to the bound.
template <typename Keys>
struct Ahead {
  size_t count = 0, bytes = 0;
  typename Keys::Entry first{}, last{};

  Ahead(TreeCursor<Keys> cursor, const typename Keys::Entry* bound) {
    for (; cursor.valid(); cursor.Next()) {
      const auto entry = cursor.entry();
      if (bound != nullptr && DeltasCursor<Keys>::Order(entry, *bound) > 0) break;
      if (count++ == 0) first = entry;
      last = entry;
      bytes += BytesOf<Keys>(entry.key());
    }
  }
};

/// Opens a new run whenever one is full.
template <typename Keys>
class Pieces {
 public:
  using Key = typename Keys::Key;
  /// For at most so many entries, and bytes of them.
  Pieces(Key first, Key last, size_t entries, size_t bytes, const RunPolicy& policy,
         learn::Memory& memory, MadeRuns<Keys>& made)
      : first_(first), last_(last), policy_(policy), builder_(memory), made_(made) {
    const size_t target = policy.target_bytes, largest = target + target / 2;
    const size_t pieces = bytes <= largest ? 1 : (bytes + target - 1) / target;
    capacity_ = (entries + pieces - 1) / pieces;
    text_bytes_ = (bytes - entries * sizeof(typename Keys::Entry)) / pieces;
  }
  Status Add(Key key, uint64_t payload) {
    if (builder_.started() && builder_.full())
      OMEN_RETURN_IF_ERROR(FinishRun(builder_, policy_, made_));
    if (!builder_.started())
      OMEN_RETURN_IF_ERROR(builder_.Start(first_, last_, capacity_, text_bytes_));
    return builder_.Add(key, payload);
  }
  Status Finish() {
    return builder_.started() ? FinishRun(builder_, policy_, made_) : Status::Ok();
  }

 private:
  const Key first_, last_;
  const RunPolicy& policy_;
  size_t capacity_, text_bytes_;
  RunBuilder<Keys> builder_;
  MadeRuns<Keys>& made_;
};

template <typename Keys>
Status Weave(const SortedRun<Keys>* run, TreeCursor<Keys>& delta, size_t from_delta,
             Pieces<Keys>& pieces) {
  const auto* old = run == nullptr ? nullptr : run->begin();
  const auto* end = run == nullptr ? nullptr : run->end();
  for (; from_delta != 0; --from_delta, delta.Next()) {
    const auto entry = delta.entry();
    int order = -1;
    for (; old != end && (order = DeltasCursor<Keys>::Order(*old, entry)) < 0; ++old)
      OMEN_RETURN_IF_ERROR(pieces.Add(old->key(), old->payload()));
    if (old != end && order == 0) ++old;
    if (!delta.dead()) OMEN_RETURN_IF_ERROR(pieces.Add(entry.key(), entry.payload()));
  }
  for (; old != end; ++old) OMEN_RETURN_IF_ERROR(pieces.Add(old->key(), old->payload()));
  return pieces.Finish();
}

}  // namespace

template <typename Keys>
Status FinishRun(RunBuilder<Keys>& builder, const RunPolicy& policy, MadeRuns<Keys>& made) {
  if (!made.MakeRoom()) return learn::OutOfMemory();
  OMEN_ASSIGN_OR_RETURN(SortedRun<Keys>* const run,
                        policy.trial.clock == nullptr
                            ? builder.Finish(policy.choice)
                            : builder.FinishByTrial(policy.choice.epsilon, policy.trial));
  if (run == nullptr) return Status::Ok();
  const bool room = made.Add(run);
  OMEN_CHECK(room);
  return Status::Ok();
}

template <typename Keys>
Status MergeRun(const SortedRun<Keys>* run, TreeCursor<Keys>& delta,
                const typename Keys::Entry* bound, const RunPolicy& policy, learn::Memory& memory,
                MadeRuns<Keys>& made) {
  const Ahead<Keys> ahead(delta, bound);
  if (run == nullptr && ahead.count == 0) return Status::Ok();
  auto first = ahead.first, last = ahead.last;
  if (run != nullptr && (ahead.count == 0 || DeltasCursor<Keys>::Order(*run->begin(), first) < 0))
    first = *run->begin();
  if (run != nullptr && (ahead.count == 0 || DeltasCursor<Keys>::Order(run->last(), last) > 0))
    last = run->last();
  const size_t entries = ahead.count + (run == nullptr ? 0 : run->size());
  const size_t bytes = ahead.bytes + (run == nullptr ? 0 : run->entry_bytes());
  Pieces<Keys> pieces(first.key(), last.key(), entries, bytes, policy, memory, made);
  return Weave(run, delta, ahead.count, pieces);
}

template <typename Keys>
Status BuildRuns(std::span<const Change<Keys>> sorted, const RunPolicy& policy,
                 learn::Memory& memory, MadeRuns<Keys>& made) {
  if (sorted.empty()) return Status::Ok();
  size_t bytes = 0;
  for (const Change<Keys>& pair : sorted) bytes += BytesOf<Keys>(pair.key);
  Pieces<Keys> pieces(sorted.front().key, sorted.back().key, sorted.size(), bytes, policy, memory,
                      made);
  for (const Change<Keys>& pair : sorted) OMEN_RETURN_IF_ERROR(pieces.Add(pair.key, pair.payload));
  return pieces.Finish();
}

template Status BuildRuns(std::span<const Change<IntKeys>>, const RunPolicy&, learn::Memory&,
                          MadeRuns<IntKeys>&);
template Status BuildRuns(std::span<const Change<StringKeys>>, const RunPolicy&, learn::Memory&,
                          MadeRuns<StringKeys>&);
template Status MergeRun(const SortedRun<IntKeys>*, TreeCursor<IntKeys>&, const IntKeys::Entry*,
                         const RunPolicy&, learn::Memory&, MadeRuns<IntKeys>&);
template Status MergeRun(const SortedRun<StringKeys>*, TreeCursor<StringKeys>&,
                         const StringKeys::Entry*, const RunPolicy&, learn::Memory&,
                         MadeRuns<StringKeys>&);
template Status FinishRun(RunBuilder<IntKeys>&, const RunPolicy&, MadeRuns<IntKeys>&);
template Status FinishRun(RunBuilder<StringKeys>&, const RunPolicy&, MadeRuns<StringKeys>&);

}  // namespace omen::index
