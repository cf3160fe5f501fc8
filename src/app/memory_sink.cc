#include "app/memory_sink.h"

namespace omen::app {

Status MemorySink::DataRow(std::span<const sql::OutputColumn> columns, const Row& row,
                           std::span<const session::Format>, const TextStyle& style) {
  if (!on_row_) return Status::Ok();
  fields_.resize(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    fields_[i] = row[i].is_null() ? std::string("\\N") : ToText(columns[i].type, row[i], style);
  }
  on_row_(fields_);
  return Status::Ok();
}

Status MemorySink::Error(const ErrorInfo& info) {
  if (error_.ok()) error_ = Status(info.state, info.message);
  return Status::Ok();
}

}  // namespace omen::app
