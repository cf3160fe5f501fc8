// libFuzzer's coverage from GCC's instrumentation, so that one compiler builds everything: each
// branch of the code under test counts itself in a table of 64 Ki places that the fuzzer watches.
// The link wraps libFuzzer's own __sanitizer_cov_trace_pc, which refuses to run.
#include <cstddef>
#include <cstdint>

extern "C" void __sanitizer_cov_8bit_counters_init(uint8_t* begin, uint8_t* end);

namespace {

constexpr size_t kCounters = 1 << 16;
uint8_t counters[kCounters];
[[maybe_unused]] const bool registered =
    (__sanitizer_cov_8bit_counters_init(counters, counters + kCounters), true);

}  // namespace

// GCC's comparisons of floating point numbers, which libFuzzer does not know.
extern "C" void __sanitizer_cov_trace_cmpf(float, float) {}
extern "C" void __sanitizer_cov_trace_cmpd(double, double) {}

extern "C" __attribute__((no_sanitize_coverage)) void __wrap___sanitizer_cov_trace_pc() {
  const auto pc = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  ++counters[(pc ^ (pc >> 16)) % kCounters];
}
