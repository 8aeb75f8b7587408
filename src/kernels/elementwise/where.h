// where: a where the condition holds, else b.
struct Where {
  static constexpr std::string_view op = "where";
  static constexpr Form form = Form::selection;
  static constexpr double max_ulp = 0;
  template <typename M, typename V>
  auto operator()(M condition, V a, V b) const {
    return select(condition, a, b);
  }
};
