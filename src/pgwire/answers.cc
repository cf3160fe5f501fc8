#include "pgwire/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "base/work.h"
#include "obs/log.h"
#include "pgwire/codec/codec.h"

namespace omen::pgwire {
namespace {

// A message may quote a value as large as values are; so much of it tells enough.
constexpr size_t kReportTextMax = 1 << 20;

std::string_view Beginning(const std::string& text) {
  if (text.size() <= kReportTextMax) return text;
  size_t end = kReportTextMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string_view(text).substr(0, end);
}

ErrorInfo WithinReport(const ErrorInfo& info) {
  if (std::max({info.message.size(), info.detail.size(), info.where.size()}) <= kReportTextMax) {
    return info;
  }
  ErrorInfo report{info.state, std::string(Beginning(info.message))};
  report.detail = Beginning(info.detail);
  report.hint = info.hint;
  report.where = Beginning(info.where);
  return report;
}

}  // namespace

Status Answers::Lost() { return Status(sqlstate::kConnectionFailure, "connection to client lost"); }

void Answers::Fatal(const ErrorInfo& info) {
  if (closed_ || info.state == sqlstate::kConnectionFailure) return;
  closed_ = true;
  obs::Log(
      obs::LogLevel::kInfo, "connection ended",
      {{"pid", pid_}, {"user", user_}, {"state", info.state.view()}, {"reason", info.message}});
  AppendReport(stream_->out(), 'E', "FATAL", info);
  (void)stream_->Flush().ok();
}

Status Answers::Bare(char type) {
  AppendBare(stream_->out(), type);
  return stream_->Written();
}

Status Answers::RowDescription(std::span<const sql::OutputColumn> columns,
                               std::span<const session::Format> formats) {
  AppendRowDescription(stream_->out(), columns, formats);
  return stream_->Written();
}

template <typename Append>
Status Answers::Whole(Append append) {
  const size_t start = stream_->out().size();
  bool whole = false;
  const auto restore = [&](std::string* out) {
    if (!whole) out->resize(start);
  };
  const std::unique_ptr<std::string, decltype(restore)> message(&stream_->out(), restore);
  OMEN_RETURN_IF_ERROR(append(stream_->out()));
  whole = true;
  return stream_->Written(token_);
}

Status Answers::DataRow(std::span<const sql::OutputColumn> columns, const Row& row,
                        std::span<const session::Format> formats, const TextStyle& style) {
  return Whole([&](std::string& out) { return AppendDataRow(out, columns, row, formats, style); });
}

Status Answers::DataRows(std::span<const sql::OutputColumn> columns, const FieldRange& rows,
                         std::span<const session::Format> formats, const TextStyle& style) {
  OMEN_CHECK(rows.rows->columns().size() >= columns.size());
  for (size_t row = rows.first; row < rows.end; ++row) {
    Work::Poll();
    OMEN_RETURN_IF_ERROR(Whole([&](std::string& out) {
      return AppendFields(out, *rows.rows, row, columns.size(), formats, style);
    }));
  }
  return Status::Ok();
}

Status Answers::CommandComplete(std::string_view tag) {
  AppendCommandComplete(stream_->out(), tag);
  return stream_->Written();
}

Status Answers::ParameterDescription(std::span<const Type> types) {
  AppendParameterDescription(stream_->out(), types);
  return stream_->Written();
}

Status Answers::ParameterStatus(std::string_view name, std::string_view value) {
  AppendParameterStatus(stream_->out(), name, value);
  return stream_->Written();
}

Status Answers::Notice(std::string_view severity, const ErrorInfo& info) {
  AppendReport(stream_->out(), 'N', severity, WithinReport(info));
  return stream_->Written();
}

Status Answers::Error(const ErrorInfo& info) {
  // A lost client gets nothing; a server that stops says so and ends the connection.
  if (closed_ || info.state == sqlstate::kConnectionFailure) return Lost();
  if (info.state == sqlstate::kAdminShutdown) {
    Fatal(info);
    return Lost();
  }
  AppendReport(stream_->out(), 'E', "ERROR", WithinReport(info));
  return Status::Ok();  // sent when the statement has let go of what it holds
}

Status Answers::ReadyForQuery(char transaction_status) {
  AppendReadyForQuery(stream_->out(), transaction_status);
  return stream_->Flush();
}

Status Answers::CopyInResponse(bool binary, int columns) {
  AppendCopyResponse(stream_->out(), 'G', binary, columns);
  // The statement's text lies in the input buffer and must outlast the data.
  stream_->Hold();
  return stream_->Flush();
}

Status Answers::CopyOutResponse(bool binary, int columns) {
  AppendCopyResponse(stream_->out(), 'H', binary, columns);
  return stream_->Written();
}

Status Answers::CopyData(std::string_view data) {
  AppendCopyData(stream_->out(), data);
  return stream_->Written(token_);
}

Result<bool> Answers::ReadCopyData(std::string* chunk) {
  for (;;) {
    auto message = stream_->Read(token_);
    if (!message.ok()) {
      OMEN_RETURN_IF_ERROR(token_->Check());
      // Out of step: nothing after this can be understood.
      Fatal(message.status().error());
      return Lost();
    }
    switch (message->type) {
      case 0:
        OMEN_RETURN_IF_ERROR(token_->Check());
        closed_ = true;
        return Lost();
      case 'd':
        OMEN_RETURN_IF_ERROR(std::move(message->room));
        // Of the statement that reads it, for as long as it keeps it.
        OMEN_RETURN_IF_ERROR(Work::Run({.cancel = token_}, [&] {
          chunk->append(message->body);
          return Status::Ok();
        }));
        return true;
      case 'c':
        return false;
      case 'f': {
        OMEN_ASSIGN_OR_RETURN(std::string_view reason, DecodeCopyFail(message->body));
        return Status(sqlstate::kQueryCanceled, fmt::format("COPY from stdin failed: {}", reason));
      }
      case 'H':
      case 'S':
        continue;
      default:
        Fatal({sqlstate::kProtocolViolation,
               fmt::format("unexpected message type 0x{:02X} during COPY from stdin",
                           static_cast<int>(static_cast<uint8_t>(message->type)))});
        return Lost();
    }
  }
}

}  // namespace omen::pgwire
