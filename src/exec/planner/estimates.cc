#include "exec/planner/estimates.h"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

#include "exec/expr/evaluate.h"
#include "sql/tree/expr_walk.h"
#include "statistics/image.h"
#include "statistics/joins.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;
using statistics::RangeEnd;

/// Of a condition of which nothing is known: PostgreSQL's default for functions.
constexpr double kUnknownShare = 1.0 / 3;
/// Rows of what is no table.
constexpr double kOtherRows = 1000;
/// Bytes of a value of which nothing is known.
constexpr double kUnknownWidth = 32;
/// Elements of an array that is not known.
constexpr size_t kUnknownElements = 10;

/// Below casts that change nothing.
const Expr& Bare(const Expr& expr) {
  const Expr* node = &expr;
  while (node->kind == ExprKind::kCast && node->cast_method == functions::CastMethod::kBinary &&
         node->type.typmod < 0) {
    node = node->args[0].get();
  }
  return *node;
}

bool IsOperator(const Expr& expr, std::string_view name) {
  return expr.kind == ExprKind::kFunction && expr.op != nullptr && expr.args.size() == 2 &&
         expr.op->name == name;
}

/// Tightens what is known of one end; false where the two cannot be compared.
bool Tighten(Oid type, bool lower, const RangeEnd& other, RangeEnd* end) {
  if (other.kind == RangeEnd::Kind::kNone) return true;
  if (end->kind == RangeEnd::Kind::kNone) {
    *end = other;
    return true;
  }
  if (end->kind == RangeEnd::Kind::kUnknown || other.kind == RangeEnd::Kind::kUnknown) return true;
  if (end->value->is_null() || other.value->is_null()) return false;
  const int order = statistics::Compare(type, *end->value, *other.value);
  const bool tighter = lower ? order < 0 : order > 0;
  if (tighter || (order == 0 && !other.inclusive)) *end = other;
  return true;
}

/// Makes one condition of two on one column where both are ranges.
bool Merge(Oid type, const statistics::Condition& other, statistics::Condition* into) {
  using Kind = statistics::Condition::Kind;
  if (into->attnum != other.attnum || into->kind != Kind::kRange || other.kind != Kind::kRange) {
    return false;
  }
  return Tighten(type, true, other.lower, &into->lower) &&
         Tighten(type, false, other.upper, &into->upper);
}

}  // namespace

const Estimates::Known& Estimates::Of(int relation) {
  Known& known = known_[static_cast<size_t>(relation)];
  if (known.asked) return known;
  known.asked = true;
  const sql::Relation& source = level_.relations[static_cast<size_t>(relation)];
  if (source.table == nullptr) {
    known.rows = kOtherRows;
    return known;
  }
  known.rows = std::max(1.0, statistics_->Rows(source.table->storage_id));
  known.statistics = statistics_->Of(source.table->storage_id);
  return known;
}

void Estimates::SetOutput(int relation, double rows, ExpectedOutput output) {
  known_[static_cast<size_t>(relation)] = {true, std::max(1.0, rows), std::move(output.columns),
                                           std::move(output.key)};
}

double Estimates::WidthOf(int relation, int column) {
  const sql::Relation& source = level_.relations[static_cast<size_t>(relation)];
  const auto number = static_cast<size_t>(column);
  const Known& known = Of(relation);
  const int attnum = source.table != nullptr ? source.attnums[number] : column + 1;
  const auto* of = known.statistics != nullptr ? known.statistics->column(attnum) : nullptr;
  if (of != nullptr && of->average_width > 0) return of->average_width;
  const Carrier carrier = InfoOf(source.columns[number].type.oid).carrier;
  return carrier == Carrier::kBytes || carrier == Carrier::kArray ? kUnknownWidth : 0;
}

double Estimates::TableRows(int relation) { return Of(relation).rows; }

bool Estimates::IsColumnOf(const Expr& expr, int relation, int* attnum) const {
  const Expr& column = Bare(expr);
  if (column.kind != ExprKind::kColumn || column.levels_up != 0 || column.rel != relation) {
    return false;
  }
  const sql::Relation& source = level_.relations[static_cast<size_t>(relation)];
  *attnum = source.table != nullptr ? source.attnums[static_cast<size_t>(column.column)]
                                    : column.column + 1;
  return true;
}

const statistics::ColumnStatistics* Estimates::ColumnOf(const Expr& expr, int* relation,
                                                        int* attnum) {
  const Expr& column = Bare(expr);
  *relation = column.kind == ExprKind::kColumn && column.levels_up == 0 ? column.rel : -1;
  if (*relation < 0 || !IsColumnOf(column, *relation, attnum)) {
    *relation = -1;
    return nullptr;
  }
  const Known& known = Of(*relation);
  if (known.statistics != nullptr) return known.statistics->column(*attnum);
  const sql::Relation& source = level_.relations[static_cast<size_t>(*relation)];
  if (source.table == nullptr) return nullptr;
  const catalog::Table& table = *source.table;
  const bool unique = std::ranges::any_of(table.indexes, [&](const catalog::Index& index) {
    return index.unique && index.columns.size() == 1 && index.columns[0].attnum == *attnum;
  });
  if (!unique) return nullptr;
  statistics::ColumnStatistics& column_statistics = unique_.emplace_back();
  column_statistics.type = table.column(*attnum).type;
  column_statistics.distinct = known.rows;
  return &column_statistics;
}

const Value* Estimates::ValueOf(const Expr& expr) const { return values_.Of(Bare(expr)); }

const Value* Estimates::ValueOf(const Expr& expr,
                                const statistics::ColumnStatistics* column) const {
  const bool usable =
      column == nullptr || statistics::AreComparable(column->type.oid, Bare(expr).type.oid);
  return usable ? ValueOf(expr) : nullptr;
}

double Estimates::NumberOf(const Expr* expr, double otherwise) const {
  if (expr == nullptr) return otherwise;
  const Value* value = ValueOf(*expr);
  return value == nullptr || value->is_null() ? otherwise : static_cast<double>(value->AsInt());
}

bool Estimates::Comparison(int relation, const Expr& expr, Condition* condition) {
  CompareOp op;
  const bool like = IsOperator(expr, "~~"), not_like = IsOperator(expr, "!~~");
  if (expr.kind != ExprKind::kFunction || expr.args.size() != 2) return false;
  if (!like && !not_like && !ComparisonOf(expr.op, &op)) return false;
  const auto self = uint64_t{1} << relation;
  for (size_t side = 0; side < (like || not_like ? 1 : 2); ++side) {
    const Expr& other = *expr.args[1 - side];
    if (!IsColumnOf(*expr.args[side], relation, &condition->attnum)) continue;
    if ((sql::RelationsOf(other) & self) != 0) continue;
    int at, attnum;
    const Value* value = ValueOf(other, ColumnOf(*expr.args[side], &at, &attnum));
    condition->value = value;
    if (like || not_like) {
      condition->kind = like ? Condition::Kind::kLike : Condition::Kind::kNotLike;
      return true;
    }
    if (side == 1) op = Mirrored(op);
    condition->kind = op == CompareOp::kEq   ? Condition::Kind::kEqual
                      : op == CompareOp::kNe ? Condition::Kind::kNotEqual
                                             : Condition::Kind::kRange;
    const bool inclusive = op == CompareOp::kLe || op == CompareOp::kGe;
    const bool below = op == CompareOp::kLt || op == CompareOp::kLe;
    if (condition->kind == Condition::Kind::kRange) {
      (below ? condition->upper : condition->lower) = RangeEnd::At(value, inclusive);
    }
    return true;
  }
  return false;
}

bool Estimates::Membership(int relation, const Expr& expr, Condition* condition) {
  CompareOp op;
  if (!ComparisonOf(expr.op, &op) || op != CompareOp::kEq ||
      !IsColumnOf(*expr.args[0], relation, &condition->attnum)) {
    return false;
  }
  int at, attnum;
  const statistics::ColumnStatistics* column = ColumnOf(*expr.args[0], &at, &attnum);
  condition->kind = expr.negated ? Condition::Kind::kNotIn : Condition::Kind::kIn;
  std::vector<Value>& values = lists_.emplace_back();
  if (expr.kind == ExprKind::kAny) {
    const Value* array = ValueOf(*expr.args[1], nullptr);
    const Type element{InfoOf(expr.args[1]->type.oid).element, -1};
    const bool usable =
        array != nullptr && !array->is_null() &&
        (column == nullptr || statistics::AreComparable(column->type.oid, element.oid));
    if (usable) values = array->AsArray().elements;
    condition->unknown = usable ? 0 : kUnknownElements;
  } else {
    for (size_t i = 1; i < expr.args.size(); ++i) {
      const Value* value = ValueOf(*expr.args[i], column);
      if (value != nullptr) values.push_back(*value);
      condition->unknown += value == nullptr;
    }
  }
  condition->values = values;
  return true;
}

bool Estimates::ToCondition(int relation, const Expr& expr, Condition* condition) {
  switch (expr.kind) {
    case ExprKind::kFunction:
      return Comparison(relation, expr, condition);
    case ExprKind::kInList:
    case ExprKind::kAny:
      return Membership(relation, expr, condition);
    case ExprKind::kIsNull:
    case ExprKind::kIsNotNull:
      condition->kind =
          expr.kind == ExprKind::kIsNull ? Condition::Kind::kNull : Condition::Kind::kNotNull;
      return IsColumnOf(*expr.args[0], relation, &condition->attnum);
    default:
      return false;
  }
}

double Estimates::Share(int relation, std::span<const Expr* const> conditions) {
  std::vector<Condition> on_columns;
  double share = 1;
  const sql::Relation& source = level_.relations[static_cast<size_t>(relation)];
  if (sensitive_ != nullptr && source.table != nullptr) NoteSensitive(relation, conditions);
  for (const Expr* expr : conditions) {
    Condition condition;
    if (!ToCondition(relation, *expr, &condition)) {
      share *= ShareOf(relation, *expr);
      continue;
    }
    const auto number = static_cast<size_t>(condition.attnum) - 1;
    const Oid type = source.table != nullptr ? source.table->column(condition.attnum).type.oid
                                             : source.columns[number].type.oid;
    const bool merged = std::ranges::any_of(
        on_columns, [&](Condition& other) { return Merge(type, condition, &other); });
    if (!merged) on_columns.push_back(condition);
  }
  const Known& known = Of(relation);
  return share * statistics::Share(known.statistics.get(), on_columns);
}

void Estimates::NoteSensitive(int relation, std::span<const Expr* const> conditions) {
  std::vector<SensitiveCondition>* noted = std::exchange(sensitive_, nullptr);
  for (const Expr* expr : conditions) {
    const bool known = std::ranges::any_of(
        *noted, [&](const SensitiveCondition& other) { return other.expr == expr; });
    if (known) continue;
    (void)values_.TakeMissed();
    const double share = Share(relation, {&expr, 1});
    if (values_.TakeMissed()) noted->push_back({&level_, relation, expr, share});
  }
  sensitive_ = noted;
}

double Estimates::ShareOfAny(int relation, const std::vector<sql::ExprPtr>& alternatives) {
  double none = 1;
  for (const sql::ExprPtr& arg : alternatives) {
    const Expr* one = arg.get();
    none *= 1 - Share(relation, {&one, 1});
  }
  return 1 - none;
}

double Estimates::ShareOf(int relation, const Expr& expr) {
  CompareOp op;
  switch (expr.kind) {
    case ExprKind::kAnd: {
      std::vector<const Expr*> all;
      for (const sql::ExprPtr& arg : expr.args) all.push_back(arg.get());
      return Share(relation, all);
    }
    case ExprKind::kOr:
      return ShareOfAny(relation, expr.args);
    case ExprKind::kNot: {
      const Expr* inner = expr.args[0].get();
      return 1 - Share(relation, {&inner, 1});
    }
    case ExprKind::kIsTrue:
    case ExprKind::kIsNotFalse: {
      const Expr* inner = expr.args[0].get();
      return Share(relation, {&inner, 1});
    }
    case ExprKind::kConst:
      return !expr.value.is_null() && expr.value.AsBool() ? 1 : 0;
    case ExprKind::kColumn: {
      static const Value kTrue = Value::Bool(true);
      int at, attnum;
      return statistics::EqualShare(ColumnOf(expr, &at, &attnum), &kTrue);
    }
    case ExprKind::kFunction:
      if (!ComparisonOf(expr.op, &op)) return kUnknownShare;
      if (op == CompareOp::kEq) return statistics::kDefaultEqual;
      return op == CompareOp::kNe ? 1 - statistics::kDefaultEqual : statistics::kDefaultSide;
    case ExprKind::kExists:
    case ExprKind::kInSubquery:
      return 0.5;
    default:
      return kUnknownShare;
  }
}

double Estimates::JoinShare(const Expr& condition) {
  CompareOp op;
  int a = -1, b = -1, attnum_a = 0, attnum_b = 0;
  const bool comparison = condition.kind == ExprKind::kFunction && condition.args.size() == 2 &&
                          ComparisonOf(condition.op, &op);
  if (!comparison || op != CompareOp::kEq) {
    return comparison && op != CompareOp::kNe ? statistics::kDefaultSide : kUnknownShare;
  }
  const auto* left = ColumnOf(*condition.args[0], &a, &attnum_a);
  const auto* right = ColumnOf(*condition.args[1], &b, &attnum_b);
  const double left_rows = a >= 0 ? TableRows(a) : kOtherRows;
  const double right_rows = b >= 0 ? TableRows(b) : kOtherRows;
  return statistics::EqualJoinShare(left, left_rows, right, right_rows);
}

bool Estimates::MatchesUniqueKey(int relation, std::span<const Expr* const> equalities) const {
  const sql::Relation& source = level_.relations[static_cast<size_t>(relation)];
  std::vector<int> given;
  for (const Expr* equality : equalities) {
    int attnum = 0;
    for (const sql::ExprPtr& side : equality->args) {
      if (IsColumnOf(*side, relation, &attnum)) given.push_back(attnum);
    }
  }
  const auto is_given = [&](int attnum) { return std::ranges::find(given, attnum) != given.end(); };
  if (source.table == nullptr) {
    const std::vector<int>& key = known_[static_cast<size_t>(relation)].key;
    return !key.empty() && std::ranges::all_of(key, is_given);
  }
  return std::ranges::any_of(source.table->indexes, [&](const catalog::Index& index) {
    return index.unique &&
           std::ranges::all_of(index.columns, is_given, &catalog::IndexColumn::attnum);
  });
}

// What two relations have in common: not fewer pairs than where each combination of one's values
// is one of the other's, of which there are no more than rows.
double Estimates::JointJoinShare(std::span<const Expr* const> equalities) {
  struct Shared {
    std::vector<int> left, right;  // attnums
    double independent = 1;
  };
  std::map<std::pair<int, int>, Shared> by_relations;
  double share = 1;
  for (const Expr* equality : equalities) {
    int a = -1, b = -1, attnum_a = 0, attnum_b = 0;
    ColumnOf(*equality->args[0], &a, &attnum_a);
    ColumnOf(*equality->args[1], &b, &attnum_b);
    if (a > b) {
      std::swap(a, b);
      std::swap(attnum_a, attnum_b);
    }
    if (a < 0 || a == b) {
      share *= JoinShare(*equality);
      continue;
    }
    Shared& shared = by_relations[{a, b}];
    shared.left.push_back(attnum_a);
    shared.right.push_back(attnum_b);
    shared.independent *= JoinShare(*equality);
  }
  const auto values = [&](int relation, std::span<const int> attnums) {
    const Known& known = Of(relation);
    return statistics::JointDistinct(known.statistics.get(), known.rows, attnums);
  };
  for (const auto& [relations, shared] : by_relations) {
    const double most =
        std::max(values(relations.first, shared.left), values(relations.second, shared.right));
    share *= shared.left.size() < 2 ? shared.independent : std::max(shared.independent, 1 / most);
  }
  return share;
}

// Columns of a key that several equalities hold together are not independent: each row of the
// other side has one partner at most.
double Estimates::KeyJoinShare(uint64_t left, uint64_t right,
                               std::span<const Expr* const> equalities) {
  if (equalities.size() == 1) return JoinShare(*equalities[0]);
  double share = JointJoinShare(equalities);
  for (uint64_t rest = left | right; rest != 0; rest &= rest - 1) {
    const int relation = std::countr_zero(rest);
    if (MatchesUniqueKey(relation, equalities)) share = std::max(share, 1 / TableRows(relation));
  }
  return share;
}

double Estimates::SemiJoinShare(const Expr& left, const Expr& right, double right_rows) {
  int a = -1, b = -1, attnum_a = 0, attnum_b = 0;
  const auto* left_column = ColumnOf(left, &a, &attnum_a);
  const auto* right_column = ColumnOf(right, &b, &attnum_b);
  const double left_rows = a >= 0 ? TableRows(a) : kOtherRows;
  return statistics::SemiJoinShare(left_column, left_rows, right_column, right_rows);
}

double Estimates::Groups(std::span<const Expr* const> keys, double rows) {
  std::vector<std::vector<int>> attnums(level_.relations.size());
  double groups = 1;
  for (const Expr* key : keys) {
    int relation = -1, attnum = 0;
    ColumnOf(*key, &relation, &attnum);
    if (relation >= 0) {
      attnums[static_cast<size_t>(relation)].push_back(attnum);
      continue;
    }
    // Of an expression: those of its column, at most as many as where nothing is known.
    const uint64_t of = sql::RelationsOf(*key);
    if (of != 0) groups *= statistics::kDefaultDistinct;
  }
  for (size_t i = 0; i < attnums.size(); ++i) {
    if (attnums[i].empty()) continue;
    const Known& known = Of(static_cast<int>(i));
    groups *= statistics::GroupsOf(known.statistics.get(), known.rows, attnums[i],
                                   std::min(known.rows, rows));
  }
  return std::clamp(groups, 1.0, std::max(rows, 1.0));
}

}  // namespace omen::exec
