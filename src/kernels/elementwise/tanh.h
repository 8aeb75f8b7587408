// tanh: the hyperbolic tangent.
struct Tanh {
  static constexpr std::string_view op = "tanh";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 4;
  template <typename V>
  auto operator()(V x) const {
    return tanh(x);
  }
};
