"""The calendar: days and periods in Gregorian and Jalali, 1990 to 2060, made in Python."""
