// not_equal: a != b.
struct NotEqual {
  static constexpr std::string_view op = "not_equal";
  static constexpr Form form = Form::comparison;
  static constexpr double max_ulp = 0;
  template <typename V>
  auto operator()(V a, V b) const {
    return a != b;
  }
};
