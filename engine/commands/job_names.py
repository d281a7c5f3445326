"""Names of the jobs that commands put in for other instances or for later."""

#: retries incidents of a command that gave the instance its number
SECOND_TRY = "second_try"
#: looks again at a conditional start event
CONDITION = "start_condition"
#: lets instances look again at their conditions
LOOK = "look_again"
#: instances or waiters in one job
PER_JOB = 100
