"""Files: what others have written is read without trust, what we write is whole or not there."""
