"""What several importers of one network share, so that an account and a post are the same in each of its files."""
