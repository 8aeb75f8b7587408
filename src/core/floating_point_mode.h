// The floating-point mode of a thread (rounding, flushing of denormals), which pool threads take over from
// the caller.
#pragma once

#include <cstdint>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace retrograd::core {

#if defined(__SSE__)
inline std::uint64_t floating_point_mode() noexcept { return _mm_getcsr(); }
inline void set_floating_point_mode(std::uint64_t mode) noexcept { _mm_setcsr(static_cast<unsigned>(mode)); }
#elif defined(__aarch64__)
inline std::uint64_t floating_point_mode() noexcept {
  std::uint64_t mode;
  asm volatile("mrs %0, fpcr" : "=r"(mode));
  return mode;
}
inline void set_floating_point_mode(std::uint64_t mode) noexcept {
  asm volatile("msr fpcr, %0" : : "r"(mode));
}
#else
inline std::uint64_t floating_point_mode() noexcept { return 0; }
inline void set_floating_point_mode(std::uint64_t) noexcept {}
#endif

// Tells the processor that this thread waits in a loop.
inline void pause() noexcept {
#if defined(__SSE__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace retrograd::core
