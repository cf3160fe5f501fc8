#include "pgwire/message_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "base/bytes.h"
#include "pgwire/codec/codec.h"

namespace omen::pgwire {

MessageStream::MessageStream(Transport* transport, MemoryAccountPtr memory)
    : transport_(transport),
      input_(new char[kInputBytes]),
      input_charge_(memory),
      held_charge_(std::move(memory)),
      length_max_(kSmallMessageMax) {
  out_.reserve(kInputBytes);
}

Status MessageStream::Replace(size_t capacity) {
  const size_t have = end_ - begin_;
  const auto charged = [](size_t bytes) {
    return bytes > kInputBytes ? static_cast<int64_t>(bytes) : 0;
  };
  // The old one lives until its content is copied.
  const int64_t beside = have > 0 ? charged(capacity_) : 0;
  OMEN_RETURN_IF_ERROR(input_charge_.Resize(charged(capacity) + beside));
  std::unique_ptr<char[]> next(new (std::nothrow) char[capacity]);
  if (next == nullptr) {
    (void)input_charge_.Resize(charged(capacity_)).ok();
    return OutOfMemory(nullptr);
  }
  std::memcpy(next.get(), input_.get() + begin_, have);
  input_ = std::move(next);
  capacity_ = capacity;
  begin_ = 0;
  end_ = have;
  return input_charge_.Resize(charged(capacity));
}

bool MessageStream::MakeRoom(size_t size) {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (capacity_ > kKeepBytes && size <= kInputBytes) (void)Replace(kInputBytes).ok();
  }
  if (begin_ + size <= capacity_) return true;
  const size_t have = end_ - begin_;
  if (size <= capacity_) {
    std::memmove(input_.get(), input_.get() + begin_, have);
    begin_ = 0;
    end_ = have;
  } else if (end_ == capacity_ || begin_ > 0) {
    // At most twice what has arrived: a length alone makes nobody allocate.
    passing_.room = Replace(have < capacity_ / 2 ? capacity_ : std::min(size, capacity_ * 2));
    return passing_.room.ok();
  }
  return true;
}

bool MessageStream::Fill(size_t size, const CancelToken* cancel) {
  while (end_ - begin_ < size) {
    if (!MakeRoom(size)) return false;
    size_t got = transport_->Read(input_.get() + end_, capacity_ - end_, cancel);
    if (got == 0) return false;
    end_ += got;
  }
  return true;
}

Result<MessageStream::Message> MessageStream::Gone(const CancelToken* cancel) {
  if (cancel != nullptr) OMEN_RETURN_IF_ERROR(cancel->Check());
  return Message{};
}

Result<MessageStream::Message> MessageStream::PassBy(const CancelToken* cancel) {
  char ignored[kInputBytes];
  while (passing_.left > 0) {
    const size_t got = transport_->Read(ignored, std::min(passing_.left, kInputBytes), cancel);
    if (got == 0) return Gone(cancel);
    passing_.left -= got;
  }
  return Message{
      std::exchange(passing_.type, '\0'), {}, std::exchange(passing_.room, Status::Ok())};
}

Result<std::string_view> MessageStream::ReadStartup() {
  if (!Fill(4)) return std::string_view();
  const uint32_t length = LoadBigEndian<uint32_t>(input_.get() + begin_);
  if (length < 8 || length > kStartupBytesMax) {
    return Status(sqlstate::kProtocolViolation, "invalid length of startup packet");
  }
  if (!Fill(length)) return std::string_view();
  std::string_view body(input_.get() + begin_ + 4, length - 4);
  begin_ += length;
  return body;
}

MessageStream::Arrival MessageStream::Poll() {
  if (!input_empty()) return Arrival::kSome;
  (void)MakeRoom(1);  // what it holds has been read
  const std::optional<size_t> got = transport_->ReadNow(input_.get() + end_, capacity_ - end_);
  if (!got) return Arrival::kNone;
  end_ += *got;
  return *got > 0 ? Arrival::kSome : Arrival::kGone;
}

Result<MessageStream::Message> MessageStream::Read(const CancelToken* cancel) {
  if (passing_.type != 0) return PassBy(cancel);
  if (!Fill(1, cancel)) return Gone(cancel);
  const char type = input_[begin_];
  const uint32_t length_max = std::min(MessageLengthMax(type), length_max_);
  if (length_max == 0) {
    return Status(sqlstate::kProtocolViolation,
                  fmt::format("invalid frontend message type {}",
                              static_cast<int>(static_cast<uint8_t>(type))));
  }
  if (!Fill(5, cancel)) return Gone(cancel);
  const uint32_t length = LoadBigEndian<uint32_t>(input_.get() + begin_ + 1);
  if (length < 4 || length > length_max) {
    return Status(sqlstate::kProtocolViolation, "invalid message length");
  }
  if (!Fill(size_t{1} + length, cancel)) {
    if (passing_.room.ok()) return Gone(cancel);
    passing_.type = type;
    passing_.left = size_t{1} + length - (end_ - begin_);
    begin_ = end_ = 0;
    if (capacity_ > kInputBytes) (void)Replace(kInputBytes).ok();
    return PassBy(cancel);
  }
  Message message{type, {input_.get() + begin_ + 5, length - 4}, {}};
  begin_ += size_t{1} + length;
  return message;
}

void MessageStream::Hold() {
  if (held_ != nullptr) return;
  constexpr size_t kCopyBytes = 128 << 10;
  const size_t have = end_ - begin_;
  const size_t capacity = std::max(kCopyBytes, have);
  std::unique_ptr<char[]> next(new char[capacity]);
  std::memcpy(next.get(), input_.get() + begin_, have);
  held_ = std::exchange(input_, std::move(next));
  std::swap(held_charge_, input_charge_);
  (void)input_charge_.Resize(static_cast<int64_t>(capacity)).ok();  // at most the held one again
  capacity_ = capacity;
  begin_ = 0;
  end_ = have;
}

void MessageStream::Release() {
  if (held_ == nullptr) return;
  held_.reset();
  held_charge_.Clear();
  if (!input_empty()) return;
  begin_ = end_ = 0;
  (void)Replace(kInputBytes).ok();
}

Status MessageStream::Flush(const CancelToken* cancel) {
  if (out_.empty()) return Status::Ok();
  const std::optional<size_t> written = transport_->Write(out_, cancel);
  if (written && *written < out_.size()) {
    out_.erase(0, *written);
    return cancel->Check();
  }
  const bool sent = written.has_value();
  out_.clear();
  if (out_.capacity() > kKeepBytes) {
    out_.shrink_to_fit();
    out_.reserve(kInputBytes);
  }
  if (sent) return Status::Ok();
  return Status(sqlstate::kConnectionFailure, "connection to client lost");
}

}  // namespace omen::pgwire
