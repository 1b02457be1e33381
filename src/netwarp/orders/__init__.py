"""What a user asks for, as an object: a subject, a slice, an order, and what filling it gives."""
