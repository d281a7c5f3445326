"""What directory, settings and calendars say changes seldom and is asked all the time: kept in memory, exactly as long as it holds."""
