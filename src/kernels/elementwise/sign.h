// sign: 1 above 0, -1 below it; a 0 or NaN stays.
struct Sign {
  static constexpr std::string_view op = "sign";
  static constexpr Form form = Form::unary_number;
  static constexpr double max_ulp = 0;
  template <typename V>
  auto operator()(V x) const {
    return select(x > V(0), V(1), select(x < V(0), V(-1), x));
  }
};
