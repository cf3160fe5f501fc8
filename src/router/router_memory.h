// Keeps what a router has learned over restarts of the server, in the memo.
#pragma once

#include "base/result.h"
#include "memo/memo.h"
#include "router/router.h"

namespace omen::router {

/// Any thread, one at a time. Both outlive it.
class RouterMemory {
 public:
  /// Restores what was kept.
  RouterMemory(memo::Memo* memo, Router* router);

  /// Writes what has been learned since. Fails where the memo cannot be written.
  Status Keep();

 private:
  memo::Memo* const memo_;
  Router* const router_;
};

}  // namespace omen::router
