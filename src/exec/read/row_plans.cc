#include "exec/read/row_plans.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <utility>

#include "base/blame.h"
#include "base/work.h"

namespace omen::exec {
namespace {

/// Shares that differ by less have one plan.
constexpr double kClassRatio = 4;
constexpr int kClassMax = 8;
/// Plans kept of one read beside the general one.
constexpr size_t kSpecialMax = 6;
/// Expressions of a read that is planned again: a hundred kilobytes a plan.
constexpr size_t kExpressionsMax = 500;
/// Conditions of a read that are looked at for each run.
constexpr size_t kSensitiveMax = 12;
/// A table that has so many times the rows it was planned for is another one.
constexpr double kGrown = 2;

int PowersBetween(double share, double general) {
  const double ratio = std::log(std::max(share, 1e-9) / std::max(general, 1e-9));
  return static_cast<int>(
      std::clamp<long>(std::lround(ratio / std::log(kClassRatio)), -kClassMax, kClassMax));
}

/// Which power of two it is, where a plan made with it would be another; else 0.
int MemoryClass(const RowPlan& general, int64_t memory_bytes) {
  const double room = static_cast<double>(memory_bytes) * PlanEnvironment::kMemoryShare;
  const bool fits = general.kept_bytes <= room && room < general.refused_bytes;
  return fits ? 0 : std::bit_width(static_cast<uint64_t>(memory_bytes)) - 1;
}

}  // namespace

Status RowPlans::Prepare(uint64_t catalog_version) {
  catalog_version_ = catalog_version;
  size_t expressions = 0;
  const auto count = [&](const sql::Expr&, int) { return ++expressions <= kExpressionsMax; };
  sql::WalkQuery(query_, count, 0);
  adapts_ = expressions <= kExpressionsMax;
  OMEN_ASSIGN_OR_RETURN(general_, Make(nullptr, PlanEnvironment::kUsualMemory));
  if (general_->level != nullptr && general_->level->key_lookup) by_key_ = general_;
  return Status::Ok();
}

Result<RowPlanPtr> RowPlans::Make(const Row* params, double memory_bytes) const {
  auto plan = std::make_shared<RowPlan>();
  PlanEnvironment environment(services_, catalog_version_, &query_, params, memory_bytes);
  LevelPlanner planner(&environment, query_, nullptr);
  Result<std::unique_ptr<LevelPlan>> planned = planner.PlanSelect();
  plan->nodes = environment.nodes;
  plan->kept_bytes = environment.kept_bytes;
  plan->refused_bytes = environment.refused_bytes;
  if (!planned.ok()) {
    if (!IsOfPath(planned.status())) return std::move(planned).status();
    plan->refusal = std::move(planned).status();
    return RowPlanPtr(std::move(plan));
  }
  plan->level = std::move(planned).value();
  plan->parts = std::move(environment.parts);
  if (params == nullptr) NoteSensitive(environment.sensitive, plan.get());
  if (!plan->sensitive.empty()) {
    plan->unnested = std::move(environment.unnested);
    plan->handed_down = std::move(environment.conditions);
  }
  for (const PlannedPart& part : plan->parts) plan->expected.push_back(part.expected);
  WalkQueries(query_, [&](const sql::Query& level) {
    for (const sql::Relation& relation : level.relations) {
      if (relation.kind != sql::RelationKind::kTable) continue;
      const catalog::StorageId storage = relation.table->storage_id;
      plan->based_on.push_back(
          {storage, services_.statistics->Of(storage), services_.statistics->Rows(storage)});
    }
  });
  return RowPlanPtr(std::move(plan));
}

// Two ends of a range may each keep much and both together little.
void RowPlans::NoteSensitive(const std::vector<SensitiveCondition>& conditions,
                             RowPlan* plan) const {
  std::map<std::pair<const sql::Query*, int>, std::vector<const sql::Expr*>> by_relation;
  for (const SensitiveCondition& condition : conditions) {
    if (plan->sensitive.size() == kSensitiveMax) break;
    plan->sensitive.push_back(
        {condition.level, condition.relation, {condition.expr}, condition.share});
    by_relation[{condition.level, condition.relation}].push_back(condition.expr);
  }
  for (auto& [of, together] : by_relation) {
    const auto [level, relation] = of;
    Estimates any(*level, services_.statistics, nullptr);
    const double share = any.Share(relation, together);
    plan->compiled.Take(any.TakeCompiled());
    if (together.size() < 2) continue;
    plan->sensitive.push_back({level, relation, std::move(together), share});
  }
  std::ranges::stable_sort(plan->sensitive, {}, &RowPlan::Sensitive::level);
}

bool RowPlans::IsCurrent(const RowPlan& plan) const {
  return std::ranges::all_of(plan.based_on, [&](const RowPlan::Basis& basis) {
    if (services_.statistics->Of(basis.storage) != basis.statistics) return false;
    const double rows = services_.statistics->Rows(basis.storage) + 100;
    return rows < kGrown * (basis.rows + 100) && basis.rows + 100 < kGrown * rows;
  });
}

RowPlans::Class RowPlans::ClassOf(const RowPlan& general, const Row& params,
                                  int64_t memory_bytes) const {
  Class found;
  std::optional<Estimates> estimates;
  const sql::Query* level = nullptr;
  for (const RowPlan::Sensitive& condition : general.sensitive) {
    if (std::exchange(level, condition.level) != condition.level) {
      estimates.emplace(*level, services_.statistics, &params, nullptr, &general.compiled);
    }
    const double share = estimates->Share(condition.relation, condition.conditions);
    found.push_back(PowersBetween(share, condition.share));
  }
  found.push_back(MemoryClass(general, memory_bytes));
  return found;
}

RowPlanPtr RowPlans::General() const {
  std::lock_guard lock(mutex_);
  return general_;
}

RowPlanPtr RowPlans::For(const Row& params, int64_t memory_bytes) const {
  // Many sessions run it at once: neither lock nor count is touched.
  if (by_key_ != nullptr) return RowPlanPtr(RowPlanPtr(), by_key_.get());
  RowPlanPtr general = General();
  if (general->level == nullptr || !adapts_) return general;
  const Work::Pause pause;  // others share what is made
  if (!IsCurrent(*general)) {
    Result<RowPlanPtr> made = Make(nullptr, PlanEnvironment::kUsualMemory);
    if (!made.ok()) return general;
    general = std::move(made).value();
    std::lock_guard lock(mutex_);
    general_ = general;
    special_.clear();
  }
  if (general->sensitive.empty() && MemoryClass(*general, memory_bytes) == 0) return general;
  const Class key = ClassOf(*general, params, memory_bytes);
  if (std::ranges::all_of(key, [](int powers) { return powers == 0; })) return general;
  {
    std::lock_guard lock(mutex_);
    if (const auto found = special_.find(key); found != special_.end()) return found->second;
  }
  const double memory =
      key.back() != 0 ? std::ldexp(1.0, key.back()) : PlanEnvironment::kUsualMemory;
  Result<RowPlanPtr> made = Make(&params, memory);
  if (!made.ok() || (*made)->level == nullptr) return general;
  std::lock_guard lock(mutex_);
  if (special_.size() >= kSpecialMax) special_.erase(special_.begin());
  return special_[key] = std::move(made).value();
}

}  // namespace omen::exec
