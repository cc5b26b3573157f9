"""What computes the pictures: one file per engine."""
