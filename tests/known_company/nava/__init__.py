"""Brand ``nava``: a shop that knows its numbers from dropped files only, in toman, Persian and Jalali."""
