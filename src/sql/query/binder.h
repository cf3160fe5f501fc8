// The binder: PostgreSQL's parse analysis over our catalogue. One Binder binds one
// statement on one thread; its methods are spread over bind_*.cc by topic. Errors are
// PostgreSQL's, with the byte offset of the node that caused them.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/grammar/internal/node_names.h"
#include "sql/query/lookup.h"
#include "sql/query/scope.h"
#include "sql/typing/coerce.h"
#include "sql/typing/names.h"
#include "sql/typing/resolve.h"
#include "sql/typing/state.h"

namespace omen::sql {

using QueryPtr = std::unique_ptr<Query>;
using QueryResult = Result<QueryPtr>;

/// * or t.*
bool IsStar(const ::Node* node);

class Binder : public NameLookup {
 public:
  explicit Binder(BindState* state) : NameLookup(state) {}
  BindState* state() { return state_; }

  // Queries (bind_select.cc, bind_set_op.cc).
  QueryResult BindQuery(const ::Node* node, bool coerce_later = false);
  QueryResult BindSelect(const ::SelectStmt& select, bool coerce_later);
  /// A stored view's query, bound in a fresh scope under its own search path.
  QueryResult BindView(const catalog::View& view);

  // Expressions.
  ExprResult BindExpr(const ::Node* node, Clause clause);
  ExprResult BindBool(const ::Node* node, Clause clause);
  /// Binds over one table's columns as relation 0 (CHECK, USING, DEFAULT with no table).
  ExprResult BindOverTable(const ::Node* node, const catalog::Table* table, Clause clause);
  /// Assignment of a value to a column: 42804 naming both types.
  ExprResult CoerceToColumn(ExprPtr expr, const catalog::Column& column);

 protected:
  // bind_expr.cc
  ExprResult Bind(const ::Node* node);
  ExprResult BindNode(const ::Node* node);
  ExprResult BindConst(const ::A_Const& node);
  ExprResult BindParam(const ::ParamRef& node);
  ExprResult BindTypeCast(const ::TypeCast& node);
  ExprResult BindCollate(const ::CollateClause& node);
  ExprResult BindBoolExpr(const ::BoolExpr& node);
  ExprResult BindNullTest(const ::NullTest& node);
  ExprResult BindBooleanTest(const ::BooleanTest& node);
  ExprResult BindCase(const ::CaseExpr& node);
  ExprResult BindCoalesce(const ::List* args, int location);
  ExprResult BindMinMax(const ::MinMaxExpr& node);
  ExprResult BindValueFunction(const ::SQLValueFunction& node);
  ExprResult BindArray(const ::A_ArrayExpr& node, Type target);
  ExprResult BindRow(const ::RowExpr& node);
  /// The fields of a row: t.* stands for t's columns.
  Result<std::vector<ExprPtr>> BindFields(const ::List* nodes);
  ExprResult BindIndirection(const ::A_Indirection& node);
  ExprResult BindSubscript(ExprPtr base, const ::Node* node);
  ExprResult BindGrouping(const ::GroupingFunc& node);
  Result<std::vector<ExprPtr>> BindList(const ::List* nodes);
  /// Coerces all to their common type.
  Status Unify(std::vector<ExprPtr>* exprs, std::string_view construct, Type* type);
  ExprResult ExplicitCast(ExprPtr expr, Type target, int location);
  /// The expression, under as_written with how it was written.
  ExprPtr KeepWriting(ExprPtr expr, Wording::Form form, std::string_view name = {});

  // bind_column.cc
  ExprResult BindColumnRef(const ::ColumnRef& node);
  ExprResult BareColumn(std::string_view name, int location);
  ExprResult QualifiedColumn(std::string_view schema, std::string_view relation,
                             std::string_view column, int location);

  // bind_operator.cc
  ExprResult BindAExpr(const ::A_Expr& node);
  ExprResult BindOperator(const ::A_Expr& node);
  ExprResult BindArrayOperator(const ::A_Expr& node, bool all);
  ExprResult BindDistinct(const ::A_Expr& node, bool negated);
  ExprResult BindNullIf(const ::A_Expr& node);
  ExprResult BindIn(const ::A_Expr& node);
  ExprResult BindBetween(const ::A_Expr& node);
  /// IN as the = ANY over an array that PostgreSQL keeps.
  ExprResult InAsWritten(const ::List* nodes, ExprPtr left, bool negated, int location);
  ExprResult CompareItem(std::string_view name, const Expr& left, ExprPtr item, int location);
  ExprResult OverArray(std::string_view name, ExprPtr left, ExprPtr array, bool all, int location);
  ExprResult BindLongIn(const ::List* nodes, ExprPtr left, bool negated, int location);
  ExprResult InList(std::string_view name, ExprPtr left, std::vector<ExprPtr> items, bool negated,
                    int location);
  /// Only the operators of an order compare rows.
  static Status UnknownRowOperator(std::string_view name);
  ExprResult BindRowWithRow(const ::A_Expr& node, std::string name, const ::SubLink& sub);
  ExprResult RowComparison(std::string_view name, std::vector<ExprPtr> left,
                           std::vector<ExprPtr> right, int location);
  ExprResult RowOrder(std::string_view name, std::vector<ExprPtr> left, std::vector<ExprPtr> right,
                      int location);
  ExprResult RowDistinct(std::vector<ExprPtr> left, std::vector<ExprPtr> right, int location);
  Result<bool> OperatorName(const ::A_Expr& node, std::string* name);

 public:
  // Shared by several topics.
  ExprResult Operate(std::string_view name, ExprPtr left, ExprPtr right, int location);
  ExprResult OperatorCall(std::string_view name, ExprPtr left, ExprPtr right, int location);
  ExprPtr Copy(const Expr& expr);
  ExprPtr CopyAt(const Expr& expr, int location);
  ExprResult CallFunction(std::string_view name, std::vector<ExprPtr> args, int location);
  ExprResult CastTo(ExprPtr expr, Oid target) {
    return ExplicitCast(std::move(expr), {target}, -1);
  }

 protected:
  // bind_function.cc, bind_window.cc
  ExprResult BindCall(const ::FuncCall& node);
  ExprResult FinishFunction(const ::FuncCall& node, const Callee& callee, std::vector<ExprPtr> args,
                            Oid result);
  ExprResult FinishAggregate(const ::FuncCall& node, const Callee& callee,
                             std::vector<ExprPtr> args, Oid result);
  ExprResult FinishWindow(const ::FuncCall& node, const Callee& callee, std::vector<ExprPtr> args,
                          Oid result);
  Status CheckCallOptions(const ::FuncCall& node, const Callee& callee, std::string_view name);
  Status CheckAggregatePlace(const Expr& call, int location);
  Status BindAggregateOptions(const ::FuncCall& node, Expr* call);
  /// What a function takes as any type, it takes with the blanks of char(n).
  void KeepBlanks(const Callee& callee, std::vector<ExprPtr>* args);
  Status CoerceArguments(std::vector<ExprPtr>* args, std::vector<Oid> declared);
  Result<int> WindowIndex(const ::WindowDef& node);
  Result<int> NamedWindowIndex(std::string_view name, int location);
  Result<WindowDef> BindWindow(const ::WindowDef& node);
  Status BindFrame(const ::WindowDef& node, WindowDef* window);
  ExprResult BindFrameOffset(const ::Node* node, const WindowDef& window);

  Status NeedEquality(const Expr& expr);
  Status NeedOrdering(const Expr& expr);

  // bind_sublink.cc
  ExprResult BindSubLink(const ::SubLink& node);
  ExprResult BindAnySubLink(const ::SubLink& node, QueryPtr query);
  ExprResult CompareWithRows(std::vector<ExprPtr> lefts, std::string name, Quantifier quantifier,
                             QueryPtr query, int location);
  Result<QueryPtr> SubQuery(const ::Node* node);

  // bind_select.cc
  Status BindPlainSelect(const ::SelectStmt& select);
  Status BindValues(const ::SelectStmt& select);
  Status FinishSelect(const ::SelectStmt& select);
  Status BindWindows(const ::SelectStmt& select);
  Status ResolveUnknownTargets();
  Status BindSetOperation(const ::SelectStmt& select);
  Status BindSetTargets(const ::SelectStmt& select, std::string_view name);
  Status BindSetOrder(const ::SelectStmt& select);
  Status BindWith(const ::WithClause& with);
  Status BindCte(const ::CommonTableExpr& node, bool recursive);
  Status BindRecursiveCte(const ::CommonTableExpr& node, const ::SelectStmt& select, size_t entry);
  Status NameCteColumns(const ::CommonTableExpr& node, std::vector<OutputColumn>* columns);
  Status ExpandSets();

  // bind_targets.cc
  Status BindTargets(const ::List* targets, Clause clause, std::vector<TargetEntry>* out);
  Status BindStar(const ::ColumnRef& node, std::vector<TargetEntry>* out);
  void ExpandItem(const Scope& scope, const NsItem& item, int levels_up, int location,
                  std::vector<TargetEntry>* out);
  TargetEntry MakeTarget(ExprPtr expr, std::string name);

  // bind_clauses.cc
  Status BindGroupBy(const ::List* clause, bool distinct);
  Result<int> GroupIndex(const ::Node* node);
  Status GroupItem(const ::Node* node, std::vector<std::vector<int>>* sets);
  Status GroupSet(const ::GroupingSet& node, std::vector<std::vector<int>>* sets);
  Status KeepGrouping(const ::Node* node, bool outermost, std::vector<GroupingItem>* items);
  Status GroupNodes(const ::Node* node, std::vector<int>* indexes);
  Result<int> TargetNamed(const ::Node* node, Clause clause);
  ExprResult MatchTarget(const ::Node* node, Clause clause);
  Status BindOrderBy(const ::List* clause, SortRule rule, Clause where, std::vector<SortKey>* out);
  Status BindDistinct(const ::List* clause);
  Status BindLimit(const ::SelectStmt& select);
  ExprResult BindLimitExpr(const ::Node* node, Clause clause);
  Status BindLocks(const ::SelectStmt& select);
  Status LockRelations(const ::LockingClause& clause, Query* query, bool all);
  Status CheckGroups();
  Status CheckGroupTarget(const Expr& expr);

  // bind_from.cc
  Status BindFrom(const ::List* from);
  Result<BoundFrom> BindFromItem(const ::Node* node);
  Result<BoundFrom> BindRangeVar(const ::RangeVar& node);
  Result<BoundFrom> BindSubselect(const ::RangeSubselect& node);
  Result<BoundFrom> BindRangeFunction(const ::RangeFunction& node);
  Result<BoundFrom> BindJoin(const ::JoinExpr& node);
  Status JoinUsing(const ::List* names, const ::JoinExpr& node, BoundFrom* left, BoundFrom* right,
                   BoundFrom* joined);
  Result<std::vector<NsColumn>> JoinColumns(const std::vector<NsItem>& names);
  Result<BoundFrom> AddRelation(Relation relation, const ::Alias* alias, int location,
                                Oid table = 0);
  Result<Relation> RelationOf(const ::RangeVar& node);
  bool FindCte(const ::RangeVar& node, Relation* relation, Status* status);
  Status BindJoinCondition(const ::JoinExpr& node, BoundFrom* joined);
  ExprResult MergedColumn(const NsColumn& left, const NsColumn& right, int join_type);
  void NoteTable(Oid table);
  Status CheckNames(const std::vector<NsItem>& have, const std::vector<NsItem>& more);

  // bind_update.cc
  ExprResult MultiAssign(const ::MultiAssignRef& node);

  // INSERT's own WITH, bound as part of the query that is its source.
  const ::WithClause* pending_with_ = nullptr;
  friend class ScopeFrame;
};

/// Enters a new innermost query level while it lives.
class ScopeFrame {
 public:
  ScopeFrame(Binder* binder, Query* query) : binder_(binder) {
    scope_.parent = binder->scope_;
    scope_.query = query;
    binder->scope_ = &scope_;
  }
  ~ScopeFrame() { binder_->scope_ = scope_.parent; }
  ScopeFrame(const ScopeFrame&) = delete;
  ScopeFrame& operator=(const ScopeFrame&) = delete;
  Scope* operator->() { return &scope_; }

 private:
  Binder* binder_;
  Scope scope_;
};

/// The name PostgreSQL gives an unnamed output column.
std::string FigureColumnName(const ::Node* node);

}  // namespace omen::sql
