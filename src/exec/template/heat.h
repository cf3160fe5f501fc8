// Which tables and columns are used, by the templates that use them. Readable as
// omendb.table_heat and omendb.column_heat.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "exec/template/template_runs.h"
#include "sql/traits/traits.h"

namespace omen::exec {

/// One thread.
class Heat {
 public:
  static constexpr size_t kPredicateKinds = static_cast<size_t>(sql::PredicateKind::kOther) + 1;

  /// Statements, and when the last of them ran (Unix epoch; 0: none did).
  struct Uses {
    uint64_t statements = 0;
    int64_t last_micros = 0;
  };
  struct Table {
    Uses reads, writes;
    int64_t read_us = 0, write_us = 0;  // that those took
  };
  struct Column {
    Uses reads, writes;
    std::array<uint64_t, kPredicateKinds> filtered{};  // statements, by sql::PredicateKind
  };

  /// Once for each template. A table that one writes as well as reads is used both ways.
  void Add(const sql::StatementTraits& traits, const TemplateRuns::Totals& runs);

  const std::map<Oid, Table>& tables() const { return tables_; }
  const std::map<sql::ColumnRef, Column>& columns() const { return columns_; }

  std::string Encode() const;
  /// Adds what was encoded. False for bytes that are none of ours; then some may have been added.
  bool Restore(std::string_view bytes);

 private:
  std::map<Oid, Table> tables_;
  std::map<sql::ColumnRef, Column> columns_;
};

}  // namespace omen::exec
