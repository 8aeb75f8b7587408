// log1p: y = ln(1 + x).
struct Log1p {
  static constexpr std::string_view op = "log1p";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 4;
  template <typename V>
  auto operator()(V x) const {
    return log1p(x);
  }
};
