#include "session/compile/literal_plans.h"

#include "base/bytes.h"
#include "base/contention/serving_place.h"

namespace omen::session {

CompiledPtr LiteralPlans::Find(std::string_view script) {
  if (block_->failed() || !NormalizeStatement(script, &normalized_)) return nullptr;
  types_.clear();
  for (size_t i = 0; i < normalized_.count; ++i) types_.push_back(normalized_.literals[i].type);
  return FindForm(normalized_.text, types_);
}

CompiledPtr LiteralPlans::FindRows(std::string_view script) {
  if (block_->failed() || !rows_.Read(script)) return nullptr;
  return FindForm(rows_.text(), rows_.types());
}

CompiledPtr LiteralPlans::FindForm(std::string_view text, const std::vector<Oid>& types) {
  key_ = text;
  key_.push_back('\0');
  for (const Oid type : types) AppendLittleEndian(key_, type);
  const uint64_t version = block_->CatalogVersion();
  if (CompiledPtr found = compiler_->FindOwn(key_, version)) {
    return found->statement == nullptr ? nullptr : found;
  }
  if (CompiledPtr other = compiler_->Find(key_); other != nullptr && other->statement != nullptr) {
    return other;
  }
  std::vector<Oid> declared;
  for (const Oid type : types) declared.push_back(type == oid::kUnknown ? oid::kInvalid : type);
  PassPlace();
  auto parsed = sql::Parse(text);
  if (parsed.ok() && parsed->size() == 1) {
    auto compiled = compiler_->CompileParsed(parsed->front(), declared, true);
    const bool usable = compiled.ok() && (*compiled)->plan != nullptr &&
                        !(*compiled)->statement->session_literals &&
                        (*compiled)->statement->param_types.size() == types.size();
    if (usable) {
      compiler_->Remember(key_, *compiled);
      return *compiled;
    }
  }
  // It fails in this form, or would mean something else: taken as it is.
  compiler_->RememberRefusal(key_, version);
  return nullptr;
}

bool LiteralPlans::Values(const sql::Statement& statement, Row* params) const {
  params->reserve(normalized_.count);
  for (size_t i = 0; i < normalized_.count; ++i) {
    const Literal& literal = normalized_.literals[i];
    if (literal.type == oid::kUnknown && !IsValidUtf8(literal.text)) return false;
    auto value = ParseText(statement.param_types[i], literal.text, settings_->effective().style,
                           block_->now_micros());
    if (!value.ok()) return false;
    params->push_back(std::move(*value));
  }
  return true;
}

bool LiteralPlans::RowValues(const sql::Statement& statement, std::vector<Value>* values) const {
  return rows_.Values(statement.param_types, settings_->effective().style, block_->now_micros(),
                      values);
}

}  // namespace omen::session
