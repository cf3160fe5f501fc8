// Immutable versions of the catalogue. A statement binds against one Snapshot; a
// transaction with DDL works on its own successor, which commit publishes.
// Persistence is a seam: `Mutation`s name the objects to write, the row store keeps them.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "catalog/schema.h"

namespace omen::catalog {

inline constexpr Oid kPgCatalogSchema = 11;
inline constexpr Oid kPublicSchema = 2200;
inline constexpr Oid kInformationSchema = 13000;
inline constexpr Oid kOmendbSchema = 13500;
inline constexpr Oid kSuperuserOid = 10;
inline constexpr Oid kFirstUserOid = 16384;
inline constexpr Oid kDatabaseOid = 5;

enum class ObjectClass : uint8_t { kSchema = 1, kTable, kView, kSequence, kRole, kSystemRelation };

using Object = std::variant<Schema, Table, View, Sequence, Role, SystemRelation>;

ObjectClass ClassOf(const Object& object);
Oid OidOf(const Object& object);

/// One object to store, or to forget when `object` is null.
struct Mutation {
  ObjectClass object_class;
  Oid oid;
  std::shared_ptr<const Object> object;
};

/// Bytes on disk (JSON with a format version) and back. XX001 on damage.
std::string EncodeObject(const Object& object);
Result<Object> DecodeObject(ObjectClass object_class, std::string_view bytes);

/// An index and its table; nulls where there is none.
struct FoundIndex {
  const Table* table = nullptr;
  const catalog::Index* index = nullptr;
};

/// An immutable catalogue. Any thread; share by shared_ptr.
class Snapshot {
 public:
  /// Raised by every change, published or draft, and unique in the process; plans cached
  /// under another version are stale.
  uint64_t version() const { return version_; }

  const Schema* FindSchema(std::string_view name) const;
  const Schema* FindSchema(Oid oid) const;
  /// Any relation: Table, View, Sequence, SystemRelation, else null.
  const Object* FindRelation(Oid schema, std::string_view name) const;
  const Object* FindRelation(Oid oid) const;
  /// First match along the path of schema names (pg_catalog is searched first, as PostgreSQL).
  const Object* FindRelation(const std::vector<std::string>& search_path,
                             std::string_view name) const;
  const Table* FindTable(Oid oid) const;
  const View* FindView(Oid oid) const;
  const Sequence* FindSequence(Oid oid) const;
  /// Those that belong to a column of the table.
  std::vector<const Sequence*> OwnedSequences(Oid table) const;
  const Role* FindRole(std::string_view name) const;
  /// The table an index belongs to, by index name in a schema.
  const Table* FindIndexOwner(Oid schema, std::string_view index_name) const;
  FoundIndex FindIndex(Oid oid) const;
  /// The table of which an index or a check has this oid.
  const Table* FindOwner(Oid part) const;
  /// In oid order.
  std::vector<const Object*> All(ObjectClass object_class) const;
  /// Any object by oid, null if there is none.
  const Object* FindObject(Oid oid) const;
  /// The same, kept alive beyond this snapshot.
  std::shared_ptr<const Object> ShareObject(Oid oid) const;

 private:
  friend class Builder;
  using RelationKey = std::pair<Oid, std::string>;  // (schema, name)
  using RelationKeyView = std::pair<Oid, std::string_view>;
  /// Finds by view, so that a lookup builds no string.
  struct RelationLess {
    using is_transparent = void;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      if (a.first != b.first) return a.first < b.first;
      return std::string_view(a.second) < std::string_view(b.second);
    }
  };

  void Enter(const std::shared_ptr<const Object>& object);
  void Forget(Oid oid);

  uint64_t version_ = 0;
  std::map<Oid, std::shared_ptr<const Object>> objects_;
  std::map<RelationKey, Oid, RelationLess> relations_;
  std::map<RelationKey, Oid, RelationLess> indexes_;  // -> table oid
  std::map<Oid, Oid> owners_;                         // index or check -> table
  std::map<std::string, Oid, std::less<>> schemas_;
  std::map<std::string, Oid, std::less<>> roles_;
};

/// Derives a Snapshot from another. One thread.
class Builder {
 public:
  explicit Builder(std::shared_ptr<const Snapshot> base);
  /// Inserts or replaces.
  void Put(Object object);
  void Erase(Oid oid);
  void Apply(Mutation mutation);
  const Snapshot& draft() const { return *draft_; }
  /// What changed since the base, in order, last state per object.
  const std::vector<Mutation>& mutations() const { return mutations_; }
  /// The draft so far, shared; the builder goes on with a copy when changed again.
  std::shared_ptr<const Snapshot> Share();

 private:
  void Mutable();
  std::shared_ptr<Snapshot> draft_;
  bool shared_ = false;
  std::vector<Mutation> mutations_;
};

/// pg_catalog, information_schema, omendb: what the server itself fills.
bool IsSystemSchema(std::string_view name);
bool IsSystemSchema(Oid schema);

/// The catalogue of an empty database: built-in schemas and the superuser `omendb`.
std::shared_ptr<const Snapshot> InitialSnapshot();

/// The published catalogue. Current() from any thread; Publish by the commit path alone.
class Catalog {
 public:
  explicit Catalog(std::shared_ptr<const Snapshot> first);
  std::shared_ptr<const Snapshot> Current() const;
  /// Of the current snapshot, without taking it.
  uint64_t version() const { return version_.load(std::memory_order_acquire); }
  /// Applies mutations to the current snapshot and publishes the result.
  void Publish(const std::vector<Mutation>& mutations);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> current_;
  std::atomic<uint64_t> version_;
};

}  // namespace omen::catalog
