#include "base/status.h"

#include <fmt/format.h>

namespace omen {

Status::Status(SqlState state, std::string message)
    : error_(std::make_unique<ErrorInfo>(ErrorInfo{state, std::move(message)})) {}

Status Status::Clone() const {
  Status copy;
  if (error_) copy.error_ = std::make_unique<ErrorInfo>(*error_);
  return copy;
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  std::string text = fmt::format("{}: {}", error_->state.view(), error_->message);
  if (!error_->detail.empty()) text += fmt::format(" ({})", error_->detail);
  return text;
}

Status&& Status::Detail(std::string text) && {
  if (error_) error_->detail = std::move(text);
  return std::move(*this);
}

Status&& Status::Hint(std::string text) && {
  if (error_) error_->hint = std::move(text);
  return std::move(*this);
}

Status&& Status::Where(std::string text) && {
  if (error_) error_->where = std::move(text);
  return std::move(*this);
}

Status&& Status::At(int byte_offset) && {
  if (error_) error_->byte_offset = byte_offset;
  return std::move(*this);
}

Status DivisionByZero() { return Status(sqlstate::kDivisionByZero, "division by zero"); }

Status NotSupported(std::string_view feature) {
  return Status(sqlstate::kFeatureNotSupported, fmt::format("{} is not supported", feature));
}

Status InternalError(std::string message) {
  return Status(sqlstate::kInternalError, std::move(message));
}

}  // namespace omen
