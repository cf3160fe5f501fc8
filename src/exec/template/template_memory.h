// Keeps what templates' runs have shown over restarts of the server, in the memo: of each template
// one record of what it is, one of its runs, and one of the hours in which they were.
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
  struct Kept {
    uint64_t calls = 0;       // as written
    uint64_t counted = 0;     // of them, those that were among the arrivals
    int64_t hours_until = 0;  // of the arrivals' own record; later ones are with the runs
  };
  void RestoreAll();
  void RestoreOthers();
  void KeepOne(const StatementTemplate& known, Kept* kept);
  void KeepOthers();
  void Forget(uint64_t id);

  memo::Memo* const memo_;
  Templates* const templates_;
  std::mutex mutex_;
  std::map<uint64_t, Kept> kept_;  // by template id
  uint64_t kept_others_ = 0;
};

}  // namespace omen::exec
