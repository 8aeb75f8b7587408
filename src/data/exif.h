// How a camera was held when it took a picture, from what it wrote into the file. Not here: anything else of
// Exif, and PNG files, which seldom have it.
#pragma once

#include <string_view>

#include "data/picture.h"

namespace retrograd::data {

// The orientation of the first image, 1 to 8 (Exif 2.32, 4.6.4, tag 274), of the TIFF structure that follows
// "Exif\0\0"; 1, upright, where it is missing or damaged.
int exif_orientation(std::string_view tiff);

// As it is to be looked at.
PictureSize upright(const PictureSize& size, int orientation);
Picture upright(Picture picture, int orientation);

}  // namespace retrograd::data
