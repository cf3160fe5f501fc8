#include "exec/template/hot_set.h"

#include <algorithm>

namespace omen::exec {
namespace {

constexpr double kHotShare = 0.8;

template <typename Key>
std::set<Key> MostOf(const std::map<Key, double>& recent_us) {
  std::vector<std::pair<double, Key>> by_time;
  double all = 0, taken = 0;
  for (const auto& [key, us] : recent_us) {
    by_time.emplace_back(-us, key);
    all += us;
  }
  std::ranges::sort(by_time);
  std::set<Key> hot;
  for (const auto& [minus_us, key] : by_time) {
    if (taken >= kHotShare * all) break;
    taken -= minus_us;
    hot.insert(key);
  }
  return hot;
}

}  // namespace

std::vector<sql::ColumnRef> WorkedColumns(const sql::StatementTraits& traits) {
  std::set<sql::ColumnRef> columns(traits.columns_written.begin(), traits.columns_written.end());
  for (const sql::Predicate& predicate : traits.predicates) columns.insert(predicate.column);
  return {columns.begin(), columns.end()};
}

void HotSet::Add(const sql::StatementTraits& traits, double recent_us) {
  if (traits.reads_system) return;
  std::set<Oid> tables(traits.tables_read.begin(), traits.tables_read.end());
  tables.insert(traits.tables_written.begin(), traits.tables_written.end());
  for (const Oid table : tables) tables_[table] += recent_us;
  for (const sql::ColumnRef& column : WorkedColumns(traits)) columns_[column] += recent_us;
}

std::set<Oid> HotSet::tables() const { return MostOf(tables_); }

std::set<sql::ColumnRef> HotSet::columns() const { return MostOf(columns_); }

}  // namespace omen::exec
