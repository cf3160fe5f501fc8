#include "rowstore/internal/last_commit_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "base/bytes.h"
#include "rowstore/internal/engine_status.h"

namespace omen::rowstore {
namespace {

constexpr char kMagic[] = "OMENLAST";
constexpr size_t kSlotBytes = 4096;
constexpr size_t kRecordBytes = 40;
constexpr size_t kSummedBytes = 32;

struct Record {
  uint64_t turn = 0;
  LastCommit last;
};

uint64_t Checksum(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

std::string Encode(const Record& record) {
  std::string bytes(kMagic, 8);
  AppendLittleEndian(bytes, record.turn);
  AppendLittleEndian(bytes, record.last.id);
  AppendLittleEndian(bytes, record.last.epoch);
  AppendLittleEndian(bytes, Checksum(bytes));
  return bytes;
}

std::optional<Record> Decode(std::string_view bytes) {
  if (bytes.size() < kRecordBytes || bytes.substr(0, 8) != std::string_view(kMagic, 8)) return {};
  const auto sum = LoadLittleEndian<uint64_t>(bytes.data() + kSummedBytes);
  if (sum != Checksum(bytes.substr(0, kSummedBytes))) return {};
  return Record{LoadLittleEndian<uint64_t>(bytes.data() + 8),
                {LoadLittleEndian<uint64_t>(bytes.data() + 16),
                 LoadLittleEndian<uint64_t>(bytes.data() + 24)}};
}

Status SystemError(std::string_view doing, const std::string& path) {
  const SqlState state = errno == ENOSPC ? sqlstate::kDiskFull : sqlstate::kIoError;
  return Status(state,
                fmt::format("could not {} file \"{}\": {}", doing, path, std::strerror(errno)));
}

Status SyncFolder(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return SystemError("open", folder);
  if (::fsync(descriptor) != 0) StopProcess("could not sync " + folder);
  ::close(descriptor);
  return Status::Ok();
}

}  // namespace

Result<std::unique_ptr<LastCommitFile>> LastCommitFile::Open(const std::string& path,
                                                             bool ignore_damage,
                                                             LastCommit* found) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return SystemError("open", path);
  std::unique_ptr<LastCommitFile> file(new LastCommitFile(descriptor, 0));
  std::string bytes(2 * kSlotBytes, '\0');
  const ssize_t size = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  if (size < 0) return SystemError("read", path);
  bool sound = size == 0;
  *found = LastCommit();
  for (size_t slot = 0; slot < 2; ++slot) {
    const auto record = Decode(std::string_view(bytes).substr(slot * kSlotBytes));
    if (!record || record->turn < file->turn_) continue;
    sound = true;
    file->turn_ = record->turn;
    *found = record->last;
  }
  if (!sound && !ignore_damage) {
    return Status(sqlstate::kDataCorrupted,
                  fmt::format("the record of the last commit, \"{}\", is damaged", path))
        .Hint("Start with --accept-lost-commits to trust the row store's log as it is.");
  }
  if (::ftruncate(descriptor, 2 * kSlotBytes) != 0) return SystemError("extend", path);
  OMEN_RETURN_IF_ERROR(SyncFolder(path));
  return file;
}

LastCommitFile::~LastCommitFile() { ::close(descriptor_); }

Status LastCommitFile::Write(const LastCommit& last) {
  const std::string bytes = Encode({turn_ + 1, last});
  const auto at = static_cast<off_t>((turn_ + 1) % 2 * kSlotBytes);
  if (::pwrite(descriptor_, bytes.data(), bytes.size(), at) != static_cast<ssize_t>(bytes.size())) {
    return SystemError("write", "LAST_COMMIT");
  }
  if (::fdatasync(descriptor_) != 0) StopProcess("could not sync LAST_COMMIT");
  ++turn_;
  return Status::Ok();
}

}  // namespace omen::rowstore
