// Parts of a level that have identities of their own, and how its conditions narrow columns.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <map>

#include "sql/traits/canonical.h"

namespace omen::sql {
namespace {

/// Conditions of more relations than this say nothing of one table or two.
constexpr size_t kLeavesMax = 64;

std::string MarkOf(size_t leaf) { return fmt::format("\x01{}\x02", leaf); }

uint64_t MarksIn(const std::string& text) {
  uint64_t marks = 0;
  for (size_t at = text.find('\x01'); at != std::string::npos; at = text.find('\x01', at + 1)) {
    unsigned leaf = 0;
    std::from_chars(text.data() + at + 1, text.data() + text.size(), leaf);
    marks |= uint64_t{1} << leaf;
  }
  return marks;
}

uint64_t AllOf(size_t leaves) {
  return leaves == kLeavesMax ? ~uint64_t{0} : (uint64_t{1} << leaves) - 1;
}

bool IsPattern(std::string_view op) {
  return op == "~~" || op == "~~*" || op == "!~~" || op == "!~~*" || op == "~" || op == "~*";
}

PredicateKind KindOf(std::string_view op, const Expr& other, const CanonicalFrame* frame) {
  if (op == "=" && BaseColumn(other, frame).table != 0 && other.levels_up == 0) {
    return PredicateKind::kJoin;
  }
  if (op == "=") return PredicateKind::kEqual;
  if (op == "<" || op == "<=" || op == ">" || op == ">=") return PredicateKind::kRange;
  return IsPattern(op) ? PredicateKind::kLike : PredicateKind::kOther;
}

bool FindsKeys(PredicateKind kind) {
  return kind == PredicateKind::kEqual || kind == PredicateKind::kIn ||
         kind == PredicateKind::kRange;
}

void NoteKeyOperand(const Expr& operand, const Expr& other, CanonicalFrame* frame,
                    StatementTraits* traits) {
  const ColumnRef column = BaseColumn(WithoutImplicitCasts(operand), frame);
  const Expr& given = WithoutImplicitCasts(other);
  if (column.table == 0 || WithoutImplicitCasts(operand).levels_up != 0) return;
  if (given.kind == ExprKind::kParam) {
    traits->key_operands.push_back({.column = column, .position = given.param_index});
  } else if (given.kind == ExprKind::kConst && given.location >= 0) {
    traits->key_operands.push_back({.column = column, .location = given.location});
  }
}

}  // namespace

struct CanonicalWriter::LevelParts {
  CanonicalLevel* level;
  std::vector<CanonicalCondition> conditions;
  std::vector<uint64_t> marks;  // by condition: the leaves it reads, as bits
  std::vector<uint64_t> scans;  // by leaf: its identity

  std::string& Name(size_t leaf) {
    CanonicalLeaf& of = level->leaves[leaf];
    return of.frame->names[static_cast<size_t>(of.relation)];
  }
  const Relation& RelationOf(size_t leaf) const {
    const CanonicalLeaf& of = level->leaves[leaf];
    return of.frame->query->relations[static_cast<size_t>(of.relation)];
  }
};

void CanonicalWriter::NoteParts(const Query& query, CanonicalLevel* level) {
  LevelParts parts{level, AllConditions(level->group), {}, {}};
  for (const CanonicalCondition& condition : parts.conditions) NotePredicates(condition);
  const size_t leaves = level->leaves.size();
  if (leaves == 0 || leaves > kLeavesMax) return;
  ++quiet_;
  for (size_t i = 0; i < leaves; ++i) parts.Name(i) = MarkOf(i);
  for (const CanonicalCondition& c : parts.conditions) {
    parts.marks.push_back(MarksIn(WriteExpr(*c.expr, c.frame)));
  }
  for (size_t i = 0; i < leaves; ++i) NoteScan(i, &parts);
  for (size_t i = 0; i < leaves; ++i) parts.Name(i) = fmt::format("{:x}", parts.scans[i]);
  const std::string joined = NoteJoins(parts);
  if (!query.group_by.empty()) {
    NotePart(parts, PlanPart::Kind::kGroup, AllOf(leaves),
             joined + " by " + WriteSorted(query.group_by, ",", &level->frame));
  }
  --quiet_;
}

// What is read, with what is said of it alone.
void CanonicalWriter::NoteScan(size_t leaf, LevelParts* parts) {
  parts->Name(leaf) = "self";
  std::vector<std::string> own;
  for (size_t c = 0; c < parts->conditions.size(); ++c) {
    const CanonicalCondition& condition = parts->conditions[c];
    if (parts->marks[c] == uint64_t{1} << leaf) {
      own.push_back(WriteExpr(*condition.expr, condition.frame));
    }
  }
  const Relation& relation = parts->RelationOf(leaf);
  const std::string what = WriteRelation(relation, parts->level->leaves[leaf].frame);
  parts->scans.push_back(
      StableHash(fmt::format("scan {} {}", what, JoinSorted(std::move(own), "&"))));
  if (relation.table != nullptr) {
    traits_->parts.push_back({PlanPart::Kind::kScan, parts->scans.back(), {relation.table->oid}});
  }
}

// Of two, then of all: the scans with what holds between them, which is returned.
std::string CanonicalWriter::NoteJoins(const LevelParts& parts) {
  std::map<uint64_t, std::vector<std::string>> between;
  std::vector<std::string> all;
  for (size_t c = 0; c < parts.conditions.size(); ++c) {
    if (std::popcount(parts.marks[c]) < 2) continue;
    all.push_back(WriteExpr(*parts.conditions[c].expr, parts.conditions[c].frame));
    if (std::popcount(parts.marks[c]) == 2) between[parts.marks[c]].push_back(all.back());
  }
  const size_t leaves = parts.scans.size();
  for (auto& [who, texts] : between) {
    if (who != AllOf(leaves)) {
      NotePart(parts, PlanPart::Kind::kJoin, who, JoinSorted(std::move(texts), "&"));
    }
  }
  std::string joined = JoinSorted(std::move(all), "&");
  if (leaves > 1) NotePart(parts, PlanPart::Kind::kJoin, AllOf(leaves), joined);
  return joined;
}

void CanonicalWriter::NotePart(const LevelParts& parts, PlanPart::Kind kind, uint64_t who,
                               const std::string& what) {
  std::vector<std::string> inputs;
  PlanPart part{kind, 0, {}};
  for (size_t i = 0; i < parts.scans.size(); ++i) {
    if ((who >> i & 1) == 0) continue;
    inputs.push_back(fmt::format("{:x}{}", parts.scans[i], parts.level->leaves[i].role));
    if (parts.RelationOf(i).table != nullptr) {
      part.tables.push_back(parts.RelationOf(i).table->oid);
    }
  }
  std::ranges::sort(inputs);
  std::ranges::sort(part.tables);
  part.id = StableHash(fmt::format("{} {} {}", kind == PlanPart::Kind::kJoin ? "join" : "group",
                                   fmt::join(inputs, ","), what));
  traits_->parts.push_back(std::move(part));
}

bool CanonicalWriter::NotePredicate(const Expr& operand, CanonicalFrame* frame,
                                    PredicateKind kind) {
  const ColumnRef column = BaseColumn(WithoutImplicitCasts(operand), frame);
  if (column.table == 0 || WithoutImplicitCasts(operand).levels_up != 0) return false;
  traits_->predicates.push_back({column, kind});
  return kind != PredicateKind::kLike;
}

void CanonicalWriter::NotePredicates(const CanonicalCondition& condition) {
  const Expr& expr = *condition.expr;
  switch (expr.kind) {
    case ExprKind::kFunction: {
      if (expr.op == nullptr || expr.args.size() != 2) break;
      bool told = false;
      for (const size_t side : {0, 1}) {
        const Expr& other = WithoutImplicitCasts(*expr.args[1 - side]);
        const PredicateKind kind = expr.in_list && expr.op->name == "="
                                       ? PredicateKind::kIn
                                       : KindOf(expr.op->name, other, condition.frame);
        told = NotePredicate(*expr.args[side], condition.frame, kind) || told;
        if (FindsKeys(kind)) NoteKeyOperand(*expr.args[side], other, condition.frame, traits_);
      }
      traits_->shape.loose_conditions += told ? 0 : 1;
      return;
    }
    case ExprKind::kInList:
    case ExprKind::kAny:
      NotePredicate(*expr.args[0], condition.frame,
                    expr.negated ? PredicateKind::kOther : PredicateKind::kIn);
      for (size_t i = 1; i < expr.args.size() && !expr.negated; ++i) {
        NoteKeyOperand(*expr.args[0], *expr.args[i], condition.frame, traits_);
      }
      return;
    case ExprKind::kIsNull:
    case ExprKind::kIsNotNull:
      NotePredicate(
          *expr.args[0], condition.frame,
          expr.kind == ExprKind::kIsNull ? PredicateKind::kNull : PredicateKind::kNotNull);
      return;
    default:
      break;
  }
  ++traits_->shape.loose_conditions;
  for (const ExprPtr& arg : expr.args) {
    NotePredicate(*arg, condition.frame, PredicateKind::kOther);
  }
}

}  // namespace omen::sql
