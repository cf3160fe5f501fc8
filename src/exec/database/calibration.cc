#include "exec/database/calibration.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "base/bytes.h"
#include "exec/read/select_plan.h"
#include "sql/command/bind.h"

namespace omen::exec {
namespace {

constexpr std::string_view kRecord = "costs/pace";
constexpr uint32_t kVersion = 1;
using Numbers = std::array<double MachinePace::*, 3>;
constexpr Numbers kNumbers{&MachinePace::rows, &MachinePace::engine_start,
                           &MachinePace::engine_rows};

constexpr int kTimes = 10, kRuns = 7, kAttempts = 60;
// Of a run's processor time: longer than so many times that, it waited for a core.
constexpr double kUndisturbed = 1.1;
/// What is beyond is a machine disturbed rather than so slow or so fast.
constexpr double kSlowest = 3;

double Paced(double took_us, double reference_us) {
  return std::clamp(took_us / reference_us, 1 / kSlowest, kSlowest);
}

}  // namespace

struct Calibration::Probe {
  size_t number;
  std::string_view text;
  Route route;
  double reference_us;  // where the coefficients were measured

  static const Probe kRows, kEngineStart, kEngineRows;
};

const Calibration::Probe Calibration::Probe::kRows{
    0, "select g % 10, count(*), sum(g) from generate_series(1, 20000) g group by 1", Route::kRow,
    1'600};
const Calibration::Probe Calibration::Probe::kEngineStart{
    1, "select count(*) from generate_series(1, 10) g where g % 3 = 1", Route::kColumn, 700};
const Calibration::Probe Calibration::Probe::kEngineRows{
    2, "select g % 10, count(*), sum(g) from generate_series(1, 400000) g group by 1",
    Route::kColumn, 4'700};

Calibration::Calibration(const ReadServices& reads, const TransactionServices& transactions,
                         memo::Memo* memo, Costs* costs)
    : reads_(reads),
      transactions_(transactions),
      memo_(memo),
      costs_(costs),
      fastest_us_(3, std::numeric_limits<double>::infinity()) {
  Recall();
}

Status Calibration::Run(CancelToken* cancel) {
  if (times_ == kTimes || attempts_ == kAttempts) return Status::Ok();
  ++attempts_;
  OMEN_ASSIGN_OR_RETURN(const Took rows, Measure(Probe::kRows, cancel));
  if (rows.us > kUndisturbed * rows.processor_us) return Status::Ok();
  Note(Probe::kRows, rows);
  for (const Probe* probe : {&Probe::kEngineStart, &Probe::kEngineRows}) {
    if (!reads_.has_columns()) break;
    OMEN_ASSIGN_OR_RETURN(const Took took, Measure(*probe, cancel));
    Note(*probe, took);
  }
  ++times_;
  costs_->Set(Pace());
  Remember(Pace());
  return Status::Ok();
}

MachinePace Calibration::Pace() const {
  const auto took_us = [&](const Probe& probe) { return fastest_us_[probe.number]; };
  MachinePace pace;
  pace.rows = Paced(took_us(Probe::kRows), Probe::kRows.reference_us);
  if (!reads_.has_columns()) return pace;
  const double start_us = took_us(Probe::kEngineStart);
  pace.engine_start = Paced(start_us, Probe::kEngineStart.reference_us);
  pace.engine_rows = Paced(took_us(Probe::kEngineRows) - start_us, Probe::kEngineRows.reference_us);
  return pace;
}

Result<Calibration::Took> Calibration::Measure(const Probe& probe, CancelToken* cancel) {
  Took fastest{std::numeric_limits<double>::infinity(), 0};
  for (int run = 0; run < kRuns; ++run) {
    OMEN_RETURN_IF_ERROR(cancel->Check());
    OMEN_ASSIGN_OR_RETURN(const Took took, Once(probe, cancel));
    if (took.us < fastest.us) fastest = took;
  }
  return fastest;
}

void Calibration::Note(const Probe& probe, const Took& took) {
  double& fastest_us = fastest_us_[probe.number];
  fastest_us = std::min(fastest_us, took.us);
}

Result<Calibration::Took> Calibration::Once(const Probe& probe, CancelToken* cancel) {
  Transaction transaction(transactions_, {.read_only = true});
  const auto catalog = transaction.catalog();
  sql::BindContext bind;
  bind.catalog = catalog.get();
  OMEN_ASSIGN_OR_RETURN(const auto parsed, sql::Parse(probe.text));
  OMEN_ASSIGN_OR_RETURN(std::shared_ptr<const sql::Statement> statement,
                        sql::Bind(parsed.front(), bind));
  const std::shared_ptr<const sql::Query> query(
      statement, std::get<std::unique_ptr<sql::Query>>(statement->body).get());
  OMEN_ASSIGN_OR_RETURN(const auto plan,
                        MakeSelectPlan(reads_, statement, query, catalog, RowsFor::kClient));
  StatementContext context;
  context.transaction = &transaction;
  context.options.route = probe.route;
  context.cancel = cancel;
  const Clock& clock = *reads_.clock;
  const int64_t start = clock.MonotonicNanos(), processor_start = clock.ThreadNanos();
  OMEN_ASSIGN_OR_RETURN(const auto cursor, plan->Open({}, &context));
  std::vector<Row> rows;
  do {
    OMEN_RETURN_IF_ERROR(cursor->Next(&rows, 1000));
  } while (!rows.empty());
  const auto processor = static_cast<double>(clock.ThreadNanos() - processor_start);
  return Took{static_cast<double>(clock.MonotonicNanos() - start) / 1e3, processor / 1e3};
}

void Calibration::Remember(const MachinePace& pace) {
  if (memo_ == nullptr) return;
  std::string record;
  for (const auto number : kNumbers)
    AppendLittleEndian(record, std::bit_cast<uint64_t>(pace.*number));
  memo_->Put(kRecord, kVersion, record);
}

void Calibration::Recall() {
  if (memo_ == nullptr) return;
  const std::optional<std::string> record = memo_->Get(kRecord, kVersion);
  if (!record.has_value() || record->size() != kNumbers.size() * sizeof(uint64_t)) return;
  MachinePace pace;
  const char* at = record->data();
  for (const auto number : kNumbers) {
    const auto kept = std::bit_cast<double>(LoadLittleEndian<uint64_t>(at));
    if (!std::isfinite(kept)) return;
    pace.*number = Paced(kept, 1);
    at += sizeof(uint64_t);
  }
  costs_->Set(pace);
}

}  // namespace omen::exec
