"""The spectrum engines: one file each, one signature, one record that they return."""
