#include "exec/gather/gatherer.h"

#include <algorithm>
#include <thread>

#include "base/contention/serving_place.h"
#include "exec/gather/table_sample.h"
#include "exec/gather/wanted_pairs.h"
#include "exec/statement/statistics_observer.h"
#include "rowstore/row_codec.h"
#include "statistics/image.h"

namespace omen::exec {
namespace {

constexpr int64_t kBetweenPairs = 60'000'000'000;
constexpr int64_t kBetweenKeepingCounts = 10'000'000'000;
// All that follow changes take at most this share of the time.
constexpr int64_t kFollowRestTimes = 50;
// Pairs of a smaller table matter to nobody.
constexpr double kPairRowsMin = 1000;
// Without columns, and unless somebody asks.
constexpr uint64_t kWalkedRowsMax = 5'000'000;
// A view of the last commits is there within moments.
constexpr int kViewTries = 1000;

std::vector<Value> ColumnOf(const TableSample& sample, int attnum) {
  std::vector<Value> values;
  values.reserve(sample.sample.size());
  for (const statistics::SampledRow& row : sample.sample) {
    values.push_back(row.values[static_cast<size_t>(attnum) - 1]);
  }
  return values;
}

bool IsWanted(std::span<const int> attnums, int attnum) {
  return attnums.empty() || std::ranges::find(attnums, attnum) != attnums.end();
}

using ColumnPtr = std::shared_ptr<const statistics::ColumnStatistics>;

/// Of the columns that were asked for; others keep what was known.
void SetColumns(const catalog::Table& table, std::span<const int> attnums,
                const TableSample& sample, const statistics::TableStatistics* before,
                statistics::TableStatistics* made) {
  for (const catalog::Column& column : table.columns) {
    ColumnPtr& known = made->columns.emplace_back();
    const auto index = static_cast<size_t>(column.attnum) - 1;
    if (column.dropped) continue;
    if (IsWanted(attnums, column.attnum)) {
      known = std::make_shared<const statistics::ColumnStatistics>(statistics::ColumnFromSample(
          column.type, ColumnOf(sample, column.attnum), sample.rows, sample.totals[index]));
    } else if (before != nullptr && index < before->columns.size()) {
      known = before->columns[index];
    }
    if (known != nullptr)
      made->bytes += known->average_width * (1 - known->null_share) * made->rows;
  }
}

bool CanPair(const statistics::TableStatistics& known, const ColumnPair& pair) {
  const statistics::ColumnStatistics *a = known.column(pair.first), *b = known.column(pair.second);
  return a != nullptr && b != nullptr && statistics::IsOrdered(a->type.oid) &&
         statistics::IsOrdered(b->type.oid);
}

void SetPairs(const std::vector<ColumnPair>& wanted, const TableSample& sample,
              statistics::TableStatistics* made) {
  for (const ColumnPair& pair : wanted) {
    if (!CanPair(*made, pair)) continue;
    const auto& [a, b] = pair;
    made->pairs.push_back(statistics::PairFromSample(a, *made->column(a), ColumnOf(sample, a), b,
                                                     *made->column(b), ColumnOf(sample, b),
                                                     sample.rows));
  }
}

/// Those of before, and those that are wanted now.
std::vector<ColumnPair> PairsToTake(std::vector<ColumnPair> wanted,
                                    const statistics::TableStatistics* before, double rows) {
  if (rows < kPairRowsMin) return {};
  const size_t most = std::max<size_t>(wanted.size(), 8);
  for (size_t i = 0; before != nullptr && i < before->pairs.size(); ++i) {
    const ColumnPair pair(before->pairs[i].a, before->pairs[i].b);
    if (wanted.size() < most && std::ranges::find(wanted, pair) == wanted.end()) {
      wanted.push_back(pair);
    }
  }
  return wanted;
}

/// One that shows the commit; what is told to observers is published a moment later.
Result<std::shared_ptr<rowstore::ReadView>> ViewOf(rowstore::RowStore* rows, uint64_t commit) {
  for (int i = 0; i < kViewTries; ++i) {
    auto view = rows->View();
    if (view->commit_id() >= commit) return view;
    std::this_thread::yield();
  }
  return Status(sqlstate::kNotInPrerequisiteState, "the last commit is not published");
}

}  // namespace

struct Gatherer::Pass {
  TableSample sample;
  statistics::Source source = statistics::Source::kColumns;
};

bool Gatherer::HasColumns(const catalog::Table& table) const {
  return services_.replica != nullptr &&
         services_.replica->Has(table.storage_id, table.schema_version);
}

Status Gatherer::TakePass(const catalog::Table& table, const Asked& asked, Through through,
                          statistics::Statistics::Taking* taking, Pass* pass) {
  const Reading reading{.attnums = asked.attnums,
                        .cancel = asked.cancel,
                        .seed = static_cast<uint32_t>(seed_) + takings_.fetch_add(1)};
  if (through == Through::kColumns) {
    rowstore::CommitId seen = 0;
    OMEN_ASSIGN_OR_RETURN(
        auto reader, services_.replica->OpenReader(taking->least_commit(), asked.cancel, &seen));
    taking->Stand(seen);
    OMEN_ASSIGN_OR_RETURN(pass->sample, SampleColumns(reader.get(), table, reading));
    return Status::Ok();
  }
  OMEN_ASSIGN_OR_RETURN(const auto view, ViewOf(services_.rows, taking->least_commit()));
  taking->Stand(view->commit_id());
  pass->source = statistics::Source::kRows;
  OMEN_ASSIGN_OR_RETURN(pass->sample, SampleRowStore(services_.rows, view, table, reading));
  return Status::Ok();
}

Status Gatherer::Take(TablePtr table, const Asked& asked) {
  PassPlace();
  // One that has just been made comes to the columns with what was committed last.
  if (services_.replica != nullptr && !HasColumns(*table)) {
    (void)services_.replica->WaitFor(services_.rows->last_commit(), asked.cancel).ok();
  }
  const bool columns = HasColumns(*table);
  Status taken = TakeThrough(*table, asked, columns ? Through::kColumns : Through::kRows);
  const bool stopped = asked.cancel != nullptr && asked.cancel->cancelled();
  if (taken.ok() || stopped || !columns) return taken;
  // The columns may just have been built anew, or broken: the rows are there.
  return TakeThrough(*table, asked, Through::kRows);
}

Status Gatherer::TakeThrough(const catalog::Table& table, const Asked& asked, Through through) {
  OMEN_ASSIGN_OR_RETURN(auto taking, services_.statistics->Begin(table.storage_id, asked.cancel));
  if (taking == nullptr) return Status::Ok();
  Pass pass;
  OMEN_RETURN_IF_ERROR(TakePass(table, asked, through, taking.get(), &pass));
  const statistics::TableStatisticsPtr before = services_.statistics->Of(table.storage_id);
  statistics::Taken taken;
  taken.statistics = std::make_shared<statistics::TableStatistics>();
  taken.statistics->storage = table.storage_id;
  taken.statistics->rows = pass.sample.rows;
  taken.statistics->source = pass.source;
  SetColumns(table, asked.attnums, pass.sample, before.get(), taken.statistics.get());
  std::vector<ColumnPair> wanted;
  if (services_.templates != nullptr) wanted = WantedPairs(*services_.templates)[table.oid];
  SetPairs(PairsToTake(std::move(wanted), before.get(), pass.sample.rows), pass.sample,
           taken.statistics.get());
  taken.sample = std::move(pass.sample.sample);
  taken.share = pass.sample.share;
  (void)taking->Finish(std::move(taken), asked.by_command);
  return Status::Ok();
}

Gatherer::TablePtr Gatherer::TableOf(catalog::StorageId storage) {
  const auto snapshot = services_.catalog->Current();
  for (const catalog::Object* object : snapshot->All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    if (table.storage_id != storage) continue;
    return {snapshot->ShareObject(table.oid), &table};
  }
  return nullptr;
}

void Gatherer::Follow(const catalog::Table& table) {
  std::vector<Type> types;
  for (const catalog::Column& column : table.columns) {
    types.push_back(column.dropped ? Type{} : column.type);
  }
  const rowstore::RowDecoder decoder(table, {});
  (void)services_.statistics->Follow(table.storage_id, types,
                                     [&](std::string_view bytes) -> Result<Row> {
                                       Row row;
                                       OMEN_RETURN_IF_ERROR(decoder.Decode(bytes, &row));
                                       CutForSample(table, &row);
                                       return row;
                                     });
}

Status Gatherer::TakeOne(catalog::StorageId storage, jobs::JobRun* run,
                         std::span<const int> attnums) {
  OMEN_RETURN_IF_ERROR(run->Breathe());
  const TablePtr table = TableOf(storage);
  if (table == nullptr) return Status::Ok();
  // A walk over so many rows is not worth it: soon there are columns.
  if (!HasColumns(*table) && services_.rows->EstimateRows(storage) > kWalkedRowsMax) {
    return Status::Ok();
  }
  const Asked asked{.attnums = attnums, .cancel = run->cancel()};
  (void)Take(table, asked).ok();  // it is tried again, later; the job's own end is seen below
  return run->cancel()->Check();
}

Status Gatherer::TakeWantedPairs(jobs::JobRun* run) {
  const int64_t now = services_.clock->MonotonicNanos();
  if (services_.templates == nullptr || now < looked_for_pairs_nanos_ + kBetweenPairs) {
    return Status::Ok();
  }
  looked_for_pairs_nanos_ = now;
  const auto snapshot = services_.catalog->Current();
  for (const auto& [oid, wanted] : WantedPairs(*services_.templates)) {
    const catalog::Table* table = snapshot->FindTable(oid);
    if (table == nullptr) continue;
    const auto known = services_.statistics->Of(table->storage_id);
    if (known == nullptr || known->rows < kPairRowsMin) continue;
    // Of these columns alone all rows are read again, of the others the sample.
    std::vector<int> of_missing;
    for (const ColumnPair& pair : wanted) {
      if (known->pair(pair.first, pair.second) != nullptr || !CanPair(*known, pair)) continue;
      of_missing.insert(of_missing.end(), {pair.first, pair.second});
    }
    if (of_missing.empty()) continue;
    OMEN_RETURN_IF_ERROR(TakeOne(table->storage_id, run, of_missing));
  }
  return Status::Ok();
}

Status Gatherer::TakeNewColumns(jobs::JobRun* run) {
  const auto snapshot = services_.catalog->Current();
  for (const catalog::Object* object : snapshot->All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    const auto known = services_.statistics->Of(table.storage_id);
    if (known == nullptr || known->columns.size() >= table.columns.size()) continue;
    OMEN_RETURN_IF_ERROR(TakeOne(table.storage_id, run));
  }
  return Status::Ok();
}

Status Gatherer::TakeNeedy(jobs::JobRun* run) {
  for (const statistics::Need& need : services_.statistics->Needs()) {
    if (need.what != statistics::Need::What::kTake) continue;
    OMEN_RETURN_IF_ERROR(TakeOne(need.storage, run));
  }
  OMEN_RETURN_IF_ERROR(TakeNewColumns(run));
  return TakeWantedPairs(run);
}

Status Gatherer::FollowChanges(jobs::JobRun* run) {
  const int64_t began = services_.clock->MonotonicNanos();
  if (began >= follow_again_nanos_) {
    for (const statistics::Need& need : services_.statistics->Needs()) {
      if (need.what != statistics::Need::What::kFollow) continue;
      OMEN_RETURN_IF_ERROR(run->cancel()->Check());
      if (const TablePtr table = TableOf(need.storage)) Follow(*table);
    }
    const int64_t now = services_.clock->MonotonicNanos();
    follow_again_nanos_ = now + kFollowRestTimes * (now - began);
  }
  if (began < kept_nanos_ + kBetweenKeepingCounts) return Status::Ok();
  kept_nanos_ = began;
  StatisticsObserver::Keep(*services_.rows, false, services_.statistics);
  return Status::Ok();
}

}  // namespace omen::exec
