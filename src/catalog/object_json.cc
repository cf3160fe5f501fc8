// Catalogue objects as JSON: {"format":1, ...fields}. Field names are the C++ ones.
// Values inside (missing_value) are the type's binary wire form in hex, which is exact
// for every type and independent of settings.
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "catalog/catalog.h"
#include "types/io.h"

namespace omen::catalog {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;

Status Damaged(std::string_view what) {
  return Status(sqlstate::kDataCorrupted, "catalogue object is damaged: " + std::string(what));
}

std::string ToHex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (unsigned char byte : bytes) {
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

Result<std::string> FromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) return Damaged("odd hex length");
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexDigit(hex[i]), low = HexDigit(hex[i + 1]);
    if (high < 0 || low < 0) return Damaged("bad hex digit");
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

Json ToJson(const Type& type) { return Json::array({type.oid, type.typmod}); }
Type TypeFrom(const Json& json) { return {json.at(0).get<Oid>(), json.at(1).get<int32_t>()}; }

// Objects without a comment are written as they were before there were any.
void PutComment(Json* json, const std::string& comment, const char* field = "comment") {
  if (!comment.empty()) (*json)[field] = comment;
}
std::string CommentFrom(const Json& json, const char* field = "comment") {
  return json.value(field, std::string());
}

Json ToJson(const Column& column) {
  Json json{{"attnum", column.attnum},           {"name", column.name},
            {"type", ToJson(column.type)},       {"not_null", column.not_null},
            {"dropped", column.dropped},         {"identity", static_cast<int>(column.identity)},
            {"default_sql", column.default_sql}, {"owned_sequence", column.owned_sequence}};
  if (!column.missing_value.is_null()) {
    std::string bytes;
    AppendBinary({column.type.oid, -1}, column.missing_value, bytes);
    json["missing_value"] = ToHex(bytes);
  }
  PutComment(&json, column.comment);
  return json;
}

Result<Column> ColumnFrom(const Json& json) {
  Column column;
  column.attnum = json.at("attnum");
  column.name = json.at("name");
  column.type = TypeFrom(json.at("type"));
  column.not_null = json.at("not_null");
  column.dropped = json.at("dropped");
  column.identity = static_cast<Identity>(json.at("identity").get<int>());
  column.default_sql = json.at("default_sql");
  column.owned_sequence = json.at("owned_sequence");
  if (auto it = json.find("missing_value"); it != json.end()) {
    OMEN_ASSIGN_OR_RETURN(std::string bytes, FromHex(it->get<std::string>()));
    OMEN_ASSIGN_OR_RETURN(column.missing_value, ParseBinary({column.type.oid, -1}, bytes));
  }
  column.comment = CommentFrom(json);
  return column;
}

Json ColumnsToJson(const std::vector<Column>& columns) {
  Json json = Json::array();
  for (const Column& column : columns) json.push_back(ToJson(column));
  return json;
}

Result<std::vector<Column>> ColumnsFrom(const Json& json) {
  std::vector<Column> columns;
  for (const Json& one : json) {
    OMEN_ASSIGN_OR_RETURN(Column column, ColumnFrom(one));
    columns.push_back(std::move(column));
  }
  return columns;
}

Json ToJson(const Index& index) {
  Json columns = Json::array();
  for (const IndexColumn& column : index.columns) {
    columns.push_back(Json::array({column.attnum, column.descending, column.nulls_first}));
  }
  Json json{{"oid", index.oid},
            {"name", index.name},
            {"columns", columns},
            {"unique", index.unique},
            {"primary", index.primary},
            {"is_constraint", index.is_constraint},
            {"storage_id", index.storage_id}};
  if (index.nulls_not_distinct) json["nulls_not_distinct"] = true;
  PutComment(&json, index.comment);
  PutComment(&json, index.constraint_comment, "constraint_comment");
  return json;
}

Index IndexFrom(const Json& json) {
  Index index;
  index.oid = json.at("oid");
  index.name = json.at("name");
  for (const Json& one : json.at("columns")) {
    index.columns.push_back({one.at(0).get<int>(), one.at(1).get<bool>(), one.at(2).get<bool>()});
  }
  index.unique = json.at("unique");
  index.primary = json.at("primary");
  index.is_constraint = json.at("is_constraint");
  index.storage_id = json.at("storage_id");
  index.nulls_not_distinct = json.value("nulls_not_distinct", false);
  index.comment = CommentFrom(json);
  index.constraint_comment = CommentFrom(json, "constraint_comment");
  return index;
}

Json ToJson(const Schema& schema) {
  return Json{{"oid", schema.oid}, {"name", schema.name}, {"owner", schema.owner}};
}

Json ToJson(const Table& table) {
  Json indexes = Json::array(), checks = Json::array();
  for (const Index& index : table.indexes) indexes.push_back(ToJson(index));
  for (const CheckConstraint& check : table.checks) {
    checks.push_back(
        Json{{"oid", check.oid}, {"name", check.name}, {"expression_sql", check.expression_sql}});
    PutComment(&checks.back(), check.comment);
  }
  return Json{{"oid", table.oid},
              {"schema", table.schema},
              {"name", table.name},
              {"columns", ColumnsToJson(table.columns)},
              {"indexes", indexes},
              {"checks", checks},
              {"storage_id", table.storage_id},
              {"schema_version", table.schema_version},
              {"storage_kind", static_cast<int>(table.storage_kind)},
              {"load_order", table.load_order},
              {"owner", table.owner}};
}

Json ToJson(const View& view) {
  return Json{{"oid", view.oid},
              {"schema", view.schema},
              {"name", view.name},
              {"query_sql", view.query_sql},
              {"search_path", view.search_path},
              {"columns", ColumnsToJson(view.columns)},
              {"owner", view.owner}};
}

Json ToJson(const Sequence& sequence) {
  return Json{{"oid", sequence.oid},
              {"schema", sequence.schema},
              {"name", sequence.name},
              {"type", ToJson(sequence.type)},
              {"start", sequence.start},
              {"increment", sequence.increment},
              {"min", sequence.min},
              {"max", sequence.max},
              {"cache", sequence.cache},
              {"cycle", sequence.cycle},
              {"owned_by_table", sequence.owned_by_table},
              {"owned_by_attnum", sequence.owned_by_attnum},
              {"owner", sequence.owner}};
}

Json ToJson(const Role& role) {
  return Json{{"oid", role.oid},
              {"name", role.name},
              {"superuser", role.superuser},
              {"can_login", role.can_login},
              {"scram_verifier", role.scram_verifier}};
}

Json ToJson(const SystemRelation& relation) {
  return Json{{"oid", relation.oid},
              {"schema", relation.schema},
              {"name", relation.name},
              {"columns", ColumnsToJson(relation.columns)},
              {"producer", relation.producer}};
}

Result<Object> SchemaFrom(const Json& json) {
  return Object(Schema{json.at("oid"), json.at("name"), json.at("owner")});
}

Result<Object> TableFrom(const Json& json) {
  Table table;
  table.oid = json.at("oid");
  table.schema = json.at("schema");
  table.name = json.at("name");
  OMEN_ASSIGN_OR_RETURN(table.columns, ColumnsFrom(json.at("columns")));
  for (const Json& index : json.at("indexes")) table.indexes.push_back(IndexFrom(index));
  for (const Json& check : json.at("checks")) {
    table.checks.push_back(
        {check.at("oid"), check.at("name"), check.at("expression_sql"), CommentFrom(check)});
  }
  table.storage_id = json.at("storage_id");
  table.schema_version = json.at("schema_version");
  if (json.at("storage_kind") != static_cast<int>(StorageKind::kHybrid)) {
    return Damaged("unknown storage kind");
  }
  table.load_order = json.value("load_order", 0);  // of versions before there was none
  table.owner = json.at("owner");
  return Object(std::move(table));
}

Result<Object> ViewFrom(const Json& json) {
  View view;
  view.oid = json.at("oid");
  view.schema = json.at("schema");
  view.name = json.at("name");
  view.query_sql = json.at("query_sql");
  view.search_path = json.at("search_path").get<std::vector<std::string>>();
  OMEN_ASSIGN_OR_RETURN(view.columns, ColumnsFrom(json.at("columns")));
  view.owner = json.at("owner");
  return Object(std::move(view));
}

Result<Object> SequenceFrom(const Json& json) {
  Sequence sequence;
  sequence.oid = json.at("oid");
  sequence.schema = json.at("schema");
  sequence.name = json.at("name");
  sequence.type = TypeFrom(json.at("type"));
  sequence.start = json.at("start");
  sequence.increment = json.at("increment");
  sequence.min = json.at("min");
  sequence.max = json.at("max");
  sequence.cache = json.at("cache");
  sequence.cycle = json.at("cycle");
  sequence.owned_by_table = json.at("owned_by_table");
  sequence.owned_by_attnum = json.at("owned_by_attnum");
  sequence.owner = json.at("owner");
  return Object(std::move(sequence));
}

Result<Object> RoleFrom(const Json& json) {
  return Object(Role{json.at("oid"), json.at("name"), json.at("superuser"), json.at("can_login"),
                     json.at("scram_verifier")});
}

Result<Object> SystemRelationFrom(const Json& json) {
  SystemRelation relation;
  relation.oid = json.at("oid");
  relation.schema = json.at("schema");
  relation.name = json.at("name");
  OMEN_ASSIGN_OR_RETURN(relation.columns, ColumnsFrom(json.at("columns")));
  relation.producer = json.at("producer");
  return Object(std::move(relation));
}

Result<Object> ObjectFrom(ObjectClass object_class, const Json& json) {
  switch (object_class) {
    case ObjectClass::kSchema:
      return SchemaFrom(json);
    case ObjectClass::kTable:
      return TableFrom(json);
    case ObjectClass::kView:
      return ViewFrom(json);
    case ObjectClass::kSequence:
      return SequenceFrom(json);
    case ObjectClass::kRole:
      return RoleFrom(json);
    case ObjectClass::kSystemRelation:
      return SystemRelationFrom(json);
  }
  return Damaged("unknown object class");
}

}  // namespace

std::string EncodeObject(const Object& object) {
  Json json = std::visit([](const auto& o) { return ToJson(o); }, object);
  std::visit(
      [&](const auto& o) {
        if constexpr (requires { o.comment; }) PutComment(&json, o.comment);
      },
      object);
  json["format"] = kFormat;
  return json.dump();
}

Result<Object> DecodeObject(ObjectClass object_class, std::string_view bytes) {
  const Json json = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Damaged("not a JSON object");
  try {
    if (json.at("format") != kFormat) return Damaged("unknown format version");
    OMEN_ASSIGN_OR_RETURN(Object object, ObjectFrom(object_class, json));
    std::visit(
        [&](auto& o) {
          if constexpr (requires { o.comment; }) o.comment = CommentFrom(json);
        },
        object);
    return object;
  } catch (const Json::exception& error) {
    return Damaged(error.what());
  }
}

}  // namespace omen::catalog
