// The portals of a session: by name, the unnamed one, and the simple protocol's.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "session/portal/portal.h"

namespace omen::session {

/// Knows which portals there are and what the end of a transaction or savepoint makes of them;
/// opens and reads none but to keep its rows. Portals hold cursors, which hold the transaction:
/// to be gone before it. One thread.
class Portals {
 public:
  Portals() = default;
  Portals(const Portals&) = delete;
  Portals& operator=(const Portals&) = delete;

  /// As the extended protocol names them; 34000 when there is none.
  Result<Portal*> Find(std::string_view name);
  /// As FETCH names them; 34000 when there is none.
  Result<Portal*> FindCursor(std::string_view name);
  bool Has(std::string_view name) const { return named_.contains(name); }
  /// A new one for Bind; the unnamed one in place of what it was. 42P03 for a name that is taken,
  /// 54000 when there are too many.
  Result<Portal*> Make(std::string_view name);
  /// A declared cursor, by its name.
  void Add(std::unique_ptr<Portal> cursor);
  void Close(std::string_view name);
  void CloseUnnamed();
  void CloseDeclared();
  /// Every one, the simple protocol's too.
  void CloseAll();
  /// Of the statement a portal executes, valid as long as `keep`; empty when there is none.
  std::string_view TextOf(std::string_view name, KeptText* keep);
  /// Used for every statement of the simple protocol.
  Portal* simple() { return &simple_; }

  /// Those of the transaction that ends, or of its savepoints from that depth on; held ones whose
  /// transaction has ended stay.
  void CloseOfTransaction(size_t from_savepoint_depth);
  /// Before a commit: held cursors read their rest into memory. 53200 when it is too much.
  Status KeepHeld();
  /// Savepoints were released down to that depth.
  void LimitDepth(size_t savepoint_depth);
  /// Before a write: cursors still open read into memory, since they would see the write.
  Status Drain(const Portal* except);
  /// True while any reads from an engine.
  bool AnyLive() const;

 private:
  std::map<std::string, std::unique_ptr<Portal>, std::less<>> named_;
  Portal unnamed_;
  bool unnamed_bound_ = false;
  Portal simple_;
};

}  // namespace omen::session
