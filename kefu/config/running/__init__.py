"""Starting and stopping: the supervisor (standard library only) and the children that it starts."""
