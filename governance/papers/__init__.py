"""Papers (文书): templates filled from the case, numbered, frozen when they are issued, sealed as PDF."""
