#include "session/catalogue/object_names.h"

namespace omen::session {
namespace {

bool IsNamed(Oid type) { return type == oid::kRegclass || type == oid::kRegnamespace; }

}  // namespace

ObjectNames::ObjectNames(std::span<const sql::OutputColumn> columns,
                         std::span<const Format> formats, FunctionHooks* hooks)
    : columns_(columns), hooks_(hooks) {
  for (size_t i = 0; i < columns.size(); ++i) {
    const Oid type = columns[i].type.oid;
    if (!IsNamed(type) && !IsNamed(InfoOf(type).element)) continue;
    if (i < formats.size() && formats[i] == Format::kBinary) continue;
    if (named_.empty()) shown_columns_.assign(columns.begin(), columns.end());
    shown_columns_[i].type = {IsNamed(type) ? oid::kText : oid::kTextArray, -1};
    named_.push_back(i);
  }
}

std::span<const sql::OutputColumn> ObjectNames::columns() const {
  return named_.empty() ? columns_ : shown_columns_;
}

Value ObjectNames::NameOf(Oid type, const Value& value) const {
  if (value.is_null()) return value;
  const auto object = static_cast<Oid>(value.AsInt());
  if (object == 0) return Value::Text("-");
  const std::string name =
      type == oid::kRegclass ? hooks_->RelationName(object) : hooks_->SchemaName(object);
  return Value::Text(name.empty() ? std::to_string(object) : name);
}

const Row& ObjectNames::Shown(const Row& row) {
  if (named_.empty()) return row;
  shown_ = row;
  for (const size_t i : named_) {
    const Oid type = columns_[i].type.oid;
    const Oid element = InfoOf(type).element;
    if (!IsNamed(element)) {
      shown_[i] = NameOf(type, row[i]);
      continue;
    }
    if (row[i].is_null()) continue;
    ArrayData array = row[i].AsArray();
    array.element = oid::kText;
    for (Value& value : array.elements) value = NameOf(element, value);
    shown_[i] = Value::Array(std::move(array));
  }
  return shown_;
}

}  // namespace omen::session
