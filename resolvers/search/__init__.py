"""The search of the directory: listed partners by words and filters, sorted, counted, and counted by choice."""
