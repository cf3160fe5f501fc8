// Keeps what templates' runs have shown over restarts of the server, in the memo.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "base/result.h"
#include "exec/template/templates.h"
#include "memo/memo.h"

namespace omen::exec {

/// Any thread. Both outlive it.
class TemplateMemory {
 public:
  /// Restores what was kept.
  TemplateMemory(memo::Memo* memo, Templates* templates);

  /// Writes what has changed since; what the templates no longer hold is forgotten.
  Status Keep();

 private:
  memo::Memo* const memo_;
  Templates* const templates_;
  std::mutex mutex_;
  std::map<uint64_t, std::string> kept_;  // template id -> its record
};

}  // namespace omen::exec
