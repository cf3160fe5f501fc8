#include "exec/columns/engine_run.h"

#include <algorithm>

#include "base/blame.h"
#include "base/contention/serving_place.h"
#include "base/work.h"
#include "exec/columns/engine_parts.h"
#include "functions/kernel/freezable_hooks.h"

namespace omen::exec {
namespace {

/// Columns at the commit of the row view, for a read that is compared with another path: mostly
/// they are; else both are opened anew, at one. Where that cannot be had they stay as they are.
void StandAtOneCommit(const ColumnServices& services, StatementContext* context,
                      EngineSource* source) {
  if (source->watermark == source->view->commit_id()) return;
  const auto take_view = [transaction = context->transaction] {
    transaction->BeginStatement();
    return transaction->view();
  };
  Result<replica::Pin> pin = services.replica->PinAt(take_view, context->cancel);
  if (!pin.ok()) return;
  source->own_reader.reset();
  source->own_pin = std::move(pin).value();
  source->view = source->own_pin.view;
  source->watermark = source->own_pin.commit_id;
}

Result<EngineSource> OpenReadCommitted(const ColumnServices& services, StatementContext* context,
                                       EngineSource source, rowstore::CommitId at_least) {
  replica::Replica* replica = services.replica;
  Transaction* transaction = context->transaction;
  if (source.columns && source.rows) {
    const auto take_view = [transaction] {
      transaction->BeginStatement();
      return transaction->view();
    };
    OMEN_ASSIGN_OR_RETURN(source.own_pin, replica->PinAt(take_view, context->cancel));
    source.view = source.own_pin.view;
    source.watermark = source.own_pin.commit_id;
  } else {
    transaction->BeginStatement();
    source.view = transaction->view();
    OMEN_ASSIGN_OR_RETURN(
        source.own_reader,
        replica->OpenReader(source.columns ? at_least : 0, context->cancel, &source.watermark));
    if (source.columns && context->check != AnswerCheck::kNone) {
      StandAtOneCommit(services, context, &source);
    }
  }
  source.snapshot_commit = source.rows ? source.view->commit_id() : source.watermark;
  return source;
}

Result<EngineSource> OpenRepeatable(const ColumnServices& services, StatementContext* context,
                                    EngineSource source) {
  Transaction* transaction = context->transaction;
  if (source.columns) {
    OMEN_ASSIGN_OR_RETURN(source.shared_pin, transaction->TakePin());
    source.view = source.shared_pin->view;
    source.watermark = source.shared_pin->commit_id;
  } else {
    transaction->BeginStatement();
    source.view = transaction->view();
    OMEN_ASSIGN_OR_RETURN(source.own_reader,
                          services.replica->OpenReader(0, context->cancel, &source.watermark));
  }
  source.snapshot_commit = source.view->commit_id();
  return source;
}

}  // namespace

rowstore::CommitId RequiredCommit(const ColumnServices& services, const StatementContext& context) {
  const Freshness& freshness = context.options.freshness;
  switch (freshness.kind) {
    case Freshness::Kind::kLatest:
      return services.rows->last_commit();
    case Freshness::Kind::kSession:
      return context.session_commit;
    case Freshness::Kind::kBounded:
      if (services.replica != nullptr &&
          services.replica->state().lag_ms * 1000 <= freshness.micros) {
        return context.session_commit;
      }
      return services.rows->last_commit();
  }
  return services.rows->last_commit();
}

Result<EngineSource> OpenEngine(const ColumnServices& services, StatementContext* context,
                                bool columns, bool rows, rowstore::CommitId at_least) {
  PassPlace();
  EngineSource source;
  source.columns = columns;
  source.rows = rows;
  const int64_t start = services.clock->MonotonicNanos();
  Result<EngineSource> opened =
      context->transaction->repeatable()
          ? OpenRepeatable(services, context, std::move(source))
          : OpenReadCommitted(services, context, std::move(source), at_least);
  context->report.waited_us += (services.clock->MonotonicNanos() - start) / 1000;
  return opened;
}

Status PinnedResults::Begin(const replica::Pin* pin, EngineCursor* cursor) {
  EngineCursor* before = nullptr;
  {
    std::lock_guard lock(mutex_);
    EngineCursor*& open = open_[pin];
    before = open;
    open = cursor;
  }
  return before != nullptr ? before->Detach() : Status::Ok();
}

void PinnedResults::End(const replica::Pin* pin, const EngineCursor* cursor) {
  std::lock_guard lock(mutex_);
  const auto found = open_.find(pin);
  if (found != open_.end() && found->second == cursor) open_.erase(found);
}

EngineCursor::EngineCursor(const ColumnServices& services,
                           std::shared_ptr<const sql::DuckdbQuery> query, Row params,
                           StatementContext* context, EngineSource source, const Tables* parts_of)
    : services_(services),
      query_(std::move(query)),
      params_(std::move(params)),
      context_(context),
      source_(std::move(source)),
      parts_of_(parts_of) {}

EngineCursor::~EngineCursor() {
  if (source_.shared_pin != nullptr) {
    services_.pinned->End(source_.shared_pin, this);
  }
  rows_.reset();
}

Row EngineCursor::EngineParams() const {
  Row values;
  for (const int index : query_->param_map) values.push_back(params_[static_cast<size_t>(index)]);
  return values;
}

Result<std::vector<std::shared_ptr<colstore::ScanSource>>> EngineCursor::MakeSources() {
  std::vector<std::shared_ptr<colstore::ScanSource>> sources;
  Transaction* transaction = context_->transaction;
  for (size_t i = 0; i < query_->row_scans.size(); ++i) {
    const sql::RowScan& scan = query_->row_scans[i];
    std::shared_ptr<colstore::ScanSource> source;
    if (scan.table == nullptr) {
      const auto catalog = transaction->catalog();
      OMEN_ASSIGN_OR_RETURN(source,
                            MakeSystemScan(*scan.system, {*services_.system, *catalog, context_}));
    } else {
      RowScanInput input;
      input.store = services_.rows;
      input.view = source_.view;
      if (transaction->HasChanged(scan.table->storage_id)) input.own = &transaction->rows();
      input.table_rows = services_.statistics->Rows(scan.table->storage_id);
      const bool whole = i >= keys_.size() || !keys_[i].has_value();
      input.keys = whole ? ScannedKeys{AllKeysOf(*scan.table), input.table_rows, input.table_rows}
                         : *keys_[i];
      OMEN_ASSIGN_OR_RETURN(source, MakeRowScan(scan.table, std::move(input)));
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

functions::CallContext EngineCursor::EngineContext() {
  functions::CallContext call = context_->call;
  auto* hooks = dynamic_cast<functions::FreezableHooks*>(call.hooks);
  if (query_->asks_session && hooks != nullptr && frozen_ == nullptr) frozen_ = hooks->Freeze();
  call.hooks = frozen_.get();
  return call;
}

Status EngineCursor::Run(const std::string& text) {
  OMEN_ASSIGN_OR_RETURN(auto sources, MakeSources());
  OMEN_ASSIGN_OR_RETURN(rows_, source_.reader()->Query(text, query_->param_types, EngineParams(),
                                                       query_->result_types, std::move(sources),
                                                       EngineContext(), context_->cancel));
  return Fetch();
}

// To the session, which may have many open: the statement's own limit is for its values.
Status EngineCursor::Hold() {
  // A connection, a plan, and the rows that it computes ahead of the reader.
  constexpr int64_t kEngineBytes = 1 << 20;
  const MemoryAccountPtr* memory = Work::StatementMemory();
  if (memory == nullptr) return Status::Ok();
  held_ = MemoryCharge((*memory)->above() != nullptr ? (*memory)->above() : *memory);
  return held_.Resize(kEngineBytes);
}

Status EngineCursor::Start() {
  OMEN_RETURN_IF_ERROR(Hold());
  if (source_.shared_pin != nullptr) {
    OMEN_RETURN_IF_ERROR(services_.pinned->Begin(source_.shared_pin, this));
  }
  // An error ends the engine's transaction, and with it a pin's snapshot: there is no second try
  // on a pin, so it gets the form that cannot overflow.
  const bool pinned = source_.shared_pin != nullptr || source_.own_pin.reader != nullptr;
  if (query_->wide_text.empty() || pinned) {
    Status status = Run(query_->wide_text.empty() ? query_->text : query_->wide_text);
    return BlameOf(status) == Blame::kNarrow ? Settled(std::move(status)) : std::move(status);
  }
  Status status = Run(query_->text);
  if (BlameOf(status) != Blame::kNarrow) return status;
  rows_.reset();
  OMEN_ASSIGN_OR_RETURN(const colstore::Watermark seen, source_.reader()->Begin());
  source_.watermark = seen.commit_id;
  return Run(query_->wide_text);
}

Status EngineCursor::Fetch() {
  next_ = 0;
  chunk_.reset();
  return rows_ != nullptr ? rows_->NextFields(&chunk_) : Status::Ok();
}

Result<FieldRange> EngineCursor::Take(size_t max) {
  if (chunk_ != nullptr && next_ == chunk_->size()) OMEN_RETURN_IF_ERROR(Fetch());
  if (chunk_ == nullptr) return FieldRange{};
  const size_t size = chunk_->size(), end = next_ + std::min(max, size - next_);
  const size_t payload = chunk_->payload_bytes();
  bytes_ += payload * end / size - payload * next_ / size;
  count_ += end - next_;
  return FieldRange{chunk_.get(), std::exchange(next_, end), end};
}

Result<FieldRange> EngineCursor::NextFields() { return Take(SIZE_MAX); }

Status EngineCursor::Next(std::vector<Row>* rows, size_t max) {
  for (Row& row : *rows) row.clear();
  given_.Clear();
  OMEN_ASSIGN_OR_RETURN(const FieldRange range, Take(max));
  if (range.empty()) {
    rows->clear();
    return Status::Ok();
  }
  // The values are the statement's that this thread runs.
  const MemoryAccountPtr* memory = Work::StatementMemory();
  Work::Holding made(memory == nullptr ? nullptr : *memory);
  OMEN_RETURN_IF_ERROR(Work::Run({.kept = &made}, [&] {
    ReadRows(range, rows);
    return Status::Ok();
  }));
  given_ = std::move(made.charge);
  return Status::Ok();
}

Cursor::Spent EngineCursor::spent() const {
  Spent spent;
  spent.bytes = bytes_;
  const colstore::PlanOperator* plan = ran();
  if (plan == nullptr) return spent;
  spent.rows_read = RowsScanned(*plan);
  spent.engine_us = EngineMicros(*plan);
  if (parts_of_ != nullptr) spent.parts = PartsOf(*plan, *parts_of_, query_->row_scans);
  return spent;
}

Status EngineCursor::Detach() { return rows_ != nullptr ? rows_->Detach() : Status::Ok(); }

Result<colstore::PlanOperator> EngineCursor::Plan() {
  OMEN_ASSIGN_OR_RETURN(auto sources, MakeSources());
  return source_.reader()->Plan(query_->text, query_->param_types, EngineParams(),
                                std::move(sources));
}

}  // namespace omen::exec
