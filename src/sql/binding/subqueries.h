// The queries inside expressions and FROM, as the rooms below queries ask for them.
#pragma once

#include <memory>

#include "base/result.h"
#include "sql/grammar/internal/node_names.h"
#include "sql/tree/query.h"

namespace omen::sql {

class Binding;
struct BindState;
using QueryPtr = std::unique_ptr<Query>;
using QueryResult = Result<QueryPtr>;

/// Binds queries for what is bound inside of another. Any thread; there is one, of the room of
/// queries, and it has no state. It fails as QueryBinder does.
class Subqueries {
 public:
  /// At a level of its own, within the current one.
  virtual QueryResult Bind(Binding& binding, const ::Node* node) const = 0;
  /// A stored view's query, which sees no names around it, under its own search path.
  virtual QueryResult BindView(BindState* state, const catalog::View& view) const = 0;

 protected:
  ~Subqueries() = default;
};

}  // namespace omen::sql
