#include "session/function_hooks.h"

#include <fmt/format.h>

#include "exec/statement/sequence.h"
#include "session/catalog_text.h"
#include "session/frozen_hooks.h"
#include "session/privilege_answers.h"

namespace omen::session {
namespace {

std::string NameIn(const catalog::Object& object) {
  return std::visit([](const auto& o) { return o.name; }, object);
}

}  // namespace

Result<catalog::Sequence> FunctionHooks::FindSequence(Oid sequence) const {
  const auto snapshot = session_->Catalog();
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
  if (session_->transaction != nullptr && session_->transaction->read_only()) {
    return Status(sqlstate::kReadOnlyTransaction,
                  "cannot execute nextval() in a read-only transaction");
  }
  OMEN_ASSIGN_OR_RETURN(int64_t value, exec::NextSequenceValue(&session_->database->rows(), found));
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
  OMEN_RETURN_IF_ERROR(session_->database->rows().WriteSequence(sequence, {value, is_called}));
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
  auto value = session_->ShowSetting(name);
  if (value.ok()) return Value::Text(*value);
  if (missing_ok && value.status().Is(sqlstate::kUndefinedObject)) return Value::Null();
  return std::move(value).status();
}

Status FunctionHooks::SetSetting(std::string_view name, std::string_view value, bool local) {
  if (FindSetting(name) >= 0 && ToLower(name) == "search_path") {
    return session_->settings.SetText(name, value, local);
  }
  return session_->SetSetting(name, {std::string(value)}, local);
}

Result<Value> FunctionHooks::CatalogFunction(std::string_view function,
                                             std::span<const Value> args) {
  if (IsPrivilegeFunction(function)) {
    return HasPrivilege(Names(), session_->options.database, function, args);
  }
  const RelationNames names = Names();
  const sql::BindContext reader =
      ReaderOf(names, session_->settings, CurrentUser(), CurrentDatabase());
  return CatalogText(reader, &session_->database->rows(), function, args);
}

RelationNames FunctionHooks::Names() const {
  return {session_->Catalog(), session_->settings.effective().search_path};
}

std::shared_ptr<functions::SessionHooks> FunctionHooks::Freeze() {
  const auto shown = [this](std::string_view name) {
    Result<std::string> value = session_->ShowSetting(name);
    return value.ok() ? *value : std::string();
  };
  return std::make_shared<FrozenHooks>(FrozenHooks::Facts{
      Names(), session_->settings, session_->options.user, session_->options.database,
      shown("transaction_isolation"), shown("transaction_read_only"), session_->options.backend_pid,
      &session_->database->rows()});
}

}  // namespace omen::session
