#include "catalog/catalog.h"

#include <algorithm>
#include <atomic>
#include <type_traits>

namespace omen::catalog {
namespace {

template <typename T>
const T* As(const Object* object) {
  return object == nullptr ? nullptr : std::get_if<T>(object);
}

/// Schema and name of a relation; false for schemas and roles.
bool RelationName(const Object& object, std::pair<Oid, std::string>* name) {
  return std::visit(
      [name](const auto& o) {
        using T = std::decay_t<decltype(o)>;
        if constexpr (std::is_same_v<T, Schema> || std::is_same_v<T, Role>) {
          return false;
        } else {
          *name = {o.schema, o.name};
          return true;
        }
      },
      object);
}

/// Never repeats in a process, so that a plan made under a draft that was rolled back is not
/// taken for one of a later snapshot.
uint64_t NextVersion() {
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

Object BuiltInSchema(Oid oid, std::string name) { return Schema{oid, std::move(name), "omendb"}; }

}  // namespace

bool Table::HasConstraint(std::string_view constraint_name) const {
  return std::ranges::count(checks, constraint_name, &CheckConstraint::name) > 0 ||
         std::ranges::any_of(indexes, [&](const Index& index) {
           return index.is_constraint && index.name == constraint_name;
         });
}

const Column* Table::FindColumn(std::string_view column_name) const {
  for (const Column& column : columns) {
    if (!column.dropped && column.name == column_name) return &column;
  }
  return nullptr;
}

ObjectClass ClassOf(const Object& object) { return static_cast<ObjectClass>(object.index() + 1); }

Oid OidOf(const Object& object) {
  return std::visit([](const auto& o) { return o.oid; }, object);
}

const Schema* Snapshot::FindSchema(std::string_view name) const {
  auto it = schemas_.find(name);
  return it == schemas_.end() ? nullptr : FindSchema(it->second);
}

const Schema* Snapshot::FindSchema(Oid oid) const { return As<Schema>(FindObject(oid)); }

std::shared_ptr<const Object> Snapshot::ShareObject(Oid oid) const {
  auto found = objects_.find(oid);
  return found == objects_.end() ? nullptr : found->second;
}

const Object* Snapshot::FindObject(Oid oid) const {
  auto it = objects_.find(oid);
  return it == objects_.end() ? nullptr : it->second.get();
}

const Object* Snapshot::FindRelation(Oid schema, std::string_view name) const {
  auto it = relations_.find(RelationKeyView{schema, name});
  return it == relations_.end() ? nullptr : FindObject(it->second);
}

const Object* Snapshot::FindRelation(Oid oid) const {
  const Object* object = FindObject(oid);
  if (object == nullptr) return nullptr;
  const ObjectClass object_class = ClassOf(*object);
  const bool relation = object_class != ObjectClass::kSchema && object_class != ObjectClass::kRole;
  return relation ? object : nullptr;
}

const Object* Snapshot::FindRelation(const std::vector<std::string>& search_path,
                                     std::string_view name) const {
  const bool names_pg_catalog =
      std::find(search_path.begin(), search_path.end(), "pg_catalog") != search_path.end();
  if (!names_pg_catalog) {
    if (const Object* found = FindRelation(kPgCatalogSchema, name)) return found;
  }
  for (const std::string& schema_name : search_path) {
    const Schema* schema = FindSchema(schema_name);
    if (schema == nullptr) continue;
    if (const Object* found = FindRelation(schema->oid, name)) return found;
  }
  return nullptr;
}

const Table* Snapshot::FindTable(Oid oid) const { return As<Table>(FindObject(oid)); }
const View* Snapshot::FindView(Oid oid) const { return As<View>(FindObject(oid)); }
const Sequence* Snapshot::FindSequence(Oid oid) const { return As<Sequence>(FindObject(oid)); }

const Role* Snapshot::FindRole(std::string_view name) const {
  auto it = roles_.find(name);
  return it == roles_.end() ? nullptr : As<Role>(FindObject(it->second));
}

const Table* Snapshot::FindIndexOwner(Oid schema, std::string_view index_name) const {
  auto it = indexes_.find(RelationKeyView{schema, index_name});
  return it == indexes_.end() ? nullptr : FindTable(it->second);
}

FoundIndex Snapshot::FindIndex(Oid oid) const {
  const Table* table = FindOwner(oid);
  if (table == nullptr) return {};
  const auto found = std::ranges::find(table->indexes, oid, &catalog::Index::oid);
  if (found == table->indexes.end()) return {};
  return {table, &*found};
}

const Table* Snapshot::FindOwner(Oid part) const {
  const auto found = owners_.find(part);
  return found == owners_.end() ? nullptr : FindTable(found->second);
}

std::vector<const Object*> Snapshot::All(ObjectClass object_class) const {
  std::vector<const Object*> found;
  for (const auto& [oid, object] : objects_) {
    if (ClassOf(*object) == object_class) found.push_back(object.get());
  }
  return found;
}

std::vector<const Sequence*> Snapshot::OwnedSequences(Oid table) const {
  std::vector<const Sequence*> found;
  for (const Object* object : All(ObjectClass::kSequence)) {
    const auto& sequence = std::get<Sequence>(*object);
    if (sequence.owned_by_table == table) found.push_back(&sequence);
  }
  return found;
}

void Snapshot::Enter(const std::shared_ptr<const Object>& object) {
  const Oid oid = OidOf(*object);
  objects_[oid] = object;
  RelationKey key;
  if (RelationName(*object, &key)) relations_[key] = oid;
  if (const auto* schema = As<Schema>(object.get())) schemas_[schema->name] = oid;
  if (const auto* role = As<Role>(object.get())) roles_[role->name] = oid;
  if (const auto* table = As<Table>(object.get())) {
    for (const auto& index : table->indexes) {
      indexes_[{table->schema, index.name}] = oid;
      owners_[index.oid] = oid;
    }
    for (const auto& check : table->checks) owners_[check.oid] = oid;
  }
}

void Snapshot::Forget(Oid oid) {
  auto it = objects_.find(oid);
  if (it == objects_.end()) return;
  // A name may have passed to another object (rename, drop and create): erase only our own.
  auto erase_own = [oid](auto& map, const auto& key) {
    auto found = map.find(key);
    if (found != map.end() && found->second == oid) map.erase(found);
  };
  const Object& object = *it->second;
  RelationKey key;
  if (RelationName(object, &key)) erase_own(relations_, key);
  if (const auto* schema = As<Schema>(&object)) erase_own(schemas_, schema->name);
  if (const auto* role = As<Role>(&object)) erase_own(roles_, role->name);
  if (const auto* table = As<Table>(&object)) {
    for (const auto& index : table->indexes) {
      erase_own(indexes_, RelationKey{table->schema, index.name});
      erase_own(owners_, index.oid);
    }
    for (const auto& check : table->checks) erase_own(owners_, check.oid);
  }
  objects_.erase(it);
}

Builder::Builder(std::shared_ptr<const Snapshot> base) : draft_(std::make_shared<Snapshot>(*base)) {
  draft_->version_ = NextVersion();
}

void Builder::Mutable() {
  if (shared_) draft_ = std::make_shared<Snapshot>(*draft_);
  shared_ = false;
  draft_->version_ = NextVersion();
}

void Builder::Put(Object object) {
  auto shared = std::make_shared<const Object>(std::move(object));
  Apply({ClassOf(*shared), OidOf(*shared), shared});
}

void Builder::Erase(Oid oid) {
  auto it = draft_->objects_.find(oid);
  if (it == draft_->objects_.end()) return;
  Apply({ClassOf(*it->second), oid, nullptr});
}

void Builder::Apply(Mutation mutation) {
  Mutable();
  draft_->Forget(mutation.oid);
  if (mutation.object) draft_->Enter(mutation.object);
  std::erase_if(mutations_, [&](const Mutation& m) { return m.oid == mutation.oid; });
  mutations_.push_back(std::move(mutation));
}

std::shared_ptr<const Snapshot> Builder::Share() {
  shared_ = true;
  return draft_;
}

std::shared_ptr<const Snapshot> InitialSnapshot() {
  Builder builder(std::make_shared<const Snapshot>());
  builder.Put(BuiltInSchema(kPgCatalogSchema, "pg_catalog"));
  builder.Put(BuiltInSchema(kInformationSchema, "information_schema"));
  builder.Put(BuiltInSchema(kOmendbSchema, "omendb"));
  builder.Put(BuiltInSchema(kPublicSchema, "public"));
  builder.Put(Role{kSuperuserOid, "omendb", /*superuser=*/true, /*can_login=*/true, ""});
  return builder.Share();
}

bool IsSystemSchema(Oid schema) { return schema < kFirstUserOid && schema != kPublicSchema; }

bool IsSystemSchema(std::string_view name) {
  static const std::shared_ptr<const Snapshot> kInitial = InitialSnapshot();
  const Schema* schema = kInitial->FindSchema(name);
  return schema != nullptr && IsSystemSchema(schema->oid);
}

Catalog::Catalog(std::shared_ptr<const Snapshot> first)
    : current_(std::move(first)), version_(current_->version()) {}

std::shared_ptr<const Snapshot> Catalog::Current() const {
  std::lock_guard lock(mutex_);
  return current_;
}

void Catalog::Publish(const std::vector<Mutation>& mutations) {
  if (mutations.empty()) return;
  std::lock_guard lock(mutex_);
  Builder builder(current_);
  for (const Mutation& mutation : mutations) builder.Apply(mutation);
  current_ = builder.Share();
  version_.store(current_->version(), std::memory_order_release);
}

}  // namespace omen::catalog
