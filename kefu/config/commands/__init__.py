"""What `kefu VERB` does where it is neither serving nor a command of one room."""
