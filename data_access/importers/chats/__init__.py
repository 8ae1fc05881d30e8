"""What exports and answers of one chat programme have in common."""
