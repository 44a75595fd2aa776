"""What linkedin_page is known for, through the real connector."""
