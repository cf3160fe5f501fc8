// How a transaction commits.
#pragma once

#include "base/contention/resumable.h"

namespace omen::rowstore {

struct CommitWay {
  Resumable* waiting = nullptr;  // who is told when it is done; null: the thread waits
  /// False: told before it is synced, so the machine's loss of power may take it, and with it those
  /// that came after. Ignored where definitions change.
  bool synced = true;
};

}  // namespace omen::rowstore
