"""Use cases that pages and API share: inbox, task, start, case, board, record, public notices."""
