// COPY with its options in the old and the new syntax.

#include <fmt/format.h>

#include <string>

#include "sql/command/bind_statement.h"
#include "sql/query/query.h"
#include "sql/typing/names.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

Status Syntax(std::string message, int location) {
  return Status(sqlstate::kSyntaxError, std::move(message)).At(location);
}

// What was given, since the defaults depend on the format.
struct Given {
  bool format = false, delimiter = false, null = false, quote = false, escape = false;
};

Status OneCharacter(const DefElem& option, std::string_view what, char* out) {
  const std::string text = OptionText(option);
  if (text.size() != 1) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("COPY {} must be a single one-byte character", what));
  }
  *out = text[0];
  return Status::Ok();
}

Status TakeColumnList(const DefElem& option, std::vector<std::string>* names, bool* all) {
  if (option.arg == nullptr) return Syntax("a column list is missing", option.location);
  if (nodeTag(option.arg) == T_A_Star) {
    if (all == nullptr) return Syntax("a column list is missing", option.location);
    *all = true;
    return Status::Ok();
  }
  for (const Node* name : Items<Node>(reinterpret_cast<const List*>(option.arg))) {
    names->push_back(Text(name));
  }
  return Status::Ok();
}

Status Format(const DefElem& option, Copy* copy) {
  const std::string name = OptionText(option);
  if (name == "text")
    copy->format = Copy::Format::kText;
  else if (name == "csv")
    copy->format = Copy::Format::kCsv;
  else if (name == "binary")
    copy->format = Copy::Format::kBinary;
  else {
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("COPY format \"{}\" not recognized", name))
        .At(option.location);
  }
  return Status::Ok();
}

Status Header(const DefElem& option, Copy* copy) {
  if (option.arg != nullptr && nodeTag(option.arg) == T_String && OptionText(option) == "match") {
    return NotSupported("COPY HEADER MATCH");
  }
  copy->header = OptionBool(option);
  if (CheckBool(option).ok()) return Status::Ok();
  return Syntax(fmt::format("{} requires a Boolean value or \"match\"", option.defname), -1);
}

Status Encoding(const DefElem& option) {
  std::string name = OptionText(option);
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (name == "utf8" || name == "utf-8" || name == "unicode") return Status::Ok();
  return NotSupported(fmt::format("COPY ENCODING '{}'", name));
}

Status TakeCopyOption(const DefElem& option, Copy* copy, Given* given) {
  const std::string_view name = option.defname;
  if (name == "format") {
    given->format = true;
    return Format(option, copy);
  }
  if (name == "delimiter") {
    given->delimiter = true;
    return OneCharacter(option, "delimiter", &copy->delimiter);
  }
  if (name == "null") {
    given->null = true;
    copy->null_text = OptionText(option);
    return Status::Ok();
  }
  if (name == "quote") {
    given->quote = true;
    return OneCharacter(option, "quote", &copy->quote);
  }
  if (name == "escape") {
    given->escape = true;
    return OneCharacter(option, "escape", &copy->escape);
  }
  if (name == "header") return Header(option, copy);
  if (name == "freeze") {
    copy->freeze = OptionBool(option);
    return Status::Ok();
  }
  if (name == "force_quote")
    return TakeColumnList(option, &copy->force_quote, &copy->force_quote_all);
  if (name == "force_not_null") return TakeColumnList(option, &copy->force_not_null, nullptr);
  if (name == "force_null") return TakeColumnList(option, &copy->force_null, nullptr);
  if (name == "encoding") return Encoding(option);
  return Syntax(fmt::format("option \"{}\" not recognized", name), option.location);
}

Status OnlyIn(std::string_view option, std::string_view where) {
  return Status(sqlstate::kFeatureNotSupported,
                fmt::format("COPY {} available only {}", option, where));
}

Status CheckOptions(const Copy& copy, const Given& given) {
  const bool csv = copy.format == Copy::Format::kCsv;
  if (copy.format == Copy::Format::kBinary) {
    if (given.delimiter) return Syntax("cannot specify DELIMITER in BINARY mode", -1);
    if (given.null) return Syntax("cannot specify NULL in BINARY mode", -1);
    if (copy.header) {
      return Status(sqlstate::kFeatureNotSupported, "cannot specify HEADER in BINARY mode");
    }
  }
  const bool forces_quote = copy.force_quote_all || !copy.force_quote.empty();
  if (!csv && given.quote) return OnlyIn("quote", "in CSV mode");
  if (!csv && given.escape) return OnlyIn("escape", "in CSV mode");
  if (!csv && forces_quote) return OnlyIn("force quote", "in CSV mode");
  if (copy.from && forces_quote) {
    return Status(sqlstate::kFeatureNotSupported, "COPY force quote only available using COPY TO");
  }
  if (copy.null_text.find_first_of("\r\n") != std::string::npos) {
    return Status(sqlstate::kInvalidParameter,
                  "COPY null representation cannot use newline or carriage return");
  }
  if (!copy.force_not_null.empty() || !copy.force_null.empty()) {
    return NotSupported("COPY FORCE_NULL and FORCE_NOT_NULL");
  }
  const std::string_view unfit = "\\.abcdefghijklmnopqrstuvwxyz0123456789";
  if (!csv && unfit.find(copy.delimiter) != std::string_view::npos) {
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("COPY delimiter cannot be \"{}\"", copy.delimiter));
  }
  if (copy.delimiter == '\n' || copy.delimiter == '\r') {
    return Status(sqlstate::kInvalidParameter,
                  "COPY delimiter cannot be newline or carriage return");
  }
  if (copy.null_text.find(copy.delimiter) != std::string::npos) {
    return Status(sqlstate::kFeatureNotSupported,
                  "COPY delimiter must not appear in the NULL specification");
  }
  if (csv && copy.delimiter == copy.quote) {
    return Status(sqlstate::kInvalidParameter, "COPY delimiter and quote must be different");
  }
  return Status::Ok();
}

Status Options(const List* options, Copy* copy) {
  Given given;
  OMEN_RETURN_IF_ERROR(CheckOnce(options));
  for (const Node* node : Items<Node>(options)) {
    OMEN_RETURN_IF_ERROR(TakeCopyOption(As<DefElem>(node), copy, &given));
  }
  if (copy->format == Copy::Format::kCsv) {
    if (!given.delimiter) copy->delimiter = ',';
    if (!given.null) copy->null_text = "";
    if (!given.escape) copy->escape = copy->quote;
  }
  return CheckOptions(*copy, given);
}

Status Target(UtilityContext* context, const RangeVar& range, Copy* copy) {
  OMEN_ASSIGN_OR_RETURN(copy->table, NameOfRange(*context->state, range));
  const catalog::Object* object =
      LookupRelation(*context->state, copy->table.schema, copy->table.name);
  if (object == nullptr) {
    return Status(sqlstate::kUndefinedTable,
                  fmt::format("relation \"{}\" does not exist", copy->table.name))
        .At(range.location);
  }
  const auto* table = std::get_if<catalog::Table>(object);
  if (table == nullptr) {
    return Status(sqlstate::kWrongObjectType,
                  fmt::format("cannot copy {} non-table relation \"{}\"",
                              copy->from ? "to" : "from", copy->table.name));
  }
  context->state->statement->tables.push_back(table->oid);
  return Status::Ok();
}

}  // namespace

Result<Copy> BindCopy(UtilityContext* context, const CopyStmt& node) {
  Copy copy;
  copy.from = node.is_from;
  if (node.is_program || node.filename != nullptr) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("COPY {} is refused: the server reads and writes no files for "
                              "clients",
                              node.is_program ? "PROGRAM" : "with a file name"))
        .Hint("Use COPY FROM STDIN or TO STDOUT; psql's \\copy does.");
  }
  if (node.whereClause != nullptr) return NotSupported("COPY ... WHERE");
  OMEN_RETURN_IF_ERROR(Options(node.options, &copy));
  for (const Node* name : Items<Node>(node.attlist)) copy.columns.push_back(Text(name));
  if (node.relation != nullptr) {
    OMEN_RETURN_IF_ERROR(Target(context, *node.relation, &copy));
    return copy;
  }
  const auto* select = NodeAs<SelectStmt>(node.query, T_SelectStmt);
  if (select == nullptr) return NotSupported("COPY of a writing statement");
  if (select->intoClause != nullptr) {
    return Status(sqlstate::kFeatureNotSupported, "COPY (SELECT INTO) is not supported");
  }
  OMEN_ASSIGN_OR_RETURN(copy.query, BindQuery(context->state, node.query));
  return copy;
}

}  // namespace omen::sql
