// The text of an expression for EXPLAIN.
#pragma once

#include <string>
#include <vector>

#include "sql/tree/query.h"

namespace omen::exec {

std::string ExprText(const sql::Expr& expr, const sql::Query& query);
std::string KeysText(const std::vector<const sql::Expr*>& keys, const sql::Query& query);
std::string ConjunctText(const std::vector<const sql::Expr*>& conjuncts, const sql::Query& query);

}  // namespace omen::exec
