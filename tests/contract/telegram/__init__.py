"""What telegram is known for, through the real connector."""
