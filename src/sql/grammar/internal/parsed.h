// What a ParsedStatement holds: a tree in its script's memory context.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sql/grammar/parse.h"

struct Node;

namespace omen::sql {

/// Text and memory of one parsed script, shared by its statements. Immutable; freed by
/// whichever thread lets go last.
struct ParsedScript {
  std::string text;
  void* context = nullptr;

  ParsedScript() = default;
  ParsedScript(const ParsedScript&) = delete;
  ParsedScript& operator=(const ParsedScript&) = delete;
  ~ParsedScript();
};

struct ParsedStatement::Impl {
  std::shared_ptr<const ParsedScript> script;
  const ::Node* tree = nullptr;
  std::string_view text;
  int offset = 0;
  std::string tag;
  bool transaction_exit = false;
};

/// The verb CommandComplete reports for a statement.
std::string CommandTag(const ::Node* statement);

}  // namespace omen::sql
