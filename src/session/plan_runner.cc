#include "session/plan_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <utility>

#include "functions/kernel/watched.h"
#include "session/catalogue/object_names.h"

namespace omen::session {
namespace {

constexpr size_t kBatchRows = 256;

std::string TagWithCount(const std::string& verb, uint64_t count) {
  static constexpr std::string_view kCounted[] = {"SELECT", "UPDATE", "DELETE", "COPY",
                                                  "FETCH",  "MOVE",   "MERGE"};
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, count).ptr;
  std::string_view number(digits, static_cast<size_t>(end - digits));
  std::string tag = verb;
  if (verb == "INSERT") {
    tag += " 0 ";
    tag += number;
  } else if (std::ranges::find(kCounted, verb) != std::end(kCounted)) {
    tag += ' ';
    tag += number;
  }
  return tag;
}

/// Announces COPY FROM STDIN when the engine first asks for data: what fails before that is an
/// ordinary error, with no COPY begun.
class CopyIn final : public exec::CopySource {
 public:
  CopyIn(Sink* sink, bool binary, int columns) : sink_(sink), binary_(binary), columns_(columns) {}

  Result<bool> Read(std::string* chunk) override {
    OMEN_RETURN_IF_ERROR(Announce());
    auto more = sink_->ReadCopyData(chunk);
    ended_ = ended_ || !more.ok() || !*more;
    return more;
  }
  /// After success: the client must have been heard to the end.
  Status Finish() {
    std::string ignored;
    while (!ended_) {
      OMEN_ASSIGN_OR_RETURN(bool more, Read(&ignored));
      ended_ = !more;
      ignored.clear();
    }
    return Status::Ok();
  }

 private:
  Status Announce() {
    if (announced_) return Status::Ok();
    announced_ = true;
    return sink_->CopyInResponse(binary_, columns_);
  }

  Sink* const sink_;
  const bool binary_;
  const int columns_;
  bool announced_ = false, ended_ = false;
};

class CopyOut final : public exec::CopySink {
 public:
  CopyOut(Sink* sink, bool binary, int columns) : sink_(sink), binary_(binary), columns_(columns) {}

  Status Write(std::string_view data) override {
    OMEN_RETURN_IF_ERROR(Announce());
    return sink_->CopyData(data);
  }
  Status Finish() {
    OMEN_RETURN_IF_ERROR(Announce());
    return sink_->CopyDone();
  }

 private:
  Status Announce() {
    if (announced_) return Status::Ok();
    announced_ = true;
    return sink_->CopyOutResponse(binary_, columns_);
  }

  Sink* const sink_;
  const bool binary_;
  const int columns_;
  bool announced_ = false;
};

}  // namespace

PlanRunner::PlanRunner(Parts parts)
    : parts_(std::move(parts)), random_state_(std::random_device{}()) {}

void PlanRunner::FillFromSettings(exec::StatementContext* context) {
  const EffectiveSettings& now = parts_.settings->effective();
  context->options = now.exec;
  context->call.style = now.style;
  context->search_path = now.search_path;
  context->user = parts_.options->user;
  context->cancel = parts_.token;
  context->call.cancel = parts_.token;
  context->call.hooks = parts_.hooks;
  context->session_id = parts_.options->id;
  context->notice = [notices = parts_.notices](const Status& notice) {
    const bool warning = notice.error().state.view().starts_with("01");
    notices->Send(warning ? "WARNING" : "NOTICE", notice.error());
  };
}

void PlanRunner::FillContext(Portal* portal, std::string_view text) {
  exec::StatementContext& context = portal->context;
  if (portal->context_generation != parts_.settings->generation()) {
    FillFromSettings(&context);
    portal->context_generation = parts_.settings->generation();
  }
  context.transaction = parts_.block->transaction();
  context.session_commit = parts_.block->session_commit();
  context.ends_transaction = !parts_.block->InBlock();
  context.text = text;
  context.call.transaction_micros = parts_.block->transaction_micros();
  context.call.statement_micros = parts_.block->statement_micros();
  random_state_ = random_state_ * 6364136223846793005ull + 1442695040888963407ull;
  context.call.random_state = random_state_;
  context.more_rows = {};
  context.copy_source = nullptr;
  context.copy_sink = nullptr;
}

Status PlanRunner::Open(Portal* portal, std::string_view text, std::span<Value> more_rows) {
  OMEN_RETURN_IF_ERROR(parts_.block->Ensure());
  if (portal->compiled->writes) OMEN_RETURN_IF_ERROR(parts_.portals->Drain(portal));
  parts_.block->NoteQuery();
  FillContext(portal, text);
  portal->context.more_rows = more_rows;
  portal->savepoint_depth = parts_.block->savepoint_depth();
  OMEN_ASSIGN_OR_RETURN(portal->cursor, parts_.database->Open(portal->compiled->plan,
                                                              portal->params, &portal->context));
  portal->state = Portal::State::kOpen;
  return Status::Ok();
}

Status PlanRunner::StreamFields(Portal* portal, bool describe, Sink& to, uint64_t* sent) {
  const auto& columns = portal->compiled->plan->outputs();
  const TextStyle& style = parts_.settings->effective().style;
  for (;;) {
    OMEN_ASSIGN_OR_RETURN(const FieldRange rows, portal->cursor->NextFields());
    if (std::exchange(describe, false)) {
      OMEN_RETURN_IF_ERROR(to.RowDescription(columns, portal->formats));
    }
    if (rows.empty()) return Status::Ok();
    OMEN_RETURN_IF_ERROR(functions::Watched(
        portal->context.call, [&] { return to.DataRows(columns, rows, portal->formats, style); }));
    *sent += rows.size();
  }
}

Status PlanRunner::Stream(Portal* portal, const RunRequest& request, Sink& to, uint64_t* sent) {
  const uint64_t max_rows = request.max_rows;
  bool describe = request.describe;
  const auto& columns = portal->compiled->plan->outputs();
  const TextStyle& style = parts_.settings->effective().style;
  ObjectNames names(columns, portal->formats, parts_.hooks);
  if (max_rows == 0 && !names.any() && portal->has_fields()) {
    return StreamFields(portal, describe, to, sent);
  }
  for (;;) {
    size_t want = kBatchRows;
    if (max_rows > 0) want = std::min<uint64_t>(want, max_rows - *sent);
    if (want == 0) return Status::Ok();
    OMEN_RETURN_IF_ERROR(portal->Pull(&batch_, want));
    // Only now: a statement that fails at once describes nothing.
    if (std::exchange(describe, false)) {
      OMEN_RETURN_IF_ERROR(to.RowDescription(columns, portal->formats));
    }
    if (batch_.empty()) return Status::Ok();
    OMEN_RETURN_IF_ERROR(functions::Watched(portal->context.call, [&]() -> Status {
      for (const Row& row : batch_) {
        OMEN_RETURN_IF_ERROR(to.DataRow(names.columns(), names.Shown(row), portal->formats, style));
      }
      return Status::Ok();
    }));
    *sent += batch_.size();
  }
}

void PlanRunner::ChargeRunOf(Portal* portal) {
  const int64_t limit = parts_.settings->effective().exec.work_memory_bytes;
  // What an earlier statement left, a value or a cache, stays charged to it.
  MemoryAccountPtr& account = portal->memory;
  if (account == nullptr || account->used() != 0 || account->limit() != limit) {
    account = std::make_shared<MemoryAccount>(limit, parts_.memory);
  }
}

Status PlanRunner::Run(Portal* portal, const RunRequest& request, Sink& to, RunResult* result) {
  if (const auto* copy = portal->compiled->As<sql::Copy>()) {
    return RunCopy(portal, request.text, *copy, to, result);
  }
  const auto* vacuum = portal->compiled->As<sql::Vacuum>();
  if (vacuum != nullptr && vacuum->vacuum && parts_.block->InBlock()) {
    return Status(sqlstate::kActiveTransaction, "VACUUM cannot run inside a transaction block");
  }
  const bool rows = portal->compiled->plan->returns_rows();
  if (portal->state == Portal::State::kDone && !rows) {
    return Status(sqlstate::kNotInPrerequisiteState,
                  fmt::format("portal \"{}\" cannot be run", portal->name));
  }
  if (portal->state == Portal::State::kReady) {
    OMEN_RETURN_IF_ERROR(Open(portal, request.text, request.more_rows));
  }
  uint64_t count = 0;
  if (rows) {
    OMEN_RETURN_IF_ERROR(Stream(portal, request, to, &count));
  } else {
    count = portal->cursor->row_count();
  }
  // CREATE TABLE AS answers with the count of its query, as PostgreSQL does.
  const auto* create = portal->compiled->As<sql::CreateTable>();
  const bool filled = create != nullptr && create->as_query != nullptr && create->with_data;
  result->tag = TagWithCount(filled ? "SELECT" : portal->compiled->tag, count);
  result->suspended = rows && request.max_rows > 0 && count == request.max_rows;
  if (result->suspended) return Status::Ok();
  portal->state = Portal::State::kDone;
  portal->cursor.reset();
  parts_.block->EndStatement();
  return Status::Ok();
}

Result<int> PlanRunner::CopyColumns(const sql::Copy& copy) const {
  if (copy.query != nullptr) return static_cast<int>(copy.query->Outputs().size());
  if (!copy.columns.empty()) return static_cast<int>(copy.columns.size());
  const auto snapshot = parts_.block->Catalog();
  const catalog::Object* object = nullptr;
  if (copy.table.schema.empty()) {
    object = snapshot->FindRelation(parts_.settings->effective().search_path, copy.table.name);
  } else if (const catalog::Schema* schema = snapshot->FindSchema(copy.table.schema)) {
    object = snapshot->FindRelation(schema->oid, copy.table.name);
  }
  const auto* table = object == nullptr ? nullptr : std::get_if<catalog::Table>(object);
  if (table == nullptr) return 0;  // the engine says what is wrong
  return static_cast<int>(
      std::ranges::count_if(table->columns, [](const catalog::Column& c) { return !c.dropped; }));
}

Status PlanRunner::RunCopy(Portal* portal, std::string_view text, const sql::Copy& copy, Sink& to,
                           RunResult* result) {
  OMEN_RETURN_IF_ERROR(parts_.block->Ensure());
  if (copy.from) OMEN_RETURN_IF_ERROR(parts_.portals->Drain(portal));
  parts_.block->NoteQuery();
  FillContext(portal, text);
  OMEN_ASSIGN_OR_RETURN(int columns, CopyColumns(copy));
  const bool binary = copy.format == sql::Copy::Format::kBinary;
  CopyIn in(&to, binary, columns);
  CopyOut out(&to, binary, columns);
  portal->context.copy_source = &in;
  portal->context.copy_sink = &out;
  auto cursor = parts_.database->Open(portal->compiled->plan, portal->params, &portal->context);
  if (!cursor.ok()) return std::move(cursor).status();
  std::vector<Row> none;
  OMEN_RETURN_IF_ERROR((*cursor)->Next(&none, 1));
  OMEN_RETURN_IF_ERROR(copy.from ? in.Finish() : out.Finish());
  result->tag = TagWithCount("COPY", (*cursor)->row_count());
  portal->state = Portal::State::kDone;
  cursor->reset();
  parts_.block->EndStatement();
  return Status::Ok();
}

Result<Row> PlanRunner::RunOneRow(std::shared_ptr<const exec::Plan> plan, const Row& params,
                                  std::string_view text) {
  OMEN_RETURN_IF_ERROR(parts_.block->Ensure());
  Portal portal;
  FillContext(&portal, text);
  OMEN_ASSIGN_OR_RETURN(portal.cursor,
                        parts_.database->Open(std::move(plan), params, &portal.context));
  std::vector<Row> rows;
  OMEN_RETURN_IF_ERROR(portal.cursor->Next(&rows, 1));
  OMEN_CHECK(rows.size() == 1);
  return std::move(rows.front());
}

}  // namespace omen::session
