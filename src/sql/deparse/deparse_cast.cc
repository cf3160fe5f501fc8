#include "sql/deparse/deparse_cast.h"

#include <algorithm>
#include <cctype>

#include "sql/deparse/term_shape.h"

namespace omen::sql {
namespace {

std::string QuotedConstant(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += c;
    quoted += c;
  }
  return quoted + "'";
}

// A digit first, and a point or an exponent: what the parser makes a numeric of.
bool ReadsAsNumeric(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) &&
         text.find_first_of("eE.") != std::string_view::npos;
}

bool NamesAnObject(Oid type) {
  return type == oid::kRegclass || type == oid::kRegtype || type == oid::kRegproc ||
         type == oid::kRegnamespace;
}

}  // namespace

void CastDeparser::Print(const Expr& cast, bool implicit) {
  if (cast.explicit_cast || implicit) return PrintCoercion(cast);
  exprs_.PrintOperand(*cast.args[0], false, cast);
}

void CastDeparser::PrintCoercion(const Expr& cast) {
  const Expr& arg = *cast.args[0];
  const bool same_type = arg.type.oid == cast.type.oid;
  if (arg.kind == ExprKind::kConst && same_type && arg.type.typmod == -1) {
    PrintConstant(arg, -1);
  } else {
    // PostgreSQL has two casts for one to a type with a length, and the inner one, though
    // hidden, can bring parentheses of its own.
    const bool hidden_step = text_.pretty() && !same_type && cast.type.typmod >= 0 &&
                             cast.cast_method != functions::CastMethod::kFunction &&
                             !IsSimpleOperand(arg, cast, true);
    text_.Add(text_.pretty() && !hidden_step ? "" : "(");
    exprs_.PrintOperand(arg, false, cast);
    text_.Add(text_.pretty() && !hidden_step ? "" : ")");
  }
  text_.Add("::");
  text_.Add(FormatType(cast.type));
}

void CastDeparser::ReferenceText(const Expr& constant, std::string* text) {
  const auto oid = static_cast<Oid>(constant.value.AsInt());
  if (constant.type.oid == oid::kRegtype) {
    *text = FormatType({oid, -1});
    return;
  }
  const catalog::Object* object =
      constant.type.oid == oid::kRegclass ? text_.reader().catalog->FindRelation(oid) : nullptr;
  if (object == nullptr) return text_.Fail();
  std::visit(
      [&](const auto& named) {
        if constexpr (requires { named.schema; }) {
          *text = text_.names().RelationName(oid, named.schema, named.name);
        }
      },
      *object);
  if (text->empty()) text_.Fail();
}

void CastDeparser::PrintConstant(const Expr& constant, int label) {
  const Type type = constant.type;
  bool labelled = false;
  if (constant.value.is_null()) {
    text_.Add("NULL");
    labelled = true;
  } else {
    std::string text;
    if (NamesAnObject(type.oid)) {
      ReferenceText(constant, &text);
    } else {
      text = ToText(type, constant.value, text_.reader().style);
    }
    const bool bare = (type.oid == oid::kInt4 && !text.starts_with('-')) ||
                      (type.oid == oid::kNumeric && ReadsAsNumeric(text));
    if (type.oid == oid::kBool) {
      text_.Add(constant.value.AsBool() ? "true" : "false");
    } else {
      text_.Add(bare ? text : QuotedConstant(text));
    }
    labelled = !bare && type.oid != oid::kBool && type.oid != oid::kUnknown;
    if (type.oid == oid::kNumeric && type.typmod >= 0) labelled = true;
  }
  if (label < 0 || (label == 0 && !labelled)) return;
  text_.Add("::");
  text_.Add(FormatType(type));
}

}  // namespace omen::sql
