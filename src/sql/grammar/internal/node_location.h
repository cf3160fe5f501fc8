// Where an expression begins in the script.
#pragma once

struct Node;

namespace omen::sql {

/// The leftmost byte offset in an expression's tree, -1 when it has none.
int LeftmostLocation(const ::Node* node);

}  // namespace omen::sql
