// Mixes of reads and writes, done by contenders in turn.
#pragma once

#include <string>

#include "ask.h"
#include "sets.h"

namespace omen::bench {

/// Batches of kBatch operations, `write_percent` of them writes.
template <typename Keys, typename Contender>
uint64_t RunMix(Contender& contender, const KeySet<Keys>& set, size_t operations,
                size_t write_percent) {
  Found found[kBatch];
  uint64_t sum = 0;
  size_t written = 0, read = 0, owed = 0;
  for (size_t done = 0; done < operations; done += kBatch) {
    owed += kBatch * write_percent;
    const size_t writes = std::min(owed / 100, set.writes.size() - written);
    owed %= 100;
    const size_t reads = kBatch - writes;
    if (read + reads > set.present.size()) read = 0;
    contender.FindBatch(&set.present[read], reads, found);
    for (size_t i = 0; i < reads; ++i) sum += found[i].found;
    contender.Apply(&set.writes[written], writes);
    written += writes;
    read += reads;
  }
  contender.Settle();
  return sum;
}

/// All contenders do the same operations in every round, and must then hold the same.
template <typename Keys>
class MixComparison {
 public:
  MixComparison(const KeySet<Keys>& set, size_t percent, Measurements& out)
      : set_(set), percent_(percent), out_(out) {}

  template <typename Contender>
  void Run(Contender& contender, const std::string& who) {
    const std::string name = Name(who);
    contender.Load(set_.loaded);
    uint64_t found = 0;
    out_.TimeAllCores(name, set_.loaded.size(),
                      [&] { found = RunMix<Keys>(contender, set_, set_.loaded.size(), percent_); });
    during_.Agree(found, name);
    after_.Agree(SumOfAll<Keys>(contender), name);
  }
  std::string Name(const std::string& who) const { return who + "/mix" + std::to_string(percent_); }

 private:
  const KeySet<Keys>& set_;
  const size_t percent_;
  Measurements& out_;
  Truth during_, after_;
};

}  // namespace omen::bench
