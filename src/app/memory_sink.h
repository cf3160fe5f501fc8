// A session's client inside the process: keeps rows as text.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "session/sink.h"

namespace omen::app {

/// Gives each row, as text fields, to a function; remembers the first error. One thread.
class MemorySink final : public session::Sink {
 public:
  using OnRow = std::function<void(const std::vector<std::string>& fields)>;
  explicit MemorySink(OnRow on_row = nullptr) : on_row_(std::move(on_row)) {}

  const Status& error() const { return error_; }
  void Reset(OnRow on_row) {
    on_row_ = std::move(on_row);
    error_ = Status::Ok();
  }

  Status RowDescription(std::span<const sql::OutputColumn>,
                        std::span<const session::Format>) override {
    return Status::Ok();
  }
  Status DataRow(std::span<const sql::OutputColumn> columns, const Row& row,
                 std::span<const session::Format>, const TextStyle& style) override;
  Status CommandComplete(std::string_view) override { return Status::Ok(); }
  Status EmptyQuery() override { return Status::Ok(); }
  Status PortalSuspended() override { return Status::Ok(); }
  Status ParseComplete() override { return Status::Ok(); }
  Status BindComplete() override { return Status::Ok(); }
  Status CloseComplete() override { return Status::Ok(); }
  Status NoData() override { return Status::Ok(); }
  Status ParameterDescription(std::span<const Type>) override { return Status::Ok(); }
  Status ParameterStatus(std::string_view, std::string_view) override { return Status::Ok(); }
  Status Notice(std::string_view, const ErrorInfo&) override { return Status::Ok(); }
  Status Error(const ErrorInfo& info) override;
  Status ReadyForQuery(char) override { return Status::Ok(); }
  Status CopyInResponse(bool, int) override { return Status::Ok(); }
  Status CopyOutResponse(bool, int) override { return Status::Ok(); }
  Status CopyData(std::string_view) override { return Status::Ok(); }
  Status CopyDone() override { return Status::Ok(); }
  Result<bool> ReadCopyData(std::string*) override { return false; }

 private:
  OnRow on_row_;
  Status error_;
  std::vector<std::string> fields_;
};

}  // namespace omen::app
