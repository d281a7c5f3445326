"""Meetings: seats, agenda, notice, replies, attendance, recusal, quorum per item, minutes (domain SP03, SP12)."""
