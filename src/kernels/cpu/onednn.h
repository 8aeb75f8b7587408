// What the kernels on oneDNN share: its engine, a stream for each thread, single-threaded use, prepared
// calls. The sharding over threads is ours; oneDNN never starts threads of its own.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>
#include <string_view>
#include <vector>

#include "core/fail.h"
#include "kernels/kernel.h"
#include "kernels/low_precision.h"

// Of libgomp, the OpenMP runtime that oneDNN brings; declared here because not every compiler that can link
// it has an omp.h of its own.
extern "C" {
int omp_get_max_threads();
void omp_set_num_threads(int count);
}

namespace retrograd::kernels::onednn {

inline const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

inline dnnl::stream& stream_of_thread() {
  thread_local dnnl::stream stream(engine());
  return stream;
}

// Of f32 and bf16 alone.
inline dnnl::memory::data_type type_of(const View& view) {
  return view.dtype == DType::bf16 ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
}

// oneDNN's plain loops, a hundred times slower than its others.
inline bool is_reference(const char* implementation) {
  return std::string_view(implementation).find("ref") != std::string_view::npos;
}

// Does the processor multiply bf16?
inline bool multiplies_bf16() { return !std::string_view(bf16_instructions()).empty(); }

// The element at `index` of an operand.
inline const std::byte* element(const std::byte* operand, const View& view, std::int64_t index) {
  return operand + index * static_cast<std::int64_t>(size_of(view.dtype));
}

// While one lives, oneDNN uses this thread alone; the thread's OpenMP setting comes back afterwards.
class SingleThreaded {
 public:
  SingleThreaded() : before_(omp_get_max_threads()) {
    if (before_ != 1) omp_set_num_threads(1);
  }
  ~SingleThreaded() {
    if (before_ != 1) omp_set_num_threads(before_);
  }
  SingleThreaded(const SingleThreaded&) = delete;
  SingleThreaded& operator=(const SingleThreaded&) = delete;

 private:
  int before_;
};

// A primitive with its argument map made once. Pointers are set before each run; the same ones cost nothing.
class PreparedCall {
 public:
  explicit PreparedCall(dnnl::primitive primitive) : primitive_(std::move(primitive)) {}

  // Adds an argument; the answer is its number for set().
  std::size_t add(int argument, const dnnl::memory::desc& description) {
    memories_.emplace_back(description, engine(), nullptr);
    pointers_.push_back(nullptr);
    arguments_.push_back({argument, memories_.back().get()});
    return memories_.size() - 1;
  }

  void set(std::size_t number, const void* pointer) noexcept {
    if (pointers_[number] == pointer) return;
    pointers_[number] = pointer;
    dnnl_memory_set_data_handle(arguments_[number].memory, const_cast<void*>(pointer));
  }

  // The calling thread must be SingleThreaded.
  void run() noexcept {
    dnnl_primitive_execute(primitive_.get(), stream_of_thread().get(), static_cast<int>(arguments_.size()),
                           arguments_.data());
  }

 private:
  dnnl::primitive primitive_;
  std::vector<dnnl::memory> memories_;
  std::vector<const void*> pointers_;
  std::vector<dnnl_exec_arg_t> arguments_;
};

}  // namespace retrograd::kernels::onednn
