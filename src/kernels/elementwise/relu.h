// relu: y = max(x, 0); a NaN stays.
struct Relu {
  static constexpr std::string_view op = "relu";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 0;
  template <typename V>
  auto operator()(V x) const {
    return select(x <= V(0), V(0), x);
  }
};
