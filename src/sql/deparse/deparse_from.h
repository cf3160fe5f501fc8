// FROM: relations, joins and their aliases.
#pragma once

#include "sql/deparse/deparse_expr.h"

namespace omen::sql {

/// Prints what a level reads. One thread, made where it is used.
class FromDeparser {
 public:
  explicit FromDeparser(Deparsing& text) : text_(text), exprs_(text) {}

  void Print(const Query& query);

 private:
  void PrintItem(const Query& query, const FromItem& item);
  void PrintJoin(const Query& query, const FromItem& item);
  void PrintRelation(const Query& query, int index);
  void PrintFunction(const Relation& relation);

  Deparsing& text_;
  ExprDeparser exprs_;
};

}  // namespace omen::sql
