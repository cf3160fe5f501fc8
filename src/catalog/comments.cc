#include "catalog/comments.h"

namespace omen::catalog {
namespace {

void Add(Oid object, Oid listed_in, int part, const std::string& text,
         std::vector<Description>* out) {
  if (!text.empty()) out->push_back({object, listed_in, part, text});
}

void AddColumns(Oid relation, const std::vector<Column>& columns, std::vector<Description>* out) {
  for (const Column& column : columns) {
    if (!column.dropped) Add(relation, kPgClass, column.attnum, column.comment, out);
  }
}

void AddAll(const Schema& schema, std::vector<Description>* out) {
  Add(schema.oid, kPgNamespace, 0, schema.comment, out);
}

void AddAll(const Table& table, std::vector<Description>* out) {
  Add(table.oid, kPgClass, 0, table.comment, out);
  AddColumns(table.oid, table.columns, out);
  for (const Index& index : table.indexes) {
    Add(index.oid, kPgClass, 0, index.comment, out);
    Add(index.oid, kPgConstraint, 0, index.constraint_comment, out);
  }
  for (const CheckConstraint& check : table.checks) {
    Add(check.oid, kPgConstraint, 0, check.comment, out);
  }
}

void AddAll(const View& view, std::vector<Description>* out) {
  Add(view.oid, kPgClass, 0, view.comment, out);
  AddColumns(view.oid, view.columns, out);
}

void AddAll(const Sequence& sequence, std::vector<Description>* out) {
  Add(sequence.oid, kPgClass, 0, sequence.comment, out);
}

void AddAll(const Role& role, std::vector<Description>* out) {
  Add(role.oid, kPgAuthid, 0, role.comment, out);
}

void AddAll(const SystemRelation&, std::vector<Description>*) {}

std::string_view Match(const Object& from, Oid object, Oid listed_in, int part) {
  for (const Description& description : DescriptionsOf(from)) {
    const bool listed = listed_in == 0 || description.listed_in == listed_in;
    if (description.object == object && description.part == part && listed) {
      return description.text;
    }
  }
  return {};
}

}  // namespace

std::vector<Description> DescriptionsOf(const Object& object) {
  std::vector<Description> out;
  std::visit([&](const auto& o) { AddAll(o, &out); }, object);
  return out;
}

std::string_view FindDescription(const Snapshot& snapshot, Oid object, Oid listed_in, int part) {
  if (const Object* found = snapshot.FindObject(object)) {
    return Match(*found, object, listed_in, part);
  }
  // Indexes and constraints are parts of their tables.
  for (const Object* table : snapshot.All(ObjectClass::kTable)) {
    const std::string_view text = Match(*table, object, listed_in, part);
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace omen::catalog
