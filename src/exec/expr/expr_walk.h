// Walks over bound expressions: which relations they use, whether they may be moved.
#pragma once

#include <functional>
#include <vector>

#include "sql/tree/query.h"

namespace omen::exec {

/// Visits every node of the expression, subqueries included; `depth` counts the query levels
/// entered. Returning false skips what lies below the node.
using ExprVisitor = std::function<bool(const sql::Expr&, int depth)>;
void WalkExpr(const sql::Expr& expr, const ExprVisitor& visit, int depth = 0);
void WalkQuery(const sql::Query& query, const ExprVisitor& visit, int depth);

/// The query and every query inside it.
void WalkQueries(const sql::Query& query, const std::function<void(const sql::Query&)>& visit);

/// Relations of the level `expr` belongs to, as bits. Relations beyond the 64th are refused
/// before planning begins.
uint64_t RelationsOf(const sql::Expr& expr);
bool IsVolatile(const sql::Expr& expr);
bool HasSubquery(const sql::Expr& expr);
bool HasSetFunction(const sql::Expr& expr);
/// The parts of a conjunction, ANDs taken apart.
void SplitConjunction(const sql::Expr* expr, std::vector<const sql::Expr*>* conjuncts);
/// True when the expression is never true where all columns of `relations` are null.
bool RejectsNulls(const sql::Expr& expr, uint64_t relations);
/// Aggregates of this level, outermost only, each once by structure.
void CollectAggregates(const sql::Expr& expr, std::vector<const sql::Expr*>* aggregates);
void CollectSetFunctions(const sql::Expr& expr, std::vector<const sql::Expr*>* calls);
void CollectGroupings(const sql::Expr& expr, std::vector<const sql::Expr*>* calls);
void CollectWindowCalls(const sql::Expr& expr, std::vector<const sql::Expr*>* calls);
/// Collects from whatever is computed above FROM, WHERE and GROUP BY.
void CollectFromTargets(const sql::Query& query,
                        void (*collect)(const sql::Expr&, std::vector<const sql::Expr*>*),
                        std::vector<const sql::Expr*>* found);
/// Calls `change` on every column reference of this level and of those around it.
void ForEachColumn(sql::Expr* expr, const std::function<void(sql::Expr*, int depth)>& change);

}  // namespace omen::exec
