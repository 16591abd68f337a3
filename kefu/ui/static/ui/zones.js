// Time zones as people name them; the same words as kefu/ui/zones.py and its catalogues, which a test compares.
