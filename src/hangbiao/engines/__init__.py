"""What any business software needs. Knows no sales word."""
