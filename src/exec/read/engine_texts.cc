#include "exec/read/engine_texts.h"

#include <algorithm>

#include "base/blame.h"

namespace omen::exec {
namespace {

// Small enough to stand in a text as literals.
bool FitsText(const Row& params, const std::vector<Type>& types) {
  constexpr size_t kElementsMax = 1000, kBytesMax = size_t{64} << 10;
  for (size_t i = 0; i < params.size() && i < types.size(); ++i) {
    if (params[i].is_null()) continue;
    const Carrier carrier = InfoOf(types[i].oid).carrier;
    if (carrier == Carrier::kArray && params[i].AsArray().elements.size() > kElementsMax) {
      return false;
    }
    if (carrier == Carrier::kBytes && params[i].AsBytes().size() > kBytesMax) return false;
  }
  return true;
}

}  // namespace

Result<sql::DuckdbQuery> EngineTexts::Generate(const std::vector<Oid>& row_tables,
                                               const Row* params) const {
  const auto source_of = [&](const catalog::Table& table) {
    return std::ranges::find(row_tables, table.oid) != row_tables.end()
               ? sql::TableSource::kRows
               : sql::TableSource::kColumns;
  };
  return sql::GenerateDuckdb(*query_, param_types_, source_of, params);
}

EngineTexts::Text EngineTexts::For(const std::vector<Oid>& row_tables, const Row& params) const {
  if (params.empty() || !FitsText(params, param_types_)) return ForAny(row_tables);
  Result<sql::DuckdbQuery> made = Generate(row_tables, &params);
  if (made.ok()) return std::make_shared<const sql::DuckdbQuery>(std::move(made).value());
  if (!IsOfPath(made.status())) return std::move(made).status();
  return ForAny(row_tables);
}

EngineTexts::Text EngineTexts::ForAny(const std::vector<Oid>& row_tables) const {
  std::lock_guard lock(mutex_);
  const auto found = made_.find(row_tables);
  if (found != made_.end()) return found->second;
  const auto refused = refused_.find(row_tables);
  if (refused != refused_.end()) return refused->second.Clone();
  Result<sql::DuckdbQuery> made = Generate(row_tables, nullptr);
  if (!made.ok()) {
    refused_.emplace(row_tables, made.status().Clone());
    return std::move(made).status();
  }
  auto kept = std::make_shared<const sql::DuckdbQuery>(std::move(made).value());
  made_.emplace(row_tables, kept);
  return kept;
}

}  // namespace omen::exec
