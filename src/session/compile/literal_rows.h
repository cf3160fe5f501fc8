// INSERT of many rows of literals, as dumps and batches of drivers have it: a statement of one row,
// whose plan all such texts share, and the rows. Pure, and deliberately narrow.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "types/io.h"
#include "types/type.h"
#include "types/value.h"

namespace omen::session {

/// The last text that was read, which outlives what is done with it. One thread.
class LiteralRows {
 public:
  /// True where `sql` is `insert into t [(...)] values (...), (...)...` and nothing else: of two
  /// rows or more, each of as many literals or nulls, and in each column strings alone or numbers
  /// alone.
  bool Read(std::string_view sql);
  /// The statement of one row, with $1..$n where the literals are.
  const std::string& text() const { return text_; }
  /// Of the parameters: unknown for strings; for numbers that of the widest, which a narrower one
  /// is assigned from alike.
  const std::vector<Oid>& types() const { return types_; }
  size_t rows() const { return cells_.size() / types_.size(); }
  /// The literals as values of the types given, row by row. False where one is refused.
  bool Values(const std::vector<Type>& types, const TextStyle& style, int64_t now_micros,
              std::vector<Value>* values) const;
  void Clear();

 private:
  enum class Kind : uint8_t { kNull, kNumber, kString, kQuotedString };  // has doubled quotes
  struct Cell {
    size_t begin;
    uint32_t size;
    Kind kind;
  };
  class Reader;

  std::string_view sql_;
  std::string text_;
  std::vector<Oid> types_;
  std::vector<Cell> cells_;
};

}  // namespace omen::session
