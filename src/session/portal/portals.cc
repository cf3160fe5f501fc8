#include "session/portal/portals.h"

#include <fmt/format.h>

#include <algorithm>

namespace omen::session {
namespace {

constexpr size_t kPortalsMax = 10'000;

}  // namespace

Result<Portal*> Portals::Find(std::string_view name) {
  if (name.empty() && unnamed_bound_) return &unnamed_;
  auto it = named_.find(name);
  if (name.empty() || it == named_.end()) {
    return Status(sqlstate::kInvalidCursorName, fmt::format("portal \"{}\" does not exist", name));
  }
  return it->second.get();
}

Result<Portal*> Portals::FindCursor(std::string_view name) {
  auto it = named_.find(name);
  if (it == named_.end()) {
    return Status(sqlstate::kInvalidCursorName, fmt::format("cursor \"{}\" does not exist", name));
  }
  return it->second.get();
}

Result<Portal*> Portals::Make(std::string_view name) {
  if (name.empty()) {
    CloseUnnamed();
    unnamed_bound_ = true;
    return &unnamed_;
  }
  if (Has(name)) {
    return Status(sqlstate::kDuplicateCursor, fmt::format("cursor \"{}\" already exists", name));
  }
  if (named_.size() >= kPortalsMax) {
    return Status(sqlstate::kProgramLimit, "too many open portals");
  }
  Portal* portal = named_.emplace(name, std::make_unique<Portal>()).first->second.get();
  portal->name = name;
  return portal;
}

void Portals::Add(std::unique_ptr<Portal> cursor) {
  const std::string name = cursor->name;
  named_.emplace(name, std::move(cursor));
}

void Portals::Close(std::string_view name) {
  if (name.empty()) {
    CloseUnnamed();
  } else if (auto it = named_.find(name); it != named_.end()) {
    named_.erase(it);
  }
}

void Portals::CloseUnnamed() {
  if (!unnamed_bound_) return;
  unnamed_.Reset();
  unnamed_bound_ = false;
}

void Portals::CloseDeclared() {
  std::erase_if(named_, [](const auto& entry) { return entry.second->declared; });
}

void Portals::CloseAll() {
  named_.clear();
  CloseUnnamed();
  simple_.Reset();
}

std::string_view Portals::TextOf(std::string_view name, KeptText* keep) {
  const auto found = Find(name);
  if (!found.ok()) return {};
  keep->source = (*found)->source;
  if (keep->source != nullptr) return keep->source->text;
  keep->own = (*found)->own_text;
  return keep->own;
}

void Portals::CloseOfTransaction(size_t from_savepoint_depth) {
  if (unnamed_bound_ && unnamed_.savepoint_depth >= from_savepoint_depth) CloseUnnamed();
  simple_.cursor.reset();
  std::erase_if(named_, [&](const auto& entry) {
    const Portal& portal = *entry.second;
    return !portal.persisted && portal.savepoint_depth >= from_savepoint_depth;
  });
}

Status Portals::KeepHeld() {
  for (auto& [name, portal] : named_) {
    if (!portal->hold || portal->persisted) continue;
    OMEN_RETURN_IF_ERROR(portal->Store());
    portal->persisted = true;
    portal->context.transaction = nullptr;
  }
  return Status::Ok();
}

void Portals::LimitDepth(size_t savepoint_depth) {
  for (auto& [name, portal] : named_) {
    portal->savepoint_depth = std::min(portal->savepoint_depth, savepoint_depth);
  }
}

Status Portals::Drain(const Portal* except) {
  if (unnamed_.live() && &unnamed_ != except) OMEN_RETURN_IF_ERROR(unnamed_.Store());
  for (auto& [name, portal] : named_) {
    if (portal->live() && portal.get() != except) OMEN_RETURN_IF_ERROR(portal->Store());
  }
  return Status::Ok();
}

bool Portals::AnyLive() const {
  if (unnamed_.live() || simple_.live()) return true;
  return std::ranges::any_of(named_, [](const auto& entry) { return entry.second->live(); });
}

}  // namespace omen::session
