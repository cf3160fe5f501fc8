// DECLARE, FETCH, MOVE, CLOSE.
#include <fmt/format.h>

#include "functions/kernel/watched.h"
#include "session/object_names.h"
#include "session/session_impl.h"

namespace omen::session {
namespace {

constexpr size_t kFetchBatch = 256;

Status OnlyForward() {
  return Status(sqlstate::kNotInPrerequisiteState, "cursor can only scan forward")
      .Hint("Declare it with SCROLL option to enable backward scan.");
}

}  // namespace

Result<Portal*> Session::Impl::FindCursor(const std::string& name) {
  auto it = portals.find(name);
  if (it == portals.end()) {
    return Status(sqlstate::kInvalidCursorName, fmt::format("cursor \"{}\" does not exist", name));
  }
  return it->second.get();
}

Status Session::Impl::RunDeclare(const Portal& from, std::string_view text) {
  const auto& declare = *from.compiled->As<sql::DeclareCursor>();
  if (!declare.hold && !InBlock()) {
    return Status(sqlstate::kNoActiveTransaction,
                  "DECLARE CURSOR can only be used in transaction blocks");
  }
  if (portals.contains(declare.name)) {
    return Status(sqlstate::kDuplicateCursor,
                  fmt::format("cursor \"{}\" already exists", declare.name));
  }
  const sql::Statement& declared = *from.compiled->statement;
  auto statement = std::make_shared<sql::Statement>();
  statement->body = sql::CloneQuery(*declare.query);
  statement->tag = "SELECT";
  statement->param_types = declared.param_types;
  statement->tables = declared.tables;
  const auto catalog = Catalog();
  statement->catalog_version = catalog->version();
  auto portal = std::make_unique<Portal>();
  portal->held = MemoryCharge(memory);
  OMEN_RETURN_IF_ERROR(portal->held.Resize(BytesOfPortal(declare.name, text, from.params)));
  OMEN_ASSIGN_OR_RETURN(portal->compiled, CompileStatement(std::move(statement), catalog));
  portal->name = declare.name;
  portal->own_text = text;
  portal->params = from.params;
  portal->declared = true;
  portal->hold = declare.hold;
  portal->scroll = declare.scroll;
  if (declare.binary) {
    portal->formats.assign(portal->compiled->plan->outputs().size(), Format::kBinary);
  }
  ChargeRunOf(portal.get());
  const Work::Statement charged(portal->memory);
  OMEN_RETURN_IF_ERROR(OpenPortal(portal.get(), portal->own_text));
  portals.emplace(declare.name, std::move(portal));
  return Status::Ok();
}

Status Session::Impl::FetchForward(Portal* cursor, uint64_t count,
                                   const std::vector<Format>* formats, Sink& to, uint64_t* moved) {
  const auto& columns = cursor->compiled->plan->outputs();
  const TextStyle style = settings.effective().style;
  ObjectNames names(columns, formats == nullptr ? cursor->formats : *formats, this);
  while (*moved < count) {
    OMEN_RETURN_IF_ERROR(cursor->Pull(&batch, std::min<uint64_t>(kFetchBatch, count - *moved)));
    if (batch.empty()) return Status::Ok();
    *moved += batch.size();
    if (formats == nullptr) continue;
    for (const Row& row : batch) {
      OMEN_RETURN_IF_ERROR(functions::Watched(cursor->context.call, [&] {
        return to.DataRow(names.columns(), names.Shown(row), *formats, style);
      }));
    }
  }
  return Status::Ok();
}

Status Session::Impl::FetchBackward(Portal* cursor, uint64_t count,
                                    const std::vector<Format>* formats, Sink& to, uint64_t* moved) {
  if (!cursor->scroll) return OnlyForward();
  const auto& columns = cursor->compiled->plan->outputs();
  for (; *moved < count; ++*moved) {
    const Row* row = cursor->stored->Previous();
    if (row == nullptr) return Status::Ok();
    if (formats == nullptr) continue;
    OMEN_RETURN_IF_ERROR(functions::Watched(cursor->context.call, [&] {
      return to.DataRow(columns, *row, *formats, settings.effective().style);
    }));
  }
  return Status::Ok();
}

Status Session::Impl::RunFetch(const Portal& from, uint64_t max_rows, bool describe, Sink& to,
                               RunResult* result) {
  const sql::Fetch& fetch = *from.compiled->As<sql::Fetch>();
  OMEN_ASSIGN_OR_RETURN(Portal * cursor, FindCursor(fetch.name));
  if (max_rows > 0 && !fetch.move) return NotSupported("a row limit on FETCH");
  if (cursor->compiled->plan == nullptr) return NotSupported("FETCH from this portal");
  if (cursor->state == Portal::State::kReady) {
    OMEN_RETURN_IF_ERROR(OpenPortal(cursor, cursor->source != nullptr
                                                ? std::string_view(cursor->source->text)
                                                : std::string_view(cursor->own_text)));
  }
  if (cursor->scroll) OMEN_RETURN_IF_ERROR(cursor->Store());
  if (describe && !fetch.move) {
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
  const std::vector<Format>* formats = describe ? &cursor->formats : &from.formats;
  if (fetch.move) formats = nullptr;
  uint64_t moved = 0;
  OMEN_RETURN_IF_ERROR(forward ? FetchForward(cursor, count, formats, to, &moved)
                               : FetchBackward(cursor, count, formats, to, &moved));
  result->tag = fmt::format("{} {}", fetch.move ? "MOVE" : "FETCH", moved);
  return Status::Ok();
}

Status Session::Impl::RunClose(const sql::CloseCursor& close) {
  if (close.name.empty()) {
    std::erase_if(portals, [](const auto& entry) { return entry.second->declared; });
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(FindCursor(close.name).status().Clone());
  portals.erase(portals.find(close.name));
  return Status::Ok();
}

}  // namespace omen::session
