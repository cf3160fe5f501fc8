#include "rowstore/internal/commit/last_commit_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "base/bytes.h"
#include "base/file_error.h"
#include "base/fnv.h"
#include "rowstore/internal/engine/engine_status.h"

namespace omen::rowstore {
namespace {

constexpr char kMagic[] = "OMENLAS2";
constexpr char kUnsyncedMagic[] = "OMENLAU2";
constexpr char kOldMagic[] = "OMENLAST";
constexpr size_t kMagicBytes = 8;
constexpr size_t kSlotBytes = 4096;
constexpr size_t kSummedBytes = 48;
constexpr size_t kOldSummedBytes = 32;

struct Record {
  uint64_t turn = 0;
  StoreMark mark;
};

std::string Encode(const Record& record) {
  std::string bytes(record.mark.unsynced ? kUnsyncedMagic : kMagic, kMagicBytes);
  AppendLittleEndian(bytes, record.turn);
  AppendLittleEndian(bytes, record.mark.last.id);
  AppendLittleEndian(bytes, record.mark.last.epoch);
  AppendLittleEndian(bytes, record.mark.manifest.number);
  AppendLittleEndian(bytes, record.mark.manifest.bytes);
  AppendLittleEndian(bytes, Fnv1a(bytes));
  return bytes;
}

uint64_t Word(std::string_view slot, size_t at) {
  return LoadLittleEndian<uint64_t>(slot.data() + at);
}

std::optional<Record> Decode(std::string_view slot) {
  const bool old = slot.starts_with(std::string_view(kOldMagic, kMagicBytes));
  const bool unsynced = slot.starts_with(std::string_view(kUnsyncedMagic, kMagicBytes));
  if (!old && !unsynced && !slot.starts_with(std::string_view(kMagic, kMagicBytes))) return {};
  const size_t summed = old ? kOldSummedBytes : kSummedBytes;
  if (Word(slot, summed) != Fnv1a(slot.substr(0, summed))) return {};
  Record record{Word(slot, 8), {{Word(slot, 16), Word(slot, 24)}, {}, unsynced}};
  if (!old) record.mark.manifest = {Word(slot, 32), Word(slot, 40)};
  return record;
}

Status SyncFolder(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return FileError("open", folder);
  if (::fsync(descriptor) != 0) StopProcess("could not sync " + folder);
  ::close(descriptor);
  return Status::Ok();
}

}  // namespace

Result<RecordedMark> LastCommitFile::Read(const std::string& path) {
  RecordedMark recorded;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return recorded;
  if (descriptor < 0) return FileError("open", path);
  std::string bytes(2 * kSlotBytes, '\0');
  const ssize_t size = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  ::close(descriptor);
  if (size < 0) return FileError("read", path);
  const bool blank = bytes.find_first_not_of('\0') == std::string::npos;
  recorded.state = blank ? RecordedMark::State::kBlank : RecordedMark::State::kDamaged;
  for (size_t slot = 0; slot < 2; ++slot) {
    const auto record = Decode(std::string_view(bytes).substr(slot * kSlotBytes, kSlotBytes));
    if (!record || record->turn < recorded.turn) continue;
    recorded = {RecordedMark::State::kSound, record->mark, record->turn};
  }
  return recorded;
}

Result<std::unique_ptr<LastCommitFile>> LastCommitFile::Open(const std::string& path,
                                                             const RecordedMark& recorded) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return FileError("open", path);
  std::unique_ptr<LastCommitFile> file(new LastCommitFile(descriptor, recorded.turn));
  if (::ftruncate(descriptor, 2 * kSlotBytes) != 0) return FileError("extend", path);
  OMEN_RETURN_IF_ERROR(SyncFolder(path));
  return file;
}

LastCommitFile::~LastCommitFile() { ::close(descriptor_); }

Status LastCommitFile::Write(const StoreMark& mark) {
  const std::string bytes = Encode({turn_ + 1, mark});
  const auto at = static_cast<off_t>((turn_ + 1) % 2 * kSlotBytes);
  if (::pwrite(descriptor_, bytes.data(), bytes.size(), at) != static_cast<ssize_t>(bytes.size())) {
    return FileError("write", "LAST_COMMIT");
  }
  if (::fdatasync(descriptor_) != 0) StopProcess("could not sync LAST_COMMIT");
  ++turn_;
  return Status::Ok();
}

}  // namespace omen::rowstore
