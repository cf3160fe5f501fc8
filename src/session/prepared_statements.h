// The prepared statements of a session: by name, and the unnamed one.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/memory_account.h"
#include "base/result.h"
#include "session/compile/compiler.h"
#include "session/portal/portal.h"

namespace omen::session {

/// Keeps texts compiled, by Parse and by PREPARE alike. What it is given outlives it. One thread.
class PreparedStatements {
 public:
  PreparedStatements(Compiler* compiler, MemoryAccountPtr memory)
      : compiler_(compiler), memory_(std::move(memory)) {}

  /// 26000 when there is none.
  Result<std::shared_ptr<PreparedStatement>> Find(std::string_view name) const;
  bool Has(std::string_view name) const { return named_.contains(name); }
  /// Compiles it and keeps it; the unnamed one in place of what it was. 42P05 for a name that is
  /// taken, 54000 when there are too many.
  Status Make(std::string_view name, std::string_view text, std::span<const Oid> types);
  /// Compiles again where the catalogue moved. 0A000 when the result's shape changed.
  Status Revalidate(PreparedStatement* prepared);
  void Close(std::string_view name);
  void CloseUnnamed() { unnamed_.reset(); }
  void CloseNamed() { named_.clear(); }

 private:
  Compiler* const compiler_;
  const MemoryAccountPtr memory_;
  std::map<std::string, std::shared_ptr<PreparedStatement>, std::less<>> named_;
  std::shared_ptr<PreparedStatement> unnamed_;
};

}  // namespace omen::session
