#include "session/cursors.h"

#include <fmt/format.h>

#include "functions/kernel/watched.h"
#include "session/catalogue/object_names.h"

namespace omen::session {
namespace {

constexpr size_t kFetchBatch = 256;

Status OnlyForward() {
  return Status(sqlstate::kNotInPrerequisiteState, "cursor can only scan forward")
      .Hint("Declare it with SCROLL option to enable backward scan.");
}

}  // namespace

Status Cursors::Declare(const Portal& from, std::string_view text) {
  const auto& declare = *from.compiled->As<sql::DeclareCursor>();
  if (!declare.hold && !parts_.block->InBlock()) {
    return Status(sqlstate::kNoActiveTransaction,
                  "DECLARE CURSOR can only be used in transaction blocks");
  }
  if (parts_.portals->Has(declare.name)) {
    return Status(sqlstate::kDuplicateCursor,
                  fmt::format("cursor \"{}\" already exists", declare.name));
  }
  const sql::Statement& declared = *from.compiled->statement;
  auto statement = std::make_shared<sql::Statement>();
  statement->body = sql::CloneQuery(*declare.query);
  statement->tag = "SELECT";
  statement->param_types = declared.param_types;
  statement->tables = declared.tables;
  const auto catalog = parts_.block->Catalog();
  statement->catalog_version = catalog->version();
  auto portal = std::make_unique<Portal>();
  portal->held = MemoryCharge(parts_.memory);
  OMEN_RETURN_IF_ERROR(portal->held.Resize(BytesOfPortal(declare.name, text, from.params)));
  OMEN_ASSIGN_OR_RETURN(portal->compiled,
                        parts_.compiler->CompileStatement(std::move(statement), catalog));
  portal->name = declare.name;
  portal->own_text = text;
  portal->params = from.params;
  portal->declared = true;
  portal->hold = declare.hold;
  portal->scroll = declare.scroll;
  if (declare.binary) {
    portal->formats.assign(portal->compiled->plan->outputs().size(), Format::kBinary);
  }
  parts_.runner->ChargeRunOf(portal.get());
  const Work::Statement charged(portal->memory);
  OMEN_RETURN_IF_ERROR(parts_.runner->Open(portal.get(), portal->own_text));
  parts_.portals->Add(std::move(portal));
  return Status::Ok();
}

Status Cursors::Forward(Portal* cursor, uint64_t count, const std::vector<Format>* formats,
                        Sink& to, uint64_t* moved) {
  const auto& columns = cursor->compiled->plan->outputs();
  const TextStyle style = parts_.settings->effective().style;
  ObjectNames names(columns, formats == nullptr ? cursor->formats : *formats, parts_.hooks);
  while (*moved < count) {
    OMEN_RETURN_IF_ERROR(cursor->Pull(&batch_, std::min<uint64_t>(kFetchBatch, count - *moved)));
    if (batch_.empty()) return Status::Ok();
    *moved += batch_.size();
    if (formats == nullptr) continue;
    for (const Row& row : batch_) {
      OMEN_RETURN_IF_ERROR(functions::Watched(cursor->context.call, [&] {
        return to.DataRow(names.columns(), names.Shown(row), *formats, style);
      }));
    }
  }
  return Status::Ok();
}

Status Cursors::Backward(Portal* cursor, uint64_t count, const std::vector<Format>* formats,
                         Sink& to, uint64_t* moved) {
  if (!cursor->scroll) return OnlyForward();
  const auto& columns = cursor->compiled->plan->outputs();
  for (; *moved < count; ++*moved) {
    const Row* row = cursor->stored->Previous();
    if (row == nullptr) return Status::Ok();
    if (formats == nullptr) continue;
    OMEN_RETURN_IF_ERROR(functions::Watched(cursor->context.call, [&] {
      return to.DataRow(columns, *row, *formats, parts_.settings->effective().style);
    }));
  }
  return Status::Ok();
}

Status Cursors::Fetch(const Portal& from, const RunRequest& request, Sink& to, RunResult* result) {
  const sql::Fetch& fetch = *from.compiled->As<sql::Fetch>();
  OMEN_ASSIGN_OR_RETURN(Portal * cursor, parts_.portals->FindCursor(fetch.name));
  if (request.max_rows > 0 && !fetch.move) return NotSupported("a row limit on FETCH");
  if (cursor->compiled->plan == nullptr) return NotSupported("FETCH from this portal");
  if (cursor->state == Portal::State::kReady) {
    OMEN_RETURN_IF_ERROR(parts_.runner->Open(cursor, cursor->source != nullptr
                                                         ? std::string_view(cursor->source->text)
                                                         : std::string_view(cursor->own_text)));
  }
  if (cursor->scroll) OMEN_RETURN_IF_ERROR(cursor->Store());
  if (request.describe && !fetch.move) {
    OMEN_RETURN_IF_ERROR(to.RowDescription(cursor->compiled->plan->outputs(), cursor->formats));
  }
  bool forward = fetch.forward;
  uint64_t count = UINT64_MAX;
  if (!fetch.all) {
    forward = fetch.count < 0 ? !forward : forward;
    count = static_cast<uint64_t>(fetch.count < 0 ? -fetch.count : fetch.count);
  }
  if (count == 0 && !fetch.move) return NotSupported("FETCH 0");
  // Bind says in which formats; a simple query has no Bind, and the cursor's own serve.
  const std::vector<Format>* formats = request.describe ? &cursor->formats : &from.formats;
  if (fetch.move) formats = nullptr;
  uint64_t moved = 0;
  OMEN_RETURN_IF_ERROR(forward ? Forward(cursor, count, formats, to, &moved)
                               : Backward(cursor, count, formats, to, &moved));
  result->tag = fmt::format("{} {}", fetch.move ? "MOVE" : "FETCH", moved);
  return Status::Ok();
}

Status Cursors::Close(const sql::CloseCursor& close) {
  if (close.name.empty()) {
    parts_.portals->CloseDeclared();
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(parts_.portals->FindCursor(close.name).status().Clone());
  parts_.portals->Close(close.name);
  return Status::Ok();
}

}  // namespace omen::session
