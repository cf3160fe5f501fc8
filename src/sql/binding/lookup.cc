#include "sql/binding/lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sql/binding/item_columns.h"
#include "sql/typing/names.h"

namespace omen::sql {
namespace {

Status Ambiguous(std::string_view name, int location) {
  return Status(sqlstate::kAmbiguousColumn,
                fmt::format("column reference \"{}\" is ambiguous", name))
      .At(location);
}

/// Edit distance, as the hint for a misspelt column uses it.
int Distance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      int above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

ExprResult NameLookup::FindInItem(Scope* scope, const NsItem& item, int levels_up,
                                  std::string_view name, int location) {
  int found = -1;
  size_t count = ColumnCount(*scope, item);
  for (size_t i = 0; i < count; ++i) {
    if (ColumnNameOf(*scope, item, i) != name) continue;
    if (found >= 0) return Ambiguous(name, location);
    found = static_cast<int>(i);
  }
  if (found < 0) return ExprPtr();
  if (!item.lateral_ok) {
    return Status(
               sqlstate::kInvalidColumnReference,
               fmt::format("invalid reference to FROM-clause entry for table \"{}\"", item.alias))
        .Detail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.")
        .At(location);
  }
  return ColumnOf(*scope, item, static_cast<size_t>(found), levels_up, location);
}

ExprResult NameLookup::FindColumn(std::string_view name, int location) {
  int levels_up = 0;
  for (Scope* scope = binding_.scope(); scope != nullptr; scope = scope->parent, ++levels_up) {
    ExprPtr found;
    for (const NsItem& item : scope->items) {
      if (!item.by_column || (item.lateral_only && !scope->lateral_active)) continue;
      OMEN_ASSIGN_OR_RETURN(ExprPtr here, FindInItem(scope, item, levels_up, name, location));
      if (!here) continue;
      if (found) return Ambiguous(name, location);
      found = std::move(here);
    }
    if (found) return found;
  }
  return ExprPtr();
}

Result<const NsItem*> NameLookup::FindItem(std::string_view schema, std::string_view name,
                                           int location, Scope** scope, int* levels_up) {
  const catalog::Object* object =
      schema.empty() ? nullptr : LookupRelation(*binding_.state(), schema, name);
  *levels_up = 0;
  for (*scope = binding_.scope(); *scope != nullptr; *scope = (*scope)->parent, ++*levels_up) {
    const NsItem* found = nullptr;
    for (const NsItem& item : (*scope)->items) {
      if (!item.by_name || (item.lateral_only && !(*scope)->lateral_active)) continue;
      if (item.alias != name) continue;
      if (!schema.empty() && (object == nullptr || item.table != catalog::OidOf(*object))) continue;
      if (found != nullptr) {
        return Status(SqlState("42P09"), fmt::format("table reference \"{}\" is ambiguous", name))
            .At(location);
      }
      found = &item;
    }
    if (found == nullptr) continue;
    if (!found->lateral_ok) {
      return Status(sqlstate::kInvalidColumnReference,
                    fmt::format("invalid reference to FROM-clause entry for table \"{}\"", name))
          .Detail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.")
          .At(location);
    }
    return found;
  }
  return nullptr;
}

Status NameLookup::MissingRelation(std::string_view name, int location) {
  const auto invalid = [&](std::string hint) {
    return Status(sqlstate::kUndefinedTable,
                  fmt::format("invalid reference to FROM-clause entry for table \"{}\"", name))
        .Hint(std::move(hint))
        .At(location);
  };
  for (Scope* scope = binding_.scope(); scope != nullptr; scope = scope->parent) {
    const auto is_it = [&](const auto& entry) { return entry.alias == name; };
    const bool there = std::ranges::any_of(scope->items, is_it) ||
                       std::ranges::any_of(scope->query->relations, is_it);
    if (there) {
      return invalid(fmt::format(
          "There is an entry for table \"{}\", but it cannot be referenced from this part of the "
          "query.",
          name));
    }
    for (const Relation& relation : scope->query->relations) {
      if (relation.table == nullptr || relation.table->name != name) continue;
      return invalid(
          fmt::format("Perhaps you meant to reference the table alias \"{}\".", relation.alias));
    }
  }
  return Status(sqlstate::kUndefinedTable,
                fmt::format("missing FROM-clause entry for table \"{}\"", name))
      .At(location);
}

std::string NameLookup::ColumnHint(std::string_view relation, std::string_view name) {
  constexpr int kFarthest = 3;
  int best = std::min(kFarthest, static_cast<int>(name.size() / 2)) + 1;
  std::string hint;
  for (Scope* scope = binding_.scope(); scope != nullptr; scope = scope->parent) {
    for (const NsItem& item : scope->items) {
      if (item.relation < 0 || (!relation.empty() && item.alias != relation)) continue;
      for (size_t i = 0; i < ColumnCount(*scope, item); ++i) {
        std::string_view column = ColumnNameOf(*scope, item, i);
        int distance = Distance(name, column);
        if (distance == best) hint.clear();
        if (distance >= best) continue;
        best = distance;
        hint =
            fmt::format("Perhaps you meant to reference the column \"{}.{}\".", item.alias, column);
      }
    }
  }
  return hint;
}

Status NameLookup::MissingColumn(std::string_view relation, std::string_view name, int location) {
  std::string text = relation.empty() ? fmt::format("column \"{}\" does not exist", name)
                                      : fmt::format("column {}.{} does not exist", relation, name);
  return Status(sqlstate::kUndefinedColumn, std::move(text))
      .Hint(ColumnHint(relation, name))
      .At(location);
}

}  // namespace omen::sql
