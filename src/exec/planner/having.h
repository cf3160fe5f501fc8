// How many groups HAVING keeps: from how large they are, and from what aggregates add up.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "exec/planner/estimates.h"

namespace omen::exec {

/// The groups that rows make by some keys. One thread, one use.
class HavingEstimate {
 public:
  /// `groups` of `rows` rows. All outlive it.
  HavingEstimate(Estimates* estimates, std::span<const sql::Expr* const> keys, double rows,
                 double groups);

  double Share(const sql::Expr& condition);

 private:
  /// Mean over the groups of what is estimated for one of so many rows.
  template <typename Of>
  double OverGroups(const Of& of) const;
  double Comparison(const sql::Expr& expr);
  /// What an aggregate is compared with.
  struct Bound {
    const Value* value;
    Oid type;
    double number;
  };
  std::optional<Bound> BoundOf(const sql::Expr& expr) const;
  /// Of the groups, those whose aggregate is above a value, or at it too.
  double Above(const sql::Expr& call, const Bound& bound, bool inclusive);
  double CountAbove(const sql::Expr& call, double bound);
  double ExtremeAbove(const sql::Expr& call, const Bound& bound, bool inclusive);
  double Equal(const sql::Expr& call, const Bound& bound);
  /// Rows of a group of `size` that the call's argument is not null in.
  double Counted(const sql::Expr& call, double size);

  Estimates& estimates_;
  std::vector<double> common_;  // rows of the groups that are known one by one
  double rest_ = 0, rest_size_ = 1;
  double groups_;
};

}  // namespace omen::exec
