// CREATE and ALTER SEQUENCE, and the sequence options of identity columns.

#include <fmt/format.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "sql/command/bind_statement.h"
#include "sql/typing/names.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

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
  bool no_min = false, no_max = false, restart_at_start = false;
  Oid type = oid::kInvalid;
  std::set<std::string_view> names;  // given so far; each once
};

Status OwnedBy(const DefElem& option, SequenceChange* change) {
  const Items<Node> names(reinterpret_cast<const List*>(option.arg));
  if (names.size() < 2) {
    if (std::string_view(Text(names[0])) == "none") {
      change->owned_by.emplace();  // no table: nobody's
      return Status::Ok();
    }
    return Status(sqlstate::kSyntaxError, "invalid OWNED BY option")
        .Hint("Specify OWNED BY table.column or OWNED BY NONE.");
  }
  QualifiedName table;
  table.name = Text(names[names.size() - 2]);
  if (names.size() > 2) table.schema = Text(names[names.size() - 3]);
  change->owned_by = {table, Text(names.back())};
  return Status::Ok();
}

Status TakeSequenceOption(const DefElem& option, Written* written, SequenceChange* change) {
  const std::string_view name = option.defname;
  if (!written->names.insert(name).second) {
    return Status(sqlstate::kSyntaxError, "conflicting or redundant options").At(option.location);
  }
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
    written->restart_at_start = true;
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

Status Invalid(std::string message) {
  return Status(sqlstate::kInvalidParameter, std::move(message));
}

Status CheckWithin(const char* what, int64_t value, const catalog::Sequence& sequence) {
  if (value < sequence.min) {
    return Invalid(
        fmt::format("{} value ({}) cannot be less than MINVALUE ({})", what, value, sequence.min));
  }
  if (value > sequence.max) {
    return Invalid(fmt::format("{} value ({}) cannot be greater than MAXVALUE ({})", what, value,
                               sequence.max));
  }
  return Status::Ok();
}

Status CheckBounds(const catalog::Sequence& sequence, const SequenceChange& change) {
  if (sequence.increment == 0) return Invalid("INCREMENT must not be zero");
  const Bounds bounds = BoundsOf(sequence.type.oid);
  const auto out_of_range = [&](const char* what, int64_t value) {
    return Invalid(fmt::format("{} ({}) is out of range for sequence data type {}", what, value,
                               FormatType(sequence.type)));
  };
  if (sequence.max < bounds.min || sequence.max > bounds.max) {
    return out_of_range("MAXVALUE", sequence.max);
  }
  if (sequence.min < bounds.min || sequence.min > bounds.max) {
    return out_of_range("MINVALUE", sequence.min);
  }
  if (sequence.min >= sequence.max) {
    return Invalid(
        fmt::format("MINVALUE ({}) must be less than MAXVALUE ({})", sequence.min, sequence.max));
  }
  OMEN_RETURN_IF_ERROR(CheckWithin("START", sequence.start, sequence));
  if (change.restart) OMEN_RETURN_IF_ERROR(CheckWithin("RESTART", *change.restart, sequence));
  if (sequence.cache < 1) {
    return Invalid(fmt::format("CACHE ({}) must be greater than zero", sequence.cache));
  }
  return Status::Ok();
}

}  // namespace

Status SequenceOptions(const List* options, catalog::Sequence* sequence, SequenceChange* change) {
  Written written;
  for (const Node* node : Items<Node>(options)) {
    OMEN_RETURN_IF_ERROR(TakeSequenceOption(As<DefElem>(node), &written, change));
  }
  const bool created = change->create;
  // A bound that was the old type's own goes on to be the type's.
  const Bounds before = BoundsOf(sequence->type.oid);
  const bool retyped = written.type != oid::kInvalid && !created;
  const bool whole_min = retyped && sequence->min == before.min;
  const bool whole_max = retyped && sequence->max == before.max;
  if (written.type != oid::kInvalid) sequence->type = {written.type, -1};
  if (written.increment) sequence->increment = *written.increment;
  const bool ascending = sequence->increment > 0;
  const Bounds bounds = BoundsOf(sequence->type.oid);
  if (written.min)
    sequence->min = *written.min;
  else if (created || written.no_min || whole_min)
    sequence->min = ascending && !whole_min ? 1 : bounds.min;
  if (written.max)
    sequence->max = *written.max;
  else if (created || written.no_max || whole_max)
    sequence->max = ascending || whole_max ? bounds.max : -1;
  if (written.start)
    sequence->start = *written.start;
  else if (created)
    sequence->start = ascending ? sequence->min : sequence->max;
  if (written.cache) sequence->cache = *written.cache;
  if (written.cycle) sequence->cycle = *written.cycle;
  if (written.restart_at_start) change->restart = sequence->start;
  return CheckBounds(*sequence, *change);
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
