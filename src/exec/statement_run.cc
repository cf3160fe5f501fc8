#include "exec/statement_run.h"

#include <fmt/format.h>

namespace omen::exec {

Status MemoryMeter::Exceeded() const {
  return Status(sqlstate::kOutOfMemory, "out of memory")
      .Detail(fmt::format("The statement needs more than its limit of {} MB on the row path.",
                          limit_ >> 20))
      .Hint("Raise omendb.work_memory, or let the column path run it.");
}

RowReader::RowReader(rowstore::RowStore* store, Transaction* transaction) : store_(store) {
  if (transaction == nullptr) return;
  if (transaction->rows().has_writes()) {
    own_ = &transaction->rows();
  } else {
    view_ = transaction->view();
  }
}

Result<bool> RowReader::Get(std::string_view key, std::string* value) {
  if (own_ != nullptr) return own_->Get(key, value);
  return store_->Get(*view_, key, value);
}

std::unique_ptr<rowstore::Iterator> RowReader::Scan(const rowstore::KeyRange& range,
                                                    bool backward) {
  if (own_ != nullptr) return own_->Scan(range, backward);
  return store_->Scan(view_, range, backward);
}

StatementRun::StatementRun(Database* database, StatementContext* context, Row params)
    : database(database),
      context(context),
      params(std::move(params)),
      rows(database->parts().rows, context->transaction),
      memory(context->options.work_memory_bytes) {}

}  // namespace omen::exec
