// Frames against a model that finds each row's frame from PostgreSQL's definitions alone.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

struct FrameRow {
  int id, part;
  std::optional<int> key;
  int value;
};

enum class Mode { kRows, kRange, kGroups };
enum class Edge { kUnboundedPreceding, kPreceding, kCurrent, kFollowing, kUnboundedFollowing };

struct FrameSpec {
  Mode mode;
  bool descending, nulls_first;
  Edge start, end;
  int start_offset, end_offset;
  int exclude;  // none, current row, group, ties
};

constexpr const char* kModeNames[] = {"rows", "range", "groups"};
constexpr const char* kExcludeNames[] = {"no others", "current row", "group", "ties"};

std::string EdgeText(Edge edge, int offset) {
  switch (edge) {
    case Edge::kUnboundedPreceding:
      return "unbounded preceding";
    case Edge::kPreceding:
      return fmt::format("{} preceding", offset);
    case Edge::kCurrent:
      return "current row";
    case Edge::kFollowing:
      return fmt::format("{} following", offset);
    case Edge::kUnboundedFollowing:
      return "unbounded following";
  }
  return "";
}

std::string WindowText(const FrameSpec& spec) {
  return fmt::format("partition by part order by k {} nulls {}{} {} between {} and {} exclude {}",
                     spec.descending ? "desc" : "asc", spec.nulls_first ? "first" : "last",
                     spec.mode == Mode::kRows ? ", id" : "",
                     kModeNames[static_cast<int>(spec.mode)],
                     EdgeText(spec.start, spec.start_offset), EdgeText(spec.end, spec.end_offset),
                     kExcludeNames[spec.exclude]);
}

// One partition, sorted. With ROWS, rows are told apart by id as well, so none has peers.
class FrameModel {
 public:
  FrameModel(const FrameSpec& spec, std::vector<FrameRow> rows)
      : spec_(spec), rows_(std::move(rows)) {
    std::ranges::sort(rows_, [&](const FrameRow& a, const FrameRow& b) { return Before(a, b); });
    for (size_t i = 0; i < rows_.size(); ++i) {
      group_.push_back(i == 0 ? 0 : group_[i - 1] + !Peers(i - 1, i));
    }
  }

  const std::vector<FrameRow>& rows() const { return rows_; }

  std::vector<int> FrameOf(size_t row) const {
    std::vector<int> values;
    for (size_t at = 0; at < rows_.size(); ++at) {
      if (at < Start(row) || at >= End(row)) continue;
      const bool peer = group_[at] == group_[row];
      if (spec_.exclude == 1 && at == row) continue;
      if (spec_.exclude == 2 && peer) continue;
      if (spec_.exclude == 3 && peer && at != row) continue;
      values.push_back(rows_[at].value);
    }
    return values;
  }

 private:
  bool Before(const FrameRow& a, const FrameRow& b) const {
    if (a.key.has_value() != b.key.has_value()) return a.key.has_value() != spec_.nulls_first;
    if (a.key != b.key) return (*a.key < *b.key) != spec_.descending;
    return a.id < b.id;
  }
  bool Peers(size_t a, size_t b) const {
    return spec_.mode != Mode::kRows && rows_[a].key == rows_[b].key;
  }
  // The first place whose group is at least this one.
  size_t GroupAt(long number) const {
    size_t at = 0;
    while (at < rows_.size() && group_[at] < number) ++at;
    return at;
  }
  // RANGE: the first place whose key is `distance` behind the row's or further (`beyond`: more
  // than that); null keys are at a distance from none but each other.
  size_t KeyAt(size_t row, int distance, bool beyond) const {
    if (!rows_[row].key) return beyond ? GroupAt(group_[row] + 1) : GroupAt(group_[row]);
    size_t at = 0;
    while (at < rows_.size() && !rows_[at].key) ++at;
    if (!spec_.nulls_first) at = 0;
    for (; at < rows_.size() && rows_[at].key; ++at) {
      const int away = (*rows_[at].key - *rows_[row].key) * (spec_.descending ? -1 : 1);
      if (beyond ? away > distance : away >= distance) break;
    }
    return at;
  }
  size_t Place(size_t row, Edge edge, int offset, bool is_end) const {
    if (edge == Edge::kUnboundedPreceding) return 0;
    if (edge == Edge::kUnboundedFollowing) return rows_.size();
    const int distance = edge == Edge::kCurrent ? 0 : edge == Edge::kPreceding ? -offset : offset;
    if (spec_.mode == Mode::kRange) return KeyAt(row, distance, is_end);
    return GroupAt(group_[row] + distance + (is_end ? 1 : 0));
  }
  size_t Start(size_t row) const { return Place(row, spec_.start, spec_.start_offset, false); }
  size_t End(size_t row) const { return Place(row, spec_.end, spec_.end_offset, true); }

  const FrameSpec& spec_;
  std::vector<FrameRow> rows_;
  std::vector<long> group_;
};

std::string ModelLine(const FrameModel& model, size_t row, bool with_places) {
  const std::vector<int> frame = model.FrameOf(row);
  const auto or_null = [](bool there, int value) { return there ? std::to_string(value) : ""; };
  int sum = 0;
  for (const int value : frame) sum += value;
  std::string line =
      fmt::format("{}|{}|{}", model.rows()[row].id, frame.size(), or_null(!frame.empty(), sum));
  line += "|" + or_null(!frame.empty(), frame.empty() ? 0 : *std::ranges::min_element(frame));
  if (!with_places) return line;
  line += "|" + or_null(!frame.empty(), frame.empty() ? 0 : frame.front());
  line += "|" + or_null(!frame.empty(), frame.empty() ? 0 : frame.back());
  return line + "|" + or_null(frame.size() > 1, frame.size() > 1 ? frame[1] : 0);
}

class WindowFrames : public ::testing::Test {
 protected:
  WindowFrames() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    session_.Run("create table f (id int primary key, part int, k int, v int)");
  }

  void Fill(std::mt19937* random, int count) {
    session_.Run("delete from f");
    rows_.clear();
    for (int id = 1; id <= count; ++id) {
      FrameRow row{id, static_cast<int>((*random)() % 4), std::nullopt,
                   static_cast<int>((*random)() % 100)};
      if ((*random)() % 6 != 0) row.key = static_cast<int>((*random)() % 9);
      session_.Run(fmt::format("insert into f values ({}, {}, {}, {})", id, row.part,
                               row.key ? std::to_string(*row.key) : "null", row.value));
      rows_.push_back(row);
    }
  }

  std::string Modelled(const FrameSpec& spec) const {
    std::vector<std::string> lines;
    for (int part = 0; part < 4; ++part) {
      std::vector<FrameRow> members;
      for (const FrameRow& row : rows_) {
        if (row.part == part) members.push_back(row);
      }
      const FrameModel model(spec, members);
      for (size_t i = 0; i < members.size(); ++i) {
        lines.push_back(ModelLine(model, i, spec.mode == Mode::kRows));
      }
    }
    std::ranges::sort(lines);
    std::string out;
    for (const std::string& line : lines) out += line + "\n";
    return out;
  }

  void Expect(const FrameSpec& spec) {
    const std::string places =
        ", first_value(v) over w, last_value(v) over w, nth_value(v, 2) "
        "over w";
    const std::string query = fmt::format(
        "select id, count(*) over w, sum(v) over w, min(v) over w{} from f window w as "
        "({})",
        spec.mode == Mode::kRows ? places : "", WindowText(spec));
    EXPECT_EQ(session_.RunSorted(query), Modelled(spec)) << query;
  }

  TestEngine engine_;
  TestSession session_;
  std::vector<FrameRow> rows_;
};

// PostgreSQL refuses an end that is of an earlier kind than the start.
bool IsFrame(const FrameSpec& spec) {
  if (spec.start == Edge::kUnboundedFollowing || spec.end == Edge::kUnboundedPreceding) {
    return false;
  }
  if (spec.start == Edge::kCurrent && spec.end == Edge::kPreceding) return false;
  return spec.start != Edge::kFollowing || spec.end > Edge::kCurrent;
}

TEST_F(WindowFrames, EveryKindOfFrameHoldsWhatTheModelSays) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  Fill(&random, 24);
  for (int mode = 0; mode < 3; ++mode) {
    for (int start = 0; start < 4; ++start) {
      for (int end = 1; end < 5; ++end) {
        FrameSpec spec{static_cast<Mode>(mode),
                       random() % 2 == 0,
                       random() % 2 == 0,
                       static_cast<Edge>(start),
                       static_cast<Edge>(end),
                       static_cast<int>(random() % 4),
                       static_cast<int>(random() % 4),
                       0};
        if (!IsFrame(spec)) continue;
        for (spec.exclude = 0; spec.exclude < 4; ++spec.exclude) Expect(spec);
      }
    }
  }
}

TEST_F(WindowFrames, OfOneRowAndOfNone) {
  std::mt19937 random(1);
  for (const int count : {0, 1}) {
    Fill(&random, count);
    for (int exclude = 0; exclude < 4; ++exclude) {
      Expect({Mode::kRows, false, false, Edge::kPreceding, Edge::kFollowing, 1, 1, exclude});
      Expect({Mode::kRange, false, false, Edge::kCurrent, Edge::kCurrent, 0, 0, exclude});
      Expect({Mode::kGroups, true, true, Edge::kFollowing, Edge::kFollowing, 1, 2, exclude});
    }
  }
}

TEST_F(WindowFrames, AnEndOfAnEarlierKindThanTheStartIsRefused) {
  constexpr QueryCase kRefused[] = {
      {"select sum(v) over (rows between current row and 1 preceding) from f",
       "ERROR 42P20: frame starting from current row cannot have preceding rows"},
      {"select sum(v) over (rows between 1 following and current row) from f",
       "ERROR 42P20: frame starting from following row cannot have preceding rows"},
      {"select sum(v) over (rows between unbounded following and current row) from f",
       "ERROR 42P20: frame start cannot be UNBOUNDED FOLLOWING"},
      {"select sum(v) over (rows between 1 preceding and unbounded preceding) from f",
       "ERROR 42P20: frame end cannot be UNBOUNDED PRECEDING"},
      {"select sum(v) over (groups 1 preceding) from f",
       "ERROR 42P20: GROUPS mode requires an ORDER BY clause"},
      {"select sum(v) over (order by id, k range 1 preceding) from f",
       "ERROR 42P20: RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column"},
  };
  ExpectAnswers(&session_, kRefused);
}

// As PostgreSQL, which computes the offsets before it reads.
TEST_F(WindowFrames, ANegativeOffsetIsAnErrorAlsoWithoutRows) {
  EXPECT_EQ(session_.Run("select sum(v) over (order by id rows -1 preceding) from f"),
            "ERROR 22013: frame starting offset must not be negative");
  EXPECT_EQ(session_.Run("select sum(v) over (order by id groups between 1 preceding and -1 "
                         "following) from f"),
            "ERROR 22013: frame ending offset must not be negative");
}

}  // namespace
}  // namespace omen::exec::testing
