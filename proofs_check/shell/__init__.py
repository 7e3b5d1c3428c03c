"""The command line, and the plugin for pytest."""
