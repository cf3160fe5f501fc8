// COPY FROM STDIN. The first rows are held back: a stream that turns out large, into a table
// that is empty, is built as new sorted files under a table lock; the rest are ordinary
// inserts.
#include <fmt/format.h>

#include <optional>

#include "exec/copy/copy_format.h"
#include "exec/copy/copy_plan.h"
#include "exec/copy/load_order.h"
#include "exec/statement/statement_run.h"
#include "exec/write/storage_fill.h"
#include "exec/write/table_writer.h"
#include "functions/kernel/watched.h"
#include "rowstore/key_codec.h"

namespace omen::exec {
namespace {

constexpr size_t kHeldRows = 5000;
constexpr size_t kHeldBytes = 4u << 20;

// At most so much of a field in an error, cut between characters.
std::string_view Clipped(std::string_view text) {
  constexpr size_t kShown = 100;
  if (text.size() <= kShown) return text;
  size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

// One COPY FROM under way. One thread.
class CopyIn {
 public:
  CopyIn(const CopyFromPlan& plan, StatementContext* context)
      : plan_(plan),
        context_(context),
        reader_(plan.copy(), plan.attnums().size()),
        writer_(plan.write_plan(), context),
        memory_(StatementMeter(*context)) {}

  Result<uint64_t> Run();

 private:
  Status ReadRows();
  Status Feed(std::string_view chunk);
  Status Located(Status status, int attnum, std::string_view text, uint64_t line) const;
  Status Located(Status status, int attnum, std::string_view text) const {
    return Located(std::move(status), attnum, text, reader_.line());
  }
  Status Parse(const std::vector<CopyField>& fields, Row* row);
  Status ParseField(const CopyField& field, int attnum, Value* value);
  Status Take(Row row);
  /// Past the held rows: chooses the way the stream is stored.
  Status Commence();
  /// Sets bulk_ where the table is empty and ours alone.
  Status TryBulk();
  Status Store(const Row& row);

  const CopyFromPlan& plan_;
  StatementContext* context_;
  CopyReader reader_;
  TableWriter writer_;
  std::vector<std::pair<Row, uint64_t>> held_;  // with their line numbers
  size_t held_bytes_ = 0;
  bool commenced_ = false;
  catalog::Table bulk_table_;
  std::unique_ptr<TableFill> bulk_;
  std::optional<LoadOrder> order_;  // while it is filled so
  uint64_t count_ = 0;
  MemoryMeter memory_;  // of the reader
};

Status CopyIn::Located(Status status, int attnum, std::string_view text, uint64_t line) const {
  std::string where = fmt::format("COPY {}, line {}", writer_.table().name, line);
  if (attnum > 0) {
    where += fmt::format(", column {}", writer_.table().column(attnum).name);
    if (!text.empty() && IsValidUtf8(text)) {
      where += fmt::format(": \"{}\"", Clipped(text));
    }
  }
  if (status.error().where.empty()) status.error().where = std::move(where);
  return status;
}

Status CopyIn::ParseField(const CopyField& field, int attnum, Value* value) {
  const catalog::Column& column = writer_.table().column(attnum);
  if (field.null) return Status::Ok();
  if (plan_.copy().format != sql::Copy::Format::kBinary) {
    if (!IsValidUtf8(field.text)) {
      return Status(sqlstate::kInvalidEncoding, "invalid byte sequence for encoding \"UTF8\"");
    }
    const auto parse = [&]() -> Status {
      OMEN_ASSIGN_OR_RETURN(*value, ParseText(column.type, field.text, context_->call.style,
                                              context_->call.transaction_micros));
      return Status::Ok();
    };
    const bool large = field.text.size() >= Work::kLargeBytes;
    return large ? functions::Watched(context_->call, parse) : parse();
  }
  OMEN_ASSIGN_OR_RETURN(Value raw, ParseBinary(column.type, field.text));
  OMEN_ASSIGN_OR_RETURN(*value, ApplyTypmod(column.type, std::move(raw), false));
  return Status::Ok();
}

Status CopyIn::Parse(const std::vector<CopyField>& fields, Row* row) {
  const auto& attnums = plan_.attnums();
  row->assign(writer_.table().columns.size(), Value());
  std::vector<bool> given(row->size());
  for (size_t i = 0; i < attnums.size(); ++i) {
    if (i >= fields.size()) {
      const auto& missing = writer_.table().column(attnums[i]);
      return Status(sqlstate::kBadCopyFormat,
                    fmt::format("missing data for column \"{}\"", missing.name));
    }
    const size_t at = static_cast<size_t>(attnums[i]) - 1;
    Status parsed = ParseField(fields[i], attnums[i], &(*row)[at]);
    if (!parsed.ok()) return Located(std::move(parsed), attnums[i], fields[i].text);
    given[at] = true;
  }
  OMEN_RETURN_IF_ERROR(writer_.FillDefaults(given, row));
  return writer_.CheckRow(*row);
}

Status CopyIn::Store(const Row& row) {
  ++count_;
  if (bulk_ == nullptr) return writer_.Insert(row);
  order_->Add(row);
  return bulk_->Add(row);
}

Status CopyIn::Take(Row row) {
  if (commenced_) return Store(row);
  held_bytes_ += row.size() * sizeof(Value);
  for (const Value& value : row) held_bytes_ += value.HeapBytes();
  held_.emplace_back(std::move(row), reader_.line());
  if (held_.size() < kHeldRows && held_bytes_ < kHeldBytes) return Status::Ok();
  OMEN_RETURN_IF_ERROR(TryBulk());
  return Commence();
}

Status CopyIn::Commence() {
  commenced_ = true;
  for (const auto& [row, line] : held_) {
    Status stored = Store(row);
    if (!stored.ok()) return Located(std::move(stored), 0, "", line);
  }
  held_.clear();
  return Status::Ok();
}

// Readers and writers of the table would miss or lose the new files, so without the whole
// table to ourselves at once we insert row by row.
Status CopyIn::TryBulk() {
  Transaction& transaction = *context_->transaction;
  const catalog::Table& table = writer_.table();
  if (!CheckCanRebuild(transaction).ok()) return Status::Ok();
  if (!transaction.LockRelation(table.oid, LockMode::kAccessExclusive, true).ok())
    return Status::Ok();
  transaction.BeginStatement();
  rowstore::KeyRange range;
  rowstore::AppendStoragePrefix(table.storage_id, range.lower);
  range.upper = rowstore::PrefixEnd(range.lower);
  const auto rows = transaction.rows().Scan(range);
  OMEN_RETURN_IF_ERROR(rows->status());
  if (rows->Valid()) return Status::Ok();
  bulk_table_ = table;
  OMEN_RETURN_IF_ERROR(AssignNewStorage(plan_.store(), &transaction, &bulk_table_));
  OMEN_ASSIGN_OR_RETURN(bulk_, TableFill::Make(plan_.store(), &transaction, bulk_table_));
  order_.emplace(bulk_table_);
  return Status::Ok();
}

// A line that does not end is kept whole; while its buffer grows there are two.
Status CopyIn::Feed(std::string_view chunk) {
  reader_.Feed(chunk);
  return memory_.Update(2 * static_cast<int64_t>(reader_.buffer_bytes()));
}

Status CopyIn::ReadRows() {
  std::vector<CopyField> fields;
  std::string chunk;
  while (!reader_.done()) {
    chunk.clear();
    OMEN_ASSIGN_OR_RETURN(const bool more, context_->copy_source->Read(&chunk));
    if (more) {
      OMEN_RETURN_IF_ERROR(Feed(chunk));
    } else {
      reader_.Finish();
    }
    if (context_->cancel != nullptr) OMEN_RETURN_IF_ERROR(context_->cancel->Check());
    while (true) {
      auto next = reader_.Next(&fields);
      if (!next.ok()) return Located(std::move(next).status(), 0, "");
      if (!*next) break;
      Row row;
      Status parsed = Parse(fields, &row);
      if (!parsed.ok()) return Located(std::move(parsed), 0, "");
      Status taken = Take(std::move(row));
      if (!taken.ok()) return Located(std::move(taken), 0, "");
    }
    if (!more) break;
  }
  return Status::Ok();
}

Result<uint64_t> CopyIn::Run() {
  OMEN_RETURN_IF_ERROR(ReadRows());
  if (!commenced_) OMEN_RETURN_IF_ERROR(Commence());
  if (bulk_ != nullptr) {
    OMEN_RETURN_IF_ERROR(bulk_->Finish());
    bulk_table_.load_order = order_->Column();
    context_->transaction->MutableCatalog().Put(bulk_table_);
  }
  return count_;
}

}  // namespace

Result<std::unique_ptr<Cursor>> CopyFromPlan::Open(Row, StatementContext* context) const {
  OMEN_RETURN_IF_ERROR(CheckTransactionWritable(*context, "COPY FROM"));
  OMEN_CHECK(context->copy_source != nullptr);
  CopyIn copy(*this, context);
  OMEN_ASSIGN_OR_RETURN(const uint64_t count, copy.Run());
  return std::unique_ptr<Cursor>(std::make_unique<DmlCursor>(count));
}

}  // namespace omen::exec
