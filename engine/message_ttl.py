"""How long a message that nobody waits for is kept, when its sender says so: an ISO 8601 duration such as PT2H or P14D."""

from __future__ import annotations

from datetime import timedelta

from engine.feel.temporal import parse_duration
from engine.values import ValueRefused

#: ids of messages are known for as long (`Engine.tidy`): a message kept for longer could be taken twice
LONGEST = timedelta(days=90)


def ttl_of(text: str) -> timedelta:
    """The duration; ``PT0S`` keeps nothing: who does not wait now does not get it. Raises ValueRefused."""
    found = parse_duration(text.strip())
    if not isinstance(found, timedelta) or not timedelta() <= found <= LONGEST:
        zh = f"“{text}”应为 90 天以内的时长，例如 PT2H、P14D；PT0S 表示不保留"
        raise ValueRefused(f"{zh} / {text!r} must be a duration of at most 90 days, such as PT2H or P14D; PT0S keeps nothing")
    return found
