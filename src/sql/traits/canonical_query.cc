// Queries, as CanonicalWriter writes them.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sql/traits/canonical.h"
#include "sql/tree/expr_walk.h"

namespace omen::sql {
namespace {

size_t CteNumber(const CanonicalFrame* frame, const Relation& relation) {
  for (int level = relation.cte_levels_up; level > 0 && frame != nullptr; --level) {
    frame = frame->outer;
  }
  if (frame == nullptr) return 0;
  const auto& ctes = frame->query->ctes;
  const auto found = std::ranges::find(ctes, relation.cte_name, &CommonTable::name);
  return static_cast<size_t>(found - ctes.begin());
}

bool IsLiteral(const ExprPtr& expr) {
  return expr->kind == ExprKind::kConst || expr->kind == ExprKind::kParam;
}

}  // namespace

std::string CanonicalWriter::Sketch(const Query& query, CanonicalFrame* outer) {
  std::vector<std::string> outside;
  WalkQuery(
      query,
      [&](const Expr& node, int depth) {
        if (node.kind != ExprKind::kColumn || node.levels_up <= depth || node.rel < 0) return true;
        const CanonicalFrame* owner = FrameAt(outer, node.levels_up - depth - 1);
        if (owner == nullptr) return true;
        outside.push_back(
            fmt::format("{}.{}", owner->names[static_cast<size_t>(node.rel)], node.column));
        return true;
      },
      0);
  std::vector<std::string> tables;
  WalkQueries(query, [&](const Query& part) {
    for (const Relation& relation : part.relations) {
      if (relation.kind == RelationKind::kTable)
        tables.push_back(std::to_string(relation.table->oid));
    }
  });
  return fmt::format("sketch({};{})", JoinSorted(std::move(outside), ","),
                     JoinSorted(std::move(tables), ","));
}

std::string CanonicalWriter::WriteQuery(const Query& query, CanonicalFrame* outer) {
  if (quiet_ > 0) return Sketch(query, outer);
  CountShape(query);
  return query.set_op != SetOp::kNone ? WriteSetOperation(query, outer) : WriteLevel(query, outer);
}

std::string CanonicalWriter::WriteSetOperation(const Query& query, CanonicalFrame* outer) {
  CanonicalFrame frame;
  frame.query = &query;
  frame.outer = outer;
  std::string text = WriteCtes(query, &frame);
  std::string left = WriteQuery(*query.left, &frame), right = WriteQuery(*query.right, &frame);
  if (query.set_op != SetOp::kExcept && right < left) std::swap(left, right);
  text += fmt::format("set{}{}({};{})", static_cast<int>(query.set_op), query.set_all ? "all" : "",
                      left, right);
  return text + WriteOrder(query, &frame);
}

std::string CanonicalWriter::WriteLevel(const Query& query, CanonicalFrame* outer) {
  CanonicalLevel level;
  level.frame.outer = outer;
  TakeApart(query, &level);
  NameRelations(query, &level);
  // Relations that no FROM item holds: the target of an INSERT, excluded.
  for (size_t i = 0; i < level.frame.names.size(); ++i) {
    if (level.frame.names[i].empty()) level.frame.names[i] = fmt::format("x{}", i);
  }
  std::string text = WriteCtes(query, &level.frame);
  text +=
      fmt::format("kind{} from({})", static_cast<int>(query.kind), WriteGroup(level, level.group));
  text += WriteGrouping(query, &level.frame);
  text += WriteOutput(query, &level.frame);
  text += WriteOrder(query, &level.frame);
  text += WriteLocks(query, level.frame);
  if (query.kind != QueryKind::kSelect) text += WriteChange(query, &level.frame);
  NoteParts(query, &level);
  return text;
}

std::string CanonicalWriter::WriteCtes(const Query& query, CanonicalFrame* frame) {
  std::string text;
  for (const CommonTable& cte : query.ctes) {
    text += fmt::format("with{}{}({})", cte.recursive ? "rec" : "",
                        cte.materialized ? (*cte.materialized ? "+" : "-") : "",
                        WriteQuery(*cte.query, frame));
  }
  return text;
}

std::string CanonicalWriter::WriteRelation(const Relation& relation, CanonicalFrame* frame) {
  switch (relation.kind) {
    case RelationKind::kTable:
      return fmt::format("t{}", relation.table->oid);
    case RelationKind::kSystem:
      traits_->reads_system = true;
      return "s" + relation.system->name;
    case RelationKind::kSubquery:
      if (relation.subquery == nullptr) return "view";
      return "(" + WriteQuery(*relation.subquery, frame) + ")";
    case RelationKind::kFunction:
      return WriteExpr(*relation.function_call, frame) + (relation.with_ordinality ? "#" : "");
    case RelationKind::kValues: {
      std::vector<std::string> rows;
      bool given = false;  // rows of literals and parameters are all written alike
      for (const auto& row : relation.values) {
        if (!std::ranges::all_of(row, IsLiteral)) {
          rows.push_back(WriteAll(row, frame));
        } else if (!std::exchange(given, true)) {
          rows.push_back(WriteAll(row, frame));
        }
      }
      return fmt::format("values({})", JoinSorted(std::move(rows), ";"));
    }
    case RelationKind::kCte:
      return fmt::format("cte{}.{}", relation.cte_levels_up, CteNumber(frame, relation));
    case RelationKind::kResultRow:
      return "excluded";
    case RelationKind::kJoin:
      break;
  }
  return "?";
}

std::string CanonicalWriter::WriteGroup(const CanonicalLevel& level, const CanonicalGroup& group) {
  std::vector<std::string> parts, conditions;
  for (const size_t number : group.leaves) {
    const CanonicalLeaf& leaf = level.leaves[number];
    const auto relation = static_cast<size_t>(leaf.relation);
    parts.push_back(fmt::format("{}={}", leaf.frame->names[relation],
                                WriteRelation(leaf.frame->query->relations[relation], leaf.frame)));
  }
  for (const CanonicalGroup::OuterJoin& join : group.outer_joins) {
    std::vector<std::string> on;
    for (const CanonicalCondition& c : join.conditions) on.push_back(WriteExpr(*c.expr, c.frame));
    std::string left = WriteGroup(level, *join.left), right = WriteGroup(level, *join.right);
    if (join.full && right < left) std::swap(left, right);
    parts.push_back(fmt::format("{}({};{};{})", join.full ? "full" : "left", left, right,
                                JoinSorted(std::move(on), "&")));
  }
  for (const CanonicalCondition& c : group.conditions) {
    conditions.push_back(WriteExpr(*c.expr, c.frame));
  }
  return fmt::format("{} where {}", JoinSorted(std::move(parts), ","),
                     JoinSorted(std::move(conditions), "&"));
}

std::string CanonicalWriter::WriteGrouping(const Query& query, CanonicalFrame* frame) {
  std::string text;
  if (!query.group_by.empty() || !query.grouping_sets.empty() || query.has_aggregates) {
    std::vector<std::string> sets;
    for (const std::vector<int>& set : query.grouping_sets) {
      std::vector<std::string> keys;
      for (const int key : set) {
        keys.push_back(WriteExpr(*query.group_by[static_cast<size_t>(key)], frame));
      }
      sets.push_back("{" + JoinSorted(std::move(keys), ",") + "}");
    }
    text = fmt::format(" group({}|{}{})", WriteSorted(query.group_by, ",", frame),
                       query.group_distinct ? "distinct " : "", JoinSorted(std::move(sets), ","));
  }
  if (query.having == nullptr) return text;
  std::vector<CanonicalCondition> parts;
  SplitAnd(query.having.get(), frame, &parts);
  std::vector<std::string> having;
  for (const CanonicalCondition& c : parts) having.push_back(WriteExpr(*c.expr, c.frame));
  return text + " having(" + JoinSorted(std::move(having), "&") + ")";
}

std::string CanonicalWriter::WriteOutput(const Query& query, CanonicalFrame* frame) {
  std::string text = query.distinct ? " distinct(" : " out(";
  for (const TargetEntry& target : query.targets) {
    if (!target.junk) text += WriteExpr(*target.expr, frame) + ",";
  }
  text += ")";
  if (!query.distinct_on.empty()) text += " on(" + WriteAll(query.distinct_on, frame) + ")";
  return text;
}

std::string CanonicalWriter::WriteOrder(const Query& query, CanonicalFrame* frame) {
  std::string text;
  if (!query.order_by.empty()) text += " order(" + WriteKeys(query.order_by, frame) + ")";
  if (query.limit != nullptr) text += " limit " + WriteExpr(*query.limit, frame);
  if (query.with_ties) text += " ties";
  if (query.offset != nullptr) text += " offset " + WriteExpr(*query.offset, frame);
  return text;
}

std::string CanonicalWriter::WriteLocks(const Query& query, const CanonicalFrame& frame) {
  std::vector<std::string> locks;
  for (const RowLock& lock : query.locks) {
    std::vector<std::string> names;
    for (const int relation : lock.relations) {
      names.push_back(frame.names[static_cast<size_t>(relation)]);
    }
    locks.push_back(fmt::format("lock{}.{}({})", static_cast<int>(lock.strength),
                                static_cast<int>(lock.wait), JoinSorted(std::move(names), ",")));
  }
  return JoinSorted(std::move(locks), ",");
}

std::string CanonicalWriter::WriteChange(const Query& query, CanonicalFrame* frame) {
  const Relation& target = query.relations[static_cast<size_t>(query.target_relation)];
  std::string text =
      fmt::format(" into t{}({})", target.table->oid, fmt::join(query.insert_attnums, ","));
  const auto write_set = [&](const std::vector<std::pair<int, ExprPtr>>& set) {
    std::vector<std::string> parts;
    for (const auto& [attnum, expr] : set) {
      parts.push_back(fmt::format("{}={}", attnum, WriteExpr(*expr, frame)));
    }
    return JoinSorted(std::move(parts), ",");
  };
  text += fmt::format(" set({}) over{}{}", write_set(query.set), static_cast<int>(query.overriding),
                      query.insert_default_values ? " defaults" : "");
  if (query.insert_source != nullptr) {
    text += " source(" + WriteQuery(*query.insert_source, frame) + ")";
  }
  if (query.on_conflict) {
    text += fmt::format(" conflict{}({};{};{})", query.on_conflict->do_update,
                        query.on_conflict->arbiter == nullptr ? 0 : query.on_conflict->arbiter->oid,
                        write_set(query.on_conflict->set),
                        WriteOptional(query.on_conflict->where, frame));
  }
  for (const TargetEntry& entry : query.returning) {
    text += " returning " + WriteExpr(*entry.expr, frame);
  }
  return text;
}

void CanonicalWriter::CountShape(const Query& query) {
  StatementShape& shape = traits_->shape;
  const std::function<void(const FromItem&)> count = [&](const FromItem& item) {
    if (item.relation >= 0) return;
    const bool inner = item.join == JoinType::kInner || item.join == JoinType::kCross;
    ++(inner ? shape.inner_joins : shape.outer_joins);
    count(*item.left);
    count(*item.right);
  };
  for (const FromItem& item : query.from) count(item);
  if (!query.from.empty()) shape.inner_joins += static_cast<int>(query.from.size()) - 1;
  shape.relations += static_cast<int>(query.relations.size());
  shape.set_operations += query.set_op != SetOp::kNone ? 1 : 0;
  shape.group_keys += static_cast<int>(query.group_by.size());
  shape.windows += static_cast<int>(query.windows.size());
  shape.order_keys += static_cast<int>(query.order_by.size());
  shape.ctes += static_cast<int>(query.ctes.size());
  shape.distinct = shape.distinct || query.distinct || !query.distinct_on.empty();
  shape.limit = shape.limit || query.limit != nullptr || query.offset != nullptr;
  shape.locks = shape.locks || !query.locks.empty();
  for (const CommonTable& cte : query.ctes) shape.recursive = shape.recursive || cte.recursive;
  WalkQuery(
      query,
      [&](const Expr& node, int depth) {
        if (depth > 0) return false;
        shape.aggregates += node.kind == ExprKind::kAggregate ? 1 : 0;
        shape.subqueries += node.subquery != nullptr ? 1 : 0;
        return true;
      },
      0);
}

}  // namespace omen::sql
