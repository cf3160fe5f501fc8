#include "index/operation_replay.h"

#include <map>
#include <set>
#include <vector>

#include "index/hybrid_index.h"
#include "index/operation_tape.h"
#include "learn/memory.h"

namespace omen::index {

namespace {

template <typename Keys>
class Replay {
 public:
  using Pairs = std::set<std::pair<Owned<Keys>, uint64_t>>;

  Replay(std::string_view bytes, bool background) : tape_(bytes) {
    HybridOptions options = DrawOptions(tape_);
    options.background = background;
    remembered_ = options.remembered_commits;
    auto made = HybridIndex<Keys>::Make(options, memory_, clock_);
    index_ = std::move(made.value());
    states_[0] = {};
  }

  std::string Run() {
    while (!tape_.done() && wrong_.empty()) {
      ++operation_;
      Step(tape_.Byte());
    }
    if (wrong_.empty()) CheckScan(Pairs(pairs_), nullptr);
    return wrong_;
  }

 private:
  struct Collect final : Visitor<Keys> {
    std::vector<std::pair<Owned<Keys>, uint64_t>> pairs;
    bool Visit(const typename Keys::Entry* entries, size_t count) override {
      for (size_t i = 0; i < count; ++i)
        pairs.emplace_back(Owned<Keys>(entries[i].key()), entries[i].payload());
      return true;
    }
  };

  void Step(uint8_t code) {
    switch (code % 8) {
      case 0:
      case 1:
      case 2:
        return Write(1 + code / 8 % 8);
      case 3:
        return CheckFind(1 + code / 8 % 40);
      case 4:
        return CheckScan(pairs_, nullptr);
      case 5:
        return CheckSnapshot();
      case 6:
        return Merge();
      default:
        return CheckFind(1);
    }
  }

  void Fail(const char* what) {
    if (wrong_.empty()) wrong_ = std::string(what) + " at operation " + std::to_string(operation_);
  }

  void Write(size_t count) {
    std::vector<Owned<Keys>> keys(count);
    std::vector<Change<Keys>> changes;
    for (auto& key : keys) {
      DrawKey(tape_, key);
      const uint8_t what = tape_.Byte();
      changes.push_back({key, what / 4u % 5u, what % 4 == 0});
      const std::pair<Owned<Keys>, uint64_t> pair(key, changes.back().payload);
      changes.back().erase ? void(pairs_.erase(pair)) : void(pairs_.insert(pair));
    }
    commit_ += 1 + tape_.Byte() % 3;
    if (!index_->Apply(changes, commit_).ok()) Fail("Apply refused");
    states_[commit_] = pairs_;
  }

  // A commit of pairs that follow on the largest there is, or nearly.
  void Grow(size_t count) {
    std::vector<std::pair<Owned<Keys>, uint64_t>> pairs;
    auto last = pairs_.empty() ? std::pair<Owned<Keys>, uint64_t>{} : *pairs_.rbegin();
    for (size_t i = 0; i < count; ++i) {
      const uint8_t step = tape_.Byte();
      if (step % 3 == 0) NextKey(last.first, step);
      last.second = step % 3 == 0 ? step % 2 : last.second + 1;
      pairs.push_back(last);
    }
    std::vector<Change<Keys>> changes;
    for (const auto& [key, payload] : pairs) changes.push_back({key, payload});
    pairs_.insert(pairs.begin(), pairs.end());
    if (!index_->Apply(changes, ++commit_).ok()) Fail("Apply refused");
    states_[commit_] = pairs_;
  }
  static void NextKey(uint64_t& key, uint8_t step) { key += key > ~uint64_t{300} ? 0 : step; }
  static void NextKey(std::string& key, uint8_t step) {
    key += static_cast<char>(step);
    if (key.size() > 40) key.resize(1, '\xff');
  }

  void Merge() {
    if (!index_->Merge().ok()) Fail("Merge refused");
  }

  void CheckFind(size_t count) {
    std::vector<Owned<Keys>> keys(count);
    std::vector<typename Keys::Key> asked;
    for (auto& key : keys) DrawKey(tape_, key);
    for (auto& key : keys) asked.push_back(key);
    std::vector<Found> found(count);
    index_->FindBatch(asked.data(), count, found.data());
    for (size_t i = 0; i < count; ++i) {
      const auto truth = pairs_.lower_bound({keys[i], 0});
      const bool there = truth != pairs_.end() && truth->first == keys[i];
      if (found[i].found != there) Fail("FindBatch: presence");
      if (there && found[i].payload != truth->second) Fail("FindBatch: payload");
      const Found alone = index_->Find(asked[i]);
      if (alone.found != there || (there && alone.payload != truth->second)) Fail("Find");
    }
  }

  void CheckScan(const Pairs& pairs, const IndexSnapshot<Keys>* snapshot) {
    Owned<Keys> from{};
    DrawKey(tape_, from);
    const size_t limit = 1 + tape_.Byte();
    Collect collected;
    if (snapshot != nullptr) {
      snapshot->Scan(from, 0, limit, collected);
    } else {
      index_->Scan(from, limit, collected);
    }
    auto truth = pairs.lower_bound({from, 0});
    for (const auto& pair : collected.pairs) {
      if (truth == pairs.end() || *truth != pair) return Fail("Scan: a wrong pair");
      ++truth;
    }
    if (collected.pairs.size() < limit && truth != pairs.end()) Fail("Scan: ended early");
    if (collected.pairs.size() > limit) Fail("Scan: too many");
  }

  // Any commit id: the last applied and a few before it are here, all others are not.
  void CheckSnapshot() {
    const uint64_t wanted = commit_ + 2 - std::min<uint64_t>(commit_ + 2, tape_.Byte() % 16);
    const auto snapshot = index_->Snapshot(wanted);
    if (wanted > commit_ && snapshot.ok()) return Fail("Snapshot: newer than applied");
    const auto after = states_.upper_bound(wanted);
    const auto newer = static_cast<size_t>(std::distance(after, states_.end()));
    if (wanted <= commit_ && newer <= remembered_ && !snapshot.ok())
      return Fail("Snapshot: a remembered commit is not here");
    if (!snapshot.ok()) return;
    const auto state = std::prev(after);
    CheckScan(state->second, &*snapshot);
    Merge();
    Write(3);
    CheckScan(state->second, &*snapshot);
  }

  Tape tape_;
  learn::HeapMemory memory_;
  SystemClock clock_;
  std::unique_ptr<HybridIndex<Keys>> index_;
  Pairs pairs_;
  std::map<uint64_t, Pairs> states_;
  uint64_t commit_ = 0;
  size_t remembered_ = 0;
  size_t operation_ = 0;
  std::string wrong_;
};

}  // namespace

std::string ReplayIntOperations(std::string_view bytes, bool background) {
  return Replay<IntKeys>(bytes, background).Run();
}
std::string ReplayStringOperations(std::string_view bytes, bool background) {
  return Replay<StringKeys>(bytes, background).Run();
}

}  // namespace omen::index
