#include "sql/grammar/internal/parse_fields.h"

#include <array>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

enum class Use : uint8_t { kRead, kRefused, kUnset };
enum class Form : uint8_t { kNode, kText, kPlain };  // what the member is, in memory

struct Field {
  std::string_view name;
  size_t offset = 0, bytes = 0;
  Form form = Form::kPlain;
  Use use = Use::kUnset;
  const char* feature = nullptr;
};

template <typename Member>
constexpr Form MemberForm() {
  if (std::is_same_v<Member, char*>) return Form::kText;
  return std::is_pointer_v<Member> ? Form::kNode : Form::kPlain;
}

template <typename T>
struct FieldsOf;

// Every table begins with the tag that every node begins with.
#define OMEN_NODE(T)                     \
  template <>                            \
  struct FieldsOf<::T> {                 \
    using Struct = ::T;                  \
    static constexpr Field kFields[] = { \
      {"tag", 0, sizeof(NodeTag), Form::kPlain, Use::kUnset, nullptr},
#define OMEN_FIELD(f, use, feature) \
  {#f, offsetof(Struct, f), sizeof(Struct::f), MemberForm<decltype(Struct::f)>(), use, feature},
#define OMEN_READ(f) OMEN_FIELD(f, Use::kRead, nullptr)
#define OMEN_REFUSED(f, feature) OMEN_FIELD(f, Use::kRefused, feature)
#define OMEN_UNSET(f) OMEN_FIELD(f, Use::kUnset, nullptr)
#define OMEN_END() \
  }                \
  ;                \
  }                \
  ;
#include "sql/grammar/internal/parse_fields.inc"
#undef OMEN_NODE
#undef OMEN_FIELD
#undef OMEN_READ
#undef OMEN_REFUSED
#undef OMEN_UNSET
#undef OMEN_END

struct AnyMember {
  template <typename T>
  constexpr operator T() const;  // NOLINT: converts to whatever a member is
};

template <typename T, size_t... I>
constexpr bool Takes(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), AnyMember())...}; };
}

/// How many members a struct has: as many as its braces take.
template <typename T, size_t n = 1>
constexpr size_t MembersOf() {
  if constexpr (Takes<T>(std::make_index_sequence<n + 1>())) {
    return MembersOf<T, n + 1>();
  } else {
    return n;
  }
}

constexpr bool AllDiffer(std::span<const Field> fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (fields[i].name == fields[j].name) return false;
    }
  }
  return true;
}

struct NodeFields {
  NodeTag tag;
  std::span<const Field> fields;
};

template <typename T>
constexpr NodeFields Complete(NodeTag tag) {
  static_assert(std::size(FieldsOf<T>::kFields) == MembersOf<T>(),
                "parse_fields.inc lacks a field of this node");
  static_assert(AllDiffer(FieldsOf<T>::kFields), "parse_fields.inc has a field twice");
  return {tag, FieldsOf<T>::kFields};
}

#define OMEN_NODE(T) Complete<::T>(T_##T),
#define OMEN_READ(f)
#define OMEN_REFUSED(f, feature)
#define OMEN_UNSET(f)
#define OMEN_END()
constexpr NodeFields kNodes[] = {
#include "sql/grammar/internal/parse_fields.inc"
};
#undef OMEN_NODE
#undef OMEN_READ
#undef OMEN_REFUSED
#undef OMEN_UNSET
#undef OMEN_END

constexpr size_t kTagLimit = 1024;

std::span<const Field> FieldsOfTag(NodeTag tag) {
  static const auto kByTag = [] {
    std::array<std::span<const Field>, kTagLimit> by_tag;
    for (const NodeFields& node : kNodes) by_tag[static_cast<size_t>(node.tag)] = node.fields;
    return by_tag;
  }();
  const auto index = static_cast<size_t>(tag);
  return index < kTagLimit ? kByTag[index] : std::span<const Field>();
}

template <typename T>
T Load(const Node* node, const Field& field) {
  T value;
  memcpy(&value, reinterpret_cast<const char*>(node) + field.offset, sizeof value);
  return value;
}

bool IsWritten(const Node* node, const Field& field) {
  const char* bytes = reinterpret_cast<const char*>(node) + field.offset;
  for (size_t i = 0; i < field.bytes; ++i) {
    if (bytes[i] != 0) return true;
  }
  return false;
}

int NodeLocation(const Node* node, std::span<const Field> fields) {
  for (const Field& field : fields) {
    if (field.name == "location") return Load<int>(node, field);
  }
  return -1;
}

// Parts of statements that are known here, written with syntax that is not.
const char* UnknownSyntax(NodeTag tag) {
  switch (tag) {
    case T_XmlExpr:
    case T_XmlSerialize:
      return "XML";
    case T_RangeTableFunc:
      return "XMLTABLE";
    case T_RangeTableSample:
      return "TABLESAMPLE";
    case T_CurrentOfExpr:
      return "WHERE CURRENT OF";
    case T_TableLikeClause:
      return "CREATE TABLE ... LIKE";
    case T_PartitionCmd:
    case T_PartitionSpec:
    case T_PartitionBoundSpec:
      return "table partitioning";
    case T_MergeStmt:
      return "MERGE";
    default:
      return "this syntax";
  }
}

/// One walk over a statement's tree, in the order of the text as far as the nodes have it.
class FieldWalk {
 public:
  explicit FieldWalk(const Node* statement) : root_(statement) {
    if (const auto* explain = NodeAs<ExplainStmt>(statement, T_ExplainStmt)) {
      explained_ = explain->query;
    }
    if (const auto* view = NodeAs<ViewStmt>(statement, T_ViewStmt)) viewed_ = view->query;
    pending_.push_back(statement);
  }

  Status Run() {
    while (!pending_.empty()) {
      const Node* node = pending_.back();
      pending_.pop_back();
      OMEN_RETURN_IF_ERROR(nodeTag(node) == T_List ? VisitList(node) : Visit(node));
    }
    return Status::Ok();
  }

 private:
  Status VisitList(const Node* node) {
    const Items<Node> items(reinterpret_cast<const List*>(node));
    for (int i = items.size(); i-- > 0;) {
      if (items[i] != nullptr) pending_.push_back(items[i]);
    }
    return Status::Ok();
  }

  Status Visit(const Node* node) {
    const std::span<const Field> fields = FieldsOfTag(nodeTag(node));
    if (fields.empty()) {
      return node == root_ ? Status::Ok() : NotSupported(UnknownSyntax(nodeTag(node)));
    }
    OMEN_RETURN_IF_ERROR(CheckPlace(node));
    for (size_t i = fields.size(); i-- > 0;) {
      const Field& field = fields[i];
      if (field.use == Use::kRefused && IsWritten(node, field)) {
        return NotSupported(field.feature).At(NodeLocation(node, fields));
      }
      if (field.use != Use::kRead || field.form != Form::kNode) continue;
      if (const auto* child = Load<const Node*>(node, field)) pending_.push_back(child);
    }
    return Status::Ok();
  }

  // What is read in one place only, and means something else or nothing in others.
  Status CheckPlace(const Node* node) const {
    if (const auto* select = NodeAs<SelectStmt>(node, T_SelectStmt)) {
      const bool outermost = node == root_ || node == explained_;
      if (select->intoClause == nullptr || outermost) return Status::Ok();
      if (viewed_ == node) {
        return Status(sqlstate::kFeatureNotSupported, "views must not contain SELECT INTO");
      }
      return Status(sqlstate::kSyntaxError, "SELECT ... INTO is not allowed here")
          .At(select->intoClause->rel->location);
    }
    const auto* range = NodeAs<RangeVar>(node, T_RangeVar);
    if (range != nullptr && range->relpersistence == 'u') {
      return NotSupported("UNLOGGED").At(range->location);
    }
    return Status::Ok();
  }

  const Node* const root_;
  const Node *explained_ = nullptr, *viewed_ = nullptr;
  std::vector<const Node*> pending_;
};

}  // namespace

Status RefuseUnread(const Node* statement) { return FieldWalk(statement).Run(); }

}  // namespace omen::sql
