#include "memo/memo.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/bytes.h"
#include "base/file_error.h"
#include "base/fnv.h"

namespace omen::memo {
namespace {

constexpr std::string_view kMagic = "OMENMEM1";
constexpr size_t kFrameBytes = 12;  // length and checksum
constexpr size_t kHeadBytes = 9;    // kind, version, length of the key
constexpr size_t kSlackBytes = 1u << 20;

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(wrote));
  }
  return true;
}

std::string Framed(char kind, std::string_view key, uint32_t version, std::string_view value) {
  std::string rest(1, kind);
  AppendLittleEndian(rest, version);
  AppendLittleEndian(rest, static_cast<uint32_t>(key.size()));
  rest.append(key).append(value);
  std::string frame;
  AppendLittleEndian(frame, static_cast<uint32_t>(rest.size()));
  AppendLittleEndian(frame, Fnv1a(rest));
  return frame + rest;
}

size_t SizeOf(std::string_view key, std::string_view value) {
  return kFrameBytes + kHeadBytes + key.size() + value.size();
}

}  // namespace

Result<std::unique_ptr<Memo>> Memo::Open(const std::string& path, Limits limits) {
  std::unique_ptr<Memo> memo(new Memo(path, limits));
  OMEN_RETURN_IF_ERROR(memo->Load());
  return memo;
}

Memo::~Memo() {
  if (file_ >= 0) ::close(file_);
}

Status Memo::Load() {
  std::ifstream in(path_, std::ios::binary);
  std::ostringstream content;
  if (in) content << in.rdbuf();
  const std::string bytes = content.str();
  if (!bytes.empty() && !bytes.starts_with(kMagic)) {
    std::error_code ignored;
    std::filesystem::rename(path_, path_ + ".damaged", ignored);
    return Begin();
  }
  if (bytes.empty()) return Begin();
  file_bytes_ = kMagic.size() + Replay(std::string_view(bytes).substr(kMagic.size()));
  file_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file_ < 0) return FileError("open", path_);
  if (file_bytes_ < bytes.size() && ::ftruncate(file_, static_cast<off_t>(file_bytes_)) != 0) {
    return FileError("shorten", path_);
  }
  return Status::Ok();
}

Status Memo::Begin() {
  file_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file_ < 0) return FileError("create", path_);
  if (!WriteAll(file_, kMagic)) return FileError("write", path_);
  file_bytes_ = kMagic.size();
  return Status::Ok();
}

size_t Memo::Replay(std::string_view bytes) {
  size_t at = 0;
  while (bytes.size() - at >= kFrameBytes) {
    const auto length = LoadLittleEndian<uint32_t>(bytes.data() + at);
    const auto sum = LoadLittleEndian<uint64_t>(bytes.data() + at + 4);
    if (length < kHeadBytes || length > bytes.size() - at - kFrameBytes) break;
    const std::string_view rest = bytes.substr(at + kFrameBytes, length);
    if (Fnv1a(rest) != sum) break;
    const auto version = LoadLittleEndian<uint32_t>(rest.data() + 1);
    const auto key_bytes = LoadLittleEndian<uint32_t>(rest.data() + 5);
    if (key_bytes > rest.size() - kHeadBytes) break;
    Apply(static_cast<Kind>(rest[0]), rest.substr(kHeadBytes, key_bytes), version,
          rest.substr(kHeadBytes + key_bytes));
    at += kFrameBytes + length;
  }
  return at;
}

void Memo::Forget(std::map<std::string, Record, std::less<>>::iterator record) {
  live_bytes_ -= SizeOf(record->first, record->second.value);
  by_turn_.erase(record->second.turn);
  records_.erase(record);
}

void Memo::Apply(Kind kind, std::string_view key, uint32_t version, std::string_view value) {
  if (const auto known = records_.find(key); known != records_.end()) Forget(known);
  if (kind != Kind::kPut) return;
  live_bytes_ += SizeOf(key, value);
  by_turn_.emplace(next_turn_, key);
  records_.emplace(key, Record{version, std::string(value), next_turn_++});
}

void Memo::Append(Kind kind, std::string_view key, uint32_t version, std::string_view value) {
  if (broken_) return;
  const std::string frame = Framed(static_cast<char>(kind), key, version, value);
  // A part of a record may be there now: nothing may follow it.
  broken_ = !WriteAll(file_, frame);
  file_bytes_ += frame.size();
  if (file_bytes_ > 2 * live_bytes_ + kSlackBytes) Compact();
}

std::optional<std::string> Memo::Get(std::string_view key, uint32_t version) const {
  std::lock_guard lock(mutex_);
  const auto found = records_.find(key);
  if (found == records_.end() || found->second.version != version) return std::nullopt;
  return found->second.value;
}

bool Memo::Put(std::string_view key, uint32_t version, std::string_view value) {
  if (key.size() + value.size() > limits_.record_bytes) return false;
  std::lock_guard lock(mutex_);
  Apply(Kind::kPut, key, version, value);
  Append(Kind::kPut, key, version, value);
  MakeRoom();
  return true;
}

void Memo::Erase(std::string_view key) {
  std::lock_guard lock(mutex_);
  if (!records_.contains(key)) return;
  Apply(Kind::kErase, key, 0, {});
  Append(Kind::kErase, key, 0, {});
}

void Memo::MakeRoom() {
  while (live_bytes_ > limits_.total_bytes && records_.size() > 1) {
    const std::string oldest = by_turn_.begin()->second;
    Apply(Kind::kErase, oldest, 0, {});
    Append(Kind::kErase, oldest, 0, {});
  }
}

void Memo::ForEach(
    std::string_view prefix,
    const std::function<void(std::string_view, uint32_t, std::string_view)>& visit) const {
  std::lock_guard lock(mutex_);
  for (auto it = records_.lower_bound(prefix); it != records_.end(); ++it) {
    if (!std::string_view(it->first).starts_with(prefix)) break;
    visit(it->first, it->second.version, it->second.value);
  }
}

// The old file stands until the new one is whole and synced.
void Memo::Compact() {
  if (!WriteAnew().ok()) broken_ = true;
}

Status Memo::WriteAnew() {
  const std::string beside = path_ + ".new";
  const int file =
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return FileError("create", beside);
  std::string bytes(kMagic);
  for (const auto& [turn, key] : by_turn_) {
    const Record& record = records_.find(key)->second;
    bytes += Framed(static_cast<char>(Kind::kPut), key, record.version, record.value);
  }
  const bool done = WriteAll(file, bytes) && ::fdatasync(file) == 0 &&
                    ::rename(beside.c_str(), path_.c_str()) == 0;
  if (!done) {
    Status failed = FileError("write", beside);
    ::close(file);
    return failed;
  }
  ::close(file_);
  file_ = file;
  file_bytes_ = bytes.size();
  return Status::Ok();
}

Status Memo::Sync() {
  std::lock_guard lock(mutex_);
  if (broken_) return Status(sqlstate::kIoError, "what was learned is kept in memory alone");
  if (::fdatasync(file_) == 0) return Status::Ok();
  broken_ = true;
  return FileError("sync", path_);
}

size_t Memo::records() const {
  std::lock_guard lock(mutex_);
  return records_.size();
}

size_t Memo::bytes() const {
  std::lock_guard lock(mutex_);
  return live_bytes_;
}

bool Memo::broken() const {
  std::lock_guard lock(mutex_);
  return broken_;
}

}  // namespace omen::memo
