// Whose failure an error is. A statement's own goes to the client at once. That of one way to run
// the statement leads to the next way: such an error bears a mark where others bear an SQLSTATE, so
// that no client's code can be taken for it, and Settled() gives it the code a client is told.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace omen {

enum class Blame : uint8_t {
  kStatement,
  kRefusal,  // this way cannot run the statement, or cannot now
  kFault,    // this way broke down: the statement is not to blame
  kNarrow,   // a sum in a cheaper number type than PostgreSQL's did not fit
};

/// As NotSupported, of one way to run a statement. Settles as 0A000.
Status Refusal(std::string_view feature);
/// What a way needs is not to be had now. Settles as 55000.
Status Unavailable(std::string message);
/// A bug or a damage of one way. Settles as XX000.
Status PathFault(std::string message);
/// Settles as 22003.
Status NarrowOverflow(std::string message);

Blame BlameOf(const Status& status);
/// Another way to run the statement may still answer.
inline bool IsOfPath(const Status& status) { return BlameOf(status) != Blame::kStatement; }
/// The error as a client is told it; a statement's own and Ok as they are.
Status Settled(Status status);

}  // namespace omen
