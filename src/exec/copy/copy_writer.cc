// COPY TO: rows as lines, in text, CSV and binary form.
#include <algorithm>

#include "base/bytes.h"
#include "exec/copy/copy_format.h"

namespace omen::exec {

namespace {

/// Written in digits, letters and signs alone.
bool IsPlain(Oid type) {
  switch (InfoOf(type).form) {
    case TypeForm::kBool:
    case TypeForm::kInt2:
    case TypeForm::kInt4:
    case TypeForm::kNumeric:
    case TypeForm::kDate:
    case TypeForm::kTimestamp:
    case TypeForm::kFloat4:
    case TypeForm::kFloat8:
    case TypeForm::kUuid:
      return true;
    case TypeForm::kInt8:
      return type == oid::kInt8;  // others of the form may be shown by their names
    default:
      return false;
  }
}

}  // namespace

CopyWriter::CopyWriter(const sql::Copy& options, std::vector<sql::OutputColumn> columns,
                       TextStyle style)
    : options_(options), columns_(std::move(columns)), style_(std::move(style)) {
  for (const char c : {options.delimiter, '\\'}) escapes_[static_cast<unsigned char>(c)] = c;
  constexpr std::string_view kNamed = "\b\f\n\r\t\v", kNames = "bfnrtv";
  for (size_t i = 0; i < kNamed.size(); ++i) {
    escapes_[static_cast<unsigned char>(kNamed[i])] = kNames[i];
  }
  for (const sql::OutputColumn& column : columns_) {
    plain_.push_back(options_.format == sql::Copy::Format::kText && options_.delimiter == '\t' &&
                     IsPlain(column.type.oid));
    force_quote_.push_back(options_.force_quote_all ||
                           std::ranges::find(options_.force_quote, column.name) !=
                               options_.force_quote.end());
  }
}

std::string CopyWriter::Begin() {
  std::string out;
  if (options_.format == sql::Copy::Format::kBinary) {
    out.assign("PGCOPY\n\377\r\n\0", 11);
    out.append(8, '\0');
    return out;
  }
  if (!options_.header) return out;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out += options_.delimiter;
    const size_t start = out.size();
    out += columns_[i].name;
    if (options_.format == sql::Copy::Format::kCsv) {
      QuoteCsv(start, false, &out);
    } else {
      EscapeText(start, &out);
    }
  }
  out += '\n';
  return out;
}

void CopyWriter::Append(const Row& row, std::string* out) {
  if (options_.format == sql::Copy::Format::kBinary) {
    return AppendBinaryRow(
        [&](size_t i) {
          if (!row[i].is_null()) AppendBinary(columns_[i].type, row[i], *out);
          return !row[i].is_null();
        },
        out);
  }
  AppendRow(
      [&](size_t i) {
        if (!row[i].is_null()) AppendText(columns_[i].type, row[i], style_, *out);
        return !row[i].is_null();
      },
      out);
}

void CopyWriter::Append(const FieldRows& rows, size_t row, std::string* out) {
  const auto& fields = rows.columns();
  if (options_.format == sql::Copy::Format::kBinary) {
    return AppendBinaryRow([&](size_t i) { return fields[i]->AppendBinary(row, *out); }, out);
  }
  AppendRow([&](size_t i) { return fields[i]->AppendText(row, style_, *out); }, out);
}

template <typename AppendField>
void CopyWriter::AppendRow(AppendField append, std::string* out) {
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) *out += options_.delimiter;
    const size_t start = out->size();
    if (!append(i)) {
      *out += options_.null_text;
    } else if (options_.format == sql::Copy::Format::kCsv) {
      QuoteCsv(start, force_quote_[i], out);
    } else if (!plain_[i]) {
      EscapeText(start, out);
    }
  }
  *out += '\n';
}

template <typename AppendField>
void CopyWriter::AppendBinaryRow(AppendField append, std::string* out) const {
  AppendBigEndian<uint16_t>(*out, static_cast<uint16_t>(columns_.size()));
  for (size_t i = 0; i < columns_.size(); ++i) {
    const size_t start = out->size();
    AppendBigEndian<uint32_t>(*out, UINT32_MAX);
    if (!append(i)) continue;
    StoreBigEndian(out->data() + start, static_cast<uint32_t>(out->size() - start - 4));
  }
}

std::string CopyWriter::End() const {
  return options_.format == sql::Copy::Format::kBinary ? std::string("\377\377") : std::string();
}

// What has no character to escape is seen eight bytes at a time.
size_t CopyWriter::FindEscape(std::string_view text) const {
  constexpr uint64_t kOnes = ~uint64_t{0} / 255, kHigh = kOnes * 0x80;
  const auto has_zero = [](uint64_t bytes) { return (bytes - kOnes) & ~bytes & kHigh; };
  const uint64_t slashes = kOnes * '\\';
  const uint64_t delimiters = kOnes * static_cast<unsigned char>(options_.delimiter);
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    const auto bytes = LoadLittleEndian<uint64_t>(text.data() + at);
    const uint64_t controls = (bytes - kOnes * ' ') & ~bytes & kHigh;
    if ((controls | has_zero(bytes ^ slashes) | has_zero(bytes ^ delimiters)) == 0) continue;
    for (size_t i = at; i < at + 8; ++i) {
      if (escapes_[static_cast<unsigned char>(text[i])] != 0) return i;
    }
  }
  for (; at < text.size(); ++at) {
    if (escapes_[static_cast<unsigned char>(text[at])] != 0) return at;
  }
  return text.size();
}

// Most fields have nothing to escape, and long runs of others do not either.
void CopyWriter::EscapeText(size_t start, std::string* out) {
  const size_t first = start + FindEscape(std::string_view(*out).substr(start));
  if (first == out->size()) return;
  scratch_.assign(*out, first);
  out->resize(first);
  for (std::string_view left = scratch_; !left.empty();) {
    const size_t plain = FindEscape(left);
    out->append(left, 0, plain);
    if (plain == left.size()) return;
    *out += '\\';
    *out += escapes_[static_cast<unsigned char>(left[plain])];
    left.remove_prefix(plain + 1);
  }
}

void CopyWriter::QuoteCsv(size_t start, bool force_quote, std::string* out) {
  const std::string_view text = std::string_view(*out).substr(start);
  bool quote = force_quote || text == options_.null_text || text == "\\.";
  for (char c : text) {
    if (quote) break;
    quote = c == options_.delimiter || c == options_.quote || c == '\n' || c == '\r';
  }
  if (!quote) return;
  scratch_.assign(text);
  out->resize(start);
  *out += options_.quote;
  for (char c : scratch_) {
    if (c == options_.quote || c == options_.escape) *out += options_.escape;
    *out += c;
  }
  *out += options_.quote;
}

}  // namespace omen::exec
