// UPDATE and DELETE: read every row first, then write, so that a statement never meets its
// own changes.
#include <fmt/format.h>

#include "exec/dml_plan.h"

namespace omen::exec {
namespace {

Status TooManyRows() {
  return Status(sqlstate::kOutOfMemory, "the statement changes more rows than fit its memory")
      .Hint("Change fewer rows at a time, or raise omendb.statement_memory.");
}

size_t BytesOf(const SourceRow& row) {
  size_t bytes = sizeof row + row.key.size() + row.bytes.size();
  for (const Row* part : {&row.row, &row.set_values, &row.scope}) {
    bytes += part->size() * sizeof(Value);
    for (const Value& value : *part) bytes += value.HeapBytes();
  }
  return bytes;
}

// The rows to change, all read and locked.
Result<std::vector<SourceRow>> ReadAll(RowSource* source, const StatementContext& context) {
  std::vector<SourceRow> rows;
  size_t bytes = 0;
  while (true) {
    SourceRow row;
    OMEN_ASSIGN_OR_RETURN(const bool more, source->Next(&row));
    if (!more) return rows;
    bytes += BytesOf(row);
    if (bytes > static_cast<size_t>(context.options.work_memory_bytes) * 4) return TooManyRows();
    rows.push_back(std::move(row));
  }
}

class ChangePlan : public DmlPlan {
 public:
  Status Prepare(Database* database, std::shared_ptr<const sql::Statement> statement,
                 const std::shared_ptr<const catalog::Snapshot>& catalog) {
    OMEN_RETURN_IF_ERROR(Init(database, std::move(statement), catalog));
    OMEN_ASSIGN_OR_RETURN(source_, MakeRowSource(database, query(), catalog));
    return Status::Ok();
  }

  Result<std::unique_ptr<Cursor>> Open(Database* database, Row params,
                                       StatementContext* context) const override {
    OMEN_RETURN_IF_ERROR(CheckTransactionWritable(*context, statement_->tag));
    OMEN_ASSIGN_OR_RETURN(auto source, source_->Open(database, &params, context));
    OMEN_ASSIGN_OR_RETURN(std::vector<SourceRow> rows, ReadAll(source.get(), *context));
    TableWriter writer(write_plan_, database, context);
    std::vector<Row> returned;
    for (const SourceRow& row : rows) {
      if (context->cancel != nullptr) OMEN_RETURN_IF_ERROR(context->cancel->Check());
      Row written;
      OMEN_RETURN_IF_ERROR(Change(row, &writer, &written));
      if (!returns_rows_) continue;
      OMEN_RETURN_IF_ERROR(source->Returning(row, written, &returned.emplace_back()));
    }
    return std::unique_ptr<Cursor>(std::make_unique<DmlCursor>(std::move(returned), rows.size()));
  }

  bool is_brief() const override { return source_->is_key_lookup(); }

  Status Explain(Database*, const Row&, StatementContext*, const ExplainOptions&,
                 std::vector<std::string>* lines) const override {
    lines->push_back(fmt::format("{} on {}", Verb(), target().table->name));
    source_->Explain(1, lines);
    return Status::Ok();
  }

 protected:
  virtual const char* Verb() const = 0;
  /// Writes one row; `written` is what RETURNING shows as the target row.
  virtual Status Change(const SourceRow& row, TableWriter* writer, Row* written) const = 0;

 private:
  std::unique_ptr<RowSourcePlan> source_;
};

class UpdatePlan final : public ChangePlan {
 protected:
  const char* Verb() const override { return "Update"; }

  Status Change(const SourceRow& row, TableWriter* writer, Row* written) const override {
    *written = row.row;
    for (size_t i = 0; i < query().set.size(); ++i) {
      const auto& [attnum, expr] = query().set[i];
      Value& column = (*written)[static_cast<size_t>(attnum) - 1];
      if (expr->kind == sql::ExprKind::kDefault) {
        OMEN_ASSIGN_OR_RETURN(column, writer->Default(attnum));
      } else {
        column = row.set_values[i];
      }
    }
    return writer->Update(row.key, row.bytes, row.row, *written);
  }
};

class DeletePlan final : public ChangePlan {
 protected:
  const char* Verb() const override { return "Delete"; }

  Status Change(const SourceRow& row, TableWriter* writer, Row* written) const override {
    *written = row.row;
    return writer->Delete(row.key, row.row);
  }
};

template <typename PlanType>
PlanResult MakeChangePlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                          const std::shared_ptr<const catalog::Snapshot>& catalog) {
  auto plan = std::make_shared<PlanType>();
  OMEN_RETURN_IF_ERROR(plan->Prepare(database, std::move(statement), catalog));
  return std::shared_ptr<const ExecutablePlan>(std::move(plan));
}

}  // namespace

PlanResult MakeUpdatePlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog) {
  return MakeChangePlan<UpdatePlan>(database, std::move(statement), catalog);
}

PlanResult MakeDeletePlan(Database* database, std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog) {
  return MakeChangePlan<DeletePlan>(database, std::move(statement), catalog);
}

}  // namespace omen::exec
