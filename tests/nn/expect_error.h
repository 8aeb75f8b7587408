// The kind and the message of an Error.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/error.h>

#include <string>

namespace nn_test {

template <typename F>
void expect_error(retrograd::ErrorKind kind, const std::string& part, F&& call) {
  try {
    call();
    ADD_FAILURE() << "no error; expected one with: " << part;
  } catch (const retrograd::Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

}  // namespace nn_test
