// From text to compiled statements, through the session's cache and the process's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "exec/database/database.h"
#include "session/compile/plan_cache.h"
#include "session/setting/settings.h"
#include "session/transaction/transaction_block.h"
#include "sql/command/bind.h"

namespace omen::session {

/// How often one statement is planned, when others keep changing the definitions under it.
inline constexpr int kReplansMax = 10;

/// Compiles as its session sees names now: catalogue, search path, user. Knows nothing of portals
/// and prepared statements. One thread.
class Compiler {
 public:
  /// All outlive it.
  struct Parts {
    exec::Database* database;
    SharedPlans* shared;
    const Settings* settings;
    const TransactionBlock* block;
    const CancelToken* token;
    MemoryAccountPtr memory;  // what is compiled is charged there as long as it lives
    std::string user, database_name;
  };
  explicit Compiler(Parts parts) : parts_(std::move(parts)) {}

  /// One statement, through the caches. 42601 for several, 25P02 in a failed transaction.
  Result<CompiledPtr> CompileText(std::string_view text, const std::vector<Oid>& types);
  Result<CompiledPtr> CompileParsed(const sql::ParsedStatement& parsed,
                                    const std::vector<Oid>& types, bool has_params);
  Result<CompiledPtr> CompileStatement(std::shared_ptr<const sql::Statement> statement,
                                       const std::shared_ptr<const catalog::Snapshot>& catalog);
  sql::BindContext MakeBindContext(const catalog::Snapshot* catalog) const;
  /// The trees and copies of a long text are charged while `trees` lives.
  Result<std::vector<sql::ParsedStatement>> ParseScript(std::string_view text,
                                                        MemoryCharge* trees) const;

  // The caches.
  /// What is current, from either; null where there is none.
  CompiledPtr Find(std::string_view key);
  /// What the session itself keeps, of that catalogue and the environment of now; also what stands
  /// for a refusal.
  CompiledPtr FindOwn(std::string_view key, uint64_t catalog_version);
  void Remember(std::string_view key, const CompiledPtr& compiled);
  /// That this does not compile, while the catalogue is of that version.
  void RememberRefusal(std::string_view key, uint64_t catalog_version);
  /// False where the catalogue or the environment moved.
  bool IsCurrent(const Compiled& compiled);
  /// DISCARD PLANS.
  void ForgetPlans() { plans_.Clear(); }

 private:
  using Made = Result<std::shared_ptr<Compiled>>;
  uint64_t Environment();
  bool IsCurrent(const Compiled& compiled, uint64_t catalog_version);
  Made Compile(std::shared_ptr<const sql::Statement> statement,
               const std::shared_ptr<const catalog::Snapshot>& catalog);
  /// What is made is charged to the session as long as it lives, whoever has it then.
  Result<CompiledPtr> MakeCharged(const std::function<Made()>& make);

  const Parts parts_;
  PlanCache plans_{256, 16 << 20};
  uint64_t environment_ = 0;
  uint64_t environment_generation_ = 0;  // of the settings it was named by
};

}  // namespace omen::session
