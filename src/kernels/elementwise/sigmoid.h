// sigmoid: y = 1 / (1 + e^-x).
struct Sigmoid {
  static constexpr std::string_view op = "sigmoid";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 4;
  template <typename V>
  auto operator()(V x) const {
    return V(1) / (V(1) + exp(-x));
  }
};
