#include "session/prepared_statements.h"

#include <fmt/format.h>

namespace omen::session {
namespace {

constexpr size_t kStatementsMax = 10'000;

int64_t BytesOfPrepared(std::string_view name, std::string_view text) {
  constexpr size_t kNodes = 256;
  return static_cast<int64_t>(sizeof(PreparedStatement) + kNodes + 2 * name.size() + text.size());
}

Status NoStatement(std::string_view name) {
  if (name.empty()) {
    return Status(sqlstate::kInvalidStatementName, "unnamed prepared statement does not exist");
  }
  return Status(sqlstate::kInvalidStatementName,
                fmt::format("prepared statement \"{}\" does not exist", name));
}

bool SameShape(const std::vector<sql::OutputColumn>& a, const std::vector<sql::OutputColumn>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].name != b[i].name || a[i].type != b[i].type) return false;
  }
  return true;
}

}  // namespace

Result<std::shared_ptr<PreparedStatement>> PreparedStatements::Find(std::string_view name) const {
  if (name.empty()) {
    if (unnamed_ == nullptr) return NoStatement(name);
    return unnamed_;
  }
  auto it = named_.find(name);
  if (it == named_.end()) return NoStatement(name);
  return it->second;
}

Status PreparedStatements::Make(std::string_view name, std::string_view text,
                                std::span<const Oid> types) {
  if (!name.empty() && Has(name)) {
    return Status(sqlstate::kDuplicateStatement,
                  fmt::format("prepared statement \"{}\" already exists", name));
  }
  if (!name.empty() && named_.size() >= kStatementsMax) {
    return Status(sqlstate::kProgramLimit, "too many prepared statements");
  }
  auto prepared = std::make_shared<PreparedStatement>();
  if (!name.empty() || text.size() > kCachedTextBytesMax) {
    prepared->memory = MemoryCharge(memory_);
    OMEN_RETURN_IF_ERROR(prepared->memory.Resize(BytesOfPrepared(name, text)));
  }
  prepared->name = name;
  prepared->text = text;
  prepared->declared_types.assign(types.begin(), types.end());
  if (name.empty()) CloseUnnamed();
  OMEN_ASSIGN_OR_RETURN(prepared->compiled,
                        compiler_->CompileText(prepared->text, prepared->declared_types));
  if (prepared->compiled->statement != nullptr) {
    // What was inferred stays, should the statement be compiled again.
    prepared->declared_types.clear();
    for (Type type : prepared->compiled->statement->param_types) {
      prepared->declared_types.push_back(type.oid);
    }
  }
  if (name.empty()) {
    unnamed_ = std::move(prepared);
  } else {
    named_.emplace(name, std::move(prepared));
  }
  return Status::Ok();
}

Status PreparedStatements::Revalidate(PreparedStatement* prepared) {
  const CompiledPtr& old = prepared->compiled;
  if (old->statement == nullptr || old->plan == nullptr) return Status::Ok();
  if (compiler_->IsCurrent(*old)) return Status::Ok();
  OMEN_ASSIGN_OR_RETURN(CompiledPtr compiled,
                        compiler_->CompileText(prepared->text, prepared->declared_types));
  const bool same = compiled->plan != nullptr &&
                    compiled->plan->returns_rows() == old->plan->returns_rows() &&
                    SameShape(compiled->plan->outputs(), old->plan->outputs());
  if (!same) {
    return Status(sqlstate::kFeatureNotSupported, "cached plan must not change result type");
  }
  prepared->compiled = std::move(compiled);
  return Status::Ok();
}

void PreparedStatements::Close(std::string_view name) {
  if (name.empty()) {
    CloseUnnamed();
  } else if (auto it = named_.find(name); it != named_.end()) {
    named_.erase(it);
  }
}

}  // namespace omen::session
