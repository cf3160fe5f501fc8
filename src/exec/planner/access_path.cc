#include "exec/planner/access_path.h"

#include <algorithm>

#include "sql/tree/expr_walk.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;

// A column of the table seen through casts that change nothing.
const Expr* StripRelabel(const Expr& expr) {
  const Expr* node = &expr;
  while (node->kind == ExprKind::kCast && node->cast_method == functions::CastMethod::kBinary &&
         node->type.typmod < 0 && FamilyOf(node->type, node->args[0]->type) != ValueFamily::kNone) {
    node = node->args[0].get();
  }
  return node;
}

class PathChooser {
 public:
  PathChooser(const sql::Relation& relation, int relation_index, uint64_t available,
              const std::vector<Conjunct>& conjuncts, Estimates* estimates,
              const WantedOrder* order, const HiddenIndexes::Set* hidden, const CostModel& costs)
      : relation_(relation),
        table_(*relation.table),
        index_(relation_index),
        self_(uint64_t{1} << relation_index),
        available_(available),
        conjuncts_(conjuncts),
        estimates_(*estimates),
        table_rows_(estimates->TableRows(relation_index)),
        order_(order != nullptr && order->relation == relation_index ? order : nullptr),
        hidden_(hidden),
        costs_(costs) {
    if (order_ == nullptr) return;
    kept_rows_ = std::max(1.0, table_rows_ * estimates_.Share(index_, DecidedBy(self_, conjuncts)));
  }

  AccessPath Choose() {
    AccessPath best = FullScan();
    for (const catalog::Index& index : table_.indexes) {
      if (!index.primary && hidden_ != nullptr && hidden_->contains(index.storage_id)) continue;
      AccessPath path = ThroughIndex(index);
      if (path.terms.empty() && path.limits.empty() && !path.ordered) continue;
      if (IsBetter(path, best)) best = std::move(path);
    }
    return best;
  }

 private:
  AccessPath FullScan() const {
    AccessPath path;
    path.index = table_.primary_key();
    path.rows = table_rows_;
    path.cost = costs_.open + table_rows_ * costs_.step;
    if (path.index != nullptr) CheckOrder(*path.index, &path);
    return path;
  }

  // Of two that cost the same, one that the key limits passes nulls by.
  bool IsBetter(const AccessPath& path, const AccessPath& best) const {
    const double worth = Worth(path), other = Worth(best);
    return worth < other || (worth == other && !path.limits.empty() && best.limits.empty());
  }

  // A path in the wanted order saves the sort, and under a LIMIT the reading of what comes after:
  // where few rows pass the conditions that may be nothing.
  double Worth(const AccessPath& path) const {
    if (order_ == nullptr) return path.cost;
    if (!path.ordered) return path.cost + kept_rows_ * costs_.sort_row;
    if (order_->wanted <= 0) return path.cost;
    return costs_.open + path.cost * std::min(1.0, order_->wanted / kept_rows_);
  }

  bool OtherSideKnown(const Expr& expr) const {
    const uint64_t relations = RelationsOf(expr);
    return (relations & ~available_) == 0 && (relations & self_) == 0 && !IsVolatile(expr);
  }

  bool IsColumn(const Expr& expr, int attnum) const {
    const Expr* column = StripRelabel(expr);
    return column->kind == ExprKind::kColumn && column->levels_up == 0 && column->rel == index_ &&
           relation_.attnums[static_cast<size_t>(column->column)] == attnum;
  }

  bool MatchCompare(const Expr& expr, int attnum, KeyMatch* match) const {
    if (expr.kind != ExprKind::kFunction || expr.args.size() != 2) return false;
    CompareOp op;
    if (!ComparisonOf(expr.op, &op) || op == CompareOp::kNe) return false;
    for (int side = 0; side < 2; ++side) {
      const Expr& column = *expr.args[static_cast<size_t>(side)];
      const Expr& other = *expr.args[static_cast<size_t>(1 - side)];
      if (!IsColumn(column, attnum) || !OtherSideKnown(other)) continue;
      if (FamilyOf(table_.column(attnum).type, other.type) == ValueFamily::kNone) continue;
      match->kind = KeyMatch::Kind::kCompare;
      match->op = side == 0 ? op : Mirrored(op);
      match->value = &other;
      return true;
    }
    return false;
  }

  bool MatchList(const Expr& expr, int attnum, KeyMatch* match) const {
    CompareOp op;
    if ((expr.kind != ExprKind::kInList && expr.kind != ExprKind::kAny) || expr.negated ||
        !ComparisonOf(expr.op, &op) || op != CompareOp::kEq || !IsColumn(*expr.args[0], attnum)) {
      return false;
    }
    const Type column = table_.column(attnum).type;
    for (size_t i = 1; i < expr.args.size(); ++i) {
      Type type = expr.args[i]->type;
      if (expr.kind == ExprKind::kAny) type = {InfoOf(type.oid).element, -1};
      if (FamilyOf(column, type) == ValueFamily::kNone || !OtherSideKnown(*expr.args[i])) {
        return false;
      }
    }
    match->kind = expr.kind == ExprKind::kAny ? KeyMatch::Kind::kAnyArray : KeyMatch::Kind::kInList;
    match->value = &expr;
    return true;
  }

  bool Match(size_t conjunct, int attnum, KeyMatch* match) const {
    if (conjuncts_[conjunct].used || conjuncts_[conjunct].is_volatile) return false;
    const Expr& expr = *conjuncts_[conjunct].expr;
    match->conjunct = conjunct;
    if (expr.kind == ExprKind::kIsNull && IsColumn(*expr.args[0], attnum)) {
      match->kind = KeyMatch::Kind::kIsNull;
      return true;
    }
    if (expr.kind == ExprKind::kIsNotNull && IsColumn(*expr.args[0], attnum)) {
      match->kind = KeyMatch::Kind::kNotNull;
      return true;
    }
    return MatchCompare(expr, attnum, match) || MatchList(expr, attnum, match);
  }

  // The best equality on a key column: a single value before a list.
  bool FindTerm(int attnum, KeyMatch* best) const {
    bool found = false;
    for (size_t i = 0; i < conjuncts_.size(); ++i) {
      KeyMatch match;
      if (!Match(i, attnum, &match)) continue;
      if (match.kind == KeyMatch::Kind::kNotNull) continue;
      if (match.kind == KeyMatch::Kind::kCompare && match.op != CompareOp::kEq) continue;
      if (!found || match.kind == KeyMatch::Kind::kCompare) *best = match;
      found = true;
    }
    return found;
  }

  void FindLimits(int attnum, std::vector<KeyMatch>* limits) const {
    for (size_t i = 0; i < conjuncts_.size(); ++i) {
      KeyMatch match;
      if (!Match(i, attnum, &match)) continue;
      if (match.kind == KeyMatch::Kind::kCompare || match.kind == KeyMatch::Kind::kNotNull) {
        limits->push_back(match);
      }
    }
  }

  AccessPath ThroughIndex(const catalog::Index& index) const {
    AccessPath path;
    path.index = &index;
    double lists = 1;
    for (const catalog::IndexColumn& column : index.columns) {
      KeyMatch match;
      if (!FindTerm(column.attnum, &match)) {
        FindLimits(column.attnum, &path.limits);
        break;
      }
      if (match.kind == KeyMatch::Kind::kInList) {
        lists *= static_cast<double>(match.value->args.size() - 1);
      } else if (match.kind == KeyMatch::Kind::kAnyArray) {
        lists *= 10;
      }
      path.terms.push_back(match);
    }
    Estimate(index, lists, &path);
    CheckOrder(index, &path);
    return path;
  }

  void Estimate(const catalog::Index& index, double lists, AccessPath* path) const {
    const bool whole = path->terms.size() == index.columns.size();
    const bool nulls = std::ranges::any_of(
        path->terms, [](const auto& term) { return term.kind == KeyMatch::Kind::kIsNull; });
    path->point = whole && index.unique && !nulls;
    const double rows = path->point ? std::min(table_rows_, lists)
                                    : LimitedRows(index, *path, table_rows_ * KeyShare(*path));
    path->rows = std::max(rows, 1.0);
    const double opens = path->terms.empty() ? 1 : lists;
    path->cost = path->point ? lists * costs_.get : opens * costs_.open + path->rows * costs_.step;
    if (!index.primary) path->cost += FetchCost(path->rows);
  }

  /// Of the rows behind entries.
  double FetchCost(double rows) const {
    const double near = std::min(rows, kNearRows);
    return near * costs_.fetch + (rows - near) * costs_.fetch_far;
  }

  /// Of the table's rows, those that the key's conditions keep.
  double KeyShare(const AccessPath& path) const {
    std::vector<const Expr*> held;
    for (const KeyMatch& match : path.terms) held.push_back(conjuncts_[match.conjunct].expr);
    for (const KeyMatch& match : path.limits) held.push_back(conjuncts_[match.conjunct].expr);
    return estimates_.Share(index_, held);
  }

  bool KnownInt(const KeyMatch& match, double* number) const {
    const Expr* expr = match.value;
    while (expr->kind == ExprKind::kCast && expr->args[0]->type.oid != oid::kNumeric) {
      expr = expr->args[0].get();
    }
    const Value* value = estimates_.ValueOf(*expr);
    if (value == nullptr || value->is_null()) return false;
    if (FamilyOf(expr->type, {oid::kInt8, -1}) != ValueFamily::kInteger) return false;
    *number = static_cast<double>(value->AsInt());
    return true;
  }

  // Between two known values of a unique integer key there are at most that many rows.
  double LimitedRows(const catalog::Index& index, const AccessPath& path, double rows) const {
    if (!index.unique || path.terms.size() + 1 != index.columns.size()) return rows;
    double low = -1e300, high = 1e300, value = 0;
    for (const KeyMatch& limit : path.limits) {
      if (limit.kind == KeyMatch::Kind::kNotNull || !KnownInt(limit, &value)) continue;
      const bool above = limit.op == CompareOp::kGt || limit.op == CompareOp::kGe;
      if (above) low = std::max(low, value);
      if (!above) high = std::min(high, value);
    }
    if (high >= 1e299 || low <= -1e299) return rows;
    return std::min(rows, std::max(high - low + 1, 0.0));
  }

  bool IsNotNull(int attnum) const {
    const catalog::Index* primary = table_.primary_key();
    return table_.column(attnum).not_null ||
           (primary != nullptr && std::ranges::any_of(primary->columns, [&](const auto& column) {
              return column.attnum == attnum;
            }));
  }

  // Walks the wanted order along the key: columns fixed to one value may be stepped over.
  void CheckOrder(const catalog::Index& index, AccessPath* path) const {
    if (order_ == nullptr) return;
    size_t wanted = 0;
    bool forward = true, backward = true;
    for (size_t i = 0; i < index.columns.size() && wanted < order_->columns.size(); ++i) {
      const catalog::IndexColumn& column = index.columns[i];
      const WantedOrder::Column& want = order_->columns[wanted];
      const bool fixed = i < path->terms.size() && path->terms[i].kind != KeyMatch::Kind::kInList &&
                         path->terms[i].kind != KeyMatch::Kind::kAnyArray;
      if (column.attnum != want.attnum) {
        if (fixed) continue;
        return;
      }
      ++wanted;
      if (fixed) continue;
      const bool nulls_fit =
          IsNotNull(want.attnum) || (i == path->terms.size() && ExcludesNull(*path));
      forward = forward && column.descending == want.descending &&
                (nulls_fit || column.nulls_first == want.nulls_first);
      backward = backward && column.descending != want.descending &&
                 (nulls_fit || column.nulls_first != want.nulls_first);
    }
    if (wanted < order_->columns.size() && !SinglePoint(*path)) return;
    path->ordered = forward || backward;
    path->backward = !forward && backward;
  }

  // Limits are on one column, and every one of them leaves nulls out.
  static bool ExcludesNull(const AccessPath& path) { return !path.limits.empty(); }

  static bool SinglePoint(const AccessPath& path) {
    return path.point && std::ranges::all_of(path.terms, [](const KeyMatch& term) {
             return term.kind == KeyMatch::Kind::kCompare;
           });
  }

  const sql::Relation& relation_;
  const catalog::Table& table_;
  int index_;
  uint64_t self_, available_;
  const std::vector<Conjunct>& conjuncts_;
  Estimates& estimates_;
  const double table_rows_;
  const WantedOrder* order_;
  const HiddenIndexes::Set* hidden_;
  const CostModel& costs_;
  double kept_rows_ = 1;  // that all conditions keep; where an order is wanted
};

}  // namespace

std::vector<const Expr*> DecidedBy(uint64_t visible, const std::vector<Conjunct>& conjuncts) {
  std::vector<const Expr*> decided;
  for (const Conjunct& conjunct : conjuncts) {
    if (conjunct.used || conjunct.is_volatile || conjunct.relations == 0) continue;
    if ((conjunct.relations & ~visible) == 0) decided.push_back(conjunct.expr);
  }
  return decided;
}

Conjunct MakeConjunct(const Expr* expr) {
  return {expr, RelationsOf(*expr), IsVolatile(*expr), false};
}

AccessPath ChooseAccessPath(const sql::Relation& relation, int relation_index, uint64_t available,
                            const std::vector<Conjunct>& conjuncts, Estimates* estimates,
                            const WantedOrder* order, const HiddenIndexes::Set* hidden,
                            const CostModel& costs) {
  return PathChooser(relation, relation_index, available, conjuncts, estimates, order, hidden,
                     costs)
      .Choose();
}

}  // namespace omen::exec
