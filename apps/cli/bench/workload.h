// The training steps that `retrograd bench` measures: networks, data, losses, optimizers.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cli {

struct Workload {
  std::string name;   // "a"
  std::string title;  // the network, the batch, the optimizer
  // Multiplications and additions of products and convolutions in a step: forward, and for both gradients,
  // but that of the first layer's input, which nobody wants.
  double flops = 0;
  // Makes the step: forward pass, loss, backward pass, update.
  std::function<std::function<void()>()> make;
  // Microseconds of other libraries, for one thread and for two.
  struct Peer {
    double one;
    double two;
  };
  std::map<std::string, Peer> peers;
};

// Fully connected and convolutional networks.
std::vector<Workload> feed_forward_workloads();
// Recurrent networks and transformers.
std::vector<Workload> sequence_workloads();

}  // namespace cli
