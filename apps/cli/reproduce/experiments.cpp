// The list of reproductions.
#include "cli/reproduce/experiment.h"

namespace cli::reproduce {

std::span<const Experiment* const> experiments() {
  static constexpr const Experiment* all[] = {&mazur,     &xor_gate,  &symmetry, &family_trees, &nielsen_1,
                                              &nielsen_3, &nielsen_6, &lenet5,   &char_rnn,     &char_lstm};
  return all;
}

}  // namespace cli::reproduce
