"""Dispatch (派单): who must act by legal power and area, objections within limits, final designation."""
