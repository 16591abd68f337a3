"""星海 Exchange: the demo exchange's content and people."""
