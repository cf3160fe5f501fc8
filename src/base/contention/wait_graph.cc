#include "base/contention/wait_graph.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/containment.h"

namespace omen {
namespace {

// A waiter that was between two looks at its lock is asked again after this.
constexpr std::chrono::milliseconds kAskAgain{5};

}  // namespace

WaitGraph::~WaitGraph() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  if (watcher_.joinable()) watcher_.join();
}

WaitGraph::Wait::Wait(WaitGraph* graph, const WaitParty* party, std::string what, Ask ask,
                      std::function<void()> wake)
    : graph_(graph),
      party_(party),
      what_(std::move(what)),
      ask_(std::move(ask)),
      wake_(std::move(wake)),
      due_(Clock::now() + graph->patience_) {
  SharedChange change;
  std::lock_guard lock(graph_->mutex_);
  graph_->waits_.push_back(this);
  if (!graph_->watcher_.joinable()) {
    graph_->watcher_ = std::thread([graph] { graph->Watch(); });
  }
}

WaitGraph::Wait::~Wait() {
  std::lock_guard lock(graph_->mutex_);
  graph_->waits_.remove(this);
}

Status WaitGraph::Wait::Check() const {
  if (!chosen()) return Status::Ok();
  return Status(sqlstate::kDeadlock, "deadlock detected")
      .Detail(detail_)
      .Hint("See server log for query details.");
}

WaitGraph::Wait::Clock::time_point WaitGraph::NextDue() const {
  auto next = Wait::Clock::time_point::max();
  for (const Wait* wait : waits_) {
    if (!wait->looked_at_) next = std::min(next, wait->due_);
  }
  return next;
}

void WaitGraph::Watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    // Never longer than a new wait's patience: so none of the many has to wake this thread.
    const auto due = std::min(NextDue(), Wait::Clock::now() + patience_);
    if (changed_.WaitInBackground(lock, due, [&] { return stopping_; })) return;
    for (Wait* wait : waits_) {
      if (!wait->looked_at_ && wait->due_ <= due) Look(wait);
    }
  }
}

// A circle of holders alone cannot end by itself. One that needs a place in a queue ends when
// that place is given up, whoever of the circle has it.
void WaitGraph::Look(Wait* wait) {
  std::vector<Step> path;
  Found found = FindCircle(wait, /*queue=*/false, &path);
  if (found == Found::kCircle) {
    wait->detail_ = Describe(path);
    wait->chosen_.store(true, std::memory_order_release);
    if (wait->wake_) wait->wake_();
  }
  while (found == Found::kNone) {
    found = FindCircle(wait, /*queue=*/true, &path);
    if (found != Found::kCircle) break;
    found = OpenQueue(path) ? Found::kNone : Found::kUnsure;
  }
  wait->looked_at_ = found != Found::kUnsure;
  if (!wait->looked_at_) wait->due_ = Wait::Clock::now() + kAskAgain;
}

bool WaitGraph::OpenQueue(const std::vector<Step>& circle) {
  const auto step = std::ranges::find_if(circle, &Step::queued);
  if (step == circle.end()) return false;
  step->wait->may_pass_queue_.store(true, std::memory_order_release);
  if (step->wait->wake_) step->wait->wake_();
  return true;
}

WaitGraph::Found WaitGraph::FindCircle(Wait* start, bool queue, std::vector<Step>* path) const {
  path->clear();
  std::set<const Wait*> seen;
  return Follow(*start, start, queue, &seen, path);
}

WaitGraph::Found WaitGraph::Follow(const Wait& start, Wait* from, bool queue,
                                   std::set<const Wait*>* seen, std::vector<Step>* path) const {
  Blockers blockers = from->ask_(false);
  for (const uint64_t owner : blockers.row_owners) {
    if (const WaitParty* party = PartyOf(owner)) blockers.parties.push_back(party);
  }
  const size_t holders = blockers.parties.size();
  if (queue && !from->may_pass_queue()) {
    for (const WaitParty* party : from->ask_(true).parties) {
      if (std::ranges::find(blockers.parties, party) == blockers.parties.end()) {
        blockers.parties.push_back(party);
      }
    }
  }
  Found worst = blockers.known ? Found::kNone : Found::kUnsure;
  for (size_t i = 0; i < blockers.parties.size(); ++i) {
    const WaitParty* blocker = blockers.parties[i];
    path->push_back({from, blocker, i >= holders});
    if (blocker == start.party_) return Found::kCircle;
    Wait* next = WaitOf(blocker);
    if (next != nullptr && seen->insert(next).second) {
      const Found found = Follow(start, next, queue, seen, path);
      if (found == Found::kCircle) return found;
      if (found == Found::kUnsure) worst = found;
    }
    path->pop_back();
  }
  return worst;
}

// Who was chosen already is about to let go.
WaitGraph::Wait* WaitGraph::WaitOf(const WaitParty* party) const {
  for (Wait* wait : waits_) {
    if (wait->party_ == party && !wait->chosen_.load(std::memory_order_relaxed)) return wait;
  }
  return nullptr;
}

const WaitParty* WaitGraph::PartyOf(uint64_t row_owner) const {
  for (const Wait* wait : waits_) {
    if (wait->party_->row_owner.load(std::memory_order_acquire) == row_owner) return wait->party_;
  }
  return nullptr;
}

std::string WaitGraph::Describe(const std::vector<Step>& circle) {
  std::string text;
  for (const Step& step : circle) {
    // A row is waited for by its owner's number.
    const std::string what =
        !step.wait->what_.empty()
            ? step.wait->what_
            : fmt::format("ShareLock on transaction {}", step.blocker->row_owner.load());
    text +=
        fmt::format("{}Process {} waits for {}; blocked by process {}.", text.empty() ? "" : "\n",
                    step.wait->party_->pid.load(), what, step.blocker->pid.load());
  }
  return text;
}

}  // namespace omen
