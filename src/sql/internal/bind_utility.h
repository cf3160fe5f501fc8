// Statements that are not queries: DDL, transactions, settings, cursors and the rest.
#pragma once

#include <string_view>

#include "sql/internal/binder.h"

struct Constraint;

namespace omen::sql {

/// The body of any statement. `script` is the text that node locations point into.
Result<StatementBody> BindBody(Binder* binder, const ::Node* node, std::string_view script);
/// SELECT, INSERT, UPDATE or DELETE.
QueryResult BindQueryNode(Binder* binder, const ::Node* node);
/// Every other statement; 0A000 with its name for what is not built.
Result<StatementBody> BindUtility(Binder* binder, const ::Node* node, std::string_view script);

/// Records the parameters' types; 42P18 for those that nothing gave one.
Status FinishParams(BindState* state, Query* query);

}  // namespace omen::sql
