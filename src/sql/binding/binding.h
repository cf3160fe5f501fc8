// What all parts of one binding share.
#pragma once

#include "sql/binding/scope.h"
#include "sql/binding/subqueries.h"
#include "sql/typing/state.h"

namespace omen::sql {

/// PostgreSQL's parse analysis of one statement over our catalogue, under way: its state and the
/// query level whose names are seen. One thread. Its parts (ExprBinder, QueryBinder and those that
/// they use) hold a reference to it; after a failure of any of them it is worth nothing. Errors are
/// PostgreSQL's, with the byte offset of the node that caused them.
class Binding {
 public:
  Binding(BindState* state, const Subqueries& subqueries)
      : state_(state), subqueries_(subqueries) {}
  Binding(const Binding&) = delete;
  Binding& operator=(const Binding&) = delete;

  BindState* state() const { return state_; }
  /// BindContext::as_written.
  bool as_written() const { return state_->as_written(); }
  const Subqueries& subqueries() const { return subqueries_; }
  /// The innermost query level; null outside of all queries.
  Scope* scope() const { return scope_; }

 private:
  friend class ScopeFrame;

  BindState* state_;
  const Subqueries& subqueries_;
  Scope* scope_ = nullptr;
};

/// Enters a new innermost query level while it lives. One thread.
class ScopeFrame {
 public:
  ScopeFrame(Binding& binding, Query* query) : binding_(binding) {
    scope_.parent = binding.scope_;
    scope_.query = query;
    binding.scope_ = &scope_;
  }
  ~ScopeFrame() { binding_.scope_ = scope_.parent; }
  ScopeFrame(const ScopeFrame&) = delete;
  ScopeFrame& operator=(const ScopeFrame&) = delete;
  Scope* operator->() { return &scope_; }

 private:
  Binding& binding_;
  Scope scope_;
};

}  // namespace omen::sql
