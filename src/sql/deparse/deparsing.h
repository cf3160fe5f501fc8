// What all parts of one text share: the text, its lines, and the names in it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/deparse/scope_names.h"
#include "sql/deparse/text_layout.h"

namespace omen::sql {

/// One text in the making. One thread, used once; the parts (ExprDeparser, QueryDeparser and those
/// that they use) hold a reference to it. What a part cannot print makes the text fail as a whole;
/// it is worth nothing then.
class Deparsing {
 public:
  Deparsing(const BindContext& reader, TextLayout layout)
      : reader_(reader), layout_(layout), names_(reader) {}
  Deparsing(const Deparsing&) = delete;
  Deparsing& operator=(const Deparsing&) = delete;

  const BindContext& reader() const { return reader_; }
  bool pretty() const { return layout_.pretty; }
  ScopeNames& names() { return names_; }
  /// A query's level, until Leave().
  void Enter(const Query& query) {
    if (!names_.Enter(query)) Fail();
  }
  void Leave() { names_.Leave(); }

  void Fail() { failed_ = true; }
  bool failed() const { return failed_; }
  std::string TakeText() { return std::move(text_); }

  void Add(std::string_view text) { out_->append(text); }
  void AddName(std::string_view name);
  /// A list of names in parentheses; nothing where there is none.
  void AddNames(const std::vector<std::string>& names);
  /// Parentheses that pretty layout leaves out.
  void Open() { Add(layout_.pretty ? "" : "("); }
  void Close() { Add(layout_.pretty ? "" : ")"); }

  /// Begins a line with a keyword; the numbers change the indentation before it, after it, and
  /// for it alone.
  void Line(std::string_view keyword, int before, int after, int alone);
  int indent() const { return indent_; }
  void set_indent(int indent) { indent_ = indent; }
  /// What `print` adds, as a list's item that is not yet in the text.
  template <typename Print>
  std::string Field(Print print) {
    std::string field;
    std::string* const outer = std::exchange(out_, &field);
    print();
    out_ = outer;
    return field;
  }
  /// Puts a list's next item behind the text, on a line of its own if it would be too long, or if
  /// it must be. True when the item has several lines.
  bool AddField(std::string_view field, bool may_break, bool must_break);

 private:
  const BindContext& reader_;
  const TextLayout layout_;
  ScopeNames names_;
  std::string text_;
  std::string* out_ = &text_;
  int indent_ = 0;
  bool failed_ = false;
};

}  // namespace omen::sql
