#include "exec/ddl/privileges.h"

#include <fmt/format.h>

#include <algorithm>

namespace omen::exec {
namespace {

Status Denied(std::string message) {
  return Status(sqlstate::kInsufficientPrivilege, std::move(message));
}

const char* KindName(const catalog::Object& object) {
  switch (catalog::ClassOf(object)) {
    case catalog::ObjectClass::kTable:
      return "table";
    case catalog::ObjectClass::kView:
      return "view";
    case catalog::ObjectClass::kSequence:
      return "sequence";
    case catalog::ObjectClass::kSchema:
      return "schema";
    default:
      return "relation";
  }
}

const std::string* OwnerOf(const catalog::Object& object) {
  return std::visit(
      [](const auto& o) -> const std::string* {
        if constexpr (requires { o.owner; }) return &o.owner;
        return nullptr;
      },
      object);
}

Oid SchemaOf(const catalog::Object& object) {
  return std::visit(
      [](const auto& o) -> Oid {
        if constexpr (requires { o.schema; }) return o.schema;
        return 0;
      },
      object);
}

/// One statement's check. The snapshot outlives it.
class Check {
 public:
  explicit Check(DdlRun* run) : run_(run), snapshot_(run->catalog()), user_(run->context()->user) {}

  bool is_superuser() const {
    const catalog::Role* role = snapshot_->FindRole(user_);
    return role != nullptr && role->superuser;
  }

  // Anyone may make new things: they belong to whoever made them.
  Status operator()(const sql::CreateTable&) { return Status::Ok(); }
  Status operator()(const sql::Vacuum&) { return Status::Ok(); }
  Status operator()(const sql::LockTable&) { return Status::Ok(); }

  Status operator()(const sql::CreateSchema& create) {
    if (create.owner.empty() || create.owner == user_) return Status::Ok();
    return Denied(fmt::format("must be member of role \"{}\"", create.owner));
  }

  Status operator()(const sql::AlterTable& alter) {
    OMEN_RETURN_IF_ERROR(OwnsRelation(alter.name));
    for (const sql::AlterAction& action : alter.actions) {
      if (action.kind != sql::AlterAction::Kind::kOwnerTo || action.new_name == user_) continue;
      return Denied(fmt::format("must be member of role \"{}\"", action.new_name));
    }
    return Status::Ok();
  }

  Status operator()(const sql::CreateIndex& create) { return OwnsRelation(create.table); }

  Status operator()(const sql::CreateView& create) {
    return create.or_replace ? OwnsRelation(create.name) : Status::Ok();
  }

  Status operator()(const sql::SequenceChange& change) {
    if (change.owned_by && !change.owned_by->first.name.empty())
      OMEN_RETURN_IF_ERROR(OwnsRelation(change.owned_by->first));
    return change.create ? Status::Ok() : OwnsRelation(change.name);
  }

  Status operator()(const sql::Truncate& truncate) {
    for (const sql::QualifiedName& name : truncate.tables) {
      const catalog::Object* object = run_->Find(*snapshot_, name);
      if (object == nullptr || Owns(*object)) continue;
      return Denied(fmt::format("permission denied for table {}", name.name));
    }
    return Status::Ok();
  }

  Status operator()(const sql::Drop& drop) {
    for (const sql::QualifiedName& name : drop.names) OMEN_RETURN_IF_ERROR(MayDrop(drop, name));
    return Status::Ok();
  }

  Status operator()(const sql::Comment& comment) {
    using Kind = sql::Comment::Kind;
    if (comment.kind == Kind::kRole) {
      return comment.name.name == user_ ? Status::Ok() : Denied("permission denied");
    }
    if (comment.kind == Kind::kSchema) return OwnsSchema(comment.name.name);
    return comment.kind == Kind::kIndex ? OwnsIndex(comment.name) : OwnsRelation(comment.name);
  }

  Status operator()(const sql::CreateRole& role) {
    if (!role.alter) {
      return Denied(role.superuser.value_or(false) ? "must be superuser to create superusers"
                                                   : "permission denied to create role");
    }
    const catalog::Role* existing = snapshot_->FindRole(role.name);
    if (role.superuser || (existing != nullptr && existing->superuser)) {
      return Denied("must be superuser to alter superuser roles or change superuser attribute");
    }
    const bool own_password = role.name == user_ && role.password && !role.login;
    return own_password ? Status::Ok() : Denied("permission denied");
  }

  Status operator()(const sql::DropRole&) { return Denied("permission denied to drop role"); }

  Status operator()(const sql::Checkpoint&) {
    return Denied("must be superuser or have privileges of pg_checkpoint to do CHECKPOINT");
  }

  template <typename Other>
  Status operator()(const Other&) {
    return Denied("permission denied");
  }

  bool Owns(const catalog::Object& object) const {
    const std::string* owner = OwnerOf(object);
    return owner != nullptr && *owner == user_;
  }

 private:
  static Status MustOwn(const char* kind, const std::string& name) {
    return Denied(fmt::format("must be owner of {} {}", kind, name));
  }

  Status OwnsRelation(const sql::QualifiedName& name) {
    const catalog::Object* object = run_->Find(*snapshot_, name);
    if (object == nullptr || Owns(*object)) return Status::Ok();
    return MustOwn(KindName(*object), name.name);
  }

  Status OwnsIndex(const sql::QualifiedName& name) {
    const catalog::Table* table = run_->FindIndexOwner(*snapshot_, name);
    if (table == nullptr || table->owner == user_) return Status::Ok();
    return MustOwn("index", name.name);
  }

  Status OwnsSchema(const std::string& name) {
    const catalog::Schema* schema = snapshot_->FindSchema(name);
    if (schema == nullptr || schema->owner == user_) return Status::Ok();
    return MustOwn("schema", name);
  }

  // The owner of a schema may drop what is in it.
  Status MayDrop(const sql::Drop& drop, const sql::QualifiedName& name) {
    if (drop.type == sql::ObjectType::kSchema) return OwnsSchema(name.name);
    if (drop.type == sql::ObjectType::kIndex) return OwnsIndex(name);
    const catalog::Object* object = run_->Find(*snapshot_, name);
    if (object == nullptr || Owns(*object)) return Status::Ok();
    const catalog::Schema* schema = snapshot_->FindSchema(SchemaOf(*object));
    if (schema != nullptr && schema->owner == user_) return Status::Ok();
    return MustOwn(KindName(*object), name.name);
  }

  DdlRun* run_;
  std::shared_ptr<const catalog::Snapshot> snapshot_;
  const std::string& user_;
};

}  // namespace

Status CheckPrivileges(DdlRun* run, const sql::StatementBody& body) {
  Check check(run);
  return check.is_superuser() ? Status::Ok() : std::visit(check, body);
}

Status RequireOwner(DdlRun* run, const catalog::Table& table) {
  Check check(run);
  if (check.is_superuser() || table.owner == run->context()->user) return Status::Ok();
  return Denied(fmt::format("must be owner of table {}", table.name));
}

}  // namespace omen::exec
