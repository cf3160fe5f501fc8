// Errors as values. A Status is one pointer: null when all is well, so the hot
// path pays a register compare. An error carries what PostgreSQL's ErrorResponse
// carries, so that one type serves the storage engines and the wire.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace omen {

/// A five-character SQLSTATE. Constants below are the ones the server raises.
struct SqlState {
  char code[6];
  constexpr explicit SqlState(const char (&text)[6])
      : code{text[0], text[1], text[2], text[3], text[4], 0} {}
  std::string_view view() const { return {code, 5}; }
  bool operator==(const SqlState& other) const { return view() == other.view(); }
};

namespace sqlstate {
inline constexpr SqlState kWarning{"01000"};
inline constexpr SqlState kConnectionFailure{"08006"};
inline constexpr SqlState kProtocolViolation{"08P01"};
inline constexpr SqlState kFeatureNotSupported{"0A000"};
inline constexpr SqlState kCardinalityViolation{"21000"};
inline constexpr SqlState kStringTooLong{"22001"};
inline constexpr SqlState kNumericOutOfRange{"22003"};
inline constexpr SqlState kDatetimeOverflow{"22008"};
inline constexpr SqlState kDatetimeFormat{"22007"};
inline constexpr SqlState kIntervalOverflow{"22015"};
inline constexpr SqlState kSubstringError{"22011"};
inline constexpr SqlState kDivisionByZero{"22012"};
inline constexpr SqlState kInvalidLogArgument{"2201E"};
inline constexpr SqlState kInvalidPowerArgument{"2201F"};
inline constexpr SqlState kInvalidRegex{"2201B"};
inline constexpr SqlState kInvalidLimit{"2201W"};
inline constexpr SqlState kInvalidOffset{"2201X"};
inline constexpr SqlState kInvalidEncoding{"22021"};
inline constexpr SqlState kInvalidParameter{"22023"};
inline constexpr SqlState kInvalidEscape{"22025"};
inline constexpr SqlState kArraySubscript{"2202E"};
inline constexpr SqlState kInvalidText{"22P02"};
inline constexpr SqlState kInvalidBinary{"22P03"};
inline constexpr SqlState kBadCopyFormat{"22P04"};
inline constexpr SqlState kNotNullViolation{"23502"};
inline constexpr SqlState kForeignKeyViolation{"23503"};
inline constexpr SqlState kUniqueViolation{"23505"};
inline constexpr SqlState kCheckViolation{"23514"};
inline constexpr SqlState kActiveTransaction{"25001"};
inline constexpr SqlState kNoActiveTransaction{"25P01"};
inline constexpr SqlState kFailedTransaction{"25P02"};
inline constexpr SqlState kReadOnlyTransaction{"25006"};
inline constexpr SqlState kIdleTransactionTimeout{"25P03"};
inline constexpr SqlState kInvalidStatementName{"26000"};
inline constexpr SqlState kInvalidAuthorization{"28000"};
inline constexpr SqlState kInvalidPassword{"28P01"};
inline constexpr SqlState kDependentObjects{"2BP01"};
inline constexpr SqlState kInvalidCursorName{"34000"};
inline constexpr SqlState kInvalidSavepoint{"3B001"};
inline constexpr SqlState kInvalidCatalogName{"3D000"};
inline constexpr SqlState kInvalidSchemaName{"3F000"};
inline constexpr SqlState kSerializationFailure{"40001"};
inline constexpr SqlState kDeadlock{"40P01"};
inline constexpr SqlState kSyntaxError{"42601"};
inline constexpr SqlState kInsufficientPrivilege{"42501"};
inline constexpr SqlState kCannotCoerce{"42846"};
inline constexpr SqlState kGroupingError{"42803"};
inline constexpr SqlState kWindowingError{"42P20"};
inline constexpr SqlState kInvalidColumnReference{"42P10"};
inline constexpr SqlState kDatatypeMismatch{"42804"};
inline constexpr SqlState kIndeterminateDatatype{"42P18"};
inline constexpr SqlState kUndefinedColumn{"42703"};
inline constexpr SqlState kUndefinedFunction{"42883"};
inline constexpr SqlState kUndefinedTable{"42P01"};
inline constexpr SqlState kUndefinedParameter{"42P02"};
inline constexpr SqlState kUndefinedObject{"42704"};
inline constexpr SqlState kDuplicateColumn{"42701"};
inline constexpr SqlState kDuplicateCursor{"42P03"};
inline constexpr SqlState kDuplicateStatement{"42P05"};
inline constexpr SqlState kDuplicateSchema{"42P06"};
inline constexpr SqlState kDuplicateTable{"42P07"};
inline constexpr SqlState kDuplicateAlias{"42712"};
inline constexpr SqlState kDuplicateObject{"42710"};
inline constexpr SqlState kAmbiguousColumn{"42702"};
inline constexpr SqlState kAmbiguousFunction{"42725"};
inline constexpr SqlState kAmbiguousParameter{"42P08"};
inline constexpr SqlState kInvalidTableDefinition{"42P16"};
inline constexpr SqlState kInvalidObjectDefinition{"42P17"};
inline constexpr SqlState kWrongObjectType{"42809"};
inline constexpr SqlState kGeneratedAlways{"428C9"};
inline constexpr SqlState kInvalidName{"42602"};
inline constexpr SqlState kNameTooLong{"42622"};
inline constexpr SqlState kReservedName{"42939"};
inline constexpr SqlState kObjectInUse{"55006"};
inline constexpr SqlState kNotInPrerequisiteState{"55000"};
inline constexpr SqlState kLockNotAvailable{"55P03"};
inline constexpr SqlState kOutOfResources{"53000"};
inline constexpr SqlState kDiskFull{"53100"};
inline constexpr SqlState kOutOfMemory{"53200"};
inline constexpr SqlState kTooManyConnections{"53300"};
inline constexpr SqlState kProgramLimit{"54000"};
inline constexpr SqlState kTooComplex{"54001"};
inline constexpr SqlState kQueryCanceled{"57014"};
inline constexpr SqlState kAdminShutdown{"57P01"};
inline constexpr SqlState kCannotConnectNow{"57P03"};
inline constexpr SqlState kSequenceLimit{"2200H"};
inline constexpr SqlState kIoError{"58030"};
inline constexpr SqlState kUndefinedFile{"58P01"};
inline constexpr SqlState kInternalError{"XX000"};
inline constexpr SqlState kDataCorrupted{"XX001"};
inline constexpr SqlState kIndexCorrupted{"XX002"};
}  // namespace sqlstate

/// What a failed call says. Positions are 1-based characters in the statement.
struct ErrorInfo {
  SqlState state;
  std::string message;
  std::string detail;
  std::string hint;
  std::string where;
  std::string schema, table, column, constraint;
  int position = 0;
  int byte_offset = -1;
};

/// Success, or an ErrorInfo. Movable, not copyable by accident (use Clone).
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(SqlState state, std::string message);
  Status(Status&&) noexcept = default;
  Status& operator=(Status&&) noexcept = default;

  static Status Ok() { return Status(); }
  bool ok() const { return error_ == nullptr; }
  const ErrorInfo& error() const { return *error_; }
  ErrorInfo& error() { return *error_; }
  bool Is(SqlState state) const { return error_ && error_->state == state; }
  Status Clone() const;
  std::string ToString() const;

  Status&& Detail(std::string text) &&;
  Status&& Hint(std::string text) &&;
  Status&& Where(std::string text) &&;
  /// Byte offset into the statement's text; the session turns it into a character position.
  Status&& At(int byte_offset) &&;

 private:
  std::unique_ptr<ErrorInfo> error_;
};

/// 0A000 with the feature's name: the honest answer for what is not built.
Status NotSupported(std::string_view feature);
/// XX000: a broken invariant that need not end the process.
Status InternalError(std::string message);
/// 22012.
Status DivisionByZero();

}  // namespace omen

#define OMEN_CONCAT_(a, b) a##b
#define OMEN_CONCAT(a, b) OMEN_CONCAT_(a, b)
#define OMEN_RETURN_IF_ERROR(expr)        \
  do {                                    \
    ::omen::Status omen_status_ = (expr); \
    if (!omen_status_.ok()) [[unlikely]]  \
      return omen_status_;                \
  } while (0)
