"""Resources (halls, vehicles, people's hours …) held for a period, so that none is promised twice."""
