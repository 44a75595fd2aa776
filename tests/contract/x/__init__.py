"""What x is known for, through the real connector."""
