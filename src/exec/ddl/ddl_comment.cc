// COMMENT ON: the text goes into the object, whose definition is otherwise left alone.
#include <fmt/format.h>

#include <algorithm>

#include "exec/ddl/ddl_run.h"

namespace omen::exec {
namespace {

using CommentKind = sql::Comment::Kind;

const char* NameOf(CommentKind kind) {
  switch (kind) {
    case CommentKind::kTable:
      return "table";
    case CommentKind::kView:
      return "view";
    case CommentKind::kSequence:
      return "sequence";
    case CommentKind::kIndex:
      return "index";
    default:
      return "relation";
  }
}

Status CommentOnSchema(DdlRun* run, const sql::Comment& comment) {
  OMEN_RETURN_IF_ERROR(
      run->transaction().Lock(NameTag(0, comment.name.name), LockMode::kShareUpdateExclusive));
  const catalog::Schema* found = run->draft().draft().FindSchema(comment.name.name);
  if (found == nullptr) {
    return Status(sqlstate::kInvalidSchemaName,
                  fmt::format("schema \"{}\" does not exist", comment.name.name));
  }
  catalog::Schema schema = *found;
  schema.comment = comment.text;
  run->draft().Put(std::move(schema));
  return Status::Ok();
}

Status CommentOnRole(DdlRun* run, const sql::Comment& comment) {
  OMEN_RETURN_IF_ERROR(
      run->transaction().Lock(NameTag(1, comment.name.name), LockMode::kAccessExclusive));
  const catalog::Role* found = run->draft().draft().FindRole(comment.name.name);
  if (found == nullptr) {
    return Status(sqlstate::kUndefinedObject,
                  fmt::format("role \"{}\" does not exist", comment.name.name));
  }
  catalog::Role role = *found;
  role.comment = comment.text;
  run->draft().Put(std::move(role));
  return Status::Ok();
}

Status CommentOnIndex(DdlRun* run, const sql::Comment& comment) {
  const catalog::Table* owner = run->FindIndexOwner(*run->catalog(), comment.name);
  if (owner == nullptr) {
    const auto snapshot = run->catalog();
    if (run->Find(*snapshot, comment.name) == nullptr) return UndefinedRelation(comment.name);
    return Status(sqlstate::kWrongObjectType,
                  fmt::format("\"{}\" is not an index", comment.name.name));
  }
  const Oid oid = owner->oid;
  OMEN_RETURN_IF_ERROR(run->transaction().LockRelation(oid, LockMode::kShareUpdateExclusive));
  const catalog::Table* locked = run->draft().draft().FindTable(oid);
  if (locked == nullptr) return UndefinedRelation(comment.name);
  catalog::Table table = *locked;
  const auto index = std::ranges::find(table.indexes, comment.name.name, &catalog::Index::name);
  if (index == table.indexes.end()) return UndefinedRelation(comment.name);
  index->comment = comment.text;
  run->draft().Put(std::move(table));
  return Status::Ok();
}

Status OnColumn(std::vector<catalog::Column>* columns, const std::string& relation,
                const sql::Comment& comment) {
  for (catalog::Column& column : *columns) {
    if (column.dropped || column.name != comment.part) continue;
    column.comment = comment.text;
    return Status::Ok();
  }
  return Status(
      sqlstate::kUndefinedColumn,
      fmt::format("column \"{}\" of relation \"{}\" does not exist", comment.part, relation));
}

Status OnConstraint(catalog::Table* table, const sql::Comment& comment) {
  for (catalog::CheckConstraint& check : table->checks) {
    if (check.name != comment.part) continue;
    check.comment = comment.text;
    return Status::Ok();
  }
  for (catalog::Index& index : table->indexes) {
    if (index.name != comment.part || !(index.is_constraint || index.primary)) continue;
    index.constraint_comment = comment.text;
    return Status::Ok();
  }
  return Status(
      sqlstate::kUndefinedObject,
      fmt::format("constraint \"{}\" for table \"{}\" does not exist", comment.part, table->name));
}

Status NotA(const sql::Comment& comment) {
  const char* article = comment.kind == CommentKind::kIndex ? "an" : "a";
  return Status(sqlstate::kWrongObjectType, fmt::format("\"{}\" is not {} {}", comment.name.name,
                                                        article, NameOf(comment.kind)));
}

Status ApplyComment(catalog::Table* table, const sql::Comment& comment) {
  if (comment.kind == CommentKind::kColumn) return OnColumn(&table->columns, table->name, comment);
  if (comment.kind == CommentKind::kConstraint) return OnConstraint(table, comment);
  if (comment.kind != CommentKind::kTable) return NotA(comment);
  table->comment = comment.text;
  return Status::Ok();
}

Status ApplyComment(catalog::View* view, const sql::Comment& comment) {
  if (comment.kind == CommentKind::kColumn) return OnColumn(&view->columns, view->name, comment);
  if (comment.kind != CommentKind::kView) return NotA(comment);
  view->comment = comment.text;
  return Status::Ok();
}

Status ApplyComment(catalog::Sequence* sequence, const sql::Comment& comment) {
  if (comment.kind != CommentKind::kSequence) return NotA(comment);
  sequence->comment = comment.text;
  return Status::Ok();
}

// A relation the server fills itself, or nothing that is a relation.
template <typename Other>
Status ApplyComment(Other*, const sql::Comment& comment) {
  return Status(sqlstate::kInsufficientPrivilege,
                fmt::format("permission denied: \"{}\" is a system catalog", comment.name.name));
}

Status CommentOnRelation(DdlRun* run, const sql::Comment& comment) {
  const auto snapshot = run->catalog();
  const catalog::Object* found = run->Find(*snapshot, comment.name);
  if (found == nullptr) {
    const bool index = run->FindIndexOwner(*snapshot, comment.name) != nullptr;
    return index ? NotA(comment) : UndefinedRelation(comment.name);
  }
  const Oid oid = catalog::OidOf(*found);
  OMEN_RETURN_IF_ERROR(run->transaction().LockRelation(oid, LockMode::kShareUpdateExclusive));
  const catalog::Object* locked = run->draft().draft().FindObject(oid);
  if (locked == nullptr) return UndefinedRelation(comment.name);
  catalog::Object object = *locked;
  OMEN_RETURN_IF_ERROR(
      std::visit([&](auto& relation) { return ApplyComment(&relation, comment); }, object));
  run->draft().Put(std::move(object));
  return Status::Ok();
}

}  // namespace

Status RunComment(DdlRun* run, const sql::Comment& comment) {
  switch (comment.kind) {
    case CommentKind::kSchema:
      return CommentOnSchema(run, comment);
    case CommentKind::kRole:
      return CommentOnRole(run, comment);
    case CommentKind::kIndex:
      return CommentOnIndex(run, comment);
    default:
      return CommentOnRelation(run, comment);
  }
}

}  // namespace omen::exec
