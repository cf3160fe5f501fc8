// What one statement's run is given, and what it tells of itself.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "exec/statement/copy_stream.h"
#include "exec/statement/options.h"
#include "exec/statement/plan.h"
#include "exec/statement/transaction.h"
#include "functions/registry.h"
#include "router/router.h"

namespace omen::exec {

/// How a statement was run, told by Open.
struct RunReport {
  Path path = Path::kUtility;
  std::string reason;
  rowstore::CommitId snapshot_commit = 0;  // of the rows read
  rowstore::CommitId watermark = 0;        // of the columns read
  bool asked_router = false;
  double estimated_rows = 0, estimated_us = 0;  // by the row path's plan
  std::vector<PartRows> expected;               // of its parts
  int64_t waited_us = 0;                        // for columns as fresh as was asked
  /// Of a read whose path was chosen: what the choice rested on, what it was, and its number.
  std::optional<router::Features> features;
  router::Path chosen = router::Path::kRow;
  uint64_t decision = 0;
  double given_up_us = 0;  // on the chosen path, before another was taken for the time it took

  /// Uses the memory of the last report again.
  void Begin(Path on, std::string_view why) {
    path = on;
    reason = why;
    snapshot_commit = watermark = 0;
    asked_router = false;
    estimated_rows = estimated_us = 0;
    expected.clear();
    waited_us = 0;
  }
};

/// By what a statement is known to what learns. Outlives the run.
struct StatementIdentity {
  uint64_t template_id = 0;  // 0: not known
  std::vector<uint64_t> parts;
  router::Shape shape;
  bool repeats = false;  // to run it twice changes nothing, and may be left in the middle
};

/// Everything one statement's run may use. One thread; outlives the cursor.
struct StatementContext {
  Transaction* transaction = nullptr;
  ExecOptions options;
  functions::CallContext call;
  CancelToken* cancel = nullptr;
  rowstore::CommitId session_commit = 0;  // the session's last own commit
  std::vector<std::string> search_path;
  std::string user;
  std::string_view text;  // the statement as written, for the history
  const StatementIdentity* identity = nullptr;
  uint64_t values = 0;  // what its parameters and literals are known by; 0: not looked at
  uint64_t session_id = 0;
  bool ends_transaction = false;  // which began with it, too
  /// INSERT of one row of parameters: those of further rows, each as many, which are used up.
  std::span<Value> more_rows;
  CopySource* copy_source = nullptr;
  CopySink* copy_sink = nullptr;
  std::function<void(const Status& notice)> notice;  // severity NOTICE/WARNING by SQLSTATE class
  RunReport report;
  AnswerCheck check = AnswerCheck::kNone;
};

}  // namespace omen::exec
