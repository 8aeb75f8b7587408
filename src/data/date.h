// Dates and times as numbers. Which inputs a network gets of a date is said in <retrograd/encoder.h>.
#pragma once

#include <string>
#include <string_view>

#include "data/value.h"

namespace retrograd::data {

// Days since 1970-01-01 00:00 UTC, with the time of day as a fraction. Read are YYYY-MM-DD, YYYY/MM/DD,
// DD.MM.YYYY, each with "T" or a blank and HH:MM[:SS[.fff]][Z|+HH:MM|-HHMM] behind it or without, in the
// proleptic Gregorian calendar. Value::missing as for numbers, Value::text for all else.
Value read_date(std::string_view text, double& days);

// Of days since 1970: year, month 1 to 12, day 1 to 31. Hinnant 2013, "chrono-Compatible Low-Level Date
// Algorithms".
struct CivilDate {
  int year = 1970;
  int month = 1;
  int day = 1;
};
CivilDate civil_date(double days);
double days_of(const CivilDate& date);
// "2024-05-31", with " 17:30:00" where there is a time.
std::string date_text(double days);

}  // namespace retrograd::data
