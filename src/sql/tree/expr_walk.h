// Walks over bound expressions: which relations they use, whether they may be moved.
#pragma once

#include <functional>
#include <vector>

#include "sql/tree/query.h"

namespace omen::sql {

/// Visits every node of the expression, subqueries included; `depth` counts the query levels
/// entered. Returning false skips what lies below the node.
using ExprVisitor = std::function<bool(const Expr&, int depth)>;
void WalkExpr(const Expr& expr, const ExprVisitor& visit, int depth = 0);
void WalkQuery(const Query& query, const ExprVisitor& visit, int depth);

/// The query and every query inside it.
void WalkQueries(const Query& query, const std::function<void(const Query&)>& visit);
/// Nothing that a function or the server makes is read, at any level.
bool ReadsTablesAlone(const Query& query);

/// Columns of a query around the expression's own, or around the one `depth` levels above `query`.
bool ReadsOuterColumns(const Expr& expr);
bool ReadsQueriesAround(const Query& query, int depth);

/// Relations of the level `expr` belongs to, as bits. Relations beyond the 64th are refused
/// before planning begins.
uint64_t RelationsOf(const Expr& expr);
bool IsVolatile(const Expr& expr);
bool HasSubquery(const Expr& expr);
bool HasSetFunction(const Expr& expr);
/// The parts of a conjunction, ANDs taken apart.
void SplitConjunction(const Expr* expr, std::vector<const Expr*>* conjuncts);
/// True when the expression is never true where all columns of `relations` are null.
bool RejectsNulls(const Expr& expr, uint64_t relations);
/// Aggregates of this level, outermost only, each once by structure.
void CollectAggregates(const Expr& expr, std::vector<const Expr*>* aggregates);
void CollectSetFunctions(const Expr& expr, std::vector<const Expr*>* calls);
void CollectGroupings(const Expr& expr, std::vector<const Expr*>* calls);
void CollectWindowCalls(const Expr& expr, std::vector<const Expr*>* calls);
/// Collects from whatever is computed above FROM, WHERE and GROUP BY.
void CollectFromTargets(const Query& query, void (*collect)(const Expr&, std::vector<const Expr*>*),
                        std::vector<const Expr*>* found);
/// Calls `change` on every column reference of this level and of those around it.
void ForEachColumn(Expr* expr, const std::function<void(Expr*, int depth)>& change);

}  // namespace omen::sql
