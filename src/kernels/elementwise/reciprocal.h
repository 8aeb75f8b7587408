// reciprocal: y = 1 / x.
struct Reciprocal {
  static constexpr std::string_view op = "reciprocal";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 0.5;
  template <typename V>
  auto operator()(V x) const {
    return V(1) / x;
  }
};
