#include "exec/write/table_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/schema.h"
#include "rowstore/key_codec.h"
#include "rowstore/row_codec.h"
#include "sql/query/stored_text.h"

namespace omen::exec {
namespace {

// As PostgreSQL cuts long values in a failing row's description.
constexpr size_t kFailingValueBytes = 64;

sql::BindContext DefaultContext(const catalog::Snapshot& catalog) {
  sql::BindContext context;
  context.catalog = &catalog;
  context.search_path = {"public"};
  return context;
}

/// True where a null makes the row unlike every other.
bool IsDistinctByNull(const catalog::Index& index, const Row& row) {
  if (index.nulls_not_distinct) return false;
  return std::ranges::any_of(index.columns, [&](const catalog::IndexColumn& part) {
    return row[static_cast<size_t>(part.attnum) - 1].is_null();
  });
}

std::vector<const sql::Expr*> Pointers(const std::vector<sql::ExprPtr>& exprs) {
  std::vector<const sql::Expr*> pointers;
  for (const sql::ExprPtr& expr : exprs) pointers.push_back(expr.get());
  return pointers;
}

}  // namespace

Result<std::shared_ptr<const TableWritePlan>> TableWritePlan::Make(
    const WriteServices& services, std::shared_ptr<const catalog::Table> table,
    const std::shared_ptr<const catalog::Snapshot>& catalog) {
  auto plan = std::make_shared<TableWritePlan>();
  plan->table_ = std::move(table);
  plan->store_ = services.rows;
  const catalog::Schema* schema = catalog->FindSchema(plan->table_->schema);
  if (schema != nullptr) plan->schema_name_ = schema->name;
  OMEN_RETURN_IF_ERROR(plan->CompileChecks(services, catalog));
  OMEN_RETURN_IF_ERROR(plan->CompileDefaults(services, catalog));
  return std::shared_ptr<const TableWritePlan>(std::move(plan));
}

Status TableWritePlan::CompileChecks(const WriteServices& services,
                                     const std::shared_ptr<const catalog::Snapshot>& catalog) {
  if (table_->checks.empty()) return Status::Ok();
  const sql::BindContext context = DefaultContext(*catalog);
  for (const catalog::CheckConstraint& check : table_->checks) {
    OMEN_ASSIGN_OR_RETURN(sql::ExprPtr expr, sql::BindTableExpr(check.expression_sql, table_.get(),
                                                                Type{oid::kBool, -1}, context));
    check_exprs_.push_back(std::move(expr));
  }
  OMEN_ASSIGN_OR_RETURN(
      checks_, CompileTableExpressions(services, table_.get(), Pointers(check_exprs_), catalog));
  return Status::Ok();
}

Status TableWritePlan::CompileDefaults(const WriteServices& services,
                                       const std::shared_ptr<const catalog::Snapshot>& catalog) {
  const sql::BindContext context = DefaultContext(*catalog);
  for (const catalog::Column& column : table_->columns) {
    default_of_.push_back(-1);
    if (column.dropped || column.default_sql.empty()) continue;
    OMEN_ASSIGN_OR_RETURN(sql::ExprPtr expr,
                          sql::BindTableExpr(column.default_sql, nullptr, column.type, context));
    default_of_.back() = static_cast<int>(default_exprs_.size());
    default_exprs_.push_back(std::move(expr));
  }
  if (default_exprs_.empty()) return Status::Ok();
  OMEN_ASSIGN_OR_RETURN(
      defaults_, CompileTableExpressions(services, nullptr, Pointers(default_exprs_), catalog));
  return Status::Ok();
}

TableWriter::TableWriter(std::shared_ptr<const TableWritePlan> plan, StatementContext* context)
    : plan_(std::move(plan)),
      context_(context),
      rows_(context->transaction->rows()),
      free_(plan_->store_, table().storage_id),
      rising_(table().primary_key() != nullptr && !context->transaction->repeatable() &&
              !context->transaction->HasChanged(table().storage_id)) {
  if (plan_->checks_) checks_ = plan_->checks_->Open(&no_params_, context);
  if (plan_->defaults_) defaults_ = plan_->defaults_->Open(&no_params_, context);
}

TableWriter::~TableWriter() = default;

Result<Value> TableWriter::Default(int attnum) {
  const catalog::Column& column = table().column(attnum);
  if (column.identity != catalog::Identity::kNone && column.owned_sequence != 0) {
    OMEN_CHECK(context_->call.hooks != nullptr);
    OMEN_ASSIGN_OR_RETURN(const int64_t next,
                          context_->call.hooks->NextValue(column.owned_sequence));
    return Value::Int(next);
  }
  Value value;
  const int index = plan_->default_of_[static_cast<size_t>(attnum) - 1];
  if (index >= 0) {
    OMEN_RETURN_IF_ERROR(defaults_->Eval(static_cast<size_t>(index), &value));
  }
  return value;
}

Status TableWriter::FillDefaults(const std::vector<bool>& given, Row* row) {
  for (const catalog::Column& column : table().columns) {
    const size_t at = static_cast<size_t>(column.attnum) - 1;
    if (column.dropped || given[at]) continue;
    OMEN_ASSIGN_OR_RETURN((*row)[at], Default(column.attnum));
  }
  return Status::Ok();
}

Status TableWriter::Located(Status status, std::string_view column,
                            std::string_view constraint) const {
  status.error().schema = plan_->schema_name_;
  status.error().table = table().name;
  status.error().column = column;
  status.error().constraint = constraint;
  return status;
}

std::string TableWriter::FailingRow(const Row& row) const {
  std::string text = "Failing row contains (";
  bool first = true;
  for (const catalog::Column& column : table().columns) {
    if (column.dropped) continue;
    if (!first) text += ", ";
    first = false;
    const Value& value = row[static_cast<size_t>(column.attnum) - 1];
    std::string shown = value.is_null() ? "null" : ToText(column.type, value, context_->call.style);
    if (shown.size() > kFailingValueBytes) shown = shown.substr(0, kFailingValueBytes) + "...";
    text += shown;
  }
  return text + ").";
}

Status TableWriter::CheckRow(const Row& row) {
  for (const catalog::Column& column : table().columns) {
    if (!column.not_null || column.dropped) continue;
    if (!row[static_cast<size_t>(column.attnum) - 1].is_null()) continue;
    return Located(Status(sqlstate::kNotNullViolation,
                          fmt::format("null value in column \"{}\" of relation \"{}\" violates "
                                      "not-null constraint",
                                      column.name, table().name))
                       .Detail(FailingRow(row)),
                   column.name, "");
  }
  if (checks_ == nullptr) return Status::Ok();
  checks_->SetRow(0, row);
  for (size_t i = 0; i < table().checks.size(); ++i) {
    Value holds;
    OMEN_RETURN_IF_ERROR(checks_->Eval(i, &holds));
    if (holds.is_null() || holds.AsBool()) continue;
    const std::string& name = table().checks[i].name;
    return Located(Status(sqlstate::kCheckViolation,
                          fmt::format("new row for relation \"{}\" violates check constraint "
                                      "\"{}\"",
                                      table().name, name))
                       .Detail(FailingRow(row)),
                   "", name);
  }
  return Status::Ok();
}

Status TableWriter::UniqueViolation(const catalog::Index& index, const Row& row) const {
  std::string names, values;
  for (const catalog::IndexColumn& part : index.columns) {
    const catalog::Column& column = table().column(part.attnum);
    const Value& value = row[static_cast<size_t>(part.attnum) - 1];
    if (!names.empty()) {
      names += ", ";
      values += ", ";
    }
    names += column.name;
    values += value.is_null() ? "null" : ToText(column.type, value, context_->call.style);
  }
  return Located(
      Status(sqlstate::kUniqueViolation,
             fmt::format("duplicate key value violates unique constraint \"{}\"", index.name))
          .Detail(fmt::format("Key ({})=({}) already exists.", names, values)),
      "", index.name);
}

// The row is locked before its entry, as those who change it do: in the other order an upsert and
// a DELETE of the same row would wait for each other.
Result<std::string> TableWriter::FindRowInTheWay(const catalog::Index& index, const Row& row) {
  std::string key, found, bytes, still;
  rowstore::AppendIndexKey(index, table(), row, "", key);
  while (true) {
    OMEN_ASSIGN_OR_RETURN(const bool seen, rows_.PeekNewest(key, &found));
    if (!seen) {
      OMEN_ASSIGN_OR_RETURN(const bool taken, rows_.GetForUpdate(key, &found));
      if (!taken) return std::string();
      rows_.UndoGetForUpdate(key);
      continue;
    }
    std::string row_key;
    rowstore::AppendStoragePrefix(table().storage_id, row_key);
    row_key += found;
    OMEN_ASSIGN_OR_RETURN(const bool there, rows_.GetForUpdate(row_key, &bytes));
    OMEN_ASSIGN_OR_RETURN(const bool seen_again, rows_.PeekNewest(key, &still));
    const bool same = seen_again && still == found;
    if (there && same) return row_key;
    rows_.UndoGetForUpdate(row_key);
    // While the row's key is locked, none comes under it, and its entry would have gone with it.
    if (same) {
      return Status(sqlstate::kIndexCorrupted,
                    fmt::format("index \"{}\" points to no row", index.name));
    }
    if (context_->cancel != nullptr) OMEN_RETURN_IF_ERROR(context_->cancel->Check());
  }
}

Result<std::optional<Conflict>> TableWriter::FindConflict(const Row& row,
                                                          const catalog::Index* arbiter,
                                                          bool keep_lock) {
  for (const catalog::Index& index : table().indexes) {
    if (!index.unique || (arbiter != nullptr && arbiter->oid != index.oid)) continue;
    std::string row_key;
    if (index.primary) {
      std::string found, key;
      rowstore::AppendPrimaryKey(table(), row, key);
      OMEN_ASSIGN_OR_RETURN(const bool taken, rows_.GetForUpdate(key, &found));
      if (taken) row_key = std::move(key);
    } else if (!IsDistinctByNull(index, row)) {
      // A row that is conflicts with none, and its entry's key needs its row's.
      OMEN_ASSIGN_OR_RETURN(row_key, FindRowInTheWay(index, row));
    }
    if (row_key.empty()) continue;
    if (!keep_lock) rows_.UndoGetForUpdate(row_key);
    return std::optional<Conflict>({&index, std::move(row_key)});
  }
  return std::optional<Conflict>();
}

uint64_t TableWriter::NewIncarnation() const {
  return table().primary_key() == nullptr ? 0 : plan_->store_->last_commit();
}

Status TableWriter::PutIndexEntry(const catalog::Index& index, const std::string& row_key,
                                  const Row& row) {
  bool has_null = false;
  scratch_.clear();
  rowstore::AppendIndexKey(index, table(), row, row_key, scratch_, &has_null);
  if (index.unique && !has_null) {
    std::string found;
    OMEN_ASSIGN_OR_RETURN(const bool taken, rows_.GetForUpdate(scratch_, &found));
    if (taken) return UniqueViolation(index, row);
  }
  return rows_.Put(index.storage_id, scratch_,
                   std::string_view(row_key).substr(rowstore::kStoragePrefixBytes),
                   rowstore::ChangeKind::kNone);
}

Status TableWriter::PutIndexEntries(const std::string& row_key, const Row& row) {
  for (const catalog::Index& index : table().indexes) {
    if (!index.primary) OMEN_RETURN_IF_ERROR(PutIndexEntry(index, row_key, row));
  }
  return Status::Ok();
}

/// Who looks for a unique value waits for the transaction that removes it.
Status TableWriter::DeleteIndexEntry(const catalog::Index& index, const std::string& row_key,
                                     const Row& row) {
  bool has_null = false;
  scratch_.clear();
  rowstore::AppendIndexKey(index, table(), row, row_key, scratch_, &has_null);
  if (index.unique && !has_null) OMEN_RETURN_IF_ERROR(rows_.Lock(scratch_));
  return rows_.Delete(index.storage_id, scratch_, rowstore::ChangeKind::kNone);
}

Status TableWriter::DeleteIndexEntries(const std::string& row_key, const Row& row) {
  for (const catalog::Index& index : table().indexes) {
    if (index.primary) continue;
    OMEN_RETURN_IF_ERROR(DeleteIndexEntry(index, row_key, row));
  }
  return Status::Ok();
}

Result<std::string> NewRowKey(const catalog::Table& table, const Row& row,
                              rowstore::RowStore* rows) {
  std::string key;
  if (table.primary_key() != nullptr) {
    rowstore::AppendPrimaryKey(table, row, key);
    return key;
  }
  OMEN_ASSIGN_OR_RETURN(const uint64_t row_id, rows->NewRowId(table.storage_id));
  rowstore::AppendRowIdKey(table.storage_id, row_id, key);
  return key;
}

Status TableWriter::Insert(const Row& row) {
  OMEN_RETURN_IF_ERROR(CheckRow(row));
  return InsertChecked(row);
}

Status TableWriter::InsertChecked(const Row& row) {
  OMEN_ASSIGN_OR_RETURN(written_key_, NewRowKey(table(), row, plan_->store_));
  if (const catalog::Index* primary = table().primary_key()) {
    OMEN_ASSIGN_OR_RETURN(const bool taken, rows_.GetForUpdate(written_key_, &encoded_));
    if (taken) return UniqueViolation(*primary, row);
  }
  return PutRow(written_key_, row);
}

Status TableWriter::PutRow(const std::string& key, const Row& row) {
  encoded_.clear();
  rowstore::EncodeRow(table(), row, encoded_, NewIncarnation());
  OMEN_RETURN_IF_ERROR(rows_.Put(table().storage_id, key, encoded_, rowstore::ChangeKind::kInsert));
  return PutIndexEntries(key, row);
}

Status TableWriter::InsertAll(const std::vector<Row>& rows, std::atomic<uint64_t>* inserted) {
  OMEN_ASSIGN_OR_RETURN(const bool taken, TakeRisingKeys(rows, inserted));
  for (size_t i = 0; i < rows.size(); ++i) {
    OMEN_RETURN_IF_ERROR(taken ? PutRow(keys_[i], rows[i]) : InsertChecked(rows[i]));
    inserted->fetch_add(1, std::memory_order_relaxed);
  }
  return Status::Ok();
}

Result<bool> TableWriter::TakeRisingKeys(const std::vector<Row>& rows,
                                         std::atomic<uint64_t>* inserted) {
  keys_.resize(rows.size());
  const std::string* before = &last_key_;
  for (size_t i = 0; rising_ && i < rows.size(); before = &keys_[i++]) {
    keys_[i].clear();
    rowstore::AppendPrimaryKey(table(), rows[i], keys_[i]);
    rising_ = *before < keys_[i];
  }
  if (!rising_ || rows.empty()) return false;
  last_key_ = keys_.back();
  for (size_t i = 0; i < keys_.size(); ++i) {
    Status locked = rows_.Lock(keys_[i]);
    if (locked.ok()) continue;
    inserted->fetch_add(i, std::memory_order_relaxed);
    return locked;
  }
  return free_.Between(keys_.front(), keys_.back());
}

Status TableWriter::Delete(const std::string& key, const Row& row) {
  OMEN_RETURN_IF_ERROR(DeleteIndexEntries(key, row));
  return rows_.Delete(table().storage_id, key, rowstore::ChangeKind::kDelete);
}

Status TableWriter::Update(const std::string& key, std::string_view bytes, const Row& before,
                           const Row& after) {
  OMEN_RETURN_IF_ERROR(CheckRow(after));
  std::string new_key = key;
  if (const catalog::Index* primary = table().primary_key()) {
    new_key.clear();
    rowstore::AppendPrimaryKey(table(), after, new_key);
    if (new_key != key) {
      OMEN_ASSIGN_OR_RETURN(const bool taken, rows_.GetForUpdate(new_key, &encoded_));
      if (taken) return UniqueViolation(*primary, after);
      OMEN_RETURN_IF_ERROR(rows_.Delete(table().storage_id, key, rowstore::ChangeKind::kDelete));
    }
  }
  const uint64_t incarnation = new_key == key ? rowstore::IncarnationOf(bytes) : NewIncarnation();
  encoded_.clear();
  rowstore::EncodeRow(table(), after, encoded_, incarnation);
  const auto kind = new_key == key ? rowstore::ChangeKind::kUpdate : rowstore::ChangeKind::kInsert;
  OMEN_RETURN_IF_ERROR(rows_.Put(table().storage_id, new_key, encoded_, kind));
  written_key_ = new_key;
  return MoveIndexEntries(key, before, new_key, after);
}

Status TableWriter::MoveIndexEntries(const std::string& old_key, const Row& before,
                                     const std::string& new_key, const Row& after) {
  for (const catalog::Index& index : table().indexes) {
    if (index.primary) continue;
    std::string old_entry, new_entry;
    rowstore::AppendIndexKey(index, table(), before, old_key, old_entry);
    rowstore::AppendIndexKey(index, table(), after, new_key, new_entry);
    if (old_entry == new_entry && old_key == new_key) continue;
    OMEN_RETURN_IF_ERROR(DeleteIndexEntry(index, old_key, before));
    OMEN_RETURN_IF_ERROR(PutIndexEntry(index, new_key, after));
  }
  return Status::Ok();
}

}  // namespace omen::exec
