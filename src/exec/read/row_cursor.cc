#include "exec/read/row_cursor.h"

#include <utility>

namespace omen::exec {
namespace {

// What a batch of rows holds at most, beyond one row.
constexpr size_t kBatchBytes = 1 << 20;

size_t PayloadOf(const Row& row, const std::vector<Type>& types) {
  size_t bytes = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    const Carrier carrier = InfoOf(types[i].oid).carrier;
    if (row[i].is_null()) continue;
    if (carrier == Carrier::kBytes) bytes += row[i].AsBytes().size();
    if (carrier == Carrier::kArray) bytes += row[i].AsArray().elements.size() * sizeof(Value);
  }
  return bytes;
}

}  // namespace

Status RowCursor::Next(std::vector<Row>* rows, size_t max) {
  size_t got = 0, bytes = 0;
  if (std::exchange(large_, false)) rows->clear();
  while (!done_ && got < max && !large_) {
    OMEN_ASSIGN_OR_RETURN(const bool more, level_.Next());
    if (!more) {
      done_ = true;
      break;
    }
    if (rows->size() == got) rows->emplace_back();
    OMEN_RETURN_IF_ERROR(level_.OutputRow(&(*rows)[got]));
    bytes += PayloadOf((*rows)[got++], level_.plan().output_types);
    large_ = bytes > kBatchBytes;
  }
  rows->resize(got);
  count_ += got;
  bytes_ += bytes;
  return Status::Ok();
}

}  // namespace omen::exec
