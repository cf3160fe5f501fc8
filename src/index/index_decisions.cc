#include "index/index_decisions.h"

#include <algorithm>

namespace omen::index {

namespace {

const char* FormOf(const RunChoice& choice) { return NameOf(choice.search); }

// What a lookup would cost through the next best over what it costs; 0 where nothing was tried.
double Gain(const RunTrial& trial, Search chosen) {
  if (trial.tree_ns <= 0) return 0;
  if (chosen == Search::kLearned) return trial.tree_ns / trial.learned_ns;
  if (chosen == Search::kTree) return trial.learned_ns / trial.tree_ns;
  return trial.hash_ns > 0 ? std::min(trial.learned_ns, trial.tree_ns) / trial.hash_ns : 0;
}

}  // namespace

obs::Decision IndexDecisions::Begun() const {
  obs::Decision decision;
  decision.at_micros = clock_.WallMicros();
  decision.part = "index";
  return decision;
}

void IndexDecisions::Pace(uint32_t before, uint32_t fraction, int64_t merge_nanos,
                          int64_t fill_nanos) const {
  if (log_ == nullptr) return;
  obs::Decision decision = Begun();
  const bool smaller = fraction > before;
  decision.chosen = smaller ? "smaller deltas" : "larger deltas";
  decision.instead_of = smaller ? "larger deltas" : "smaller deltas";
  decision.reason = smaller ? "merging is mostly idle" : "merging hardly keeps up with writing";
  decision.AddInput("fraction_before", before);
  decision.AddInput("fraction", fraction);
  decision.AddInput("merge_ns", static_cast<double>(merge_nanos));
  decision.AddInput("fill_ns", static_cast<double>(fill_nanos));
  log_->Add(decision);
}

void IndexDecisions::Run(const RunTrial& trial, RunChoice choice, uint64_t entries,
                         uint64_t merges) const {
  if (log_ == nullptr) return;
  obs::Decision decision = Begun();
  decision.subject = merges;
  decision.chosen = FormOf(choice);
  decision.instead_of = choice.search == Search::kLearned ? "btree" : "learned";
  decision.reason = trial.reason;
  decision.AddInput("entries", static_cast<double>(entries));
  decision.AddInput("epsilon_blocks", choice.epsilon);
  decision.AddInput("segments", trial.segments);
  decision.AddInput("loose_segments", trial.loose_segments);
  decision.AddInput("model_bytes", static_cast<double>(trial.model_bytes));
  decision.AddInput("learned_ns", trial.learned_ns);
  decision.AddInput("other_epsilon_ns", trial.other_epsilon_ns);
  decision.AddInput("btree_ns", trial.tree_ns);
  decision.AddInput("hash_ns", trial.hash_ns);
  decision.measured_gain = Gain(trial, choice.search);
  log_->Add(decision);
}

void IndexDecisions::Hash(const Asked& lately, bool added, double gain, const char* reason) const {
  if (log_ == nullptr) return;
  obs::Decision decision = Begun();
  decision.chosen = added ? "hash" : "ordered";
  decision.instead_of = added ? "ordered" : "hash";
  decision.reason = reason;
  decision.AddInput("points", static_cast<double>(lately.points));
  decision.AddInput("ranges", static_cast<double>(lately.ranges));
  decision.AddInput("writes", static_cast<double>(lately.writes));
  decision.measured_gain = gain;
  log_->Add(decision);
}

void IndexDecisions::Merge(const Asked& lately) const {
  if (log_ == nullptr) return;
  obs::Decision decision = Begun();
  decision.chosen = "merged";
  decision.instead_of = "a delta beside the runs";
  decision.reason = "it is read and not written";
  decision.AddInput("points", static_cast<double>(lately.points));
  decision.AddInput("ranges", static_cast<double>(lately.ranges));
  log_->Add(decision);
}

}  // namespace omen::index
