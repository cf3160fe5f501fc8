// Operations on an index that owns its rows, against a set of keys and rows. A row is the number
// of its write, three times over: a row of two writes, or one that was freed and filled again
// under a reader, shows.
#include <array>
#include <cstring>
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "index/hybrid_index.h"
#include "index/operation_replay.h"
#include "index/operation_tape.h"
#include "learn/memory.h"

namespace omen::index {

namespace {

using Row = std::array<uint64_t, 3>;

std::span<const std::byte> Bytes(const Row& row) { return std::as_bytes(std::span(row)); }

// The write that a row is of; 0 for a row of two.
uint64_t WriteOf(std::span<const std::byte> bytes) {
  Row row;
  std::memcpy(row.data(), bytes.data(), sizeof row);
  return row[0] == row[1] && row[1] == row[2] ? row[0] : 0;
}

template <typename Keys>
class RowReplay {
 public:
  using Kind = typename RowChange<Keys>::Kind;
  using Pair = std::pair<Owned<Keys>, uint64_t>;  // a key and the write of a row
  using Rows = std::set<Pair>;
  using Slots = std::map<uint64_t, Pair>;

  RowReplay(std::string_view bytes, bool background) : tape_(bytes) {
    HybridOptions options = DrawOptions(tape_);
    options.background = background;
    options.row_bytes = sizeof(Row);
    auto made = HybridIndex<Keys>::Make(options, memory_, clock_);
    index_ = std::move(made.value());
  }

  std::string Run() {
    while (!tape_.done() && wrong_.empty()) {
      ++operation_;
      Step(tape_.Byte());
    }
    while (!held_.empty()) Release();
    if (wrong_.empty()) Scan(rows_, {}, nullptr);
    if (wrong_.empty()) CheckAllComesBack();
    return wrong_;
  }

 private:
  struct Held {
    IndexSnapshot<Keys> snapshot;
    Rows rows;
  };

  struct Collect final : Visitor<Keys> {
    const HybridIndex<Keys>* index;
    const IndexSnapshot<Keys>* snapshot;
    Rows rows;
    Slots slots;
    bool Visit(const typename Keys::Entry* entries, size_t count) override {
      for (size_t i = 0; i < count; ++i) {
        const uint64_t slot = entries[i].payload();
        const auto bytes = snapshot != nullptr ? snapshot->Row(slot) : index->Row(slot);
        const Pair pair(entries[i].key(), WriteOf(bytes));
        rows.insert(pair);
        slots[slot] = pair;
      }
      return true;
    }
  };

  void Step(uint8_t code) {
    switch (code % 8) {
      case 0:
      case 1:
        return WriteRows(1 + code / 8 % 8);
      case 2:
        return WriteSlots(1 + code / 8 % 8);
      case 3:
        return CheckFind(1 + code / 8 % 40);
      case 4: {
        Owned<Keys> from{};
        DrawKey(tape_, from);
        Scan(rows_, from, nullptr);
        return;
      }
      case 5:
        return Hold();
      case 6:
        if (!index_->Merge().ok()) Fail("Merge refused");
        return;
      default:
        if (!held_.empty()) Release();
        return;
    }
  }

  void Fail(const char* what) {
    if (wrong_.empty()) wrong_ = std::string(what) + " at operation " + std::to_string(operation_);
  }

  Row NewRow() {
    ++writes_;
    return {writes_, writes_, writes_};
  }

  void EraseKey(const Owned<Keys>& key) {
    rows_.erase(rows_.lower_bound({key, 0}), rows_.upper_bound({key, ~uint64_t{0}}));
  }

  // By key, the rows brought along.
  void WriteRows(size_t count) {
    std::deque<Pair> written;
    std::deque<Row> bytes;
    std::vector<RowChange<Keys>> changes;
    for (size_t i = 0; i < count; ++i) {
      Owned<Keys> key{};
      DrawKey(tape_, key);
      const auto kind = static_cast<Kind>(tape_.Byte() % 3);
      bytes.push_back(NewRow());
      written.emplace_back(key, writes_);
      changes.push_back({kind, written.back().first, Bytes(bytes.back())});
      if (kind != Kind::kInsert) EraseKey(key);
      if (kind != Kind::kErase) rows_.insert(written.back());
    }
    if (!index_->ApplyRows(changes, ++commit_).ok()) Fail("ApplyRows refused");
    CheckCounts();
  }

  uint64_t SlotToInsert(uint64_t& write) {
    if (tape_.Byte() % 2 == 0 && !spare_.empty()) {
      const auto [slot, written] = *spare_.begin();
      spare_.erase(spare_.begin());
      write = written;
      return slot;
    }
    auto stored = index_->StoreRow(Bytes(NewRow()));
    if (!stored.ok()) Fail("StoreRow refused");
    write = writes_;
    return stored.ok() ? *stored : 0;
  }

  // By slot: pairs that are there and pairs that are not, and now and then a slot that may not
  // be inserted, which spoils the whole commit.
  void WriteSlots(size_t count) {
    Slots live = Scan(rows_, {}, nullptr);
    std::deque<Owned<Keys>> keys;
    std::vector<Change<Keys>> changes;
    std::map<uint64_t, uint64_t> inserted;
    bool refused = false;
    for (size_t i = 0; i < count; ++i) {
      const uint8_t what = tape_.Byte();
      DrawKey(tape_, keys.emplace_back());
      auto some = live.begin();
      if (!live.empty()) std::advance(some, tape_.Byte() % live.size());
      if (what % 8 < 4 || some == live.end()) {
        uint64_t write;
        const uint64_t slot = SlotToInsert(write);
        changes.push_back({keys.back(), slot});
        live[slot] = {keys.back(), write};
        inserted[slot] = write;
      } else if (what == 7) {
        refused = true;
        changes.push_back({keys.back(), tape_.Byte() % 2 == 0 ? some->first : ~uint64_t{7}});
      } else {
        if (what % 8 < 7) keys.back() = some->second.first;
        changes.push_back({keys.back(), some->first, true});
        if (some->second.first == keys.back()) live.erase(some);
      }
    }
    Status applied = index_->Apply(changes, commit_ + 1);
    if (applied.ok() == refused) Fail("Apply: a slot twice, or refused");
    if (!refused) return Applied(live);
    if (!applied.Is(sqlstate::kInvalidParameter)) Fail("Apply: not the right error");
    for (const auto& [slot, write] : inserted) {
      if (write % 2 == 0) {
        spare_[slot] = write;
      } else if (!index_->DropRow(slot).ok()) {
        Fail("DropRow refused");
      }
    }
    Scan(rows_, {}, nullptr);
    CheckCounts();
  }

  void Applied(const Slots& live) {
    ++commit_;
    rows_.clear();
    for (const auto& [slot, pair] : live) rows_.insert(pair);
    Scan(rows_, {}, nullptr);
    CheckCounts();
  }

  void CheckCounts() {
    const IndexStatistics now = index_->statistics();
    if (now.live_rows != rows_.size()) Fail("live rows");
    if (now.stored_rows != spare_.size()) Fail("stored rows");
  }

  // Whatever of a key's rows is found, it is one that was written under the key.
  void CheckFind(size_t count) {
    std::vector<Owned<Keys>> keys(count);
    std::vector<typename Keys::Key> asked;
    for (auto& key : keys) DrawKey(tape_, key);
    for (auto& key : keys) asked.push_back(key);
    std::vector<Found> found(count);
    std::vector<Row> rows(count);
    index_->FindRows(asked.data(), count, found.data(), std::as_writable_bytes(std::span(rows)));
    for (size_t i = 0; i < count; ++i) {
      const auto first = rows_.lower_bound({keys[i], 0});
      const bool there = first != rows_.end() && first->first == keys[i];
      if (found[i].found != there) Fail("FindRows: presence");
      if (there && rows_.count({keys[i], WriteOf(Bytes(rows[i]))}) == 0) Fail("FindRows: row");
      Row alone{};
      if (index_->FindRow(asked[i], std::as_writable_bytes(std::span(alone))).found != there)
        Fail("FindRow: presence");
      if (there && alone != rows[i]) Fail("FindRow: row");
    }
  }

  Slots Scan(const Rows& rows, const Owned<Keys>& from, const IndexSnapshot<Keys>* snapshot) {
    Collect collected;
    collected.index = index_.get();
    collected.snapshot = snapshot;
    if (snapshot != nullptr) {
      snapshot->Scan(from, 0, ~size_t{0}, collected);
    } else {
      index_->Scan(from, ~size_t{0}, collected);
    }
    if (collected.rows != Rows(rows.lower_bound({from, 0}), rows.end())) Fail("Scan: wrong rows");
    return std::move(collected.slots);
  }

  void Hold() {
    auto snapshot = index_->Snapshot(commit_);
    if (!snapshot.ok()) return Fail("Snapshot: the last commit is not here");
    held_.push_back({std::move(*snapshot), rows_});
    if (held_.size() > 4) Release();
  }

  void Release() {
    Scan(held_.front().rows, {}, &held_.front().snapshot);
    held_.pop_front();
  }

  // With the snapshots gone, and the remembered commits and the epoch moved on, no slot is lost.
  void CheckAllComesBack() {
    index_->WaitForMerges();
    constexpr int kEnough = 5000;
    for (int i = 0; i < kEnough && index_->statistics().erased_rows != 0; ++i)
      if (!index_->Apply({}, ++commit_).ok()) Fail("an empty Apply refused");
    if (index_->statistics().erased_rows != 0) Fail("erased rows are kept");
    CheckCounts();
  }

  Tape tape_;
  learn::HeapMemory memory_;
  SystemClock clock_;
  std::unique_ptr<HybridIndex<Keys>> index_;
  Rows rows_;
  std::map<uint64_t, uint64_t> spare_;  // stored slots without a pair, and their writes
  std::deque<Held> held_;               // goes before the index
  uint64_t commit_ = 0, writes_ = 0;
  size_t operation_ = 0;
  std::string wrong_;
};

}  // namespace

std::string ReplayIntRows(std::string_view bytes, bool background) {
  return RowReplay<IntKeys>(bytes, background).Run();
}
std::string ReplayStringRows(std::string_view bytes, bool background) {
  return RowReplay<StringKeys>(bytes, background).Run();
}

}  // namespace omen::index
