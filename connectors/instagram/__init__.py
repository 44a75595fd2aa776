"""Instagram: followers, posts and account days of one professional account, by the Graph API."""
