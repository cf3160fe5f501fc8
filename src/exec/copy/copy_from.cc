// COPY FROM STDIN: lines as checked rows, and where in the stream an error is.
#include <fmt/format.h>

#include <algorithm>

#include "exec/copy/copy_format.h"
#include "exec/copy/copy_plan.h"
#include "exec/statement/statement_run.h"
#include "exec/write/table_load.h"
#include "functions/kernel/watched.h"

namespace omen::exec {
namespace {

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
        load_(plan.store(), &writer_, context, {.may_fill = true, .may_work_beside = true}),
        memory_(StatementMeter(*context)) {}

  Result<uint64_t> Run();

 private:
  Status ReadRows();
  Status Feed(std::string_view chunk);
  /// Of what was fed.
  Status ReadLines(std::vector<CopyField>* fields, Row* row);
  Status Located(Status status, int attnum, std::string_view text, uint64_t line) const;
  Status Located(Status status, int attnum, std::string_view text) const {
    return Located(std::move(status), attnum, text, reader_.line());
  }
  Status Parse(const std::vector<CopyField>& fields, Row* row);
  Status ParseField(const CopyField& field, int attnum, Value* value);
  Status Take(Row* row);
  Status AtItsRow(Status status) const;
  /// After `status` of the line at hand: what went wrong with those before comes first.
  Status AfterEarlier(Status status);

  const CopyFromPlan& plan_;
  StatementContext* context_;
  CopyReader reader_;
  TableWriter writer_;
  TableLoad load_;
  std::vector<bool> given_;
  uint64_t count_ = 0, last_line_ = 0;  // rows taken; where the last one was
  MemoryMeter memory_;                  // of the reader
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
  given_.assign(row->size(), false);
  for (size_t i = 0; i < attnums.size(); ++i) {
    if (i >= fields.size()) {
      const auto& missing = writer_.table().column(attnums[i]);
      return Status(sqlstate::kBadCopyFormat,
                    fmt::format("missing data for column \"{}\"", missing.name));
    }
    const size_t at = static_cast<size_t>(attnums[i]) - 1;
    Status parsed = ParseField(fields[i], attnums[i], &(*row)[at]);
    if (!parsed.ok()) return Located(std::move(parsed), attnums[i], fields[i].text);
    given_[at] = true;
  }
  OMEN_RETURN_IF_ERROR(writer_.FillDefaults(given_, row));
  return writer_.CheckRow(*row);
}

// A row is a line, since its end is where lines are counted.
Status CopyIn::AtItsRow(Status status) const {
  const uint64_t after = count_ - std::min(count_, load_.stored() + 1);
  return Located(std::move(status), 0, "", last_line_ - after);
}

Status CopyIn::AfterEarlier(Status status) {
  Status earlier = load_.Settle();
  return earlier.ok() ? std::move(status) : AtItsRow(std::move(earlier));
}

Status CopyIn::Take(Row* row) {
  last_line_ = reader_.line();
  ++count_;
  Status taken = load_.Take(row);
  return taken.ok() ? Status::Ok() : AtItsRow(std::move(taken));
}

// A line that does not end is kept whole; while its buffer grows there are two.
Status CopyIn::Feed(std::string_view chunk) {
  reader_.Feed(chunk);
  return memory_.Update(2 * static_cast<int64_t>(reader_.buffer_bytes()));
}

Status CopyIn::ReadLines(std::vector<CopyField>* fields, Row* row) {
  while (true) {
    auto next = reader_.Next(fields);
    if (!next.ok()) return AfterEarlier(Located(std::move(next).status(), 0, ""));
    if (!*next) return Status::Ok();
    Status parsed = Parse(*fields, row);
    if (!parsed.ok()) return AfterEarlier(Located(std::move(parsed), 0, ""));
    OMEN_RETURN_IF_ERROR(Take(row));
  }
}

Status CopyIn::ReadRows() {
  std::vector<CopyField> fields;
  std::string chunk;
  Row row;
  while (!reader_.done()) {
    chunk.clear();
    OMEN_ASSIGN_OR_RETURN(const bool more, context_->copy_source->Read(&chunk));
    if (more) {
      OMEN_RETURN_IF_ERROR(Feed(chunk));
    } else {
      reader_.Finish();
    }
    if (context_->cancel != nullptr) OMEN_RETURN_IF_ERROR(context_->cancel->Check());
    OMEN_RETURN_IF_ERROR(ReadLines(&fields, &row));
    if (!more) break;
  }
  return Status::Ok();
}

Result<uint64_t> CopyIn::Run() {
  OMEN_RETURN_IF_ERROR(ReadRows());
  Status finished = load_.Finish();
  if (finished.ok()) return count_;
  // What only the whole shows is of no line.
  return load_.stored() < count_ ? AtItsRow(std::move(finished)) : std::move(finished);
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
