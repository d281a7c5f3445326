"""Opinion rounds (征求意见): who is asked, answers one per household, person or unit, the count, and what was adopted."""
