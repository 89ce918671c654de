"""What differs between two schemas, whom it breaks, and whether it may."""
