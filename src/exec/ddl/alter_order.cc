#include "exec/ddl/alter_order.h"

#include <fmt/format.h>

#include <algorithm>

namespace omen::exec {

namespace {

using Kind = sql::AlterAction::Kind;

// PostgreSQL's order of work, whatever the order of writing: what goes, types, what comes,
// properties of columns, keys, checks and defaults, the rest. Only columns go after the types,
// whose USING may still read them.
int PassOf(Kind kind) {
  switch (kind) {
    case Kind::kDropDefault:
    case Kind::kDropNotNull:
    case Kind::kDropConstraint:
      return 0;
    case Kind::kAlterType:
      return 1;
    case Kind::kDropColumn:
      return 2;
    case Kind::kAddColumn:
      return 3;
    case Kind::kSetNotNull:
      return 4;
    case Kind::kAddIndex:
      return 5;
    case Kind::kSetDefault:
    case Kind::kAddCheck:
      return 6;
    default:
      return 7;
  }
}

}  // namespace

std::vector<const sql::AlterAction*> InPasses(const std::vector<sql::AlterAction>& actions) {
  std::vector<const sql::AlterAction*> ordered;
  for (const sql::AlterAction& action : actions) ordered.push_back(&action);
  std::ranges::stable_sort(ordered, {}, [](const auto* action) { return PassOf(action->kind); });
  return ordered;
}

size_t SameChange(const std::vector<const sql::AlterAction*>& actions, size_t first) {
  if (actions[first]->kind != Kind::kAlterType) return 1;
  size_t count = 1;
  while (first + count < actions.size() && actions[first + count]->kind == Kind::kAlterType) {
    ++count;
  }
  return count;
}

Status CheckDropsApart(const catalog::Table& table, const std::vector<sql::AlterAction>& actions) {
  for (const sql::AlterAction& drop : actions) {
    if (drop.kind != Kind::kDropColumn) continue;
    for (const sql::AlterAction& action : actions) {
      if (action.kind != Kind::kAlterType || action.name != drop.name) continue;
      return Status(
          sqlstate::kUndefinedColumn,
          fmt::format("column \"{}\" of relation \"{}\" does not exist", action.name, table.name));
    }
  }
  return Status::Ok();
}

}  // namespace omen::exec
