// One execution of a schema change: names, locks and the draft catalogue.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exec/write/write_services.h"

namespace omen::exec {

class Gatherer;

/// What schema changes use; outlives their plans.
struct DdlServices {
  WriteServices writes;
  Gatherer* gatherer = nullptr;  // null: ANALYZE does nothing
  /// Makes the SCRAM verifier that a role keeps instead of its password.
  Result<std::string> (*password_verifier)(std::string_view password) = nullptr;
};

/// CREATE/ALTER/DROP/TRUNCATE, roles, VACUUM, LOCK TABLE, COMMENT.
PlanResult MakeDdlPlan(const DdlServices& services, std::shared_ptr<const sql::Statement> statement,
                       std::shared_ptr<const catalog::Snapshot> catalog);

/// The tools every schema change uses. One thread; for one statement.
class DdlRun {
 public:
  DdlRun(const DdlServices& services, StatementContext* context, Row params)
      : services_(services),
        context_(context),
        params_(std::move(params)),
        before_(context->transaction->catalog()) {}

  const DdlServices& services() const { return services_; }
  const WriteServices& writes() const { return services_.writes; }
  StatementContext* context() { return context_; }
  const Row& params() const { return params_; }  // of CREATE TABLE AS
  Transaction& transaction() { return *context_->transaction; }
  rowstore::RowStore& rows() { return *services_.writes.rows; }
  catalog::Builder& draft() { return transaction().MutableCatalog(); }
  std::shared_ptr<const catalog::Snapshot> catalog() { return transaction().catalog(); }

  void Notice(std::string message);
  Result<Oid> NewOid() { return rows().NewOid(); }

  /// The schema a new object goes to; 3F000.
  Result<Oid> TargetSchema(const sql::QualifiedName& name);
  /// Locks the name against being taken twice; true when a relation or index already has it.
  Result<bool> NameIsTaken(Oid schema, const std::string& name);
  /// "t_a_idx", "t_a_idx1"...: PostgreSQL's ChooseRelationName.
  Result<std::string> ChooseName(Oid schema, const std::string& table, const std::string& column,
                                 const std::string& suffix);
  /// Null when there is none.
  const catalog::Object* Find(const catalog::Snapshot& catalog, const sql::QualifiedName& name);
  /// The table of an index, by the index's name; null when there is none.
  const catalog::Table* FindIndexOwner(const catalog::Snapshot& catalog,
                                       const sql::QualifiedName& name);
  /// Locks a table that the user owns and reads its newest definition; 42P01, 42809, 42501.
  Result<catalog::Table> LockTable(const sql::QualifiedName& name, LockMode mode);
  /// Fresh view, now that locks are held.
  void ReadPresent() { transaction().BeginStatement(); }

  /// Views that bound when the statement began and no longer do. One that was broken before, by
  /// damage or an older server, is nobody's reason to refuse a change.
  std::vector<catalog::View> NewlyBrokenViews();
  /// 2BP01 naming the views, or with `cascade` drops them.
  Status SettleViews(bool cascade, const std::string& object);

  /// Creates a sequence object and its state.
  Status CreateSequence(const catalog::Sequence& sequence);
  Status DropSequence(const catalog::Sequence& sequence);
  /// 2BP01 where a default that stays takes from a sequence that goes with `what`.
  Status CheckDefaults(bool cascade, const std::string& what);
  std::string QualifiedSequence(const catalog::Sequence& sequence);

  /// Fills names and OIDs of indexes from their definitions and adds them to `table`.
  Status AddIndex(const sql::IndexDef& definition, catalog::Table* table);
  /// Builds a (new) secondary index from the table's rows.
  Status BuildIndex(const catalog::Table& table, const catalog::Index& index);
  /// Replaces column defaults, identities and serials by stored form; creates their sequences.
  Status SettleColumn(const sql::ColumnDef& definition, const catalog::Table& table,
                      catalog::Column* column);

 private:
  struct DroppedSequence {
    Oid oid;
    std::string schema, name;
  };
  static std::vector<catalog::View> BrokenViews(const catalog::Snapshot* snapshot);
  /// By its identity, or by its default's text, which names the sequence alone or with its schema.
  static bool TakesFrom(const catalog::Column& column, const DroppedSequence& sequence);

  const DdlServices& services_;
  StatementContext* context_;
  const Row params_;
  const std::shared_ptr<const catalog::Snapshot> before_;  // the statement
  std::vector<DroppedSequence> dropped_sequences_;
};

Status RunCreateTable(DdlRun* run, const sql::CreateTable& create,
                      const std::shared_ptr<const sql::Statement>& statement,
                      const std::shared_ptr<const catalog::Snapshot>& catalog, uint64_t* rows);
Status RunAlterTable(DdlRun* run, const sql::AlterTable& alter);
Status RunDrop(DdlRun* run, const sql::Drop& drop);
Status RunCreateIndex(DdlRun* run, const sql::CreateIndex& create);
Status RunCreateSchema(DdlRun* run, const sql::CreateSchema& create);
Status RunCreateView(DdlRun* run, const sql::CreateView& create);
Status RunSequence(DdlRun* run, const sql::SequenceChange& change);
Status RunTruncate(DdlRun* run, const sql::Truncate& truncate);
Status RunCreateRole(DdlRun* run, const sql::CreateRole& create);
Status RunDropRole(DdlRun* run, const sql::DropRole& drop);
Status RunVacuum(DdlRun* run, const sql::Vacuum& vacuum);
Status RunLockTable(DdlRun* run, const sql::LockTable& lock);
Status RunComment(DdlRun* run, const sql::Comment& comment);

/// A key of this type has an order that keys on disk keep.
Status CheckIndexable(Type type);
/// 42710 of a table that has a constraint of this name.
Status ConstraintExists(std::string_view name, const catalog::Table& table);
Status UndefinedRelation(const sql::QualifiedName& name);

}  // namespace omen::exec
