// CREATE and ALTER SEQUENCE, and the sequence options of identity columns.

#include <fmt/format.h>

#include <optional>
#include <string>

#include "sql/internal/bind_statement.h"

// PostgreSQL's headers come last.
#include "sql/internal/pg_nodes.h"

namespace omen::sql {
namespace {

template <typename T>
const T& As(const Node* node) {
  return *reinterpret_cast<const T*>(node);
}

struct Bounds {
  int64_t min, max;
};

Bounds BoundsOf(Oid type) {
  if (type == oid::kInt2) return {INT16_MIN, INT16_MAX};
  if (type == oid::kInt4) return {INT32_MIN, INT32_MAX};
  return {INT64_MIN, INT64_MAX};
}

// What was written, before the defaults that depend on direction and type.
struct Written {
  std::optional<int64_t> start, increment, min, max, cache;
  std::optional<bool> cycle;
  bool no_min = false, no_max = false;
  Oid type = oid::kInvalid;
};

Status OwnedBy(const DefElem& option, SequenceChange* change) {
  const Items<Node> names(reinterpret_cast<const List*>(option.arg));
  if (names.size() < 2) return Status::Ok();  // OWNED BY NONE
  QualifiedName table;
  table.name = Text(names[names.size() - 2]);
  if (names.size() > 2) table.schema = Text(names[names.size() - 3]);
  change->owned_by = {table, Text(names.back())};
  return Status::Ok();
}

Status TakeOption(const DefElem& option, Written* written, SequenceChange* change) {
  const std::string_view name = option.defname;
  if (name == "as") {
    OMEN_ASSIGN_OR_RETURN(const Type type, ResolveType(As<TypeName>(option.arg)));
    written->type = type.oid;
    const bool fits = type.oid == oid::kInt2 || type.oid == oid::kInt4 || type.oid == oid::kInt8;
    if (fits) return Status::Ok();
    return Status(sqlstate::kInvalidParameter,
                  "sequence type must be smallint, integer, or bigint");
  }
  if (name == "owned_by") return OwnedBy(option, change);
  if (name == "cycle") {
    written->cycle = OptionBool(option);
    return Status::Ok();
  }
  if (name == "minvalue" && option.arg == nullptr) {
    written->no_min = true;
    return Status::Ok();
  }
  if (name == "maxvalue" && option.arg == nullptr) {
    written->no_max = true;
    return Status::Ok();
  }
  if (name == "restart" && option.arg == nullptr) {
    change->restart = change->options.start;
    return Status::Ok();
  }
  OMEN_ASSIGN_OR_RETURN(const int64_t value, OptionInt(option));
  if (name == "start")
    written->start = value;
  else if (name == "increment")
    written->increment = value;
  else if (name == "minvalue")
    written->min = value;
  else if (name == "maxvalue")
    written->max = value;
  else if (name == "cache")
    written->cache = value;
  else if (name == "restart")
    change->restart = value;
  else
    return NotSupported(fmt::format("sequence option \"{}\"", name));
  return Status::Ok();
}

Status CheckBounds(const catalog::Sequence& sequence) {
  if (sequence.increment == 0) {
    return Status(sqlstate::kInvalidParameter, "INCREMENT must not be zero");
  }
  if (sequence.min >= sequence.max) {
    return Status(
        sqlstate::kInvalidParameter,
        fmt::format("MINVALUE ({}) must be less than MAXVALUE ({})", sequence.min, sequence.max));
  }
  if (sequence.start < sequence.min) {
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("START value ({}) cannot be less than MINVALUE ({})", sequence.start,
                              sequence.min));
  }
  if (sequence.start > sequence.max) {
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("START value ({}) cannot be greater than MAXVALUE ({})",
                              sequence.start, sequence.max));
  }
  return Status::Ok();
}

}  // namespace

Status SequenceOptions(const List* options, catalog::Sequence* sequence, SequenceChange* change) {
  Written written;
  for (const Node* node : Items<Node>(options)) {
    OMEN_RETURN_IF_ERROR(TakeOption(As<DefElem>(node), &written, change));
  }
  const bool created = change->create;
  if (written.type != oid::kInvalid) sequence->type = {written.type, -1};
  if (written.increment) sequence->increment = *written.increment;
  const bool ascending = sequence->increment > 0;
  const Bounds bounds = BoundsOf(sequence->type.oid);
  if (written.min)
    sequence->min = *written.min;
  else if (created || written.no_min)
    sequence->min = ascending ? 1 : bounds.min;
  if (written.max)
    sequence->max = *written.max;
  else if (created || written.no_max)
    sequence->max = ascending ? bounds.max : -1;
  if (written.start)
    sequence->start = *written.start;
  else if (created)
    sequence->start = ascending ? sequence->min : sequence->max;
  if (written.cache) sequence->cache = *written.cache;
  if (written.cycle) sequence->cycle = *written.cycle;
  return CheckBounds(*sequence);
}

Result<SequenceChange> BindCreateSequence(UtilityContext* context, const CreateSeqStmt& node) {
  if (node.sequence->relpersistence == 't') return NotSupported("CREATE TEMPORARY SEQUENCE");
  SequenceChange change;
  OMEN_ASSIGN_OR_RETURN(change.name, NameOfRange(*context->state, *node.sequence));
  change.if_not_exists = node.if_not_exists;
  OMEN_RETURN_IF_ERROR(SequenceOptions(node.options, &change.options, &change));
  return change;
}

Result<SequenceChange> BindAlterSequence(UtilityContext* context, const AlterSeqStmt& node) {
  SequenceChange change;
  OMEN_ASSIGN_OR_RETURN(change.name, NameOfRange(*context->state, *node.sequence));
  change.create = false;
  change.if_exists = node.missing_ok;
  const catalog::Object* object =
      LookupRelation(*context->state, change.name.schema, change.name.name);
  if (object != nullptr) {
    if (const auto* sequence = std::get_if<catalog::Sequence>(object)) change.options = *sequence;
  }
  OMEN_RETURN_IF_ERROR(SequenceOptions(node.options, &change.options, &change));
  return change;
}

}  // namespace omen::sql
