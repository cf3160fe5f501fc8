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

std::string CopyWriter::Begin() const {
  std::string out;
  if (options_.format == sql::Copy::Format::kBinary) {
    out.assign("PGCOPY\n\377\r\n\0", 11);
    out.append(8, '\0');
    return out;
  }
  if (!options_.header) return out;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out += options_.delimiter;
    if (options_.format == sql::Copy::Format::kCsv) {
      AppendCsvField(columns_[i].name, false, &out);
    } else {
      AppendTextField(columns_[i].name, &out);
    }
  }
  out += '\n';
  return out;
}

void CopyWriter::Append(const Row& row, std::string* out) {
  if (options_.format == sql::Copy::Format::kBinary) return AppendBinaryRow(row, out);
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) *out += options_.delimiter;
    if (row[i].is_null()) {
      *out += options_.null_text;
      continue;
    }
    if (plain_[i]) {
      AppendText(columns_[i].type, row[i], style_, *out);
      continue;
    }
    scratch_.clear();
    AppendText(columns_[i].type, row[i], style_, scratch_);
    if (options_.format == sql::Copy::Format::kCsv) {
      AppendCsvField(scratch_, force_quote_[i], out);
    } else {
      AppendTextField(scratch_, out);
    }
  }
  *out += '\n';
}

std::string CopyWriter::End() const {
  return options_.format == sql::Copy::Format::kBinary ? std::string("\377\377") : std::string();
}

// Most fields have nothing to escape, and long runs of others do not either.
void CopyWriter::AppendTextField(std::string_view text, std::string* out) const {
  size_t plain = 0;  // what is from here on has yet to be appended
  for (size_t i = 0; i < text.size(); ++i) {
    const char escape = escapes_[static_cast<unsigned char>(text[i])];
    if (escape == 0) [[likely]]
      continue;
    out->append(text, plain, i - plain);
    *out += '\\';
    *out += escape;
    plain = i + 1;
  }
  out->append(text, plain);
}

void CopyWriter::AppendCsvField(std::string_view text, bool force_quote, std::string* out) const {
  bool quote = force_quote || text == options_.null_text || text == "\\.";
  for (char c : text) {
    if (quote) break;
    quote = c == options_.delimiter || c == options_.quote || c == '\n' || c == '\r';
  }
  if (!quote) {
    *out += text;
    return;
  }
  *out += options_.quote;
  for (char c : text) {
    if (c == options_.quote || c == options_.escape) *out += options_.escape;
    *out += c;
  }
  *out += options_.quote;
}

void CopyWriter::AppendBinaryRow(const Row& row, std::string* out) {
  AppendBigEndian<uint16_t>(*out, static_cast<uint16_t>(columns_.size()));
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (row[i].is_null()) {
      AppendBigEndian<uint32_t>(*out, UINT32_MAX);
      continue;
    }
    scratch_.clear();
    AppendBinary(columns_[i].type, row[i], scratch_);
    AppendBigEndian<uint32_t>(*out, static_cast<uint32_t>(scratch_.size()));
    *out += scratch_;
  }
}

}  // namespace omen::exec
