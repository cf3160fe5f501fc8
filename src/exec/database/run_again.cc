#include "exec/database/run_again.h"

namespace omen::exec {
namespace {

constexpr int64_t kLockTimeoutMs = 1000;

}  // namespace

const sql::Query* ReadOf(const Plan& plan) {
  const auto* query = std::get_if<std::unique_ptr<sql::Query>>(&plan.statement()->body);
  if (query == nullptr || (*query)->kind != sql::QueryKind::kSelect) return nullptr;
  return query->get();
}

RunAgain::RunAgain(Database* database, std::shared_ptr<const Plan> plan, Row params,
                   const StatementContext& first)
    : database_(database),
      plan_(std::move(plan)),
      params_(std::move(params)),
      options_(first.options),
      call_(first.call),
      search_path_(first.search_path),
      user_(first.user),
      values_(first.values) {
  options_.answer_check = 0;
  options_.freshness = {};
  options_.lock_timeout_ms = kLockTimeoutMs;
  call_.hooks = nullptr;
}

Status RunAgain::Open(Route route, std::shared_ptr<rowstore::ReadView> at, CancelToken* cancel,
                      Run* run) const {
  TransactionOptions options;
  options.read_only = true;
  if (at != nullptr) options.isolation = sql::Isolation::kRepeatableRead;
  OMEN_ASSIGN_OR_RETURN(run->transaction, database_->Begin(options));
  if (at != nullptr) run->transaction->ReadAt(std::move(at));
  StatementContext& context = run->context;
  context.transaction = run->transaction.get();
  context.options = options_;
  context.options.route = route;
  context.call = call_;
  context.call.cancel = cancel;
  context.cancel = cancel;
  context.search_path = search_path_;
  context.user = user_;
  context.values = values_;
  context.check = AnswerCheck::kAgain;
  OMEN_ASSIGN_OR_RETURN(run->cursor, database_->Open(plan_, params_, &context));
  return Status::Ok();
}

}  // namespace omen::exec
