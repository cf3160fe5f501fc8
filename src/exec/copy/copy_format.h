// COPY's wire formats as pure functions on bytes: what the client sent into fields, and
// rows into what the client gets. Text and CSV as PostgreSQL documents them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/tree/statement.h"
#include "types/field_rows.h"
#include "types/io.h"

namespace omen::exec {

/// One field of a line: null, or text with escapes resolved (binary: the raw bytes).
/// Views into the reader's buffer, valid until its next call.
struct CopyField {
  bool null = false;
  bool quoted = false;
  std::string_view text;
};

/// Cuts a stream of chunks into lines and fields. One thread. Errors (22P04) end the COPY.
class CopyReader {
 public:
  CopyReader(const sql::Copy& options, size_t columns);

  /// Gives the next bytes of the stream.
  void Feed(std::string_view chunk);
  /// No more bytes will come.
  void Finish() { finished_ = true; }
  /// True with a line's fields; false when more bytes are needed or at the end (see done()).
  Result<bool> Next(std::vector<CopyField>* fields);
  bool done() const { return done_; }
  size_t buffer_bytes() const { return buffer_.capacity() + scratch_.capacity(); }
  /// 1-based number of the line last returned or failed on.
  uint64_t line() const { return line_; }

 private:
  Result<bool> NextText(std::vector<CopyField>* fields);
  Result<bool> NextCsv(std::vector<CopyField>* fields);
  Result<bool> NextBinary(std::vector<CopyField>* fields);
  bool TakeTextLine(std::string_view* line);
  Result<bool> TakeCsvRecord(std::string_view* record);
  void SplitText(std::string_view line, std::vector<CopyField>* fields);
  Status SplitCsv(std::string_view record, std::vector<CopyField>* fields);
  Status CheckCount(size_t fields) const;
  Result<bool> TakeBinaryHeader();
  bool EndOfData();
  void Compact();

  const sql::Copy& options_;
  const size_t columns_;
  std::string buffer_;
  size_t position_ = 0;
  std::string scratch_;  // unescaped fields of the current line
  uint64_t line_ = 0;
  bool finished_ = false, done_ = false, header_seen_ = false;
};

/// Formats rows for COPY TO. One thread.
class CopyWriter {
 public:
  CopyWriter(const sql::Copy& options, std::vector<sql::OutputColumn> columns, TextStyle style);
  /// The header line or binary signature; may be empty.
  std::string Begin();
  /// Appends one row.
  void Append(const Row& row, std::string* out);
  void Append(const FieldRows& rows, size_t row, std::string* out);
  /// The binary trailer; empty otherwise.
  std::string End() const;

 private:
  /// `append`s each field, or says that it is null.
  template <typename AppendField>
  void AppendRow(AppendField append, std::string* out);
  template <typename AppendField>
  void AppendBinaryRow(AppendField append, std::string* out) const;
  // What `out` ends with, from `start` on, is a field as it is: what must not stand so is changed.
  void EscapeText(size_t start, std::string* out);
  void QuoteCsv(size_t start, bool force_quote, std::string* out);
  size_t FindEscape(std::string_view text) const;

  const sql::Copy& options_;
  std::vector<sql::OutputColumn> columns_;
  std::array<char, 256> escapes_{};  // in text form: what follows the backslash, or 0: no escape
  std::vector<bool> force_quote_;
  std::vector<bool> plain_;  // in text form: has nothing to escape, whatever its value
  TextStyle style_;
  std::string scratch_;
};

}  // namespace omen::exec
