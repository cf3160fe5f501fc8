// FROM: relations, joins and the names they bring.

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "sql/grammar/internal/parsed.h"
#include "sql/query/binder.h"
#include "sql/typing/rewrite.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// Alias and column aliases over a relation's own names.
Status ApplyAlias(const ::Alias* alias, int location, Relation* relation) {
  if (alias == nullptr) return Status::Ok();
  relation->alias = alias->aliasname;
  relation->aliased = true;
  relation->column_aliases = Items<>(alias->colnames).size();
  size_t given = static_cast<size_t>(Items<>(alias->colnames).size());
  if (given > relation->columns.size()) {
    return Status(sqlstate::kInvalidColumnReference,
                  fmt::format("table \"{}\" has {} columns available but {} columns specified",
                              relation->alias, relation->columns.size(), given))
        .At(location);
  }
  size_t index = 0;
  for (const Node* name : Items<>(alias->colnames)) relation->columns[index++].name = Text(name);
  return Status::Ok();
}

Relation TableRelation(std::shared_ptr<const catalog::Table> table) {
  Relation relation{RelationKind::kTable};
  relation.alias = table->name;
  relation.columns.reserve(table->columns.size());
  relation.attnums.reserve(table->columns.size());
  for (const catalog::Column& column : table->columns) {
    if (column.dropped) continue;
    relation.columns.push_back({column.name, column.type, table->oid, column.attnum});
    relation.attnums.push_back(column.attnum);
  }
  relation.table = std::move(table);
  return relation;
}

Relation SystemTable(std::shared_ptr<const catalog::SystemRelation> system) {
  Relation relation{RelationKind::kSystem};
  relation.alias = system->name;
  for (const catalog::Column& column : system->columns) {
    relation.columns.push_back({column.name, column.type, system->oid, column.attnum});
  }
  relation.system = std::move(system);
  return relation;
}

// A view by its name and columns, without its query.
Relation ViewAsWritten(std::shared_ptr<const catalog::View> view) {
  Relation relation{RelationKind::kSubquery};
  relation.alias = view->name;
  for (const catalog::Column& column : view->columns) {
    relation.columns.push_back({column.name, column.type, view->oid, column.attnum});
  }
  relation.view = std::move(view);
  return relation;
}

Status NoRelation(const RangeVar& node) {
  std::string name = node.schemaname ? fmt::format("{}.{}", node.schemaname, node.relname)
                                     : std::string(node.relname);
  return Status(sqlstate::kUndefinedTable, fmt::format("relation \"{}\" does not exist", name))
      .At(node.location);
}

/// A catalogue object as its own type, kept alive beyond the snapshot.
template <typename T>
std::shared_ptr<const T> Share(const BindState& state, const catalog::Object& object) {
  auto whole = state.context.catalog->ShareObject(catalog::OidOf(object));
  const T* part = &std::get<T>(*whole);
  return std::shared_ptr<const T>(std::move(whole), part);
}

/// A reference to a WITH query, which may be one that is still being bound.
Status NoteReference(CteEntry* entry, int location) {
  ++entry->references;
  if (entry->pending && !entry->is_union) {
    return Status(SqlState("42P19"), fmt::format("recursive query \"{}\" does not have the form "
                                                 "non-recursive-term UNION [ALL] recursive-term",
                                                 entry->name))
        .At(entry->location);
  }
  if (entry->pending) {
    return Status(SqlState("42P19"),
                  fmt::format("recursive reference to query \"{}\" must not appear within its "
                              "non-recursive term",
                              entry->name))
        .At(location);
  }
  if (entry->single_reference && entry->references > 1) {
    return Status(SqlState("42P19"),
                  fmt::format("recursive reference to query \"{}\" must not appear more than once",
                              entry->name))
        .At(location);
  }
  return Status::Ok();
}

sql::JoinType JoinKind(::JoinType type) {
  switch (type) {
    case JOIN_LEFT:
      return sql::JoinType::kLeft;
    case JOIN_RIGHT:
      return sql::JoinType::kRight;
    case JOIN_FULL:
      return sql::JoinType::kFull;
    default:
      return sql::JoinType::kInner;
  }
}

void AddRelations(const FromItem& item, std::set<int>* relations) {
  if (item.relation >= 0) relations->insert(item.relation);
  if (item.left != nullptr) AddRelations(*item.left, relations);
  if (item.right != nullptr) AddRelations(*item.right, relations);
}

// The relations of this level that an expression reads.
std::set<int> RelationsRead(const ExprPtr& expr) {
  std::set<int> read;
  ExprPtr copy = CloneExpr(*expr);
  VisitNodes(copy, [&](ExprPtr& node, int depth) {
    if (node->kind == ExprKind::kColumn && node->levels_up == depth) read.insert(node->rel);
  });
  return read;
}

bool Within(const std::set<int>& some, const std::set<int>& all) {
  return !some.empty() && std::ranges::includes(all, some);
}

/// A full join needs an equality between its sides to find what neither has; a condition that
/// reads no row is one for all.
bool CanJoinFully(const FromItem& join) {
  if (RelationsRead(join.condition).empty()) return true;
  std::set<int> left, right;
  AddRelations(*join.left, &left);
  AddRelations(*join.right, &right);
  std::vector<const Expr*> pending{join.condition.get()};
  while (!pending.empty()) {
    const Expr* part = pending.back();
    pending.pop_back();
    if (part->kind == ExprKind::kAnd) {
      for (const ExprPtr& arg : part->args) pending.push_back(arg.get());
      continue;
    }
    if (part->op == nullptr || part->op->name != "=" || part->args.size() != 2) continue;
    const std::set<int> one = RelationsRead(part->args[0]), other = RelationsRead(part->args[1]);
    if (Within(one, left) && Within(other, right)) return true;
    if (Within(one, right) && Within(other, left)) return true;
  }
  return false;
}

void CloseLateral(std::vector<NsItem>* items) {
  for (NsItem& item : *items) {
    item.lateral_only = false;
    item.lateral_ok = true;
  }
}

/// Takes the items from `first` on back out, as they were before they were lent.
std::vector<NsItem> TakeItems(std::vector<NsItem>* items, size_t first) {
  auto from = items->begin() + static_cast<std::ptrdiff_t>(first);
  std::vector<NsItem> taken(std::make_move_iterator(from), std::make_move_iterator(items->end()));
  items->erase(from, items->end());
  CloseLateral(&taken);
  return taken;
}

// The columns of a join with an alias are written as its own, each by a name that no other has.
void NameJoinColumns(const std::vector<std::string>& below, NsItem* join, FromItem* written) {
  std::vector<std::string> names;
  for (NsColumn& column : join->columns) {
    std::string name = column.name;
    for (int suffix = 1; std::ranges::find(names, name) != names.end(); ++suffix) {
      name = fmt::format("{}_{}", column.name, suffix);
    }
    column.expr->written =
        std::make_shared<const Wording>(Wording{Wording::Form::kJoinColumn, name, join->alias});
    names.push_back(std::move(name));
  }
  if (names != below) written->column_aliases = std::move(names);
}

}  // namespace

Status Binder::CheckNames(const std::vector<NsItem>& have, const std::vector<NsItem>& more) {
  for (const NsItem& item : more) {
    if (!item.by_name) continue;
    for (const NsItem& other : have) {
      bool both_tables = item.table != 0 && other.table != 0;
      if (!other.by_name || other.alias != item.alias) continue;
      if (both_tables && item.table != other.table) continue;
      return Status(sqlstate::kDuplicateAlias,
                    fmt::format("table name \"{}\" specified more than once", item.alias));
    }
  }
  return Status::Ok();
}

Status Binder::BindFrom(const List* from) {
  for (const Node* node : Items<>(from)) {
    OMEN_ASSIGN_OR_RETURN(BoundFrom bound, BindFromItem(node));
    OMEN_RETURN_IF_ERROR(CheckNames(scope_->items, bound.names));
    for (NsItem& item : bound.names) {
      item.lateral_only = true;
      scope_->items.push_back(std::move(item));
    }
    scope_->query->from.push_back(std::move(bound.item));
  }
  CloseLateral(&scope_->items);
  return Status::Ok();
}

Result<BoundFrom> Binder::BindFromItem(const Node* node) {
  DepthGuard guard(state_);
  OMEN_RETURN_IF_ERROR(guard.Check(-1));
  switch (nodeTag(node)) {
    case T_RangeVar:
      return BindRangeVar(*reinterpret_cast<const RangeVar*>(node));
    case T_RangeSubselect:
      return BindSubselect(*reinterpret_cast<const RangeSubselect*>(node));
    case T_RangeFunction:
      return BindRangeFunction(*reinterpret_cast<const RangeFunction*>(node));
    case T_JoinExpr:
      return BindJoin(*reinterpret_cast<const JoinExpr*>(node));
    case T_RangeTableSample:
      return NotSupported("TABLESAMPLE");
    default:
      return NotSupported("this kind of FROM item");
  }
}

Result<BoundFrom> Binder::AddRelation(Relation relation, const ::Alias* alias, int location,
                                      Oid table) {
  OMEN_RETURN_IF_ERROR(ApplyAlias(alias, location, &relation));
  BoundFrom bound;
  bound.item.relation = static_cast<int>(scope_->query->relations.size());
  NsItem item;
  item.alias = relation.alias;
  item.relation = bound.item.relation;
  item.table = alias == nullptr ? table : 0;
  bound.names.push_back(std::move(item));
  scope_->query->relations.push_back(std::move(relation));
  return bound;
}

bool Binder::FindCte(const RangeVar& node, Relation* relation, Status* status) {
  int levels_up = 0;
  for (Scope* scope = scope_; scope != nullptr; scope = scope->parent, ++levels_up) {
    for (auto entry = scope->ctes.rbegin(); entry != scope->ctes.rend(); ++entry) {
      if (entry->name != node.relname) continue;
      *status = NoteReference(&*entry, node.location);
      if (!status->ok()) return true;
      relation->kind = RelationKind::kCte;
      relation->alias = entry->name;
      relation->columns = entry->columns;
      relation->cte_name = entry->name;
      relation->cte_levels_up = levels_up;
      return true;
    }
  }
  return false;
}

Result<Relation> Binder::RelationOf(const RangeVar& node) {
  if (node.catalogname != nullptr && state_->context.current_database != node.catalogname) {
    return NotSupported(fmt::format("cross-database references: \"{}.{}.{}\"", node.catalogname,
                                    node.schemaname, node.relname))
        .At(node.location);
  }
  std::string_view schema = node.schemaname ? node.schemaname : "";
  const catalog::Object* object = LookupRelation(*state_, schema, node.relname);
  if (object == nullptr) return NoRelation(node);
  if (std::get_if<catalog::Table>(object) != nullptr) {
    auto table = Share<catalog::Table>(*state_, *object);
    NoteTable(table->oid);
    return TableRelation(std::move(table));
  }
  if (std::get_if<catalog::SystemRelation>(object) != nullptr) {
    return SystemTable(Share<catalog::SystemRelation>(*state_, *object));
  }
  const auto* view = std::get_if<catalog::View>(object);
  if (view == nullptr) return NotSupported("reading a sequence as a table").At(node.location);
  Relation relation{RelationKind::kSubquery};
  relation.alias = view->name;
  if (state_->as_written()) return ViewAsWritten(Share<catalog::View>(*state_, *object));
  OMEN_ASSIGN_OR_RETURN(relation.subquery, BindView(*view));
  relation.columns = relation.subquery->Outputs();
  for (size_t i = 0; i < relation.columns.size() && i < view->columns.size(); ++i) {
    relation.columns[i].name = view->columns[i].name;
    relation.columns[i].table = view->oid;
    relation.columns[i].attnum = static_cast<int>(i) + 1;
  }
  return relation;
}

void Binder::NoteTable(Oid table) {
  std::vector<Oid>& tables = state_->statement->tables;
  if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
}

Result<BoundFrom> Binder::BindRangeVar(const RangeVar& node) {
  Relation cte{RelationKind::kCte};
  Status status;
  if (node.schemaname == nullptr && FindCte(node, &cte, &status)) {
    OMEN_RETURN_IF_ERROR(std::move(status));
    return AddRelation(std::move(cte), node.alias, node.location);
  }
  OMEN_ASSIGN_OR_RETURN(Relation relation, RelationOf(node));
  Oid table = relation.table ? relation.table->oid : relation.system ? relation.system->oid : 0;
  if (relation.kind == RelationKind::kSubquery && !relation.columns.empty()) {
    table = relation.columns[0].table;
  }
  return AddRelation(std::move(relation), node.alias, node.location, table);
}

QueryResult Binder::BindView(const catalog::View& view) {
  DepthGuard guard(state_, kQueryDepth);
  OMEN_RETURN_IF_ERROR(guard.Check(-1));
  OMEN_ASSIGN_OR_RETURN(auto parsed, Parse(view.query_sql));
  if (parsed.size() != 1) return InternalError(fmt::format("view {} is damaged", view.name));
  state_->AddText(view.query_sql.size());
  std::vector<std::string> path = view.search_path;
  path.swap(state_->search_path);
  Scope* outer = scope_;
  scope_ = nullptr;
  auto query = BindQuery(parsed[0].impl()->tree);
  scope_ = outer;
  path.swap(state_->search_path);
  if (query.ok()) return query;
  Status status = std::move(query).status();
  status.error().byte_offset = -1;
  return status;
}

ExprResult Binder::BindOverTable(const Node* node, const catalog::Table* table, Clause clause) {
  Query query;
  ScopeFrame scope(this, &query);
  if (table != nullptr) {
    // The caller keeps the table; this relation only lends its names.
    std::shared_ptr<const catalog::Table> lent(std::shared_ptr<void>(), table);
    query.relations.push_back(TableRelation(std::move(lent)));
    NsItem item;
    item.alias = table->name;
    item.relation = 0;
    scope->items.push_back(std::move(item));
  }
  return BindExpr(node, clause);
}

Result<BoundFrom> Binder::BindSubselect(const RangeSubselect& node) {
  if (node.alias == nullptr) {
    bool values = NodeAs<SelectStmt>(node.subquery, T_SelectStmt)->valuesLists != nullptr;
    return Status(sqlstate::kSyntaxError, values ? "VALUES in FROM must have an alias"
                                                 : "subquery in FROM must have an alias")
        .Hint(values ? "For example, FROM (VALUES ...) [AS] foo."
                     : "For example, FROM (SELECT ...) [AS] foo.");
  }
  bool outer = scope_->lateral_active;
  scope_->lateral_active = node.lateral;
  auto query = BindQuery(node.subquery);
  scope_->lateral_active = outer;
  if (!query.ok()) return std::move(query).status();
  Relation relation{RelationKind::kSubquery};
  relation.subquery = std::move(*query);
  relation.columns = relation.subquery->Outputs();
  relation.lateral = node.lateral;
  return AddRelation(std::move(relation), node.alias, -1);
}

Result<BoundFrom> Binder::BindRangeFunction(const RangeFunction& node) {
  if (node.is_rowsfrom || Items<>(node.functions).size() != 1) return NotSupported("ROWS FROM");
  if (node.coldeflist != nullptr) return NotSupported("a column definition list");
  const List* pair = Items<List>(node.functions)[0];
  if (Items<>(pair).size() > 1 && Items<>(pair)[1] != nullptr) {
    return NotSupported("a column definition list");
  }
  const Node* call = Items<>(pair)[0];
  bool outer = scope_->lateral_active;
  scope_->lateral_active = true;  // functions in FROM may always refer to earlier items
  auto bound = BindExpr(call, Clause::kFromFunction);
  scope_->lateral_active = outer;
  if (!bound.ok()) return std::move(bound).status();
  Relation relation{RelationKind::kFunction};
  OMEN_ASSIGN_OR_RETURN(relation.function_call, ResolveUnknown(state_, std::move(*bound)));
  relation.alias = FigureColumnName(call);
  std::string column = node.alias ? node.alias->aliasname : relation.alias;
  relation.columns.push_back({column, relation.function_call->type});
  relation.with_ordinality = node.ordinality;
  if (node.ordinality) relation.columns.push_back({"ordinality", {oid::kInt8}});
  relation.lateral = !state_->as_written() || node.lateral;
  return AddRelation(std::move(relation), node.alias, -1);
}

/// The columns a join shows, in order: what a bare * over its parts would.
Result<std::vector<NsColumn>> Binder::JoinColumns(const std::vector<NsItem>& names) {
  std::vector<NsColumn> columns;
  for (const NsItem& item : names) {
    if (!item.by_column) continue;
    for (size_t i = 0; i < ColumnCount(*scope_, item); ++i) {
      columns.push_back(
          {std::string(ColumnNameOf(*scope_, item, i)), ColumnOf(*scope_, item, i, 0, -1)});
    }
  }
  return columns;
}

Result<BoundFrom> Binder::BindJoin(const JoinExpr& node) {
  OMEN_ASSIGN_OR_RETURN(BoundFrom left, BindFromItem(node.larg));
  sql::JoinType kind = JoinKind(node.jointype);
  bool lateral_ok = kind == sql::JoinType::kInner || kind == sql::JoinType::kLeft;
  size_t visible = scope_->items.size();
  for (NsItem& item : left.names) {
    scope_->items.push_back(std::move(item));
    scope_->items.back().lateral_only = true;
    scope_->items.back().lateral_ok = lateral_ok;
  }
  auto right_result = BindFromItem(node.rarg);
  left.names = TakeItems(&scope_->items, visible);
  OMEN_ASSIGN_OR_RETURN(BoundFrom right, std::move(right_result));
  OMEN_RETURN_IF_ERROR(CheckNames(left.names, right.names));

  BoundFrom joined;
  joined.item.join = kind;
  if (node.isNatural || node.usingClause != nullptr) {
    OMEN_RETURN_IF_ERROR(JoinUsing(node.usingClause, node, &left, &right, &joined));
  }
  for (NsItem& item : left.names) joined.names.push_back(std::move(item));
  for (NsItem& item : right.names) joined.names.push_back(std::move(item));
  joined.item.left = std::make_unique<FromItem>(std::move(left.item));
  joined.item.right = std::make_unique<FromItem>(std::move(right.item));
  if (node.quals != nullptr) {
    OMEN_RETURN_IF_ERROR(BindJoinCondition(node, &joined));
  } else if (!joined.item.condition && kind == sql::JoinType::kInner) {
    joined.item.join = sql::JoinType::kCross;
  } else if (!joined.item.condition && !state_->as_written()) {
    // NATURAL without a common column.
    joined.item.condition = MakeConst({oid::kBool}, Value::Bool(true));
  }
  if (node.alias == nullptr) return joined;
  OMEN_ASSIGN_OR_RETURN(std::vector<NsColumn> columns, JoinColumns(joined.names));
  NsItem item;
  item.alias = node.alias->aliasname;
  item.columns = std::move(columns);
  const auto named = static_cast<size_t>(Items<>(node.alias->colnames).size());
  if (named > item.columns.size()) {
    return Status(sqlstate::kInvalidColumnReference,
                  fmt::format("join expression \"{}\" has {} columns available but {} columns "
                              "specified",
                              node.alias->aliasname, item.columns.size(), named));
  }
  std::vector<std::string> below;
  for (const NsColumn& column : item.columns) below.push_back(column.name);
  size_t index = 0;
  for (const Node* name : Items<>(node.alias->colnames)) {
    item.columns[index++].name = Text(name);
  }
  joined.item.alias = item.alias;
  if (state_->as_written()) NameJoinColumns(below, &item, &joined.item);
  joined.names.clear();
  joined.names.push_back(std::move(item));
  return joined;
}

Status Binder::BindJoinCondition(const JoinExpr& node, BoundFrom* joined) {
  // ON sees the two sides, and outwards only what LATERAL would.
  std::swap(scope_->items, joined->names);
  auto condition = BindBool(node.quals, Clause::kJoinOn);
  std::swap(scope_->items, joined->names);
  OMEN_ASSIGN_OR_RETURN(joined->item.condition, std::move(condition));
  if (node.jointype == JOIN_FULL && !CanJoinFully(joined->item)) {
    return Status(sqlstate::kFeatureNotSupported,
                  "FULL JOIN is only supported with merge-joinable or hash-joinable join "
                  "conditions");
  }
  return Status::Ok();
}

}  // namespace omen::sql
