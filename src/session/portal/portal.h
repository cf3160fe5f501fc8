// A prepared statement, and a portal: one execution of one, open until its rows are taken.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory_meter.h"
#include "exec/statement/context.h"
#include "exec/statement/plan.h"
#include "session/portal/compiled.h"
#include "session/portal/format.h"

namespace omen::session {

/// What Parse or PREPARE made. Portals keep it alive after it was closed.
struct PreparedStatement {
  std::string name, text;
  std::vector<Oid> declared_types;  // as given; after the first compilation, as resolved
  CompiledPtr compiled;
  MemoryCharge memory;  // for its text
};

/// Of a portal that may go while its text is needed.
struct KeptText {
  std::shared_ptr<PreparedStatement> source;
  std::string own;
};

/// Rows kept in memory because their cursor must not be read later (a write follows, the
/// transaction ends) or is read in both directions. One thread.
class StoredRows {
 public:
  /// Charged to `memory`, which may be null.
  explicit StoredRows(MemoryAccountPtr memory) : memory_(std::move(memory)) {}
  /// 53200 when there is no room.
  Status Add(Row row);
  /// The next row, or null at the end. Rows passed are let go unless scrollable.
  const Row* Next();
  /// Scrollable only: the row before, or null before the first.
  const Row* Previous();
  void set_scrollable() { scrollable_ = true; }
  bool scrollable() const { return scrollable_; }

 private:
  std::deque<Row> rows_;
  size_t position_ = 0;  // scrollable: on rows_[position_ - 1]; 0 before the first
  bool taken_ = false;   // else: the front was given out
  MemoryMeter memory_;
  bool scrollable_ = false;
};

/// One thread. The context must stay in place while the cursor is open, so a Portal never moves.
struct Portal {
  enum class State : uint8_t { kReady, kOpen, kDone };

  Portal() = default;
  Portal(const Portal&) = delete;
  Portal& operator=(const Portal&) = delete;

  /// Forgets the execution, keeps capacity: the unnamed portal is used again and again.
  void Reset();
  /// Replaces `rows` with up to `max` next rows, from memory or from the cursor.
  Status Pull(std::vector<Row>* rows, size_t max);
  /// Whether its rows come from the cursor, which has them as fields.
  bool has_fields() const { return !stored && cursor != nullptr && cursor->has_fields(); }
  /// Reads the cursor to its end into memory and closes it. 53200 when it is too much.
  Status Store();
  bool live() const { return cursor != nullptr; }
  bool returns_rows() const {
    return compiled != nullptr && compiled->plan != nullptr && compiled->plan->returns_rows();
  }

  std::string name;
  std::string own_text;  // of a declared cursor, whose statement's text goes away
  std::shared_ptr<PreparedStatement> source;  // null for a declared cursor or a simple query
  CompiledPtr compiled;
  Row params;
  std::vector<Format> formats;  // empty (text) or one per column
  State state = State::kReady;
  exec::StatementContext context;
  MemoryCharge held;                // for text and parameters, to the session
  MemoryAccountPtr memory;          // what its run takes, of the session's
  uint64_t context_generation = 0;  // of the settings the context was filled from
  std::unique_ptr<exec::Cursor> cursor;
  std::optional<StoredRows> stored;
  bool declared = false;  // by DECLARE: readable by FETCH without Execute
  bool hold = false, scroll = false;
  bool persisted = false;  // a held cursor whose transaction has ended
  size_t savepoint_depth = 0;
};

/// About what a portal that is kept holds before it runs.
int64_t BytesOfPortal(std::string_view name, std::string_view own_text, const Row& params);

}  // namespace omen::session
