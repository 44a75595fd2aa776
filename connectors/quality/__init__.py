"""What the vendors say of the quality of their own reports."""
