// What a session tells its client. `pgwire` implements it over a socket, tests over memory.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "session/portal/format.h"
#include "session/transaction/notice_sink.h"
#include "sql/tree/query.h"
#include "types/field_rows.h"
#include "types/io.h"
#include "types/value.h"

namespace omen::session {

/// Receives a session's answers in protocol order. Calls may block on a slow client and fail
/// when it is gone; the session then stops at once. One thread.
class Sink : public NoticeSink {
 public:
  /// `formats` is empty (all text), or one per column.
  virtual Status RowDescription(std::span<const sql::OutputColumn> columns,
                                std::span<const Format> formats) = 0;
  virtual Status DataRow(std::span<const sql::OutputColumn> columns, const Row& row,
                         std::span<const Format> formats, const TextStyle& style) = 0;
  /// As DataRow of each.
  virtual Status DataRows(std::span<const sql::OutputColumn> columns, const FieldRange& rows,
                          std::span<const Format> formats, const TextStyle& style);
  virtual Status CommandComplete(std::string_view tag) = 0;
  virtual Status EmptyQuery() = 0;
  virtual Status PortalSuspended() = 0;
  virtual Status ParseComplete() = 0;
  virtual Status BindComplete() = 0;
  virtual Status CloseComplete() = 0;
  virtual Status NoData() = 0;
  virtual Status ParameterDescription(std::span<const Type> types) = 0;
  virtual Status ParameterStatus(std::string_view name, std::string_view value) = 0;
  virtual Status Error(const ErrorInfo& info) = 0;
  /// 'I', 'T' or 'E'. Flushes.
  virtual Status ReadyForQuery(char transaction_status) = 0;

  /// COPY: announces the direction; `binary` is the overall format.
  virtual Status CopyInResponse(bool binary, int columns) = 0;
  virtual Status CopyOutResponse(bool binary, int columns) = 0;
  virtual Status CopyData(std::string_view data) = 0;
  virtual Status CopyDone() = 0;
  /// Next CopyData payload from the client: true with bytes; false at CopyDone; an error on
  /// CopyFail (57014) or a broken protocol.
  virtual Result<bool> ReadCopyData(std::string* chunk) = 0;
};

}  // namespace omen::session
