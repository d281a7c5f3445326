"""Names on a wall: surname and post (ui section 8)."""

from __future__ import annotations

_COMPOUND = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "司徒",
    "东方",
    "夏侯",
    "尉迟",
    "皇甫",
    "慕容",
    "令狐",
    "宇文",
    "长孙",
    "公孙",
    "轩辕",
    "端木",
    "澹台",
    "太史",
    "申屠",
)


def surname(name: str) -> str:
    """Of 欧阳明 欧阳, of 王芳 王; of a name in Latin letters the first word, since surnames stand first here: Wang of Wang Fang."""
    name = name.strip()
    if name.isascii():
        return name.split(" ")[0]
    return next((c for c in _COMPOUND if name.startswith(c) and len(name) > len(c)), name[:1])


def on_wall(name: str, post: str) -> str:
    """Surname and post: 王（召集人）, 王 of nobody in particular."""
    short = surname(name)
    return f"{short}（{post}）" if post else short
