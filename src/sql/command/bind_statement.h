// Binding of everything that is not SELECT, INSERT, UPDATE or DELETE. One function per
// statement; the bodies are plain data (statement.h).
#pragma once

#include <string>
#include <string_view>

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"
#include "sql/grammar/internal/parsed.h"

struct AlterRoleStmt;
struct AlterSeqStmt;
struct AlterTableStmt;
struct CommentStmt;
struct Constraint;
struct CopyStmt;
struct CreateRoleStmt;
struct CreateSeqStmt;
struct CreateStmt;
struct CreateTableAsStmt;
struct DefElem;
struct DropRoleStmt;
struct IndexStmt;
struct IntoClause;
struct RenameStmt;
struct RoleSpec;
struct ViewStmt;

namespace omen::sql {

/// The body of any statement.
Result<StatementBody> BindBody(BindState* state, const ::Node* node,
                               const ParsedStatement::Impl& parsed);
/// SELECT, INSERT, UPDATE or DELETE.
QueryResult BindQueryNode(BindState* state, const ::Node* node);
/// Every other statement; 0A000 with its name for what is not built.
Result<StatementBody> BindUtility(BindState* state, const ::Node* node,
                                  const ParsedStatement::Impl& parsed);

/// Records the parameters' types; 42P18 for those that nothing gave one.
Status FinishParams(BindState* state, Query* query);

/// What utility binding hands around. One thread; one statement.
struct UtilityContext {
  const ParsedStatement::Impl& parsed;
  BindState* state;
  std::string_view script() const { return parsed.script->text; }
  size_t statement_end() const { return static_cast<size_t>(parsed.offset) + parsed.text.size(); }
};

// bind_table.cc
Result<CreateTable> BindCreateTable(UtilityContext* context, const ::CreateStmt& create);
Result<CreateTable> BindCreateTableAs(UtilityContext* context, const ::Node* query,
                                      const ::IntoClause& into, bool if_not_exists);
Result<ColumnDef> BindColumnDef(UtilityContext* context, const ::Node* node, catalog::Table* table,
                                CreateTable* create);
Result<CreateIndex> BindCreateIndex(UtilityContext* context, const ::IndexStmt& index);
/// A table constraint into `create`'s lists.
Status BindTableConstraint(UtilityContext* context, const ::Node* node, const catalog::Table& table,
                           CreateTable* create);
/// A default's text as it is stored; empty for a plain NULL.
std::string KeptDefault(const UtilityContext& context, const ::Node* node, Type type,
                        std::string_view text);
/// A CHECK over a whole table, or an error; nothing for other constraints.
Status ValidateCheck(UtilityContext* context, const ::Constraint& constraint,
                     const catalog::Table& table);
/// 42804 for a default that the column does not take.
Status ValidateDefault(UtilityContext* context, const ::Node* node, const catalog::Column& column);
// bind_alter.cc
Result<AlterTable> BindAlterTable(UtilityContext* context, const ::AlterTableStmt& alter);
Result<AlterTable> BindRename(UtilityContext* context, const ::RenameStmt& rename);
// bind_sequence.cc
Result<SequenceChange> BindCreateSequence(UtilityContext* context, const ::CreateSeqStmt& create);
Result<SequenceChange> BindAlterSequence(UtilityContext* context, const ::AlterSeqStmt& alter);
/// Options of a sequence (or of an identity column) over their defaults.
Status SequenceOptions(const ::List* options, catalog::Sequence* sequence, SequenceChange* change);
// bind_role.cc
Result<CreateRole> BindCreateRole(const ::CreateRoleStmt& node);
Result<CreateRole> BindAlterRole(UtilityContext* context, const ::AlterRoleStmt& node);
Result<DropRole> BindDropRole(const ::DropRoleStmt& node);
// bind_comment.cc
Result<Comment> BindComment(UtilityContext* context, const ::CommentStmt& node);
// bind_copy.cc
Result<Copy> BindCopy(UtilityContext* context, const ::CopyStmt& copy);
// bind_session.cc: SET, SHOW, transactions, PREPARE, cursors, EXPLAIN and the small ones.
Status BindSessionStatement(UtilityContext* context, const ::Node* node, StatementBody* out,
                            bool* found);

/// schema.name as written; 0A000 for another database.
Result<QualifiedName> NameOfRange(const BindState& state, const ::RangeVar& range);
/// The role meant by a name, CURRENT_USER or SESSION_USER; 42704 for PUBLIC.
Result<std::string> RoleName(const BindState& state, const ::RoleSpec& role);
/// A list of String nodes.
Result<QualifiedName> NameOfList(const ::List* names);
/// DefElem values, as PostgreSQL's defGet*.
bool OptionBool(const ::DefElem& option, bool missing = true);
/// 42601 for what is no Boolean value.
Status CheckBool(const ::DefElem& option);
/// 42601 for an option that stands in the list twice.
Status CheckOnce(const ::List* options);
Result<int64_t> OptionInt(const ::DefElem& option);
std::string OptionText(const ::DefElem& option);

}  // namespace omen::sql
