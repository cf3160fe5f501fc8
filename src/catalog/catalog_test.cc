#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include "catalog/test_table.h"

namespace omen::catalog {
namespace {

TEST(Catalog, InitialSnapshotHasTheBuiltInSchemasAndSuperuser) {
  auto snapshot = InitialSnapshot();
  ASSERT_NE(snapshot->FindSchema("public"), nullptr);
  EXPECT_EQ(snapshot->FindSchema("pg_catalog")->oid, 11u);
  EXPECT_EQ(snapshot->FindSchema("information_schema")->oid, 13000u);
  EXPECT_EQ(snapshot->FindSchema("omendb")->oid, 13500u);
  EXPECT_EQ(snapshot->FindSchema(2200)->name, "public");
  ASSERT_NE(snapshot->FindRole("omendb"), nullptr);
  EXPECT_EQ(snapshot->FindRole("omendb")->oid, 10u);
  EXPECT_TRUE(snapshot->FindRole("omendb")->superuser);
  EXPECT_EQ(snapshot->FindRelation(kPublicSchema), nullptr);
}

TEST(Catalog, LookupsFollowNamesAcrossRenameAndReplacement) {
  Builder builder(InitialSnapshot());
  builder.Put(MakeTable(20000, "a"));
  auto first = builder.Share();
  Table renamed = *first->FindTable(20000);
  renamed.name = "b";
  renamed.indexes[0].name = "b_pkey";
  builder.Put(renamed);
  builder.Put(MakeTable(20010, "a"));
  builder.Erase(20010);
  const Snapshot& draft = builder.draft();
  EXPECT_NE(first->FindRelation(kPublicSchema, "a"), nullptr);
  EXPECT_EQ(draft.FindRelation(kPublicSchema, "a"), nullptr);
  ASSERT_NE(draft.FindRelation({"nowhere", "public"}, "b"), nullptr);
  EXPECT_EQ(draft.FindIndexOwner(kPublicSchema, "a_pkey"), nullptr);
  EXPECT_EQ(draft.FindIndexOwner(kPublicSchema, "b_pkey")->oid, 20000u);
  EXPECT_EQ(draft.All(ObjectClass::kTable).size(), 1u);
  EXPECT_GT(draft.version(), first->version());
  ASSERT_EQ(builder.mutations().size(), 2u);
  EXPECT_EQ(builder.mutations()[0].oid, 20000u);
  EXPECT_EQ(builder.mutations()[1].object, nullptr);
}

TEST(Catalog, PgCatalogIsSearchedFirstUnlessThePathPlacesIt) {
  Builder builder(InitialSnapshot());
  builder.Put(MakeTable(20000, "pg_class"));
  SystemRelation system;
  system.oid = 1259;
  system.schema = kPgCatalogSchema;
  system.name = "pg_class";
  builder.Put(system);
  auto snapshot = builder.Share();
  EXPECT_EQ(OidOf(*snapshot->FindRelation({"public"}, "pg_class")), 1259u);
  EXPECT_EQ(OidOf(*snapshot->FindRelation({"public", "pg_catalog"}, "pg_class")), 20000u);
}

TEST(Catalog, PublishAppliesMutationsToTheCurrentSnapshot) {
  Catalog catalog(InitialSnapshot());
  auto before = catalog.Current();
  Builder one(before), two(before);
  one.Put(MakeTable(20000, "a"));
  two.Put(MakeTable(20010, "b"));
  catalog.Publish(one.mutations());
  catalog.Publish(two.mutations());
  auto after = catalog.Current();
  EXPECT_NE(after->FindTable(20000), nullptr);
  EXPECT_NE(after->FindTable(20010), nullptr);
  EXPECT_GT(after->version(), before->version());
  EXPECT_EQ(before->FindTable(20000), nullptr);
}

}  // namespace
}  // namespace omen::catalog
