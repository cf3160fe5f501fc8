#include "exec/copy/copy_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "exec/copy/copy_format.h"
#include "exec/ddl/ddl_run.h"

namespace omen::exec {
namespace {

constexpr size_t kCopyBatch = 256;

Result<std::vector<int>> CopyColumns(const catalog::Table& table, const sql::Copy& copy) {
  std::vector<int> attnums;
  if (copy.columns.empty()) {
    for (const catalog::Column& column : table.columns) {
      if (!column.dropped) attnums.push_back(column.attnum);
    }
    return attnums;
  }
  for (const std::string& name : copy.columns) {
    const catalog::Column* column = table.FindColumn(name);
    if (column == nullptr) {
      return Status(
          sqlstate::kUndefinedColumn,
          fmt::format("column \"{}\" of relation \"{}\" does not exist", name, table.name));
    }
    if (std::ranges::count(attnums, column->attnum) > 0) {
      return Status(sqlstate::kDuplicateColumn,
                    fmt::format("column \"{}\" specified more than once", name));
    }
    attnums.push_back(column->attnum);
  }
  return attnums;
}

// SELECT columns FROM table, as the binder would have made it.
std::unique_ptr<sql::Query> TableQuery(const std::shared_ptr<const catalog::Table>& table,
                                       const std::vector<int>& attnums) {
  auto query = std::make_unique<sql::Query>();
  sql::Relation relation{sql::RelationKind::kTable};
  relation.alias = table->name;
  relation.table = table;
  for (const int attnum : attnums) {
    const catalog::Column& column = table->column(attnum);
    const int at = static_cast<int>(relation.columns.size());
    relation.columns.push_back({column.name, column.type, table->oid, attnum});
    relation.attnums.push_back(attnum);
    auto expr = std::make_unique<sql::Expr>(sql::ExprKind::kColumn, column.type);
    expr->rel = 0;
    expr->column = at;
    sql::TargetEntry target;
    target.expr = std::move(expr);
    target.output = relation.columns.back();
    query->targets.push_back(std::move(target));
  }
  query->relations.push_back(std::move(relation));
  query->from.emplace_back().relation = 0;
  return query;
}

// The table by the statement's own resolution: the binder put its OID first in `tables`.
Result<std::shared_ptr<const catalog::Table>> CopyTable(const sql::Statement& statement,
                                                        const catalog::Snapshot& catalog) {
  const auto& name = std::get<sql::Copy>(statement.body).table;
  if (statement.tables.empty()) return UndefinedRelation(name);
  const catalog::Table* table = catalog.FindTable(statement.tables.front());
  if (table == nullptr) return UndefinedRelation(name);
  return std::make_shared<const catalog::Table>(*table);
}

/// Each row behind what `line` holds.
template <typename AppendRow>
Status WriteLines(size_t rows, AppendRow append, std::string* line, StatementContext* context) {
  return functions::Watched(context->call, [&]() -> Status {
    for (size_t i = 0; i < rows; ++i) {
      Work::Poll();
      append(i);
      OMEN_RETURN_IF_ERROR(context->copy_sink->Write(*line));
      line->clear();
    }
    return Status::Ok();
  });
}

Status WriteFields(Cursor* cursor, CopyWriter* writer, std::string* line, StatementContext* context,
                   size_t* written) {
  OMEN_ASSIGN_OR_RETURN(const FieldRange rows, cursor->NextFields());
  *written = rows.size();
  return WriteLines(
      rows.size(), [&](size_t i) { writer->Append(*rows.rows, rows.first + i, line); }, line,
      context);
}

Status WriteValues(Cursor* cursor, CopyWriter* writer, std::string* line, StatementContext* context,
                   std::vector<Row>* rows) {
  OMEN_RETURN_IF_ERROR(cursor->Next(rows, kCopyBatch));
  return WriteLines(
      rows->size(), [&](size_t i) { writer->Append((*rows)[i], line); }, line, context);
}

/// All rows of the cursor; how many they were.
Result<uint64_t> WriteRows(Cursor* cursor, CopyWriter* writer, std::string* line,
                           StatementContext* context) {
  std::vector<Row> rows;
  uint64_t count = 0;
  for (size_t written = 1; written > 0; count += written) {
    if (context->cancel != nullptr) OMEN_RETURN_IF_ERROR(context->cancel->Check());
    if (cursor->has_fields()) {
      OMEN_RETURN_IF_ERROR(WriteFields(cursor, writer, line, context, &written));
    } else {
      OMEN_RETURN_IF_ERROR(WriteValues(cursor, writer, line, context, &rows));
      written = rows.size();
    }
  }
  return count;
}

}  // namespace

Status CopyFromPlan::Prepare(const WriteServices& services,
                             std::shared_ptr<const sql::Statement> statement,
                             const std::shared_ptr<const catalog::Snapshot>& catalog,
                             std::shared_ptr<const catalog::Table> table,
                             std::vector<int> attnums) {
  statement_ = std::move(statement);
  store_ = services.rows;
  attnums_ = std::move(attnums);
  OMEN_ASSIGN_OR_RETURN(write_plan_, TableWritePlan::Make(services, std::move(table), catalog));
  for (const int attnum : attnums_) {
    const catalog::Column& column = write_plan_->table()->column(attnum);
    outputs_.push_back({column.name, column.type, write_plan_->table()->oid, attnum});
  }
  return Status::Ok();
}

CopyToPlan::CopyToPlan(std::shared_ptr<const sql::Statement> statement,
                       std::shared_ptr<const ExecutablePlan> source)
    : source_(std::move(source)) {
  statement_ = std::move(statement);
  outputs_ = source_->outputs();
}

Result<std::unique_ptr<Cursor>> CopyToPlan::Open(Row params, StatementContext* context) const {
  OMEN_CHECK(context->copy_sink != nullptr);
  OMEN_ASSIGN_OR_RETURN(auto cursor, source_->Open(std::move(params), context));
  CopyWriter writer(copy(), outputs_, context->call.style);
  // One CopyData message per row, as PostgreSQL sends them; clients rely on it. The binary
  // signature is part of the first message, a header line is one of its own.
  std::string line = writer.Begin();
  if (copy().format != sql::Copy::Format::kBinary && !line.empty()) {
    OMEN_RETURN_IF_ERROR(context->copy_sink->Write(line));
    line.clear();
  }
  OMEN_ASSIGN_OR_RETURN(const uint64_t count, WriteRows(cursor.get(), &writer, &line, context));
  line += writer.End();
  if (!line.empty()) OMEN_RETURN_IF_ERROR(context->copy_sink->Write(line));
  return std::unique_ptr<Cursor>(std::make_unique<DmlCursor>(count));
}

PlanResult MakeCopyPlan(const WriteServices& services,
                        std::shared_ptr<const sql::Statement> statement,
                        std::shared_ptr<const catalog::Snapshot> catalog) {
  const sql::Copy& copy = std::get<sql::Copy>(statement->body);
  std::shared_ptr<const sql::Query> query;
  if (copy.query != nullptr) {
    query = std::shared_ptr<const sql::Query>(statement, copy.query.get());
  } else {
    OMEN_ASSIGN_OR_RETURN(auto table, CopyTable(*statement, *catalog));
    OMEN_ASSIGN_OR_RETURN(auto attnums, CopyColumns(*table, copy));
    if (copy.from) {
      auto plan = std::make_shared<CopyFromPlan>();
      OMEN_RETURN_IF_ERROR(
          plan->Prepare(services, std::move(statement), catalog, table, std::move(attnums)));
      return std::shared_ptr<const ExecutablePlan>(std::move(plan));
    }
    query = TableQuery(table, attnums);
  }
  OMEN_ASSIGN_OR_RETURN(
      auto source, MakeSelectPlan(*services.reads, statement, query, catalog, RowsFor::kClient));
  return std::shared_ptr<const ExecutablePlan>(
      std::make_shared<CopyToPlan>(std::move(statement), std::move(source)));
}

}  // namespace omen::exec
