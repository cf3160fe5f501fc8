#include "session/catalogue/function_hooks.h"

#include <fmt/format.h>

#include "exec/statement/sequence.h"
#include "functions/kernel/quoting.h"
#include "session/catalogue/catalog_text.h"
#include "session/catalogue/frozen_hooks.h"
#include "session/catalogue/privilege_answers.h"

namespace omen::session {
namespace {

std::string NameIn(const catalog::Object& object) {
  return std::visit([](const auto& o) { return o.name; }, object);
}

}  // namespace

Result<catalog::Sequence> FunctionHooks::FindSequence(Oid sequence) const {
  const auto snapshot = parts_.block->Catalog();
  if (const catalog::Sequence* found = snapshot->FindSequence(sequence)) return *found;
  const catalog::Object* other = snapshot->FindRelation(sequence);
  if (other != nullptr) {
    return Status(sqlstate::kWrongObjectType,
                  fmt::format("\"{}\" is not a sequence", NameIn(*other)));
  }
  return Status(sqlstate::kUndefinedTable,
                fmt::format("could not open relation with OID {}", sequence));
}

Result<int64_t> FunctionHooks::NextValue(Oid sequence) {
  OMEN_ASSIGN_OR_RETURN(catalog::Sequence found, FindSequence(sequence));
  const exec::Transaction* transaction = parts_.block->transaction();
  if (transaction != nullptr && transaction->options().read_only) {
    return Status(sqlstate::kReadOnlyTransaction,
                  "cannot execute nextval() in a read-only transaction");
  }
  OMEN_ASSIGN_OR_RETURN(int64_t value, exec::NextSequenceValue(parts_.rows, found));
  values_[sequence] = value;
  last_ = sequence;
  return value;
}

Result<int64_t> FunctionHooks::CurrentValue(Oid sequence) {
  OMEN_ASSIGN_OR_RETURN(catalog::Sequence found, FindSequence(sequence));
  auto it = values_.find(sequence);
  if (it == values_.end()) {
    return Status(
        sqlstate::kNotInPrerequisiteState,
        fmt::format("currval of sequence \"{}\" is not yet defined in this session", found.name));
  }
  return it->second;
}

Result<int64_t> FunctionHooks::SetValue(Oid sequence, int64_t value, bool is_called) {
  OMEN_ASSIGN_OR_RETURN(catalog::Sequence found, FindSequence(sequence));
  if (value < found.min || value > found.max) {
    return Status(sqlstate::kNumericOutOfRange,
                  fmt::format("setval: value {} is out of bounds for sequence \"{}\" ({}..{})",
                              value, found.name, found.min, found.max));
  }
  OMEN_RETURN_IF_ERROR(parts_.rows->WriteSequence(sequence, {value, is_called}));
  if (is_called) values_[sequence] = value;
  return value;
}

Result<int64_t> FunctionHooks::LastValue() {
  if (!last_ || !FindSequence(*last_).ok()) {
    return Status(sqlstate::kNotInPrerequisiteState, "lastval is not yet defined in this session");
  }
  return values_.at(*last_);
}

void FunctionHooks::ForgetSequences() {
  values_.clear();
  last_.reset();
}

Result<Value> FunctionHooks::Setting(std::string_view name, bool missing_ok) {
  auto value = parts_.settings->Show(name);
  if (value.ok()) return Value::Text(*value);
  if (missing_ok && value.status().Is(sqlstate::kUndefinedObject)) return Value::Null();
  return std::move(value).status();
}

Status FunctionHooks::SetSetting(std::string_view name, std::string_view value, bool local) {
  return parts_.settings->SetText(name, value, local);
}

Result<Value> FunctionHooks::CatalogFunction(std::string_view function,
                                             std::span<const Value> args) {
  if (IsPrivilegeFunction(function)) {
    return HasPrivilege(Names(), parts_.database, function, args);
  }
  if (function == "omendb_cancel_job") return CancelJob(args[0].AsBytes());
  const RelationNames names = Names();
  const sql::BindContext reader =
      ReaderOf(names, parts_.settings->settings(), CurrentUser(), CurrentDatabase());
  return CatalogText(reader, parts_.rows, function, args);
}

Result<Value> FunctionHooks::CancelJob(std::string_view name) const {
  const auto catalog = parts_.block->Catalog();
  const catalog::Role* role = catalog->FindRole(parts_.user);
  if (role == nullptr || !role->superuser) {
    return Status(sqlstate::kInsufficientPrivilege, "permission denied to cancel a job")
        .Detail("Only superusers may cancel what the server does in the background.");
  }
  return Value::Bool(parts_.jobs != nullptr && parts_.jobs->Cancel(name));
}

RelationNames FunctionHooks::Names() const {
  return {parts_.block->Catalog(), parts_.settings->settings().effective().search_path};
}

std::string FunctionHooks::SchemaName(Oid oid) const {
  const auto catalog = parts_.block->Catalog();
  const catalog::Schema* schema = catalog->FindSchema(oid);
  return schema == nullptr ? std::string() : functions::QuoteIdentifier(schema->name);
}

std::shared_ptr<functions::SessionHooks> FunctionHooks::Freeze() {
  const auto shown = [this](std::string_view name) {
    Result<std::string> value = parts_.settings->Show(name);
    return value.ok() ? *value : std::string();
  };
  return std::make_shared<FrozenHooks>(
      FrozenHooks::Facts{Names(), parts_.settings->settings(), parts_.user, parts_.database,
                         shown("transaction_isolation"), shown("transaction_read_only"),
                         parts_.backend_pid, parts_.rows});
}

}  // namespace omen::session
