// Names of catalogue objects: looked up along the search path, and written as literals
// of the reg* types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/typing/state.h"

struct TypeName;

namespace omen::sql {

/// `a."B c".d` into parts, folding what is not quoted. 42602 when malformed.
Result<std::vector<std::string>> SplitIdentifier(std::string_view text);

/// A column that every row has besides its own: ctid, xmin…
bool IsSystemColumn(std::string_view name);
/// 42701 of a new column that is called as one of those.
Status CheckColumnName(std::string_view name);

/// The relation of that name, or null. An empty schema means the search path.
const catalog::Object* LookupRelation(const BindState& state, std::string_view schema,
                                      std::string_view name);
/// The schema that new objects go to: the first of the path that exists, else null.
const catalog::Schema* CreationSchema(const BindState& state);

/// regclass, regtype, regproc, regnamespace: their literals are looked up here.
bool IsNameReference(Oid type);
ExprResult NameLiteral(BindState* state, std::string_view text, Type type, int location);

/// A type as the grammar gives it. 42704 when there is none.
Result<Type> ResolveType(const ::TypeName& name);
/// A type as text: "character varying(10)", "int[]".
Result<Type> TypeFromText(std::string_view text);

}  // namespace omen::sql
