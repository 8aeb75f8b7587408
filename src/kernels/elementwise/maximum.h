// maximum: the larger of two; a NaN in either is the result.
struct Maximum {
  static constexpr std::string_view op = "maximum";
  static constexpr Form form = Form::binary_number;
  static constexpr double max_ulp = 0;
  template <typename V>
  auto operator()(V a, V b) const {
    return select((a > b) | (a != a), a, b);
  }
};
