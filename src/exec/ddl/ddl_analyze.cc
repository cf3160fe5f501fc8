// ANALYZE and VACUUM: statistics are taken of the tables named, or of all that the user owns.
#include <fmt/format.h>

#include <algorithm>

#include "exec/ddl/ddl_run.h"
#include "exec/gather/gatherer.h"

namespace omen::exec {
namespace {

class AnalyzeRun {
 public:
  AnalyzeRun(DdlRun* run, const sql::Vacuum& vacuum)
      : run_(run), vacuum_(vacuum), snapshot_(run->catalog()) {}

  Status All() {
    for (const catalog::Object* object : snapshot_->All(catalog::ObjectClass::kTable)) {
      const auto& table = std::get<catalog::Table>(*object);
      if (Owns(table.owner)) {
        OMEN_RETURN_IF_ERROR(Take(table, {}));
      } else {
        WarnNotOwner(table.name);
      }
    }
    return Status::Ok();
  }

  Status Named(size_t index) {
    const sql::QualifiedName& name = vacuum_.tables[index];
    const catalog::Object* object = run_->Find(*snapshot_, name);
    if (object == nullptr) return UndefinedRelation(name);
    const auto* table = std::get_if<catalog::Table>(object);
    if (table == nullptr) return NotATable(*object, name.name);
    if (!Owns(table->owner)) {
      WarnNotOwner(name.name);
      return Status::Ok();
    }
    std::vector<int> attnums;
    OMEN_RETURN_IF_ERROR(Columns(*table, vacuum_.columns[index], &attnums));
    OMEN_RETURN_IF_ERROR(
        run_->transaction().LockRelation(table->oid, LockMode::kShareUpdateExclusive));
    return Take(*table, attnums);
  }

 private:
  const char* Verb() const { return vacuum_.vacuum ? "vacuum" : "analyze"; }

  void Warn(std::string message) {
    const auto& notice = run_->context()->notice;
    if (notice) notice(Status(sqlstate::kWarning, std::move(message)));
  }
  void WarnNotOwner(const std::string& name) {
    Warn(fmt::format("skipping \"{}\" --- only table or database owner can {} it", name, Verb()));
  }

  bool IsSuperuser() const {
    const catalog::Role* role = snapshot_->FindRole(run_->context()->user);
    return role != nullptr && role->superuser;
  }
  bool Owns(const std::string& owner) const {
    return owner == run_->context()->user || IsSuperuser();
  }

  Status NotATable(const catalog::Object& object, const std::string& name) {
    if (std::holds_alternative<catalog::SystemRelation>(object)) {
      if (!IsSuperuser()) {
        Warn(fmt::format("skipping \"{}\" --- only superuser can {} it", name, Verb()));
      }
      return Status::Ok();
    }
    Warn(fmt::format("skipping \"{}\" --- cannot {} non-tables or special system tables", name,
                     Verb()));
    return Status::Ok();
  }

  static Status Columns(const catalog::Table& table, const std::vector<std::string>& names,
                        std::vector<int>* attnums) {
    for (const std::string& name : names) {
      const catalog::Column* column = table.FindColumn(name);
      if (column == nullptr) {
        return Status(
            sqlstate::kUndefinedColumn,
            fmt::format("column \"{}\" of relation \"{}\" does not exist", name, table.name));
      }
      if (std::ranges::find(*attnums, column->attnum) != attnums->end()) {
        return Status(sqlstate::kDuplicateColumn,
                      fmt::format("column \"{}\" of relation \"{}\" appears more than once", name,
                                  table.name));
      }
      attnums->push_back(column->attnum);
    }
    return Status::Ok();
  }

  Status Take(const catalog::Table& table, const std::vector<int>& attnums) {
    Gatherer* gatherer = run_->services().gatherer;
    if (!vacuum_.analyze || gatherer == nullptr) return Status::Ok();
    const auto object = snapshot_->ShareObject(table.oid);
    return gatherer->Take(
        {object, &std::get<catalog::Table>(*object)},
        {.attnums = attnums, .by_command = true, .cancel = run_->context()->cancel});
  }

  DdlRun* const run_;
  const sql::Vacuum& vacuum_;
  const std::shared_ptr<const catalog::Snapshot> snapshot_;
};

}  // namespace

Status RunVacuum(DdlRun* run, const sql::Vacuum& vacuum) {
  AnalyzeRun analyze(run, vacuum);
  if (vacuum.tables.empty()) return vacuum.analyze ? analyze.All() : Status::Ok();
  for (size_t i = 0; i < vacuum.tables.size(); ++i) OMEN_RETURN_IF_ERROR(analyze.Named(i));
  return Status::Ok();
}

}  // namespace omen::exec
