#include "sql/grammar/internal/node_location.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

// Smallest location seen so far in an expression; nodes without one add nothing.
void Leftmost(int location, int* smallest) {
  if (location >= 0 && (*smallest < 0 || location < *smallest)) *smallest = location;
}

void LeftmostOfList(const List* list, int* smallest) {
  for (const Node* item : Items<Node>(list)) Leftmost(LeftmostLocation(item), smallest);
}

}  // namespace

int LeftmostLocation(const Node* node) {
  int smallest = -1;
  if (node == nullptr) return smallest;
  switch (nodeTag(node)) {
    case T_A_Const:
      return As<A_Const>(node).location;
    case T_ColumnRef:
      return As<ColumnRef>(node).location;
    case T_FuncCall:
      // Of a AT TIME ZONE b it is the operator's.
      Leftmost(As<FuncCall>(node).location, &smallest);
      LeftmostOfList(As<FuncCall>(node).args, &smallest);
      return smallest;
    case T_SQLValueFunction:
      return As<SQLValueFunction>(node).location;
    case T_CaseExpr:
      return As<CaseExpr>(node).location;
    case T_CoalesceExpr:
      return As<CoalesceExpr>(node).location;
    case T_MinMaxExpr:
      return As<MinMaxExpr>(node).location;
    case T_A_ArrayExpr:
      return As<A_ArrayExpr>(node).location;
    case T_RowExpr:
      return As<RowExpr>(node).location;
    case T_TypeCast: {
      const auto& cast = As<TypeCast>(node);
      Leftmost(cast.location, &smallest);
      Leftmost(LeftmostLocation(cast.arg), &smallest);
      Leftmost(cast.typeName->location, &smallest);
      return smallest;
    }
    case T_A_Expr: {
      const auto& expr = As<A_Expr>(node);
      Leftmost(expr.location, &smallest);
      Leftmost(LeftmostLocation(expr.lexpr), &smallest);
      Leftmost(LeftmostLocation(expr.rexpr), &smallest);
      return smallest;
    }
    case T_BoolExpr:
      Leftmost(As<BoolExpr>(node).location, &smallest);
      LeftmostOfList(As<BoolExpr>(node).args, &smallest);
      return smallest;
    case T_List:
      LeftmostOfList(reinterpret_cast<const List*>(node), &smallest);
      return smallest;
    case T_NullTest:
      return LeftmostLocation(reinterpret_cast<Node*>(As<NullTest>(node).arg));
    default:
      return smallest;
  }
}

}  // namespace omen::sql
