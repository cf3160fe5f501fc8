#include "app/data_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/file_error.h"

namespace omen::app {
namespace {

namespace fs = std::filesystem;

enum class Content : uint8_t { kMissing, kEmpty, kDatabase, kForeign };

/// A socket that a killed server left, or the mark of a mount, is nobody's content.
bool IsNothing(const std::string& name) {
  return name.starts_with(".s.PGSQL.") || name == "lost+found";
}

Result<Content> Look(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return Content::kMissing;
  Content content = Content::kEmpty;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    const std::string name = entry.path().filename().string();
    if (name == "rows" || name == "columns") return Content::kDatabase;
    if (!IsNothing(name)) content = Content::kForeign;
  }
  if (!error) return content;
  return Status(sqlstate::kIoError, fmt::format("cannot read \"{}\": {}", path, error.message()));
}

Status Refuse(const std::string& path, Content content, DataFolder::Use use) {
  const bool serve = use == DataFolder::Use::kServe;
  if (content == Content::kDatabase || (serve && content != Content::kForeign)) {
    return Status::Ok();
  }
  if (content == Content::kMissing) {
    return Status(sqlstate::kUndefinedFile, fmt::format("there is no folder \"{}\"", path));
  }
  if (!serve) {
    return Status(sqlstate::kUndefinedFile, fmt::format("\"{}\" holds no OmenDB database", path));
  }
  return Status(sqlstate::kNotInPrerequisiteState,
                fmt::format("\"{}\" is not empty and holds no OmenDB database", path))
      .Hint("Name an empty folder, or one that is not there yet.");
}

}  // namespace

Result<DataFolder> DataFolder::Take(const std::string& path, Use use) {
  OMEN_ASSIGN_OR_RETURN(const Content content, Look(path));
  OMEN_RETURN_IF_ERROR(Refuse(path, content, use));
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    return Status(sqlstate::kIoError,
                  fmt::format("cannot create \"{}\": {}", path, error.message()));
  }
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return FileError("open", path);
  DataFolder folder(descriptor);
  // The lock goes with the process, however it ends.
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return folder;
  if (errno != EWOULDBLOCK) return FileError("lock", path);
  return Status(sqlstate::kObjectInUse, fmt::format("another omendb uses \"{}\"", path));
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

DataFolder::~DataFolder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace omen::app
