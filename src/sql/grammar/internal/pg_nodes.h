// PostgreSQL's parse-tree structs, for walking what libpg_query's grammar made.
// Include this last: the server's headers define macros (Min, ERROR, snprintf) that
// break other headers. The library keeps three of the server's globals thread-local,
// which the server's headers do not know; they are renamed away here and declared
// right where the parser is called (parse.cc).
#pragma once

#include <cstddef>
#include <cstdint>

#define CurrentMemoryContext omen_shadowed_memory_context
#define PG_exception_stack omen_shadowed_exception_stack
#define error_context_stack omen_shadowed_error_context_stack

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wregister"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wpedantic"
extern "C" {
// postgres.h defines what the others use.
// clang-format off
#include <postgres.h>
#include <nodes/parsenodes.h>
#include <nodes/pg_list.h>
#include <nodes/primnodes.h>
#include <nodes/value.h>
#include <utils/elog.h>
#include <utils/memutils.h>
// clang-format on
}
#pragma GCC diagnostic pop

#undef CurrentMemoryContext
#undef PG_exception_stack
#undef error_context_stack
#undef foreach
#undef Min
#undef Max
#undef snprintf
#undef printf
#undef sprintf
#undef vsnprintf
#undef fprintf
#undef strerror
#undef ERROR
#undef INFO
#undef NOTICE
#undef WARNING
#undef LOG

namespace omen::sql {

/// Range-for over a PostgreSQL list of T*. A null list is empty.
template <typename T = ::Node>
class Items {
 public:
  explicit Items(const ::List* list) : list_(list) {}

  class Iterator {
   public:
    explicit Iterator(const ::ListCell* cell) : cell_(cell) {}
    T* operator*() const { return static_cast<T*>(cell_->ptr_value); }
    Iterator& operator++() {
      ++cell_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return cell_ != other.cell_; }

   private:
    const ::ListCell* cell_;
  };

  Iterator begin() const { return Iterator(list_ ? list_->elements : nullptr); }
  Iterator end() const { return Iterator(list_ ? list_->elements + list_->length : nullptr); }
  int size() const { return list_ ? list_->length : 0; }
  T* operator[](int index) const { return static_cast<T*>(list_->elements[index].ptr_value); }
  T* back() const { return (*this)[size() - 1]; }

 private:
  const ::List* list_;
};

/// The text of a String node.
inline const char* Text(const ::Node* node) {
  return reinterpret_cast<const ::String*>(node)->sval;
}

/// `node`, whose tag is known to be a T's.
template <typename T>
const T& As(const ::Node* node) {
  return *reinterpret_cast<const T*>(node);
}

/// `node` as a T, or null when its tag differs.
template <typename T>
const T* NodeAs(const ::Node* node, ::NodeTag tag) {
  return node != nullptr && nodeTag(node) == tag ? reinterpret_cast<const T*>(node) : nullptr;
}

}  // namespace omen::sql
