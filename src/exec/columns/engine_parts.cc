#include "exec/columns/engine_parts.h"

#include <algorithm>

namespace omen::exec {
namespace {

using colstore::PlanOperator;
using Kind = PlanOperator::Kind;

/// Walks a plan from its root; what lies under an operator is known before it.
class PartFinder {
 public:
  PartFinder(const std::vector<std::shared_ptr<const catalog::Table>>& tables,
             const std::vector<sql::RowScan>& row_scans)
      : tables_(tables), row_scans_(row_scans) {}

  struct Below {
    std::vector<Oid> tables;  // sorted
    bool grouped = false;     // their rows are gone into groups
  };
  /// What operators above do to the one that is visited.
  struct Above {
    bool read_whole = true;  // they read all its rows
    bool narrow = false;     // they have told it which rows they will not want
  };
  Below Visit(const PlanOperator& of, Above above);
  std::vector<PartRows> parts;

 private:
  Oid TableOf(const PlanOperator& scan) const;
  void NoteOperator(const PlanOperator& of, const std::vector<Oid>& tables, bool narrowed);
  void Note(sql::PlanPart::Kind kind, const std::vector<Oid>& tables, uint64_t rows);

  const std::vector<std::shared_ptr<const catalog::Table>>& tables_;
  const std::vector<sql::RowScan>& row_scans_;
};

Oid PartFinder::TableOf(const PlanOperator& scan) const {
  if (scan.source >= 0) {
    const auto& table = row_scans_[static_cast<size_t>(scan.source)].table;
    return table == nullptr ? 0 : table->oid;
  }
  const auto found = std::ranges::find_if(
      tables_, [&](const auto& table) { return table->storage_id == scan.storage; });
  return found == tables_.end() ? 0 : (*found)->oid;
}

// The operator above of the same tables counts what is left of the rows.
void PartFinder::Note(sql::PlanPart::Kind kind, const std::vector<Oid>& tables, uint64_t rows) {
  const auto same = [&](const PartRows& part) {
    return part.kind == kind && part.tables == tables;
  };
  const auto found = std::ranges::find_if(parts, same);
  if (found != parts.end()) {
    found->rows = static_cast<double>(rows);
  } else {
    parts.push_back({kind, tables, static_cast<double>(rows)});
  }
}

PartFinder::Below PartFinder::Visit(const PlanOperator& of, Above above) {
  const bool groups = of.kind == Kind::kGroup || of.kind == Kind::kAggregate;
  Above here = groups ? Above{} : above;
  here.read_whole &= of.kind != Kind::kLimit;
  Below below;
  // A join tells each input which keys the other can have.
  here.narrow |= of.kind == Kind::kTopN || of.kind == Kind::kJoin;
  for (const PlanOperator& from : of.inputs) {
    const Below input = Visit(from, here);
    below.tables.insert(below.tables.end(), input.tables.begin(), input.tables.end());
    below.grouped |= input.grouped;
  }
  if (of.kind == Kind::kScan) below.tables.push_back(TableOf(of));
  std::ranges::sort(below.tables);
  if (above.read_whole && !below.grouped && !below.tables.empty()) {
    NoteOperator(of, below.tables, above.narrow);
  }
  below.grouped |= groups;
  return below;
}

void PartFinder::NoteOperator(const PlanOperator& of, const std::vector<Oid>& tables,
                              bool narrowed) {
  using PartKind = sql::PlanPart::Kind;
  if (of.kind == Kind::kGroup) Note(PartKind::kGroup, tables, of.rows);
  const bool thins = of.kind == Kind::kScan || of.kind == Kind::kFilter || of.kind == Kind::kJoin;
  if (!thins || narrowed) return;
  Note(tables.size() == 1 ? PartKind::kScan : PartKind::kJoin, tables, of.rows);
}

}  // namespace

std::vector<PartRows> PartsOf(const PlanOperator& plan,
                              const std::vector<std::shared_ptr<const catalog::Table>>& tables,
                              const std::vector<sql::RowScan>& row_scans) {
  PartFinder finder(tables, row_scans);
  finder.Visit(plan, {});
  return std::move(finder.parts);
}

int64_t EngineMicros(const PlanOperator& plan) {
  int64_t nanos = 0;
  const auto add = [&](const auto& self, const PlanOperator& of) -> void {
    nanos += of.nanos;
    for (const PlanOperator& input : of.inputs) self(self, input);
  };
  add(add, plan);
  return nanos / 1000;
}

uint64_t RowsScanned(const PlanOperator& plan) {
  uint64_t rows = plan.kind == Kind::kScan ? plan.rows : 0;
  for (const PlanOperator& input : plan.inputs) rows += RowsScanned(input);
  return rows;
}

}  // namespace omen::exec
