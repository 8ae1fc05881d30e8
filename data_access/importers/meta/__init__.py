"""What Facebook's and Instagram's answers have in common."""
