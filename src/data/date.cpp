// Reading dates, and the calendar.
#include "data/date.h"

#include <cmath>
#include <limits>

#include "core/fail.h"

namespace retrograd::data {
namespace {

// Takes pieces off the front of a text.
struct Scanner {
  std::string_view text;

  bool take(char letter) {
    if (text.empty() || text.front() != letter) return false;
    text.remove_prefix(1);
    return true;
  }
  // Exactly `digits` digits.
  bool take_number(int digits, int& number) {
    if (text.size() < static_cast<std::size_t>(digits)) return false;
    number = 0;
    for (int i = 0; i < digits; ++i) {
      const char c = text[static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return false;
      number = number * 10 + (c - '0');
    }
    text.remove_prefix(static_cast<std::size_t>(digits));
    return true;
  }
};

int days_in(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool take_date(Scanner& scanner, CivilDate& date) {
  const bool year_first = scanner.text.size() > 4 && (scanner.text[4] == '-' || scanner.text[4] == '/');
  if (year_first) {
    const char between = scanner.text[4];
    if (!scanner.take_number(4, date.year) || !scanner.take(between) || !scanner.take_number(2, date.month) ||
        !scanner.take(between) || !scanner.take_number(2, date.day)) {
      return false;
    }
  } else if (!scanner.take_number(2, date.day) || !scanner.take('.') || !scanner.take_number(2, date.month) ||
             !scanner.take('.') || !scanner.take_number(4, date.year)) {
    return false;
  }
  return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= days_in(date.year, date.month);
}

// HH:MM[:SS[.fff]] as a fraction of a day.
bool take_time(Scanner& scanner, double& fraction) {
  int hour = 0, minute = 0, second = 0;
  if (!scanner.take_number(2, hour) || !scanner.take(':') || !scanner.take_number(2, minute)) return false;
  double part = 0;
  if (scanner.take(':')) {
    if (!scanner.take_number(2, second)) return false;
    if (scanner.take('.')) {
      double unit = 0.1;
      int digit = 0;
      if (scanner.text.empty()) return false;
      for (; scanner.take_number(1, digit); unit /= 10) part += digit * unit;
    }
  }
  if (hour > 23 || minute > 59 || second > 60) return false;
  fraction = (hour * 3600 + minute * 60 + second + part) / 86400;
  return true;
}

// Z, +HH:MM, -HHMM or +HH, as a fraction of a day east of Greenwich.
bool take_zone(Scanner& scanner, double& east) {
  if (scanner.text.empty() || scanner.take('Z')) return true;
  const bool west = scanner.text.front() == '-';
  int hours = 0, minutes = 0;
  if (!scanner.take('+') && !scanner.take('-')) return false;
  if (!scanner.take_number(2, hours)) return false;
  scanner.take(':');
  if (!scanner.text.empty() && !scanner.take_number(2, minutes)) return false;
  if (hours > 15 || minutes > 59) return false;
  east = (hours * 60 + minutes) / 1440.0 * (west ? -1 : 1);
  return true;
}

}  // namespace

Value read_date(std::string_view text, double& days) {
  days = std::numeric_limits<double>::quiet_NaN();
  if (is_missing(text)) return Value::missing;
  Scanner scanner{text};
  CivilDate date;
  double fraction = 0, east = 0;
  if (!take_date(scanner, date)) return Value::text;
  if (!scanner.text.empty()) {
    if (!scanner.take('T') && !scanner.take(' ')) return Value::text;
    if (!take_time(scanner, fraction) || !take_zone(scanner, east)) return Value::text;
  }
  if (!scanner.text.empty()) return Value::text;
  days = days_of(date) + fraction - east;
  return Value::number;
}

double days_of(const CivilDate& date) {
  const int year = date.year - (date.month <= 2 ? 1 : 0);
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int of_era = year - era * 400;
  const int of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const int days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
  return era * 146097.0 + days - 719468;
}

CivilDate civil_date(double days) {
  const auto whole = static_cast<std::int64_t>(std::floor(days)) + 719468;
  const std::int64_t era = (whole >= 0 ? whole : whole - 146096) / 146097;
  const auto of_era = static_cast<int>(whole - era * 146097);
  const int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int of_year = of_era - (365 * year + year / 4 - year / 100);
  const int month = (5 * of_year + 2) / 153;
  CivilDate date;
  date.day = of_year - (153 * month + 2) / 5 + 1;
  date.month = month + (month < 10 ? 3 : -9);
  date.year = static_cast<int>(year + era * 400) + (date.month <= 2 ? 1 : 0);
  return date;
}

std::string date_text(double days) {
  const CivilDate date = civil_date(days);
  std::string text = fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
  const auto seconds = static_cast<int>(std::lround((days - std::floor(days)) * 86400));
  if (seconds > 0) text += fmt::format(" {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return text;
}

}  // namespace retrograd::data
