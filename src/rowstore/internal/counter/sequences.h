// Sequences: current states in memory, the state some values ahead on disk, so that one
// synced write serves many nextval calls. A crash skips what was ahead; a clean stop does not.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/result.h"
#include "rowstore/internal/engine/engine.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// Any thread.
class Sequences {
 public:
  using Advance = std::function<Result<SequenceState>(SequenceState)>;

  explicit Sequences(const Engine* engine) : engine_(engine) {}

  Result<SequenceState> Read(Oid sequence);
  Status Write(Oid sequence, SequenceState state);
  Result<SequenceState> Next(Oid sequence, const Advance& advance);
  Status Drop(Oid sequence);
  /// Stores the exact states. No calls may be under way.
  Status Settle();

 private:
  struct Entry {
    std::mutex mutex;
    bool loaded = false;
    SequenceState state;
    /// The states after `state` that the stored one covers. Compared when taken: a changed
    /// definition (another increment) makes them void.
    std::deque<SequenceState> planned;
  };

  std::shared_ptr<Entry> Find(Oid sequence);
  Status Load(Oid sequence, Entry* entry) const;
  Status Plan(Oid sequence, SequenceState first, const Advance& advance, Entry* entry) const;
  Status Store(Oid sequence, SequenceState state) const;

  const Engine* const engine_;
  std::mutex mutex_;
  std::unordered_map<Oid, std::shared_ptr<Entry>> entries_;
};

}  // namespace omen::rowstore
