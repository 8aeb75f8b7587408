// sqrt: the square root.
struct Sqrt {
  static constexpr std::string_view op = "sqrt";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 0.5;
  template <typename V>
  auto operator()(V x) const {
    return sqrt(x);
  }
};
