// A read chosen by omendb.answer_check: its rows are digested on their way to the client, and
// when the last has gone it is handed on to be run again on another path at the same commit.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "answers/checker.h"
#include "exec/database/database.h"

namespace omen::exec {

/// One read that was chosen. One thread.
class AnswerSample {
 public:
  /// Null unless this read is to be checked. Marks the context, so that its paths are opened at
  /// one commit.
  static std::unique_ptr<AnswerSample> Take(Database* database, answers::Checker* checker,
                                            const std::shared_ptr<const Plan>& plan,
                                            const Row& params, StatementContext* context);

  /// Call once the read is open: what digests the rows that pass through it, or `cursor` itself
  /// where the stores do not stand at one commit.
  static std::unique_ptr<Cursor> Watch(std::unique_ptr<AnswerSample> sample,
                                       std::unique_ptr<Cursor> cursor);

  /// Rows on their way to the client.
  void See(const std::vector<Row>& rows);
  /// The last has gone.
  void Submit();

 private:
  AnswerSample(Database* database, answers::Checker* checker, std::shared_ptr<const Plan> plan,
               const Row& params, StatementContext* context);

  Database* database_;
  answers::Checker* checker_;
  std::shared_ptr<const Plan> plan_;
  Row params_;
  StatementContext* context_;
  answers::Sample sample_;
  std::shared_ptr<rowstore::ReadView> view_;
};

}  // namespace omen::exec
