#include "session/compile/literal_plans.h"

#include "base/bytes.h"
#include "base/contention/serving_place.h"
#include "sql/lexer/template_text.h"

namespace omen::session {
namespace {

constexpr size_t kLongShapesMax = 1024;

/// Of the text without those literals, too, that stay in it.
size_t ShapeOf(std::string_view text) { return std::hash<std::string>()(sql::TemplateText(text)); }

}  // namespace

CompiledPtr LiteralPlans::Find(std::string_view script) {
  if (block_->failed() || !NormalizeStatement(script, &normalized_)) return nullptr;
  types_.clear();
  for (size_t i = 0; i < normalized_.count; ++i) types_.push_back(normalized_.literals[i].type);
  return FindForm(normalized_.text, types_, normalized_.wide);
}

CompiledPtr LiteralPlans::FindRows(std::string_view script) {
  if (block_->failed() || !rows_.Read(script)) return nullptr;
  return FindForm(rows_.text(), rows_.types(), false);
}

CompiledPtr LiteralPlans::FindForm(std::string_view text, const std::vector<Oid>& types,
                                   bool brief_only) {
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
  if (brief_only && IsLongShape(text, version)) return nullptr;
  std::vector<Oid> declared;
  for (const Oid type : types) declared.push_back(type == oid::kUnknown ? oid::kInvalid : type);
  PassPlace();
  auto parsed = sql::Parse(text);
  if (parsed.ok() && parsed->size() == 1) {
    auto compiled = compiler_->CompileParsed(parsed->front(), declared, true);
    const bool usable = compiled.ok() && (*compiled)->plan != nullptr &&
                        !(*compiled)->statement->session_literals &&
                        (*compiled)->statement->param_types.size() == types.size();
    const bool brief = usable && (*compiled)->plan->is_brief();
    if (usable && (brief || !brief_only)) {
      compiler_->Remember(key_, *compiled);
      return *compiled;
    }
    if (usable) long_shapes_.insert(ShapeOf(text));
  }
  // It fails in this form, or would mean something else: taken as it is.
  compiler_->RememberRefusal(key_, version);
  return nullptr;
}

bool LiteralPlans::IsLongShape(std::string_view text, uint64_t version) {
  const bool stale = long_shapes_version_ != version || long_shapes_.size() >= kLongShapesMax;
  if (stale) long_shapes_.clear();
  long_shapes_version_ = version;
  return long_shapes_.contains(ShapeOf(text));
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
