// Functions that print values of any type into text: concat, format, quote_*.
#include <charconv>
#include <string>

#include "functions/kernel/kernel.h"
#include "functions/kernel/quoting.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

std::string PrintedArgument(const CallContext& context, const CallArgs& args, size_t i) {
  return ToText(args.types[i], args.values[i], context.style);
}

Status JoinFrom(CallContext& context, const CallArgs& args, size_t first,
                std::string_view separator, Value* out) {
  std::string text;
  bool any = false;
  for (size_t i = first; i < args.values.size(); ++i) {
    if (args.values[i].is_null()) continue;
    if (any) text += separator;
    AppendText(args.types[i], args.values[i], context.style, text);
    any = true;
  }
  return ReturnText(out, text);
}

Status Concat(CallContext& context, const CallArgs& args, Value* out) {
  return JoinFrom(context, args, 0, "", out);
}

Status ConcatWithSeparator(CallContext& context, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return Return(out, Value());
  return JoinFrom(context, args, 1, BytesArg(args, 0), out);
}

Status QuoteIdent(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, QuoteIdentifier(BytesArg(args, 0)));
}

Status Literal(CallContext& context, const CallArgs& args, Value* out) {
  return ReturnText(out, QuoteLiteral(PrintedArgument(context, args, 0)));
}

Status Nullable(CallContext& context, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return ReturnText(out, "NULL");
  return Literal(context, args, out);
}

Status FormatError(std::string message) {
  return Status(sqlstate::kInvalidParameter, std::move(message));
}

Status TooFewArguments() { return FormatError("too few arguments for format()"); }

Status Unterminated() {
  return FormatError("unterminated format() type specifier").Hint("For a single \"%\" use \"%%\".");
}

/// One pass over a format() string.
class Formatter {
 public:
  Formatter(CallContext& context, const CallArgs& args)
      : context_(context), args_(args), rest_(BytesArg(args, 0)) {}

  Status Run(std::string* out) {
    while (!rest_.empty()) {
      size_t percent = std::min(rest_.find('%'), rest_.size());
      out->append(rest_, 0, percent);
      rest_.remove_prefix(percent);
      if (rest_.empty()) break;
      rest_.remove_prefix(1);
      if (rest_.empty()) return Unterminated();
      if (rest_.front() == '%') {
        *out += '%';
        rest_.remove_prefix(1);
        continue;
      }
      OMEN_RETURN_IF_ERROR(Specifier(out));
    }
    return Status::Ok();
  }

 private:
  // %[n$][-][width | * | *n$]type
  Status Specifier(std::string* out) {
    bool left = false;
    int64_t width = 0, position = 0;
    OMEN_RETURN_IF_ERROR(Flags(&position, &left, &width));
    char type = rest_.front();
    if (type != 's' && type != 'I' && type != 'L') {
      size_t length = CharacterLength(type);
      return FormatError("unrecognized format() type specifier \"" +
                         std::string(rest_.substr(0, length)) + "\"")
          .Hint("For a single \"%\" use \"%%\".");
    }
    rest_.remove_prefix(1);
    size_t index = 0;
    OMEN_RETURN_IF_ERROR(Take(position, &index));
    std::string text;
    OMEN_RETURN_IF_ERROR(Conversion(type, index, &text));
    int64_t padding = width - CountCharacters(text);
    std::string spaces(static_cast<size_t>(std::max<int64_t>(padding, 0)), ' ');
    out->append(left ? text + spaces : spaces + text);
    return Status::Ok();
  }

  Status Flags(int64_t* position, bool* left, int64_t* width) {
    int64_t number = -1;
    OMEN_RETURN_IF_ERROR(Number(&number));
    if (number >= 0 && rest_.front() != '$') {
      *width = number;
      return Status::Ok();
    }
    if (number >= 0) {
      if (number == 0) {
        return FormatError("format specifies argument 0, but arguments are numbered from 1");
      }
      *position = number;
      OMEN_RETURN_IF_ERROR(Advance());
    }
    while (rest_.front() == '-') {
      *left = true;
      OMEN_RETURN_IF_ERROR(Advance());
    }
    if (rest_.front() != '*') {
      OMEN_RETURN_IF_ERROR(Number(&number));
      if (number >= 0) *width = number;
      return Status::Ok();
    }
    return StarWidth(left, width);
  }

  Status StarWidth(bool* left, int64_t* width) {
    OMEN_RETURN_IF_ERROR(Advance());
    int64_t position = -1;
    OMEN_RETURN_IF_ERROR(Number(&position));
    if (position >= 0) {
      if (rest_.front() != '$') {
        return FormatError("width argument position must be ended by \"$\"");
      }
      if (position == 0) {
        return FormatError("format specifies argument 0, but arguments are numbered from 1");
      }
      OMEN_RETURN_IF_ERROR(Advance());
    }
    size_t index = 0;
    OMEN_RETURN_IF_ERROR(Take(std::max<int64_t>(position, 0), &index));
    if (!args_.values[index].is_null()) {
      std::string text = PrintedArgument(context_, args_, index);
      auto parsed = std::from_chars(text.data(), text.data() + text.size(), *width);
      if (parsed.ec != std::errc() || std::abs(*width) > kMaxWidth) return OutOfRange("integer");
    }
    if (*width < 0) {
      *left = true;
      *width = -*width;
    }
    return Status::Ok();
  }

  Status Number(int64_t* number) {
    *number = -1;
    while (rest_.front() >= '0' && rest_.front() <= '9') {
      *number = std::max<int64_t>(*number, 0) * 10 + (rest_.front() - '0');
      if (*number > kMaxWidth) return FormatError("number is out of range");
      OMEN_RETURN_IF_ERROR(Advance());
    }
    return Status::Ok();
  }

  Status Advance() {
    rest_.remove_prefix(1);
    return rest_.empty() ? Unterminated() : Status::Ok();
  }

  Status Take(int64_t position, size_t* index) {
    *index = position > 0 ? static_cast<size_t>(position) : next_;
    if (*index >= args_.values.size()) return TooFewArguments();
    next_ = *index + 1;
    return Status::Ok();
  }

  Status Conversion(char type, size_t index, std::string* text) {
    if (args_.values[index].is_null()) {
      if (type == 'I') {
        return Status(SqlState{"22004"}, "null values cannot be formatted as an SQL identifier");
      }
      if (type == 'L') *text = "NULL";
      return Status::Ok();
    }
    *text = PrintedArgument(context_, args_, index);
    if (type == 'I') *text = QuoteIdentifier(*text);
    if (type == 'L') *text = QuoteLiteral(*text);
    return Status::Ok();
  }

  static constexpr int64_t kMaxWidth = INT32_MAX / 2;

  CallContext& context_;
  const CallArgs& args_;
  std::string_view rest_;
  size_t next_ = 1;
};

Status Format(CallContext& context, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return Return(out, Value());
  std::string text;
  OMEN_RETURN_IF_ERROR(Formatter(context, args).Run(&text));
  return ReturnText(out, text);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kTextFormatRows[] = {
    {3058,
     "concat",
     {kAny},
     kText,
     kNotStrict | kStable | kReadsZone | kReadsStyle | kVariadic,
     Concat},
    {3059,
     "concat_ws",
     {kText, kAny},
     kText,
     kNotStrict | kStable | kReadsZone | kReadsStyle | kVariadic,
     ConcatWithSeparator},
    {3540, "format", {kText}, kText, kNotStrict | kStable | kReadsZone | kReadsStyle, Format},
    {3539,
     "format",
     {kText, kAny},
     kText,
     kNotStrict | kStable | kReadsZone | kReadsStyle | kVariadic,
     Format},
    {1282, "quote_ident", {kText}, kText, kPure, QuoteIdent},
    {1283, "quote_literal", {kText}, kText, kPure, Literal},
    {1285, "quote_literal", {kAnyelement}, kText, kStable | kReadsZone | kReadsStyle, Literal},
    {1289, "quote_nullable", {kText}, kText, kNotStrict, Nullable},
    {1290,
     "quote_nullable",
     {kAnyelement},
     kText,
     kNotStrict | kStable | kReadsZone | kReadsStyle,
     Nullable},
};

}  // namespace

std::span<const FunctionRow> TextFormatRows() { return kTextFormatRows; }

}  // namespace omen::functions
