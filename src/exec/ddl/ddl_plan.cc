// Schema changes as plans: which statement is run by which function; roles; what changes nothing.
#include <fmt/format.h>

#include "exec/ddl/ddl_run.h"
#include "exec/ddl/privileges.h"
#include "exec/write/dml_plan.h"

namespace omen::exec {
namespace {

class DdlPlan final : public ExecutablePlan {
 public:
  DdlPlan(const DdlServices& services, std::shared_ptr<const sql::Statement> statement,
          std::shared_ptr<const catalog::Snapshot> catalog)
      : services_(services), catalog_(std::move(catalog)) {
    statement_ = std::move(statement);
  }

  Result<std::unique_ptr<Cursor>> Open(Row params, StatementContext* context) const override {
    OMEN_RETURN_IF_ERROR(CheckTransactionWritable(*context, statement_->tag));
    DdlRun run(services_, context, std::move(params));
    OMEN_RETURN_IF_ERROR(CheckPrivileges(&run, statement_->body));
    uint64_t rows = 0;
    const size_t changes = context->transaction->draft().mutations().size();
    OMEN_RETURN_IF_ERROR(Run(&run, &rows));
    OMEN_RETURN_IF_ERROR(context->transaction->ChargeCatalog(changes));
    return std::unique_ptr<Cursor>(std::make_unique<DmlCursor>(rows));
  }

 private:
  Status Run(DdlRun* run, uint64_t* rows) const {
    const sql::StatementBody& body = statement_->body;
    if (const auto* create = std::get_if<sql::CreateTable>(&body)) {
      return RunCreateTable(run, *create, statement_, catalog_, rows);
    }
    if (const auto* alter = std::get_if<sql::AlterTable>(&body)) return RunAlterTable(run, *alter);
    if (const auto* drop = std::get_if<sql::Drop>(&body)) return RunDrop(run, *drop);
    if (const auto* index = std::get_if<sql::CreateIndex>(&body))
      return RunCreateIndex(run, *index);
    if (const auto* schema = std::get_if<sql::CreateSchema>(&body)) {
      return RunCreateSchema(run, *schema);
    }
    if (const auto* view = std::get_if<sql::CreateView>(&body)) return RunCreateView(run, *view);
    if (const auto* change = std::get_if<sql::SequenceChange>(&body))
      return RunSequence(run, *change);
    if (const auto* truncate = std::get_if<sql::Truncate>(&body))
      return RunTruncate(run, *truncate);
    if (const auto* lock = std::get_if<sql::LockTable>(&body)) return RunLockTable(run, *lock);
    if (const auto* role = std::get_if<sql::CreateRole>(&body)) return RunCreateRole(run, *role);
    if (const auto* role = std::get_if<sql::DropRole>(&body)) return RunDropRole(run, *role);
    if (const auto* comment = std::get_if<sql::Comment>(&body)) return RunComment(run, *comment);
    if (const auto* vacuum = std::get_if<sql::Vacuum>(&body)) return RunVacuum(run, *vacuum);
    // CHECKPOINT changes nothing a client can see.
    const bool accepted = std::holds_alternative<sql::Checkpoint>(body);
    return accepted ? Status::Ok() : NotSupported(statement_->tag);
  }

  const DdlServices& services_;
  std::shared_ptr<const catalog::Snapshot> catalog_;
};

}  // namespace

Status RunLockTable(DdlRun* run, const sql::LockTable& lock) {
  const auto snapshot = run->catalog();
  for (const sql::QualifiedName& name : lock.tables) {
    const catalog::Object* object = run->Find(*snapshot, name);
    if (object == nullptr) return UndefinedRelation(name);
    OMEN_RETURN_IF_ERROR(run->transaction().LockRelation(
        catalog::OidOf(*object), static_cast<LockMode>(lock.mode), lock.nowait));
  }
  return Status::Ok();
}

Status RunCreateRole(DdlRun* run, const sql::CreateRole& create) {
  OMEN_RETURN_IF_ERROR(
      run->transaction().Lock(NameTag(1, create.name), LockMode::kAccessExclusive));
  const catalog::Role* existing = run->draft().draft().FindRole(create.name);
  if (existing != nullptr && !create.alter) {
    return Status(sqlstate::kDuplicateObject,
                  fmt::format("role \"{}\" already exists", create.name));
  }
  if (existing == nullptr && create.alter) {
    return Status(sqlstate::kUndefinedObject,
                  fmt::format("role \"{}\" does not exist", create.name));
  }
  catalog::Role role;
  if (existing != nullptr) {
    role = *existing;
  } else {
    OMEN_ASSIGN_OR_RETURN(role.oid, run->NewOid());
    role.name = create.name;
    role.can_login = false;
  }
  if (create.superuser) role.superuser = *create.superuser;
  if (create.login) role.can_login = *create.login;
  if (create.password) {
    const auto make_verifier = run->services().password_verifier;
    if (make_verifier == nullptr) return NotSupported("setting a password here");
    OMEN_ASSIGN_OR_RETURN(role.scram_verifier, make_verifier(*create.password));
  }
  run->draft().Put(std::move(role));
  return Status::Ok();
}

// Objects know their owner by name: another role of that name must not come to own them.
static Status OwnsNothing(const catalog::Snapshot& snapshot, const std::string& role) {
  using Class = catalog::ObjectClass;
  for (const Class type : {Class::kSchema, Class::kTable, Class::kView, Class::kSequence}) {
    for (const catalog::Object* object : snapshot.All(type)) {
      const bool owns = std::visit(
          [&](const auto& o) {
            if constexpr (requires { o.owner; }) return o.owner == role;
            return false;
          },
          *object);
      if (!owns) continue;
      return Status(
          sqlstate::kDependentObjects,
          fmt::format("role \"{}\" cannot be dropped because some objects depend on it", role));
    }
  }
  return Status::Ok();
}

Status RunDropRole(DdlRun* run, const sql::DropRole& drop) {
  for (const std::string& name : drop.names) {
    OMEN_RETURN_IF_ERROR(run->transaction().Lock(NameTag(1, name), LockMode::kAccessExclusive));
    const catalog::Role* role = run->draft().draft().FindRole(name);
    if (role == nullptr) {
      if (!drop.if_exists) {
        return Status(sqlstate::kUndefinedObject, fmt::format("role \"{}\" does not exist", name));
      }
      run->Notice(fmt::format("role \"{}\" does not exist, skipping", name));
      continue;
    }
    if (name == run->context()->user) {
      return Status(sqlstate::kObjectInUse, "current user cannot be dropped");
    }
    OMEN_RETURN_IF_ERROR(OwnsNothing(run->draft().draft(), name));
    run->draft().Erase(role->oid);
  }
  return Status::Ok();
}

PlanResult MakeDdlPlan(const DdlServices& services, std::shared_ptr<const sql::Statement> statement,
                       std::shared_ptr<const catalog::Snapshot> catalog) {
  return std::shared_ptr<const ExecutablePlan>(
      std::make_shared<DdlPlan>(services, std::move(statement), std::move(catalog)));
}

}  // namespace omen::exec
