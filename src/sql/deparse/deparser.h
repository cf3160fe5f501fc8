// Prints bound trees as PostgreSQL's ruleutils does. Used by definition/; spread over deparse_*.cc.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "sql/deparse/text_layout.h"
#include "sql/tree/bind_context.h"
#include "sql/tree/query.h"

namespace omen::sql {

/// The names that one query level's relations and their columns have in the text.
struct TextScope {
  const Query* query = nullptr;
  std::vector<std::string> relations;
  std::vector<std::vector<std::string>> columns;
  std::vector<bool> lists_columns;  // the column names are written after the relation's
};

/// One text. What it cannot print makes it fail as a whole; the text is worth nothing then.
class Deparser {
 public:
  Deparser(const BindContext& reader, TextLayout layout) : reader_(reader), layout_(layout) {}

  /// False when it failed.
  bool ViewQuery(const Query& query, const catalog::View& view);
  bool TableExpression(const Expr& expr, const catalog::Table* table);
  std::string TakeText() { return std::move(text_); }

 private:
  using Columns = std::vector<catalog::Column>;

  // deparse_expr.cc. Each prints one term that needs no parentheses around it. `implicit`: casts
  // that were not written are shown, too, if they are the outermost.
  void Expression(const Expr& expr, bool implicit);
  void Expressions(const std::vector<ExprPtr>& exprs, bool implicit);
  /// In pretty layout with the parentheses that `parent` needs around it.
  void Operand(const Expr& expr, bool implicit, const Expr& parent);
  bool Reworded(const Expr& expr, bool implicit);
  void Variable(const Expr& expr);
  /// The scope that names a column reference; null where none does.
  const TextScope* ScopeOf(const Expr& column) const;
  /// The column's name that Variable() shows.
  std::string ShownColumn(const Expr& variable) const;
  void Operator(const Expr& expr);
  void Connective(const Expr& expr, std::string_view word);
  void Negation(const Expr& expr);
  void Test(const Expr& expr, bool implicit);
  void Distinct(const Expr& expr);
  void OverArray(const Expr& expr, std::string_view quantifier);
  void Case(const Expr& expr);
  void ArrayLiteral(const Expr& expr);
  void Subscript(const Expr& expr);
  void Call(std::string_view name, const std::vector<ExprPtr>& args);
  void Open() { Add(layout_.pretty ? "" : "("); }
  void Close() { Add(layout_.pretty ? "" : ")"); }

  // deparse_cast.cc
  void Cast(const Expr& cast, bool implicit);
  void Coercion(const Expr& cast);
  /// `label` <0: without its type; 0: with it where a reader would take another; >0: always.
  void Constant(const Expr& constant, int label);
  void ReferenceText(const Expr& constant, std::string* text);

  // deparse_call.cc
  void Function(const Expr& call);
  bool SqlSyntax(const Expr& call);
  void Trim(const Expr& call, std::string_view side);
  void Worded(const Expr& call, std::initializer_list<std::string_view> words);
  void Aggregate(const Expr& call);
  void WindowCall(const Expr& call);
  void WindowSpec(const WindowDef& window);
  void Frame(const WindowDef& window);
  void FrameBound(WindowDef::Bound bound, const ExprPtr& offset);
  void Subquery(const Expr& expr);

  // deparse_query.cc. `names` are a view's columns; `visible`: someone sees the columns' names.
  void Select(const Query& query, const Columns* names, bool visible);
  void With(const Query& query);
  void Plain(const Query& query, const Columns* names, bool visible);
  void SetOperation(const Query& query, const Columns* names, bool visible);
  void Arm(const Query& arm, const Columns* names, bool visible);
  void Values(const Relation& relation);
  void Targets(const Query& query, const Columns* names, bool visible);
  void DistinctOn(const Query& query);
  void GroupBy(const Query& query);
  void Grouping(const Query& query, const GroupingItem& item, bool bare);
  void Windows(const Query& query);
  void Limits(const Query& query);
  void Locks(const Query& query);
  void SortItem(const Expr& expr, bool by_number = false);
  void SortItems(const std::vector<SortKey>& keys, bool by_number = false);

  // deparse_from.cc
  void From(const Query& query);
  void Item(const Query& query, const FromItem& item);
  void Join(const Query& query, const FromItem& item);
  void RelationItem(const Query& query, int index);
  void FunctionItem(const Relation& relation);
  /// A table or view, with its schema where the bare name would find something else.
  std::string RelationName(Oid oid, Oid schema, std::string_view name) const;

  // deparse_names.cc
  void EnterScope(const Query& query);
  void NameRelations(TextScope* scope);
  void NameColumns(TextScope* scope);

  void Add(std::string_view text) { out_->append(text); }
  void AddName(std::string_view name);
  /// A list of names in parentheses; nothing where there is none.
  void AddNames(const std::vector<std::string>& names);
  /// Begins a line with a keyword; the numbers change the indentation before it, after it, and
  /// for it alone.
  void Line(std::string_view keyword, int before, int after, int alone);
  /// Puts a list's next item behind the text, on a line of its own if it would be too long, or if
  /// it must be. True when the item has several lines.
  bool AddField(std::string_view field, bool may_break, bool must_break);
  void Fail() { failed_ = true; }

  const BindContext& reader_;
  const TextLayout layout_;
  std::string text_;
  std::string* out_ = &text_;
  int indent_ = 0;
  bool prefixed_ = false;  // columns are shown with their relation
  bool failed_ = false;
  std::vector<TextScope> scopes_;
};

/// What PostgreSQL has as a plain column reference.
bool IsVariable(const Expr& expr);
/// True where an expression may stand beside `parent`'s operator or keyword as it is.
bool IsSimpleOperand(const Expr& expr, const Expr& parent, bool pretty);

}  // namespace omen::sql
