"""LinkedIn company pages: followers, gains per day and posts."""
