#include "sql/binding/figure_name.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// How sure a figured name is: a type's or construct's name gives way to a column's.
enum class Strength { kNone, kWeak, kStrong };

Strength Figure(const Node* node, std::string* name);

Strength LastField(const List* fields, std::string* name) {
  const char* last = nullptr;
  for (const Node* field : Items<>(fields)) {
    if (NodeAs<::String>(field, T_String)) last = Text(field);
  }
  if (last == nullptr) return Strength::kNone;
  *name = last;
  return Strength::kStrong;
}

Strength FigureSubLink(const SubLink& link, std::string* name) {
  switch (link.subLinkType) {
    case EXISTS_SUBLINK:
      *name = "exists";
      return Strength::kStrong;
    case ARRAY_SUBLINK:
      *name = "array";
      return Strength::kStrong;
    case EXPR_SUBLINK: {
      const auto& select = As<SelectStmt>(link.subselect);
      const SelectStmt* leaf = &select;
      while (leaf->larg != nullptr) leaf = leaf->larg;
      if (leaf->targetList == nullptr) return Strength::kNone;
      // The query has given its column a name already, be it the one of those without.
      const ResTarget* target = Items<ResTarget>(leaf->targetList)[0];
      *name = target->name != nullptr ? target->name : FigureColumnName(target->val);
      return Strength::kStrong;
    }
    default:
      return Strength::kNone;
  }
}

std::string_view ValueFunctionName(SQLValueFunctionOp op) {
  switch (op) {
    case SVFOP_CURRENT_DATE:
      return "current_date";
    case SVFOP_CURRENT_TIME:
    case SVFOP_CURRENT_TIME_N:
      return "current_time";
    case SVFOP_CURRENT_TIMESTAMP:
    case SVFOP_CURRENT_TIMESTAMP_N:
      return "current_timestamp";
    case SVFOP_LOCALTIME:
    case SVFOP_LOCALTIME_N:
      return "localtime";
    case SVFOP_LOCALTIMESTAMP:
    case SVFOP_LOCALTIMESTAMP_N:
      return "localtimestamp";
    case SVFOP_CURRENT_ROLE:
      return "current_role";
    case SVFOP_CURRENT_USER:
      return "current_user";
    case SVFOP_USER:
      return "user";
    case SVFOP_SESSION_USER:
      return "session_user";
    case SVFOP_CURRENT_CATALOG:
      return "current_catalog";
    case SVFOP_CURRENT_SCHEMA:
      return "current_schema";
  }
  return "";
}

Strength Strong(std::string_view text, std::string* name) {
  *name = text;
  return Strength::kStrong;
}

/// A cast is named after its type unless what it casts has a better name.
Strength FigureCast(const TypeCast& cast, std::string* name) {
  if (Figure(cast.arg, name) == Strength::kStrong) return Strength::kStrong;
  *name = Text(Items<>(cast.typeName->names).back());
  return Strength::kWeak;
}

Strength FigureCase(const CaseExpr& node, std::string* name) {
  Strength inner = Strength::kNone;
  if (node.defresult) inner = Figure(reinterpret_cast<const Node*>(node.defresult), name);
  if (inner == Strength::kStrong) return inner;
  *name = "case";
  return Strength::kWeak;
}

Strength FigureIndirection(const A_Indirection& node, std::string* name) {
  if (LastField(node.indirection, name) == Strength::kStrong) return Strength::kStrong;
  return Figure(node.arg, name);
}

Strength Figure(const Node* node, std::string* name) {
  switch (nodeTag(node)) {
    case T_ColumnRef:
      return LastField(As<ColumnRef>(node).fields, name);
    case T_A_Indirection:
      return FigureIndirection(As<A_Indirection>(node), name);
    case T_FuncCall:
      return Strong(Text(Items<>(As<FuncCall>(node).funcname).back()), name);
    case T_A_Expr:
      return As<A_Expr>(node).kind == AEXPR_NULLIF ? Strong("nullif", name) : Strength::kNone;
    case T_TypeCast:
      return FigureCast(As<TypeCast>(node), name);
    case T_CollateClause:
      return Figure(As<CollateClause>(node).arg, name);
    case T_GroupingFunc:
      return Strong("grouping", name);
    case T_SubLink:
      return FigureSubLink(As<SubLink>(node), name);
    case T_CaseExpr:
      return FigureCase(As<CaseExpr>(node), name);
    case T_A_ArrayExpr:
      return Strong("array", name);
    case T_RowExpr:
      return Strong("row", name);
    case T_CoalesceExpr:
      return Strong("coalesce", name);
    case T_MinMaxExpr:
      return Strong(As<MinMaxExpr>(node).op == IS_GREATEST ? "greatest" : "least", name);
    case T_SQLValueFunction:
      return Strong(ValueFunctionName(As<SQLValueFunction>(node).op), name);
    default:
      return Strength::kNone;
  }
}

}  // namespace

std::string FigureColumnName(const Node* node) {
  std::string name;
  if (node == nullptr || Figure(node, &name) == Strength::kNone) return "?column?";
  return name;
}

}  // namespace omen::sql
