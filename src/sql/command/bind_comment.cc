// COMMENT ON: what kind of object, its name, and the part of it that is meant.

#include <string>

#include "sql/command/bind_statement.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

using CommentKind = Comment::Kind;

Result<CommentKind> KindOf(::ObjectType type) {
  switch (type) {
    case OBJECT_TABLE:
      return CommentKind::kTable;
    case OBJECT_VIEW:
      return CommentKind::kView;
    case OBJECT_SEQUENCE:
      return CommentKind::kSequence;
    case OBJECT_INDEX:
      return CommentKind::kIndex;
    case OBJECT_COLUMN:
      return CommentKind::kColumn;
    case OBJECT_TABCONSTRAINT:
      return CommentKind::kConstraint;
    case OBJECT_SCHEMA:
      return CommentKind::kSchema;
    case OBJECT_ROLE:
      return CommentKind::kRole;
    default:
      return NotSupported("COMMENT ON this kind of object");
  }
}

// [schema.]table.column, or a table's constraint: the last name is the part.
Status SplitPart(const List* names, Comment* comment) {
  const Items<Node> items(names);
  if (items.size() < 2) {
    return Status(sqlstate::kSyntaxError, "column name must be qualified");
  }
  comment->part = Text(items.back());
  comment->name.name = Text(items[items.size() - 2]);
  if (items.size() > 2) comment->name.schema = Text(items[items.size() - 3]);
  return Status::Ok();
}

}  // namespace

Result<Comment> BindComment(UtilityContext*, const CommentStmt& node) {
  Comment comment;
  OMEN_ASSIGN_OR_RETURN(comment.kind, KindOf(node.objtype));
  comment.text = node.comment == nullptr ? "" : node.comment;
  if (comment.kind == CommentKind::kSchema || comment.kind == CommentKind::kRole) {
    comment.name.name = Text(node.object);
    return comment;
  }
  const auto* names = reinterpret_cast<const List*>(node.object);
  if (comment.kind == CommentKind::kColumn || comment.kind == CommentKind::kConstraint) {
    OMEN_RETURN_IF_ERROR(SplitPart(names, &comment));
    return comment;
  }
  OMEN_ASSIGN_OR_RETURN(comment.name, NameOfList(names));
  return comment;
}

}  // namespace omen::sql
