"""What `kefu VERB` does: a module for each verb, whose run(arguments) gives the exit code."""
