"""Opinion rounds on their page: who may answer how, taking an answer, what the public and what staff may read."""
