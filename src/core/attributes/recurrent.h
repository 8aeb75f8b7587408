// The constants of one call of a recurrent op (rnn, lstm, gru) and of its backward op.
#pragma once

namespace retrograd::attributes {

struct Recurrent {
  bool reverse = false;      // from the last step to the first
  bool relu = false;         // of rnn: max(x, 0) instead of tanh
  bool has_lengths = false;  // i32 [N] is the last input
  bool has_dc = false;       // of lstm_backward: the cotangent of the cells is an input
  bool has_dgates = false;   // of the backward ops: that of the gates is an input
  template <class F>
  void fields(F& f) const {
    f("reverse", reverse);
    f("relu", relu);
    f("has_lengths", has_lengths);
    f("has_dc", has_dc);
    f("has_dgates", has_dgates);
  }
};

}  // namespace retrograd::attributes
