// COPY FROM: the bytes of a stream cut into fields, in text, CSV and binary form.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "exec/copy/copy_format.h"

namespace omen::exec {
namespace {

constexpr std::string_view kBinarySignature("PGCOPY\n\377\r\n\0", 11);
constexpr size_t kLineBytesMax = 1u << 30;

Status BadFormat(std::string message) {
  return Status(sqlstate::kBadCopyFormat, std::move(message));
}

// Reads the escape after a backslash at text[i] and moves i past it.
char TakeEscape(std::string_view text, size_t* i) {
  const char c = text[(*i)++];
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    default:
      break;
  }
  if (c >= '0' && c <= '7') {
    int value = c - '0';
    for (int n = 0; n < 2 && *i < text.size() && text[*i] >= '0' && text[*i] <= '7'; ++n) {
      value = value * 8 + (text[(*i)++] - '0');
    }
    return static_cast<char>(value);
  }
  if (c == 'x' && *i < text.size() && HexDigit(text[*i]) >= 0) {
    int value = HexDigit(text[(*i)++]);
    if (*i < text.size() && HexDigit(text[*i]) >= 0) value = value * 16 + HexDigit(text[(*i)++]);
    return static_cast<char>(value);
  }
  return c;
}

}  // namespace

CopyReader::CopyReader(const sql::Copy& options, size_t columns)
    : options_(options), columns_(columns) {}

void CopyReader::Feed(std::string_view chunk) {
  Compact();
  buffer_.append(chunk);
}

void CopyReader::Compact() {
  if (position_ == 0) return;
  buffer_.erase(0, position_);
  position_ = 0;
}

Result<bool> CopyReader::Next(std::vector<CopyField>* fields) {
  if (done_) return false;
  if (buffer_.size() - position_ > kLineBytesMax) {
    return Status(sqlstate::kProgramLimit, "a COPY line is longer than 1 GB");
  }
  switch (options_.format) {
    case sql::Copy::Format::kText:
      return NextText(fields);
    case sql::Copy::Format::kCsv:
      return NextCsv(fields);
    case sql::Copy::Format::kBinary:
      return NextBinary(fields);
  }
  return false;
}

// Only at the true end of the stream may the last line lack its newline.
bool CopyReader::EndOfData() {
  if (!finished_) return false;
  done_ = position_ >= buffer_.size();
  return true;
}

bool CopyReader::TakeTextLine(std::string_view* line) {
  const char* begin = buffer_.data() + position_;
  const size_t available = buffer_.size() - position_;
  // A newline that a backslash escapes belongs to the data.
  size_t from = 0;
  while (true) {
    const void* found = std::memchr(begin + from, '\n', available - from);
    if (found == nullptr) break;
    const size_t end = static_cast<size_t>(static_cast<const char*>(found) - begin);
    size_t slashes = 0;
    while (slashes < end && begin[end - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) {
      *line = std::string_view(begin, end);
      position_ += end + 1;
      if (!line->empty() && line->back() == '\r') line->remove_suffix(1);
      return true;
    }
    from = end + 1;
  }
  if (!EndOfData() || done_) return false;
  *line = std::string_view(begin, available);
  position_ = buffer_.size();
  if (!line->empty() && line->back() == '\r') line->remove_suffix(1);
  return true;
}

Result<bool> CopyReader::NextText(std::vector<CopyField>* fields) {
  std::string_view line;
  while (true) {
    if (!TakeTextLine(&line)) return false;
    ++line_;
    if (options_.header && !header_seen_) {
      header_seen_ = true;
      continue;
    }
    break;
  }
  if (line == "\\.") {
    done_ = true;
    return false;
  }
  SplitText(line, fields);
  OMEN_RETURN_IF_ERROR(CheckCount(fields->size()));
  return true;
}

void CopyReader::SplitText(std::string_view line, std::vector<CopyField>* fields) {
  fields->clear();
  scratch_.clear();
  scratch_.reserve(line.size());  // unescaping never grows: views stay valid
  size_t start = 0;
  while (true) {
    size_t end = start;
    bool escaped = false;
    while (end < line.size() && line[end] != options_.delimiter) {
      if (line[end] == '\\' && end + 1 < line.size()) {
        escaped = true;
        ++end;
      }
      ++end;
    }
    const std::string_view raw = line.substr(start, end - start);
    CopyField field;
    field.null = raw == options_.null_text;
    field.text = raw;
    if (escaped && !field.null) {
      const size_t begin = scratch_.size();
      for (size_t i = 0; i < raw.size();) {
        const char c = raw[i++];
        scratch_ += c == '\\' && i < raw.size() ? TakeEscape(raw, &i) : c;
      }
      field.text = std::string_view(scratch_).substr(begin);
    }
    fields->push_back(field);
    if (end >= line.size()) return;
    start = end + 1;
  }
}

Result<bool> CopyReader::TakeCsvRecord(std::string_view* record) {
  const char* begin = buffer_.data() + position_;
  const size_t available = buffer_.size() - position_;
  bool in_quotes = false;
  for (size_t i = 0; i < available; ++i) {
    const char c = begin[i];
    if (in_quotes && c == options_.escape && i + 1 < available &&
        (begin[i + 1] == options_.quote || begin[i + 1] == options_.escape)) {
      ++i;
    } else if (c == options_.quote) {
      in_quotes = !in_quotes;
    } else if (c == '\n' && !in_quotes) {
      *record = std::string_view(begin, i);
      position_ += i + 1;
      if (!record->empty() && record->back() == '\r') record->remove_suffix(1);
      return true;
    }
  }
  if (!EndOfData() || done_) return false;
  if (in_quotes) {
    ++line_;
    return BadFormat("unterminated CSV quoted field");
  }
  *record = std::string_view(begin, available);
  position_ = buffer_.size();
  if (!record->empty() && record->back() == '\r') record->remove_suffix(1);
  return true;
}

Result<bool> CopyReader::NextCsv(std::vector<CopyField>* fields) {
  std::string_view record;
  while (true) {
    OMEN_ASSIGN_OR_RETURN(const bool taken, TakeCsvRecord(&record));
    if (!taken) return false;
    ++line_;
    if (options_.header && !header_seen_) {
      header_seen_ = true;
      continue;
    }
    break;
  }
  if (record == "\\.") {
    done_ = true;
    return false;
  }
  OMEN_RETURN_IF_ERROR(SplitCsv(record, fields));
  OMEN_RETURN_IF_ERROR(CheckCount(fields->size()));
  return true;
}

Status CopyReader::SplitCsv(std::string_view record, std::vector<CopyField>* fields) {
  fields->clear();
  scratch_.clear();
  scratch_.reserve(record.size());
  size_t i = 0;
  while (true) {
    CopyField field;
    const size_t begin = scratch_.size();
    bool in_quotes = false;
    for (; i < record.size(); ++i) {
      const char c = record[i];
      if (in_quotes) {
        const bool escape = c == options_.escape && i + 1 < record.size() &&
                            (record[i + 1] == options_.quote || record[i + 1] == options_.escape);
        if (escape) {
          scratch_ += record[++i];
        } else if (c == options_.quote) {
          in_quotes = false;
        } else {
          scratch_ += c;
        }
      } else if (c == options_.delimiter) {
        break;
      } else if (c == options_.quote) {
        in_quotes = true;
        field.quoted = true;
      } else {
        scratch_ += c;
      }
    }
    field.text = std::string_view(scratch_).substr(begin);
    field.null = !field.quoted && field.text == options_.null_text;
    fields->push_back(field);
    if (i >= record.size()) return Status::Ok();
    ++i;
  }
}

Status CopyReader::CheckCount(size_t fields) const {
  if (fields > columns_) return BadFormat("extra data after last expected column");
  return Status::Ok();
}

Result<bool> CopyReader::TakeBinaryHeader() {
  if (header_seen_) return true;
  const std::string_view left = std::string_view(buffer_).substr(position_);
  if (left.size() < kBinarySignature.size() + 8) {
    if (finished_) return BadFormat("COPY file signature not recognized");
    return false;
  }
  if (left.substr(0, kBinarySignature.size()) != kBinarySignature) {
    return BadFormat("COPY file signature not recognized");
  }
  const auto flags = LoadBigEndian<uint32_t>(left.data() + kBinarySignature.size());
  const auto extension = LoadBigEndian<uint32_t>(left.data() + kBinarySignature.size() + 4);
  if ((flags >> 16) != 0 || extension > 10000) return BadFormat("invalid COPY file header");
  if (left.size() < kBinarySignature.size() + 8 + extension) {
    if (finished_) return BadFormat("invalid COPY file header (wrong length)");
    return false;
  }
  position_ += kBinarySignature.size() + 8 + extension;
  header_seen_ = true;
  return true;
}

Result<bool> CopyReader::NextBinary(std::vector<CopyField>* fields) {
  OMEN_ASSIGN_OR_RETURN(const bool ready, TakeBinaryHeader());
  if (!ready) return false;
  const std::string_view left = std::string_view(buffer_).substr(position_);
  const auto short_of = [&]() -> Result<bool> {
    if (!finished_) return false;
    ++line_;
    return BadFormat("unexpected EOF in COPY data");
  };
  if (left.size() < 2) {
    if (finished_ && left.empty()) {
      done_ = true;
      return false;
    }
    return short_of();
  }
  const auto count = static_cast<int16_t>(LoadBigEndian<uint16_t>(left.data()));
  if (count == -1) {
    done_ = true;
    return false;
  }
  size_t at = 2;
  fields->clear();
  for (int i = 0; i < count; ++i) {
    if (left.size() < at + 4) return short_of();
    const auto length = static_cast<int32_t>(LoadBigEndian<uint32_t>(left.data() + at));
    at += 4;
    if (length < -1) return BadFormat("invalid field size");
    if (length >= 0 && left.size() < at + static_cast<size_t>(length)) return short_of();
    CopyField field;
    field.null = length < 0;
    if (length > 0) field.text = left.substr(at, static_cast<size_t>(length));
    if (length > 0) at += static_cast<size_t>(length);
    fields->push_back(field);
  }
  position_ += at;
  ++line_;
  if (static_cast<size_t>(count) != columns_) {
    return BadFormat(fmt::format("row field count is {}, expected {}", count, columns_));
  }
  return true;
}

}  // namespace omen::exec
