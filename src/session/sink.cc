#include "session/sink.h"

namespace omen::session {

Status Sink::DataRows(std::span<const sql::OutputColumn> columns, const FieldRange& rows,
                      std::span<const Format> formats, const TextStyle& style) {
  std::vector<Row> values;
  ReadRows(rows, &values);
  for (const Row& row : values) OMEN_RETURN_IF_ERROR(DataRow(columns, row, formats, style));
  return Status::Ok();
}

}  // namespace omen::session
