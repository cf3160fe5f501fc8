// Expressions, as CanonicalWriter writes them.
#include <fmt/format.h>

#include <algorithm>

#include "sql/traits/canonical.h"
#include "sql/tree/expr_kind.h"
#include "sql/tree/expr_walk.h"

namespace omen::sql {
namespace {

constexpr std::string_view kGiven = "?";

bool IsComparison(std::string_view op) {
  return op == "=" || op == "<>" || op == "<" || op == "<=" || op == ">" || op == ">=";
}

std::string_view MirrorOf(std::string_view op) {
  if (op == "<") return ">";
  if (op == "<=") return ">=";
  if (op == ">") return "<";
  if (op == ">=") return "<=";
  return op;
}

uint8_t FactsOf(Oid type) {
  const TypeInfo& info = InfoOf(type);
  return info.element == oid::kInvalid ? info.facts : InfoOf(info.element).facts;
}

/// What the text form of a type follows.
uint16_t TextSurroundings(Oid type) {
  const uint8_t facts = FactsOf(type);
  uint16_t surroundings = functions::kNoSurroundings;
  if ((facts & kTextOnStyle) != 0) surroundings |= functions::kOnStyle;
  if ((facts & kTextOnZone) != 0) surroundings |= functions::kOnZone;
  if ((facts & kTextOnNames) != 0) surroundings |= functions::kOnCatalog | functions::kOnPath;
  return surroundings;
}

/// What reading text as this type depends on: 'now' and 'today' are dates, too.
uint16_t ReadingSurroundings(Oid type) {
  const bool moment = (FactsOf(type) & kTextOnClock) != 0;
  const uint16_t text = TextSurroundings(type);
  return moment ? text | functions::kOnClock | functions::kOnZone : text;
}

}  // namespace

std::string JoinSorted(std::vector<std::string> texts, std::string_view separator) {
  std::ranges::sort(texts);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return fmt::format("{}", fmt::join(texts, separator));
}

CanonicalFrame* FrameAt(CanonicalFrame* frame, int levels) {
  for (; levels > 0 && frame != nullptr; --levels) frame = frame->outer;
  return frame;
}

bool IsGiven(const Expr& expr) {
  bool given = true;
  WalkExpr(expr, [&](const Expr& node, int) {
    given = given && node.kind != ExprKind::kColumn && node.subquery == nullptr &&
            node.kind != ExprKind::kAggregate && node.kind != ExprKind::kWindow;
    return given;
  });
  return given;
}

std::string CanonicalWriter::WriteAll(const std::vector<ExprPtr>& exprs, CanonicalFrame* frame) {
  std::string text;
  for (const ExprPtr& expr : exprs) {
    if (!text.empty()) text += ',';
    text += WriteExpr(*expr, frame);
  }
  return text;
}

std::string CanonicalWriter::WriteSorted(const std::vector<ExprPtr>& exprs,
                                         std::string_view separator, CanonicalFrame* frame) {
  std::vector<std::string> texts;
  for (const ExprPtr& expr : exprs) texts.push_back(WriteExpr(*expr, frame));
  return JoinSorted(std::move(texts), separator);
}

std::string CanonicalWriter::WriteKeys(const std::vector<SortKey>& keys, CanonicalFrame* frame) {
  std::string text;
  for (const SortKey& key : keys) {
    text += fmt::format("{}{}{};", WriteExpr(*key.expr, frame), key.descending ? " desc" : "",
                        key.nulls_first ? " nulls first" : "");
  }
  return text;
}

std::string CanonicalWriter::WriteOptional(const ExprPtr& expr, CanonicalFrame* frame) {
  return expr == nullptr ? "" : WriteExpr(*expr, frame);
}

void CanonicalWriter::NoteCall(const functions::Function& function) {
  traits_->volatility = std::max(traits_->volatility, function.volatility);
  traits_->surroundings |= function.surroundings;
}

std::string CanonicalWriter::WriteExpr(const Expr& expr, CanonicalFrame* frame) {
  if (expr.subquery != nullptr) return WriteSubquery(expr, frame);
  switch (expr.kind) {
    case ExprKind::kConst:
    case ExprKind::kParam:
      return std::string(kGiven);
    case ExprKind::kColumn:
      return WriteColumn(expr, frame);
    case ExprKind::kFunction:
      return WriteFunction(expr, frame);
    case ExprKind::kCast:
      return WriteCast(expr, frame);
    case ExprKind::kAnd:
    case ExprKind::kOr:
      return fmt::format("({})",
                         WriteSorted(expr.args, expr.kind == ExprKind::kAnd ? "&" : "|", frame));
    case ExprKind::kInList:
    case ExprKind::kAny:
    case ExprKind::kAll:
      return WriteMembership(expr, frame);
    case ExprKind::kAggregate:
    case ExprKind::kWindow:
      return WriteCall(expr, frame);
    case ExprKind::kGroupKey:
      return WriteExpr(*frame->query->group_by[static_cast<size_t>(expr.column)], frame);
    default:
      return fmt::format("k{}:{}({}{})", static_cast<int>(expr.kind), expr.type.oid,
                         WriteAll(expr.args, frame), expr.has_else ? ",else" : "");
  }
}

ColumnRef BaseColumn(const Expr& expr, const CanonicalFrame* frame) {
  constexpr ColumnRef kNone{0, 0};
  if (expr.kind != ExprKind::kColumn || expr.rel < 0) return kNone;
  for (int level = expr.levels_up; level > 0 && frame != nullptr; --level) frame = frame->outer;
  if (frame == nullptr) return kNone;
  const auto number = static_cast<size_t>(expr.rel);
  const auto column = static_cast<size_t>(expr.column);
  if (frame->merged[number] != nullptr) {
    const Query& inner = *frame->merged[number]->query;
    return BaseColumn(*inner.targets[column].expr, frame->merged[number].get());
  }
  const Relation& relation = frame->query->relations[number];
  if (relation.kind != RelationKind::kTable || column >= relation.attnums.size()) return kNone;
  return {relation.table->oid, relation.attnums[column]};
}

std::string CanonicalWriter::WriteColumn(const Expr& expr, CanonicalFrame* frame) {
  if (expr.rel < 0) return fmt::format("out{}", expr.column);
  CanonicalFrame* owner = FrameAt(frame, expr.levels_up);
  if (owner == nullptr) return fmt::format("outer{}.{}.{}", expr.levels_up, expr.rel, expr.column);
  const auto number = static_cast<size_t>(expr.rel);
  if (CanonicalFrame* merged = owner->merged[number].get()) {
    return WriteExpr(*merged->query->targets[static_cast<size_t>(expr.column)].expr, merged);
  }
  const ColumnRef base = BaseColumn(expr, frame);
  if (base.table != 0) columns_read_.insert(base);
  return fmt::format("{}.{}", owner->names[number], base.table != 0 ? base.attnum : expr.column);
}

std::string CanonicalWriter::WriteFunction(const Expr& expr, CanonicalFrame* frame) {
  NoteCall(*expr.function);
  if (expr.op == nullptr) {
    return fmt::format("f{}({})", expr.function->oid, WriteAll(expr.args, frame));
  }
  if (expr.args.size() == 2 && IsComparison(expr.op->name)) {
    return WriteComparison(expr, expr.op->name, frame);
  }
  if (expr.args.size() == 2 && expr.op->commutator == expr.op->oid) {
    return fmt::format("({}{}{})", expr.op->name, expr.op->oid, WriteSorted(expr.args, " ", frame));
  }
  return fmt::format("({}{} {})", expr.op->name, expr.op->oid, WriteAll(expr.args, frame));
}

// By the operator's name: which of its functions is meant follows from how wide a literal is.
std::string CanonicalWriter::WriteComparison(const Expr& expr, std::string_view op,
                                             CanonicalFrame* frame) {
  std::string left = WriteExpr(WithoutImplicitCasts(*expr.args[0]), frame);
  std::string right = WriteExpr(WithoutImplicitCasts(*expr.args[1]), frame);
  if (expr.in_list) return fmt::format("in{}({},{})", op == "<>" ? "!" : "", left, right);
  if (right < left) {
    std::swap(left, right);
    op = MirrorOf(op);
  }
  return fmt::format("({}{}{})", left, op, right);
}

std::string CanonicalWriter::WriteCast(const Expr& expr, CanonicalFrame* frame) {
  const Expr& arg = *expr.args[0];
  if (expr.function != nullptr) NoteCall(*expr.function);
  if (expr.cast_method == functions::CastMethod::kInOut) {
    traits_->surroundings |= TextSurroundings(arg.type.oid) | ReadingSurroundings(expr.type.oid);
  }
  std::string text = WriteExpr(arg, frame);
  if (text == kGiven) return text;
  return fmt::format("{}::{}.{}", text, expr.type.oid, expr.type.typmod);
}

std::string CanonicalWriter::WriteMembership(const Expr& expr, CanonicalFrame* frame) {
  const std::string left = WriteExpr(WithoutImplicitCasts(*expr.args[0]), frame);
  std::vector<std::string> items;
  for (size_t i = 1; i < expr.args.size(); ++i) {
    items.push_back(WriteExpr(WithoutImplicitCasts(*expr.args[i]), frame));
  }
  const bool list = expr.kind == ExprKind::kInList;
  const std::string_view op = expr.op == nullptr ? "=" : expr.op->name;
  const bool in = list ? !expr.negated : expr.kind == ExprKind::kAny && op == "=";
  const bool not_in = list ? expr.negated : expr.kind == ExprKind::kAll && op == "<>";
  const std::string all = JoinSorted(std::move(items), ",");
  if (in || not_in) return fmt::format("in{}({},{})", in ? "" : "!", left, all);
  return fmt::format("{}{}({},{})", expr.kind == ExprKind::kAny ? "any" : "all", op, left, all);
}

std::string CanonicalWriter::WriteCall(const Expr& expr, CanonicalFrame* frame) {
  Oid callee = 0;
  if (expr.aggregate != nullptr) {
    callee = expr.aggregate->oid;
    traits_->surroundings |= expr.aggregate->surroundings;
  } else if (expr.window_function != nullptr) {
    callee = expr.window_function->oid;
  }
  std::string text =
      fmt::format("a{}({}{}", callee, expr.distinct ? "distinct " : "", WriteAll(expr.args, frame));
  if (!expr.order_by.empty()) text += " order " + WriteKeys(expr.order_by, frame);
  if (expr.filter != nullptr) text += " filter " + WriteExpr(*expr.filter, frame);
  text += expr.ignore_nulls ? " ignore)" : ")";
  if (expr.kind != ExprKind::kWindow) return text;
  return text + WriteWindow(frame->query->windows[static_cast<size_t>(expr.window)], frame);
}

std::string CanonicalWriter::WriteWindow(const WindowDef& window, CanonicalFrame* frame) {
  return fmt::format("over({}|{}|{}.{}.{}.{}|{}|{})", WriteSorted(window.partition_by, ",", frame),
                     WriteKeys(window.order_by, frame), static_cast<int>(window.frame),
                     static_cast<int>(window.start), static_cast<int>(window.end),
                     static_cast<int>(window.exclude), WriteOptional(window.start_offset, frame),
                     WriteOptional(window.end_offset, frame));
}

std::string CanonicalWriter::WriteSubquery(const Expr& expr, CanonicalFrame* frame) {
  std::string ops;
  for (const functions::Operator* op : expr.ops) ops += op->name;
  return fmt::format("q{}.{}{}{}({};{})", static_cast<int>(expr.kind),
                     static_cast<int>(expr.quantifier), expr.negated ? "!" : "", ops,
                     WriteAll(expr.args, frame), WriteQuery(*expr.subquery, frame));
}

}  // namespace omen::sql
