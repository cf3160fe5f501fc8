// How the text of a definition is laid out.
#pragma once

namespace omen::sql {

/// PostgreSQL's choices for pg_get_viewdef and its like.
struct TextLayout {
  bool pretty = false;  // fewer parentheses
  int wrap_column = 0;  // columns and tables that would pass it begin a line; -1: none does
};

}  // namespace omen::sql
