"""What this room's templates need to say of batches."""
