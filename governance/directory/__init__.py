"""Who is who: areas, units, people, posts, committees, seats, delegations, and what a person may do at an instant."""
