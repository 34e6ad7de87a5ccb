"""What the posts of each creator tell together, with the evidence behind each number."""
