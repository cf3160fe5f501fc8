#include "sql/deparse/scope_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "functions/kernel/quoting.h"

namespace omen::sql {
namespace {

constexpr size_t kMaxNameBytes = 63;

/// What the joins above a relation say of its columns.
struct JoinedNames {
  std::set<std::string> names;  // of USING, in joins above it
  std::set<int> merged;         // its columns that are merged there
};

/// The names of USING in one query level.
struct UsingSurvey {
  std::map<int, JoinedNames> relations;
  std::set<std::string> names;
  bool dangerous = false;  // a merged column goes by its bare name
  bool repeated = false;   // a name of USING that is not one column throughout
};

// The columns that an operand of USING's condition is made of.
void AddMerged(const Expr& expr, UsingSurvey* survey) {
  if (expr.kind == ExprKind::kColumn && expr.levels_up == 0) {
    survey->relations[expr.rel].merged.insert(expr.column);
  }
  for (const ExprPtr& arg : expr.args) AddMerged(*arg, survey);
}

void SurveyJoins(const FromItem& item, std::set<std::string> above, UsingSurvey* survey) {
  if (item.relation >= 0) {
    survey->relations[item.relation].names.merge(above);
    return;
  }
  for (const std::string& name : item.using_columns) {
    // Of a join below it takes the name over; beside it, it would be another column.
    const bool taken_over = above.contains(name);
    survey->repeated |= !survey->names.insert(name).second && !taken_over;
    above.insert(name);
  }
  if (!item.using_columns.empty()) {
    AddMerged(*item.condition, survey);
    survey->dangerous |= item.merges_values;
  }
  SurveyJoins(*item.left, above, survey);
  SurveyJoins(*item.right, std::move(above), survey);
}

std::string RealName(const Relation& relation, size_t column) {
  if (relation.table) return relation.table->column(relation.attnums[column]).name;
  if (relation.system) return relation.system->columns[column].name;
  if (relation.view) return relation.view->columns[column].name;
  return relation.columns[column].name;
}

}  // namespace

bool ScopeNames::Enter(const Query& query) {
  TextScope scope;
  scope.query = &query;
  const bool relations = NameRelations(&scope);
  const bool columns = NameColumns(&scope);
  scopes_.push_back(std::move(scope));
  return relations && columns;
}

void ScopeNames::EnterTable(const catalog::Table* table) {
  TextScope scope;
  if (table != nullptr) {
    scope.relations.push_back(table->name);
    scope.columns.emplace_back();
    for (const catalog::Column& column : table->columns) {
      if (!column.dropped) scope.columns[0].push_back(column.name);
    }
  }
  scopes_.push_back(std::move(scope));
}

bool ScopeNames::NameRelations(TextScope* scope) const {
  // A view's query has these two as well, for rules.
  std::map<std::string, int> counters{{"old", 0}, {"new", 0}};
  for (const TextScope& outer : scopes_) {
    for (const std::string& name : outer.relations) counters[name] = 0;
  }
  for (const Relation& relation : scope->query->relations) {
    std::string name = relation.alias;
    if (auto found = counters.find(name); found != counters.end()) {
      do {
        name = fmt::format("{}_{}", relation.alias, ++found->second);
      } while (counters.contains(name));
    }
    if (name.size() > kMaxNameBytes) return false;
    counters[name] = 0;
    scope->relations.push_back(std::move(name));
  }
  std::vector<const FromItem*> joins;
  for (const FromItem& item : scope->query->from) joins.push_back(&item);
  while (!joins.empty()) {
    const FromItem* join = joins.back();
    joins.pop_back();
    if (join->left == nullptr) continue;
    joins.push_back(join->left.get());
    joins.push_back(join->right.get());
    if (!join->alias.empty() && !counters.insert({join->alias, 0}).second) return false;
  }
  return true;
}

bool ScopeNames::NameColumns(TextScope* scope) const {
  UsingSurvey survey;
  for (const FromItem& item : scope->query->from) SurveyJoins(item, {}, &survey);
  if (survey.dangerous && survey.repeated) return false;
  for (size_t i = 0; i < scope->query->relations.size(); ++i) {
    const Relation& relation = scope->query->relations[i];
    const JoinedNames& joined = survey.relations[static_cast<int>(i)];
    const std::set<std::string>& taken = survey.dangerous ? survey.names : joined.names;
    std::vector<std::string> names;
    bool changed = false;
    for (size_t column = 0; column < relation.columns.size(); ++column) {
      const std::string& wanted = relation.columns[column].name;
      const bool merged = joined.merged.contains(static_cast<int>(column));
      std::string name = wanted;
      auto used = [&] {
        return std::ranges::find(names, name) != names.end() || (!merged && taken.contains(name));
      };
      for (int suffix = 1; used(); ++suffix) name = fmt::format("{}_{}", wanted, suffix);
      if (name.size() > kMaxNameBytes) return false;
      changed |= name != RealName(relation, column);
      names.push_back(std::move(name));
    }
    const bool stored = relation.table || relation.system || relation.view;
    scope->lists_columns.push_back(changed || relation.kind == RelationKind::kFunction ||
                                   (!stored && relation.column_aliases > 0));
    scope->columns.push_back(std::move(names));
  }
  return true;
}

const TextScope* ScopeNames::ScopeOf(const Expr& column) const {
  const auto level = static_cast<size_t>(column.levels_up);
  if (column.rel < 0 || level >= scopes_.size()) return nullptr;
  const TextScope* scope = &scopes_[scopes_.size() - 1 - level];
  const auto relation = static_cast<size_t>(column.rel);
  if (relation >= scope->columns.size()) return nullptr;
  return static_cast<size_t>(column.column) < scope->columns[relation].size() ? scope : nullptr;
}

std::string ScopeNames::ShownColumn(const Expr& variable) const {
  if (variable.written) return variable.written->name;
  const TextScope* scope = ScopeOf(variable);
  if (scope == nullptr) return std::string();
  return scope->columns[static_cast<size_t>(variable.rel)][static_cast<size_t>(variable.column)];
}

std::string ScopeNames::RelationName(Oid oid, Oid schema, std::string_view name) const {
  const catalog::Object* found = reader_.catalog->FindRelation(reader_.search_path, name);
  bool visible = found != nullptr && catalog::OidOf(*found) == oid;
  for (const TextScope& scope : scopes_) {
    if (scope.query == nullptr) continue;
    for (const CommonTable& table : scope.query->ctes) visible = visible && table.name != name;
  }
  const catalog::Schema* home = reader_.catalog->FindSchema(schema);
  return visible || home == nullptr ? functions::QuoteIdentifier(name)
                                    : functions::QuoteQualified(home->name, name);
}

}  // namespace omen::sql
