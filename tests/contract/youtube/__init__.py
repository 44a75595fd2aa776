"""What youtube is known for, through the real connector."""
