#include "pgwire/message_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "pgwire/codec.h"

namespace omen::pgwire {

MessageStream::MessageStream(Transport* transport)
    : transport_(transport), input_(new char[kInputBytes]) {
  out_.reserve(kInputBytes);
}

void MessageStream::MakeRoom(size_t size) {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (capacity_ > kKeepBytes && size <= kInputBytes) {
      capacity_ = kInputBytes;
      input_.reset(new char[capacity_]);
    }
  }
  if (begin_ + size <= capacity_) return;
  const size_t have = end_ - begin_;
  if (size <= capacity_) {
    std::memmove(input_.get(), input_.get() + begin_, have);
  } else if (end_ == capacity_ || begin_ > 0) {
    // At most twice what has arrived: a length alone makes nobody allocate.
    const size_t larger = have < capacity_ / 2 ? capacity_ : std::min(size, capacity_ * 2);
    std::unique_ptr<char[]> next(new char[larger]);
    std::memcpy(next.get(), input_.get() + begin_, have);
    input_ = std::move(next);
    capacity_ = larger;
  } else {
    return;
  }
  begin_ = 0;
  end_ = have;
}

bool MessageStream::Fill(size_t size, const CancelToken* cancel) {
  while (end_ - begin_ < size) {
    MakeRoom(size);
    size_t got = transport_->Read(input_.get() + end_, capacity_ - end_, cancel);
    if (got == 0) return false;
    end_ += got;
  }
  return true;
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
  MakeRoom(1);
  const std::optional<size_t> got = transport_->ReadNow(input_.get() + end_, capacity_ - end_);
  if (!got) return Arrival::kNone;
  end_ += *got;
  return *got > 0 ? Arrival::kSome : Arrival::kGone;
}

Result<MessageStream::Message> MessageStream::Read(const CancelToken* cancel) {
  const auto gone = [cancel]() -> Result<Message> {
    if (cancel != nullptr) OMEN_RETURN_IF_ERROR(cancel->Check());
    return Message{};
  };
  if (!Fill(1, cancel)) return gone();
  const char type = input_[begin_];
  const uint32_t length_max = MessageLengthMax(type);
  if (length_max == 0) {
    return Status(sqlstate::kProtocolViolation,
                  fmt::format("invalid frontend message type {}",
                              static_cast<int>(static_cast<uint8_t>(type))));
  }
  if (!Fill(5, cancel)) return gone();
  const uint32_t length = LoadBigEndian<uint32_t>(input_.get() + begin_ + 1);
  if (length < 4 || length > length_max) {
    return Status(sqlstate::kProtocolViolation, "invalid message length");
  }
  if (!Fill(size_t{1} + length, cancel)) return gone();
  Message message{type, {input_.get() + begin_ + 5, length - 4}};
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
  capacity_ = capacity;
  begin_ = 0;
  end_ = have;
}

void MessageStream::Release() {
  if (held_ == nullptr) return;
  held_.reset();
  if (!input_empty()) return;
  capacity_ = kInputBytes;
  begin_ = end_ = 0;
  input_.reset(new char[capacity_]);
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
