// The names that relations and columns have in the text: PostgreSQL's own, made unique.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/tree/bind_context.h"
#include "sql/tree/query.h"

namespace omen::sql {

/// The names that one query level's relations and their columns have in the text.
struct TextScope {
  const Query* query = nullptr;
  std::vector<std::string> relations;
  std::vector<std::vector<std::string>> columns;
  std::vector<bool> lists_columns;  // the column names are written after the relation's
};

/// Names as the reader of one text sees them, level by level. One thread, used once.
class ScopeNames {
 public:
  explicit ScopeNames(const BindContext& reader) : reader_(reader) {}

  /// A query's level, inside the current one. False where a name has no form that the text could
  /// have.
  [[nodiscard]] bool Enter(const Query& query);
  /// One table's columns as relation 0, or none.
  void EnterTable(const catalog::Table* table);
  void Leave() { scopes_.pop_back(); }
  const TextScope& current() const { return scopes_.back(); }

  /// Columns are shown with their relation from now on.
  void PrefixColumns() { prefixes_columns_ = true; }
  bool prefixes_columns() const { return prefixes_columns_; }
  /// The scope that names a column reference; null where none does.
  const TextScope* ScopeOf(const Expr& column) const;
  /// The name of a column that is shown as one (IsVariable).
  std::string ShownColumn(const Expr& variable) const;
  /// A table or view, with its schema where the bare name would find something else.
  std::string RelationName(Oid oid, Oid schema, std::string_view name) const;

 private:
  bool NameRelations(TextScope* scope) const;
  bool NameColumns(TextScope* scope) const;

  const BindContext& reader_;
  bool prefixes_columns_ = false;
  std::vector<TextScope> scopes_;
};

}  // namespace omen::sql
