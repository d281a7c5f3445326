"""Business calendars: working days and hours with public holidays and make-up working days (调休), versioned."""
