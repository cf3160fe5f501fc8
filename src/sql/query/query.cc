#include "sql/query/query.h"

#include <fmt/format.h>

#include "sql/grammar/internal/parsed.h"
#include "sql/query/select.h"
#include "sql/query/set_operation.h"
#include "sql/query/with.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

class BoundAsQueries final : public Subqueries {
 public:
  QueryResult Bind(Binding& binding, const Node* node) const override {
    return QueryBinder(binding).Bind(node);
  }
  QueryResult BindView(BindState* state, const catalog::View& view) const override;
};

}  // namespace

const Subqueries& TheSubqueries() {
  static constexpr BoundAsQueries kSubqueries;
  return kSubqueries;
}

QueryResult BindQuery(BindState* state, const Node* node) {
  Binding binding(state, TheSubqueries());
  return QueryBinder(binding).Bind(node);
}

QueryResult BoundAsQueries::BindView(BindState* state, const catalog::View& view) const {
  DepthGuard guard(state, kQueryDepth);
  OMEN_RETURN_IF_ERROR(guard.Check(-1));
  OMEN_ASSIGN_OR_RETURN(auto parsed, Parse(view.query_sql));
  if (parsed.size() != 1) return InternalError(fmt::format("view {} is damaged", view.name));
  state->AddText(view.query_sql.size());
  std::vector<std::string> path = view.search_path;
  path.swap(state->search_path);
  auto query = BindQuery(state, parsed[0].impl()->tree);
  path.swap(state->search_path);
  if (query.ok()) return query;
  Status status = std::move(query).status();
  status.error().byte_offset = -1;
  return status;
}

QueryResult QueryBinder::Bind(const Node* node) {
  const auto* select = NodeAs<SelectStmt>(node, T_SelectStmt);
  if (select == nullptr) return NotSupported("a data-modifying statement in WITH");
  return BindSelect(*select, false);
}

QueryResult QueryBinder::BindSelect(const SelectStmt& select, bool coerce_later,
                                    const WithClause* with) {
  DepthGuard guard(binding_.state(), select.op == SETOP_NONE ? kQueryDepth : 1);
  OMEN_RETURN_IF_ERROR(guard.Check(-1));
  auto query = std::make_unique<Query>();
  ScopeFrame scope(binding_, query.get());
  scope->value_is_coerced = coerce_later;
  if (select.intoClause != nullptr && binding_.state()->into_select != &select) {
    return Status(sqlstate::kSyntaxError, "SELECT ... INTO is not allowed here");
  }
  if (with != nullptr) OMEN_RETURN_IF_ERROR(WithBinder(binding_).Bind(*with));
  if (select.withClause != nullptr) {
    OMEN_RETURN_IF_ERROR(WithBinder(binding_).Bind(*select.withClause));
  }
  if (select.op != SETOP_NONE) {
    OMEN_RETURN_IF_ERROR(SetOperationBinder(binding_).Bind(select));
  } else if (select.valuesLists != nullptr) {
    OMEN_RETURN_IF_ERROR(SelectBinder(binding_).BindValues(select));
  } else {
    OMEN_RETURN_IF_ERROR(SelectBinder(binding_).Bind(select));
  }
  return query;
}

}  // namespace omen::sql
