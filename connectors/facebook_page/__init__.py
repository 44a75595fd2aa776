"""Facebook pages: followers, posts and days of one page, by the Graph API."""
