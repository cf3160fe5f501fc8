// A session's answers, as messages to its client.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pgwire/message_stream.h"
#include "session/session.h"
#include "session/sink.h"

namespace omen::pgwire {

/// Writes into the stream, and reads the client's side of a COPY from it. Knows whether the
/// client has heard its last word: after Fatal nothing more is sent. One thread.
class Answers final : public session::Sink {
 public:
  /// `stream` outlives it; the number is for the log.
  Answers(MessageStream* stream, int32_t pid) : stream_(stream), pid_(pid) {}

  /// Whom the log shall name.
  void SetUser(std::string user) { user_ = std::move(user); }
  /// Whose answers they are from now on: its token ends waits for a slow client.
  void SetToken(const CancelToken* token) { token_ = token; }

  /// Said goodbye, or lost.
  bool closed() const { return closed_; }
  void Close() { closed_ = true; }
  /// Reports the error that ends the connection.
  void Fatal(const ErrorInfo& info);
  static Status Lost();

  Status RowDescription(std::span<const sql::OutputColumn> columns,
                        std::span<const session::Format> formats) override;
  Status DataRow(std::span<const sql::OutputColumn> columns, const Row& row,
                 std::span<const session::Format> formats, const TextStyle& style) override;
  Status DataRows(std::span<const sql::OutputColumn> columns, const FieldRange& rows,
                  std::span<const session::Format> formats, const TextStyle& style) override;
  Status CommandComplete(std::string_view tag) override;
  Status EmptyQuery() override { return Bare('I'); }
  Status PortalSuspended() override { return Bare('s'); }
  Status ParseComplete() override { return Bare('1'); }
  Status BindComplete() override { return Bare('2'); }
  Status CloseComplete() override { return Bare('3'); }
  Status NoData() override { return Bare('n'); }
  Status ParameterDescription(std::span<const Type> types) override;
  Status ParameterStatus(std::string_view name, std::string_view value) override;
  Status Notice(std::string_view severity, const ErrorInfo& info) override;
  Status Error(const ErrorInfo& info) override;
  Status ReadyForQuery(char transaction_status) override;
  Status CopyInResponse(bool binary, int columns) override;
  Status CopyOutResponse(bool binary, int columns) override;
  Status CopyData(std::string_view data) override;
  Status CopyDone() override { return Bare('c'); }
  Result<bool> ReadCopyData(std::string* chunk) override;

 private:
  Status Bare(char type);
  /// `append`s a message and sends what has gathered if it is much. What stops it on the way, for
  /// the statement's sake, leaves nothing of the message.
  template <typename Append>
  Status Whole(Append append);

  MessageStream* const stream_;
  const int32_t pid_;
  std::string user_;
  const CancelToken* token_ = nullptr;
  bool closed_ = false;
};

}  // namespace omen::pgwire
