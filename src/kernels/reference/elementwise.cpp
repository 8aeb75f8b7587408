// The element-wise ops: inputs [...], all of one shape -> y [...]. Integers wrap.
#include <cmath>
#include <type_traits>
#include <utility>

#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

// y = f(x_0, x_1, ...) for every element; In are the C++ types of the inputs.
template <typename Out, typename... In, typename F, std::size_t... i>
void loop(const Call& call, const Operands& operands, const F& f, std::index_sequence<i...>) {
  Out* y = operands.out<Out>();
  const std::int64_t size = call.outputs[0].size();
  if ((call.inputs[i].is_contiguous() && ...)) {
    for (std::int64_t at = 0; at < size; ++at) y[at] = f(operands.in<In>(i)[at]...);
    return;
  }
  for (reference::Index at(call.outputs[0].shape()); at.valid(); at.next()) {
    y[at.position()] = f(operands.in<In>(i)[at.offset(call.inputs[i].layout)]...);
  }
}

template <typename F>
void unary_floating(const Call& call, const Operands& operands, int, int) {
  reference::with_floating(call.inputs[0].dtype,
                           [&]<typename T>(T) { loop<T, T>(call, operands, F(), std::index_sequence<0>()); });
}

template <typename F>
void unary_number(const Call& call, const Operands& operands, int, int) {
  reference::with_number(call.inputs[0].dtype,
                         [&]<typename T>(T) { loop<T, T>(call, operands, F(), std::index_sequence<0>()); });
}

template <typename F>
void binary_floating(const Call& call, const Operands& operands, int, int) {
  reference::with_floating(call.inputs[0].dtype, [&]<typename T>(T) {
    loop<T, T, T>(call, operands, F(), std::index_sequence<0, 1>());
  });
}

template <typename F>
void binary_number(const Call& call, const Operands& operands, int, int) {
  reference::with_number(call.inputs[0].dtype, [&]<typename T>(T) {
    loop<T, T, T>(call, operands, F(), std::index_sequence<0, 1>());
  });
}

template <typename F>
void comparison(const Call& call, const Operands& operands, int, int) {
  reference::with_number(call.inputs[0].dtype, [&]<typename T>(T) {
    loop<bool, T, T>(call, operands, F(), std::index_sequence<0, 1>());
  });
}

// The type in which + - * of T are taken: unsigned for an integer, so that it wraps.
template <typename T, bool = std::is_integral_v<T>>
struct Arithmetic {
  using Type = T;
};
template <typename T>
struct Arithmetic<T, true> {
  using Type = std::make_unsigned_t<T>;
};
template <typename T>
typename Arithmetic<T>::Type wide(T x) {
  return static_cast<typename Arithmetic<T>::Type>(x);
}

struct Add {
  template <typename T>
  T operator()(T a, T b) const {
    return static_cast<T>(wide(a) + wide(b));
  }
};
struct Subtract {
  template <typename T>
  T operator()(T a, T b) const {
    return static_cast<T>(wide(a) - wide(b));
  }
};
struct Multiply {
  template <typename T>
  T operator()(T a, T b) const {
    return static_cast<T>(wide(a) * wide(b));
  }
};
struct Divide {
  template <typename T>
  T operator()(T a, T b) const {
    return a / b;
  }
};
struct Maximum {
  template <typename T>
  T operator()(T a, T b) const {
    return a > b || a != a ? a : b;  // a != a: a NaN
  }
};
struct Negative {
  template <typename T>
  T operator()(T x) const {
    return static_cast<T>(-wide(x));
  }
};
struct Exp {
  template <typename T>
  T operator()(T x) const {
    return std::exp(x);
  }
};
struct Log {
  template <typename T>
  T operator()(T x) const {
    return std::log(x);
  }
};
struct Sqrt {
  template <typename T>
  T operator()(T x) const {
    return std::sqrt(x);
  }
};
struct Square {
  template <typename T>
  T operator()(T x) const {
    return x * x;
  }
};
struct Abs {
  template <typename T>
  T operator()(T x) const {
    return std::abs(x);
  }
};
struct Sigmoid {
  template <typename T>
  T operator()(T x) const {
    return T{1} / (T{1} + std::exp(-x));
  }
};
struct Tanh {
  template <typename T>
  T operator()(T x) const {
    return std::tanh(x);
  }
};
struct Relu {
  template <typename T>
  T operator()(T x) const {
    return x <= T{0} ? T{0} : x;  // a NaN stays
  }
};
struct Greater {
  template <typename T>
  bool operator()(T a, T b) const {
    return a > b;
  }
};
struct GreaterEqual {
  template <typename T>
  bool operator()(T a, T b) const {
    return a >= b;
  }
};
struct Equal {
  template <typename T>
  bool operator()(T a, T b) const {
    return a == b;
  }
};

// condition ? a : b
void where(const Call& call, const Operands& operands, int, int) {
  reference::with_any(call.outputs[0].dtype, [&]<typename T>(T) {
    const auto choose = [](bool condition, T a, T b) { return condition ? a : b; };
    loop<T, bool, T, T>(call, operands, choose, std::index_sequence<0, 1, 2>());
  });
}

template <void (*function)(const Call&, const Operands&, int shard, int shards)>
constexpr KernelDef elementwise(std::string_view op) {
  KernelDef kernel = reference::kernel<function>(op);
  kernel.in_place = any_input_in_place;
  return kernel;
}

}  // namespace

extern const KernelDef add_reference = elementwise<binary_number<Add>>("add");
extern const KernelDef subtract_reference = elementwise<binary_number<Subtract>>("subtract");
extern const KernelDef multiply_reference = elementwise<binary_number<Multiply>>("multiply");
extern const KernelDef divide_reference = elementwise<binary_floating<Divide>>("divide");
extern const KernelDef maximum_reference = elementwise<binary_number<Maximum>>("maximum");
extern const KernelDef negative_reference = elementwise<unary_number<Negative>>("negative");
extern const KernelDef exp_reference = elementwise<unary_floating<Exp>>("exp");
extern const KernelDef log_reference = elementwise<unary_floating<Log>>("log");
extern const KernelDef sqrt_reference = elementwise<unary_floating<Sqrt>>("sqrt");
extern const KernelDef square_reference = elementwise<unary_floating<Square>>("square");
extern const KernelDef abs_reference = elementwise<unary_floating<Abs>>("abs");
extern const KernelDef sigmoid_reference = elementwise<unary_floating<Sigmoid>>("sigmoid");
extern const KernelDef tanh_reference = elementwise<unary_floating<Tanh>>("tanh");
extern const KernelDef relu_reference = elementwise<unary_floating<Relu>>("relu");
extern const KernelDef greater_reference = elementwise<comparison<Greater>>("greater");
extern const KernelDef greater_equal_reference = elementwise<comparison<GreaterEqual>>("greater_equal");
extern const KernelDef equal_reference = elementwise<comparison<Equal>>("equal");
extern const KernelDef where_reference = elementwise<where>("where");

}  // namespace retrograd::kernels
