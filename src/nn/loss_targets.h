// What losses do alike with outputs and targets; <retrograd/losses.h> tells what targets may be. `loss` names
// the loss in messages.
#pragma once

#include <retrograd/array.h>

namespace retrograd::nn {

// Throws Error(shape) for a scalar, Error(dtype) unless y is floating.
void check_loss_output(const char* loss, const Array& y);
// y [N, ...] as [N, outputs].
Array loss_rows(const Array& y);
// Targets t as numbers of the type of y [N, K].
Array loss_targets(const char* loss, const Array& y, const Array& t);
// y - t as [N, outputs].
Array loss_residuals(const char* loss, const Array& y, const Array& t);

}  // namespace retrograd::nn
