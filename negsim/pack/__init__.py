"""What an author writes: the format, loading with the place of every mistake, linting."""
