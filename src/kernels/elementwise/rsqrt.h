// rsqrt: y = 1 / sqrt(x).
struct Rsqrt {
  static constexpr std::string_view op = "rsqrt";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 2;
  template <typename V>
  auto operator()(V x) const {
    return V(1) / sqrt(x);
  }
};
