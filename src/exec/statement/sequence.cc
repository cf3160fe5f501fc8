#include "exec/statement/sequence.h"

#include <fmt/format.h>

namespace omen::exec {
namespace {

Status LimitReached(const catalog::Sequence& sequence, bool ascending) {
  return Status(sqlstate::kSequenceLimit,
                fmt::format("nextval: reached {} value of sequence \"{}\" ({})",
                            ascending ? "maximum" : "minimum", sequence.name,
                            ascending ? sequence.max : sequence.min));
}

Result<rowstore::SequenceState> Advance(const catalog::Sequence& sequence,
                                        rowstore::SequenceState state) {
  if (!state.is_called) return rowstore::SequenceState{state.last_value, true};
  int64_t next = 0;
  const bool overflow = __builtin_add_overflow(state.last_value, sequence.increment, &next);
  const bool ascending = sequence.increment > 0;
  const bool past = overflow || (ascending ? next > sequence.max : next < sequence.min);
  if (!past) return rowstore::SequenceState{next, true};
  if (!sequence.cycle) return LimitReached(sequence, ascending);
  return rowstore::SequenceState{ascending ? sequence.min : sequence.max, true};
}

}  // namespace

Result<int64_t> NextSequenceValue(rowstore::RowStore* store, const catalog::Sequence& sequence) {
  OMEN_ASSIGN_OR_RETURN(const rowstore::SequenceState state,
                        store->AdvanceSequence(sequence.oid, [&](rowstore::SequenceState before) {
                          return Advance(sequence, before);
                        }));
  return state.last_value;
}

}  // namespace omen::exec
