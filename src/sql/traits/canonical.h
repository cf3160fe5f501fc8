// Writes bound queries so that those that ask the same are written the same. The text is for
// hashing; it names tables by OID, relations by their place in an order of its own, and literals
// and parameters not at all.
//
// Relations of one level are told apart by what they are and by what is said of them: as in
// Weisfeiler and Leman's refinement ("The reduction of a graph to canonical form", 1968), a
// relation's colour is hashed with the conditions and targets that mention it, written with the
// others' colours, a few times over; then they are numbered by colour. Relations that stay alike
// keep the order in which they were written.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/traits/traits.h"
#include "sql/tree/query.h"

namespace omen::sql {

/// One query level while it is written. A plain subquery in FROM (a view, mostly) is merged into
/// the level around it: its frame then stands for its relation's columns.
struct CanonicalFrame {
  const Query* query = nullptr;
  CanonicalFrame* outer = nullptr;
  std::vector<std::string> names;                       // by relation
  std::vector<std::unique_ptr<CanonicalFrame>> merged;  // by relation; null: not merged
};

/// A relation of a level, merged levels included.
struct CanonicalLeaf {
  CanonicalFrame* frame;
  int relation;
  std::string role;  // the sides of outer joins it is on, from the outside
};

struct CanonicalCondition {
  const Expr* expr;
  CanonicalFrame* frame;
};

/// Relations joined in any order, and what holds between them.
struct CanonicalGroup {
  struct OuterJoin {
    bool full;
    std::unique_ptr<CanonicalGroup> left, right;
    std::vector<CanonicalCondition> conditions;
  };
  std::vector<size_t> leaves;  // into the level's
  std::vector<OuterJoin> outer_joins;
  std::vector<CanonicalCondition> conditions;
};

/// A level taken apart: every relation it reads, and how they are joined.
struct CanonicalLevel {
  CanonicalFrame frame;
  std::vector<CanonicalLeaf> leaves;
  CanonicalGroup group;
};

/// Writes one statement and notes in `traits` what it meets. One thread, used once.
class CanonicalWriter {
 public:
  explicit CanonicalWriter(StatementTraits* traits) : traits_(traits) {}

  std::string Write(const Query& query) { return WriteQuery(query, nullptr); }

 private:
  // canonical_query.cc
  std::string WriteQuery(const Query& query, CanonicalFrame* outer);
  /// Of a query inside a level whose relations are being named: in linear time.
  std::string Sketch(const Query& query, CanonicalFrame* outer);
  std::string WriteSetOperation(const Query& query, CanonicalFrame* outer);
  std::string WriteLevel(const Query& query, CanonicalFrame* outer);
  std::string WriteCtes(const Query& query, CanonicalFrame* frame);
  std::string WriteOutput(const Query& query, CanonicalFrame* frame);
  std::string WriteGrouping(const Query& query, CanonicalFrame* frame);
  std::string WriteOrder(const Query& query, CanonicalFrame* frame);
  std::string WriteLocks(const Query& query, const CanonicalFrame& frame);
  std::string WriteChange(const Query& query, CanonicalFrame* frame);
  std::string WriteRelation(const Relation& relation, CanonicalFrame* frame);
  std::string WriteGroup(const CanonicalLevel& level, const CanonicalGroup& group);
  void CountShape(const Query& query);

  // canonical_level.cc
  void TakeApart(const Query& query, CanonicalLevel* level);
  void AddItem(const FromItem& item, CanonicalFrame* frame, const std::string& role,
               CanonicalLevel* level, CanonicalGroup* group);
  void NameRelations(const Query& query, CanonicalLevel* level);
  std::vector<std::string> Refined(const Query& query, CanonicalLevel* level,
                                   const std::vector<std::string>& colours);
  std::vector<CanonicalCondition> AllConditions(const CanonicalGroup& group) const;

  // canonical_parts.cc
  struct LevelParts;
  void NoteParts(const Query& query, CanonicalLevel* level);
  void NoteScan(size_t leaf, LevelParts* parts);
  std::string NoteJoins(const LevelParts& parts);
  void NotePart(const LevelParts& parts, PlanPart::Kind kind, uint64_t who,
                const std::string& what);
  void NotePredicates(const CanonicalCondition& condition);
  /// False where statistics tell nothing of it.
  bool NotePredicate(const Expr& operand, CanonicalFrame* frame, PredicateKind kind);

  // canonical_expr.cc
  std::string WriteExpr(const Expr& expr, CanonicalFrame* frame);
  std::string WriteColumn(const Expr& expr, CanonicalFrame* frame);
  std::string WriteFunction(const Expr& expr, CanonicalFrame* frame);
  std::string WriteComparison(const Expr& expr, std::string_view op, CanonicalFrame* frame);
  std::string WriteCast(const Expr& expr, CanonicalFrame* frame);
  std::string WriteMembership(const Expr& expr, CanonicalFrame* frame);
  std::string WriteCall(const Expr& expr, CanonicalFrame* frame);
  std::string WriteWindow(const WindowDef& window, CanonicalFrame* frame);
  std::string WriteSubquery(const Expr& expr, CanonicalFrame* frame);
  std::string WriteAll(const std::vector<ExprPtr>& exprs, CanonicalFrame* frame);
  std::string WriteSorted(const std::vector<ExprPtr>& exprs, std::string_view separator,
                          CanonicalFrame* frame);
  std::string WriteKeys(const std::vector<SortKey>& keys, CanonicalFrame* frame);
  std::string WriteOptional(const ExprPtr& expr, CanonicalFrame* frame);
  void NoteCall(const functions::Function& function);

  StatementTraits* traits_;
  std::set<ColumnRef> columns_read_;
  int quiet_ = 0;  // above 0: relations are being named, and what is written is thrown away

  friend StatementTraits TraitsOf(const Statement& statement, std::string_view template_text);
};

/// Texts in order, each once, with `separator` between them.
std::string JoinSorted(std::vector<std::string> texts, std::string_view separator);
/// The conjuncts of an expression.
void SplitAnd(const Expr* expr, CanonicalFrame* frame, std::vector<CanonicalCondition>* out);
/// The column of a table that a column reference stands for in the end; null table: of none.
ColumnRef BaseColumn(const Expr& expr, const CanonicalFrame* frame);
/// The frame `levels` out.
CanonicalFrame* FrameAt(CanonicalFrame* frame, int levels);
/// A literal, a parameter, or something of them.
bool IsGiven(const Expr& expr);

}  // namespace omen::sql
