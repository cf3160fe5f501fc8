#include "sql/traits/traits.h"

#include <algorithm>
#include <functional>
#include <map>

#include "base/fnv.h"
#include "sql/lexer/lexer.h"
#include "sql/traits/canonical.h"
#include "sql/tree/expr_walk.h"

namespace omen::sql {
namespace {

void AddTable(const Relation& relation, std::vector<Oid>* tables) {
  if (relation.kind == RelationKind::kTable) tables->push_back(relation.table->oid);
}

template <typename T>
void SortOnce(std::vector<T>* values) {
  std::ranges::sort(*values);
  values->erase(std::unique(values->begin(), values->end()), values->end());
}

void NoteWrites(const Query& query, StatementTraits* traits) {
  if (query.kind == QueryKind::kSelect) return;
  const catalog::Table& table = *query.relations[static_cast<size_t>(query.target_relation)].table;
  traits->tables_written.push_back(table.oid);
  for (const int attnum : query.insert_attnums) {
    traits->columns_written.push_back({table.oid, attnum});
  }
  for (const auto& [attnum, value] : query.set)
    traits->columns_written.push_back({table.oid, attnum});
  if (query.on_conflict) {
    for (const auto& [attnum, value] : query.on_conflict->set) {
      traits->columns_written.push_back({table.oid, attnum});
    }
  }
  if (query.kind == QueryKind::kDelete || query.insert_default_values) {
    for (const catalog::Column& column : table.columns) {
      if (!column.dropped) traits->columns_written.push_back({table.oid, column.attnum});
    }
  }
}

/// A target that is only inserted into is not read.
void NoteTables(const Query& query, StatementTraits* traits) {
  WalkQueries(query, [&](const Query& part) {
    NoteWrites(part, traits);
    for (size_t i = 0; i < part.relations.size(); ++i) {
      const bool target = part.kind == QueryKind::kInsert &&
                          static_cast<int>(i) == part.target_relation && part.returning.empty() &&
                          !part.on_conflict;
      if (!target) AddTable(part.relations[i], &traits->tables_read);
    }
  });
}

/// Keywords and plain names are the same in either case.
std::string Lowered(std::string_view text) {
  std::string lowered(text);
  bool quoted = false;
  for (char& c : lowered) {
    quoted = quoted != (c == '"');
    if (!quoted && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lowered;
}

/// Joined by inner joins, their conditions with `holds`.
bool JoinsPlainly(const FromItem& item, const std::function<bool(const Expr*)>& holds) {
  if (item.relation >= 0) return true;
  return (item.join == JoinType::kInner || item.join == JoinType::kCross) &&
         holds(item.condition.get()) && JoinsPlainly(*item.left, holds) &&
         JoinsPlainly(*item.right, holds);
}

}  // namespace

bool HasPlainParts(const Query& query) {
  if (query.kind != QueryKind::kSelect || query.set_op != SetOp::kNone || !query.ctes.empty()) {
    return false;
  }
  const auto plain = [](const Expr* condition) {
    return condition == nullptr || (!HasSubquery(*condition) && !IsVolatile(*condition));
  };
  const auto is_table = [](const Relation& relation) {
    return relation.kind == RelationKind::kTable;
  };
  const auto joins = [&](const FromItem& item) { return JoinsPlainly(item, plain); };
  return std::ranges::all_of(query.relations, is_table) && std::ranges::all_of(query.from, joins) &&
         plain(query.where.get());
}

std::string_view PredicateName(PredicateKind kind) {
  constexpr std::string_view kNames[] = {"=",       "in",          "range", "like",
                                         "is null", "is not null", "join",  "other"};
  return kNames[static_cast<size_t>(kind)];
}

uint64_t StableHash(std::string_view bytes) {
  uint64_t hash = Fnv1a(bytes);
  hash ^= hash >> 32;
  hash *= 0xd6e8feb86659fd93u;
  return hash ^ hash >> 32;
}

StatementTraits TraitsOf(const Statement& statement, std::string_view template_text) {
  StatementTraits traits;
  const auto* query = std::get_if<std::unique_ptr<Query>>(&statement.body);
  if (query == nullptr) {
    traits.template_id = StableHash(Lowered(template_text));
    traits.volatility = functions::Volatility::kVolatile;
    traits.surroundings = functions::kOnEverything;
    traits.tables_read = statement.tables;
    SortOnce(&traits.tables_read);
    return traits;
  }
  CanonicalWriter writer(&traits);
  traits.template_id = StableHash(writer.Write(**query));
  if (statement.session_literals) {
    traits.surroundings |= functions::kOnClock | functions::kOnZone;
    traits.volatility = std::max(traits.volatility, functions::Volatility::kStable);
  }
  NoteTables(**query, &traits);
  traits.columns_read.assign(writer.columns_read_.begin(), writer.columns_read_.end());
  SortOnce(&traits.tables_read);
  SortOnce(&traits.tables_written);
  SortOnce(&traits.columns_written);
  SortOnce(&traits.predicates);
  SortOnce(&traits.key_operands);
  return traits;
}

void PlaceLiterals(std::string_view text, StatementTraits* traits) {
  const auto is_literal = [](const KeyOperand& operand) { return operand.location >= 0; };
  if (std::ranges::none_of(traits->key_operands, is_literal)) return;
  std::map<int, int> positions;  // by offset
  Lexer lexer(text);
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    if (token.kind != TokenKind::kString && token.kind != TokenKind::kNumber) continue;
    const auto position = static_cast<int>(positions.size());
    positions.emplace(static_cast<int>(token.begin), position);
  }
  for (KeyOperand& operand : traits->key_operands) {
    if (!is_literal(operand)) continue;
    const auto found = positions.find(operand.location);
    operand.position = found != positions.end() ? found->second : -1;
    operand.location = -1;
  }
  std::erase_if(traits->key_operands,
                [](const KeyOperand& operand) { return operand.position < 0; });
}

}  // namespace omen::sql
