"""One module a command of the command line. Each has `parser()` and `run(arguments) -> exit code`, and imports late."""
