// UPDATE and DELETE. A statement must not meet its own changes: where they could be met, every
// row is read first, then written.
#include <fmt/format.h>

#include <algorithm>

#include "exec/write/dml_plan.h"
#include "sql/tree/expr_walk.h"

namespace omen::exec {
namespace {

int64_t BytesOfSource(const SourceRow& row) {
  const auto texts = static_cast<int64_t>(row.key.capacity() + row.bytes.capacity());
  return static_cast<int64_t>(sizeof row) + texts + BytesOf(row.row) + BytesOf(row.set_values) +
         BytesOf(row.scope);
}

// The rows to change, all read and locked.
Result<std::vector<SourceRow>> ReadAll(RowSource* source, MemoryMeter* memory) {
  std::vector<SourceRow> rows;
  while (true) {
    SourceRow row;
    OMEN_ASSIGN_OR_RETURN(const bool more, source->Next(&row));
    if (!more) return rows;
    OMEN_RETURN_IF_ERROR(memory->Charge(BytesOfSource(row)));
    rows.push_back(std::move(row));
  }
}

class ChangePlan : public DmlPlan {
 public:
  Status Prepare(const WriteServices& services, std::shared_ptr<const sql::Statement> statement,
                 const std::shared_ptr<const catalog::Snapshot>& catalog) {
    OMEN_RETURN_IF_ERROR(Init(services, std::move(statement), catalog));
    OMEN_ASSIGN_OR_RETURN(source_, MakeRowSource(services, query(), catalog));
    tables_alone_ = sql::ReadsTablesAlone(query());
    for (const auto& [attnum, expr] : query().set) {
      moves_rows_ = moves_rows_ || IsKeyColumn(*target().table, attnum);
    }
    return Status::Ok();
  }

  Result<std::unique_ptr<Cursor>> Open(Row params, StatementContext* context) const override {
    OMEN_RETURN_IF_ERROR(CheckTransactionWritable(*context, statement_->tag));
    const bool as_read = MayWriteAsItReads(*context);
    OMEN_ASSIGN_OR_RETURN(auto source, source_->Open(&params, context));
    TableWriter writer(write_plan_, context);
    return as_read ? ChangeAsRead(source.get(), &writer, *context)
                   : ChangeAll(source.get(), &writer, *context);
  }

  bool is_brief() const override { return source_->is_key_lookup(); }
  bool polls() const override { return tables_alone_; }

  Status Explain(const Row&, StatementContext*, const ExplainOptions&,
                 ExplainReport* report) const override {
    ExplainNode& node = report->plans.emplace_back();
    node.type = Verb();
    node.relation = target().table->name;
    source_->Explain(&node.inputs);
    return Status::Ok();
  }

 protected:
  virtual const char* Verb() const = 0;
  /// Writes one row; `written` is what RETURNING shows as the target row.
  virtual Status Change(const SourceRow& row, TableWriter* writer, Row* written) const = 0;

 private:
  static bool IsKeyColumn(const catalog::Table& table, int attnum) {
    const catalog::Index* key = table.primary_key();
    return key != nullptr && std::ranges::any_of(key->columns, [&](const auto& column) {
             return column.attnum == attnum;
           });
  }
  /// The reads go through a view of what is committed, which shows none of the writes; and a row
  /// that is locked is never one that was written under another's key. RETURNING has the frame
  /// of the read for itself, so it comes after.
  bool MayWriteAsItReads(const StatementContext& context) const {
    return !returns_rows_ && !moves_rows_ && !context.transaction->rows().has_writes();
  }

  Result<std::unique_ptr<Cursor>> ChangeAsRead(RowSource* source, TableWriter* writer,
                                               const StatementContext& context) const {
    SourceRow row;
    Row written;
    uint64_t count = 0;
    for (;; ++count) {
      if (context.cancel != nullptr) OMEN_RETURN_IF_ERROR(context.cancel->Check());
      OMEN_ASSIGN_OR_RETURN(const bool more, source->Next(&row));
      if (!more) break;
      OMEN_RETURN_IF_ERROR(Change(row, writer, &written));
    }
    return std::unique_ptr<Cursor>(std::make_unique<DmlCursor>(count));
  }

  Result<std::unique_ptr<Cursor>> ChangeAll(RowSource* source, TableWriter* writer,
                                            const StatementContext& context) const {
    MemoryMeter memory = StatementMeter(context);
    OMEN_ASSIGN_OR_RETURN(const std::vector<SourceRow> rows, ReadAll(source, &memory));
    ChargedRows returned(context);
    Row written, shown;
    for (const SourceRow& row : rows) {
      if (context.cancel != nullptr) OMEN_RETURN_IF_ERROR(context.cancel->Check());
      OMEN_RETURN_IF_ERROR(Change(row, writer, &written));
      if (!returns_rows_) continue;
      OMEN_RETURN_IF_ERROR(source->Returning(row, written, &shown));
      OMEN_RETURN_IF_ERROR(returned.Add(std::move(shown)));
    }
    return std::unique_ptr<Cursor>(std::make_unique<DmlCursor>(std::move(returned), rows.size()));
  }

  std::unique_ptr<RowSourcePlan> source_;
  bool moves_rows_ = false;  // changes columns of the primary key
  bool tables_alone_ = false;
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
PlanResult MakeChangePlan(const WriteServices& services,
                          std::shared_ptr<const sql::Statement> statement,
                          const std::shared_ptr<const catalog::Snapshot>& catalog) {
  auto plan = std::make_shared<PlanType>();
  OMEN_RETURN_IF_ERROR(plan->Prepare(services, std::move(statement), catalog));
  return std::shared_ptr<const ExecutablePlan>(std::move(plan));
}

}  // namespace

PlanResult MakeUpdatePlan(const WriteServices& services,
                          std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog) {
  return MakeChangePlan<UpdatePlan>(services, std::move(statement), catalog);
}

PlanResult MakeDeletePlan(const WriteServices& services,
                          std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog) {
  return MakeChangePlan<DeletePlan>(services, std::move(statement), catalog);
}

}  // namespace omen::exec
