"""What becomes of the rows of any table, a module a kind: posts, people, organisations, deals and so on."""
