// The published catalogue while it changes.
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "catalog/catalog.h"
#include "crowd.h"

namespace omen::catalog {
namespace {

constexpr Oid kFirst = kFirstUserOid, kSecond = kFirstUserOid + 1;

Table Named(Oid oid, const std::string& name) {
  Table table;
  table.oid = oid;
  table.schema = kPublicSchema;
  table.name = name;
  return table;
}

/// One publication renames both tables; no reader may see only one of the new names.
TEST(Threads, AReaderSeesWholePublications) {
  Builder first(InitialSnapshot());
  first.Put(Named(kFirst, "a0"));
  first.Put(Named(kSecond, "b0"));
  Catalog catalog(first.Share());
  std::atomic<bool> stop = false;
  Crowd(4, [&](int me) {
    if (me == 0) {
      for (int i = 1; i <= 400; ++i) {
        Builder change(catalog.Current());
        change.Put(Named(kFirst, "a" + std::to_string(i)));
        change.Put(Named(kSecond, "b" + std::to_string(i)));
        catalog.Publish(change.mutations());
      }
      stop = true;
      return;
    }
    uint64_t version = 0;
    while (!stop) {
      const auto snapshot = catalog.Current();
      EXPECT_GE(snapshot->version(), version);
      version = snapshot->version();
      const Table* a = snapshot->FindTable(kFirst);
      const Table* b = snapshot->FindTable(kSecond);
      ASSERT_TRUE(a != nullptr && b != nullptr);
      EXPECT_EQ(a->name.substr(1), b->name.substr(1));
      EXPECT_NE(snapshot->FindRelation(kPublicSchema, a->name), nullptr);
    }
  });
}

}  // namespace
}  // namespace omen::catalog
