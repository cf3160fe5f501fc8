#include "sql/command/storage_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "sql/command/bind_statement.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

constexpr std::string_view kTableParameters[] = {"fillfactor",
                                                 "toast_tuple_target",
                                                 "parallel_workers",
                                                 "user_catalog_table",
                                                 "oids",
                                                 "vacuum_index_cleanup",
                                                 "vacuum_truncate",
                                                 "autovacuum_enabled",
                                                 "autovacuum_vacuum_threshold",
                                                 "autovacuum_vacuum_insert_threshold",
                                                 "autovacuum_analyze_threshold",
                                                 "autovacuum_vacuum_cost_delay",
                                                 "autovacuum_vacuum_cost_limit",
                                                 "autovacuum_vacuum_scale_factor",
                                                 "autovacuum_vacuum_insert_scale_factor",
                                                 "autovacuum_analyze_scale_factor",
                                                 "autovacuum_freeze_min_age",
                                                 "autovacuum_freeze_max_age",
                                                 "autovacuum_freeze_table_age",
                                                 "autovacuum_multixact_freeze_min_age",
                                                 "autovacuum_multixact_freeze_max_age",
                                                 "autovacuum_multixact_freeze_table_age",
                                                 "log_autovacuum_min_duration"};
constexpr std::string_view kIndexParameters[] = {"fillfactor", "deduplicate_items"};
constexpr std::string_view kViewParameters[] = {"security_barrier", "security_invoker",
                                                "check_option"};

std::span<const std::string_view> ParametersOf(StorageOf what) {
  if (what == StorageOf::kTable) return kTableParameters;
  if (what == StorageOf::kIndex) return kIndexParameters;
  return kViewParameters;
}

Status CheckFillFactor(const DefElem& option) {
  const auto value = OptionInt(option);
  if (!value.ok()) {
    return Status(
        sqlstate::kInvalidParameter,
        fmt::format("invalid value for integer option \"fillfactor\": {}", OptionText(option)));
  }
  if (*value >= 10 && *value <= 100) return Status::Ok();
  return Status(sqlstate::kInvalidParameter,
                fmt::format("value {} out of bounds for option \"fillfactor\"", *value))
      .Detail("Valid values are between \"10\" and \"100\".");
}

Status CheckOne(const DefElem& option, StorageOf what) {
  const std::string_view name = option.defname;
  if (option.defnamespace != nullptr) {
    if (what == StorageOf::kTable && std::string_view(option.defnamespace) == "toast") {
      return Status::Ok();
    }
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("unrecognized parameter namespace \"{}\"", option.defnamespace));
  }
  const auto known = ParametersOf(what);
  if (std::ranges::find(known, name) == known.end()) {
    return Status(sqlstate::kInvalidParameter, fmt::format("unrecognized parameter \"{}\"", name));
  }
  if (name == "fillfactor" && option.arg != nullptr) return CheckFillFactor(option);
  if (name == "oids" && OptionBool(option)) {
    return Status(sqlstate::kFeatureNotSupported, "tables declared WITH OIDS are not supported");
  }
  if (what != StorageOf::kView) return Status::Ok();
  if (name == "check_option") return NotSupported("WITH CHECK OPTION");
  return OptionBool(option) ? NotSupported(fmt::format("view option {}", name)) : Status::Ok();
}

}  // namespace

Status CheckStorageParameters(const List* options, StorageOf what) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const DefElem* option : Items<DefElem>(options)) {
    OMEN_RETURN_IF_ERROR(CheckOne(*option, what));
    const char* space = option->defnamespace == nullptr ? "" : option->defnamespace;
    if (seen.emplace(space, option->defname).second) continue;
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("parameter \"{}\" specified more than once", option->defname));
  }
  return Status::Ok();
}

}  // namespace omen::sql
