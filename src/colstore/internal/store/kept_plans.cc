#include "colstore/internal/store/kept_plans.h"

#include <algorithm>
#include <cctype>

#include "colstore/internal/store/table_layout.h"

namespace omen::colstore {
namespace {

constexpr size_t kPlansMax = 64;
// What is longer is rare, and its plan large.
constexpr size_t kTextMax = 16 << 10;

bool IsOfName(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

VersionedTables TablesNamedIn(std::string_view sql, const TableVersions& versions) {
  VersionedTables tables;
  for (size_t at = 0; at < sql.size();) {
    if (!IsOfName(sql[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < sql.size() && IsOfName(sql[end])) ++end;
    catalog::StorageId storage = 0;
    uint32_t version = 0;
    if (ParseTableName(sql.substr(at, end - at), &storage, &version)) {
      const bool known =
          std::ranges::any_of(tables, [&](const auto& table) { return table.first == storage; });
      if (!known) tables.emplace_back(storage, versions.Of(storage));
    }
    at = end;
  }
  return tables;
}

bool SeesAll(const VersionedTables& tables, uint64_t now) {
  return std::ranges::all_of(tables, [&](const auto& table) { return table.second <= now; });
}

bool KeptPlans::IsGood(const Kept& kept) const {
  return std::ranges::all_of(
      kept.tables, [&](const auto& table) { return versions_.Of(table.first) == table.second; });
}

duckdb::PreparedStatement* KeptPlans::Find(const std::string& sql, uint64_t now) {
  const auto found = by_text_.find(sql);
  if (found == by_text_.end()) return nullptr;
  const auto kept = found->second;
  if (!SeesAll(kept->tables, now)) return nullptr;
  if (!IsGood(*kept)) {
    by_text_.erase(found);
    plans_.erase(kept);
    return nullptr;
  }
  plans_.splice(plans_.begin(), plans_, kept);
  return kept->plan.get();
}

void KeptPlans::Keep(const std::string& sql, VersionedTables tables,
                     duckdb::unique_ptr<duckdb::PreparedStatement> plan) {
  if (sql.size() > kTextMax || by_text_.contains(sql)) return;
  plans_.push_front({sql, std::move(tables), std::move(plan)});
  by_text_.emplace(plans_.front().sql, plans_.begin());
  if (plans_.size() <= kPlansMax) return;
  by_text_.erase(plans_.back().sql);
  plans_.pop_back();
}

}  // namespace omen::colstore
