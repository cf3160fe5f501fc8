// What is written in a statement and read by nobody is refused, by construction: a table of the
// fields of the grammar's nodes says which ones the binder reads (parse_fields.inc).
#pragma once

#include "base/result.h"

struct Node;

namespace omen::sql {

/// 0A000 with the feature's name for the first field in the tree that is set and not read, and
/// for nodes below the statement's own that the table does not know. A statement of a kind that
/// it does not know is left to the binder. Any thread.
Status RefuseUnread(const ::Node* statement);

}  // namespace omen::sql
