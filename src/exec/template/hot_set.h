// The tables and columns that most of the recent work is about.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "sql/traits/traits.h"

namespace omen::exec {

/// Of a template: columns by which it finds or joins rows, and those that it writes.
std::vector<sql::ColumnRef> WorkedColumns(const sql::StatementTraits& traits);

/// One thread.
class HotSet {
 public:
  /// Once for each template, and what its runs took of late.
  void Add(const sql::StatementTraits& traits, double recent_us);
  /// The fewest that took four fifths of the time of all, where a statement counts for each that
  /// it uses; to be asked when all are added.
  std::set<Oid> tables() const;
  std::set<sql::ColumnRef> columns() const;

 private:
  std::map<Oid, double> tables_;
  std::map<sql::ColumnRef, double> columns_;
};

}  // namespace omen::exec
