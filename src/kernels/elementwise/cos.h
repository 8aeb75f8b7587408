// cos: y = cos x.
struct Cos {
  static constexpr std::string_view op = "cos";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 4;
  template <typename V>
  auto operator()(V x) const {
    return cos(x);
  }
};
