"""How a row of the table is written, and the reasons several rows share."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.foreign.fates import Fate
from engine.definitions.model import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`place` as in `Item`; ``name/**`` stands for an extension element with all that is inside. `holders`: BPMN elements, () any."""

    tools: tuple[str, ...]
    place: str
    fate: Fate
    #: what it is read as
    ours: str = ""
    why: Label = Label()  # noqa: RUF009  frozen
    holders: tuple[str, ...] = ()
    #: read as our own dialect: no finding says so
    native: bool = False


def mapped(tools: str, place: str, ours: str, *holders: str) -> Row:
    return Row(tools=tuple(tools.split()), place=place, fate=Fate.MAPPED, ours=ours, holders=holders)


def native(place: str, *holders: str) -> Row:
    return Row(tools=("zeebe",), place=place, fate=Fate.MAPPED, ours=f"zeebe:{place}", holders=holders, native=True)


def nothing(tools: str, places: str, why: Label, *holders: str) -> tuple[Row, ...]:
    """No meaning here: several places with one reason."""
    names = tuple(tools.split())
    return tuple(Row(tools=names, place=place, fate=Fate.NO_MEANING, why=why, holders=holders) for place in places.split())


def cannot(tools: str, places: str, why: Label, *holders: str) -> tuple[Row, ...]:
    """What would have to run and cannot."""
    names = tuple(tools.split())
    return tuple(Row(tools=names, place=place, fate=Fate.CANNOT_RUN, why=why, holders=holders) for place in places.split())


TRANSACTION = Label(zh="这里每一步就是一个事务，作业都是持久的", en="every step is one transaction here and every job is durable")
RETRY = Label(zh="重试次数和间隔由服务的设置决定", en="how often a failed job is tried again is a setting of the service")
HISTORY = Label(zh="保留期限按数据级别设置", en="how long cases are kept is set by the class of their data")
TENANT = Label(zh="一个安装就是一个租户", en="an installation is one tenant")
DRAWING = Label(zh="只给画图工具看", en="for the drawing tool only")
NUMBER = Label(zh="案号由台账给出", en="numbers of cases are given by registers")
BINDING = Label(zh="案件始终用它开始时的版本", en="a case keeps the versions it began with")
JAVA = Label(zh="Java 类和对象不能在这里运行，请注册为服务", en="Java classes and beans are not run here; register a service")
LISTENER = Label(zh="监听器里的代码不运行，请改成流程里的一步", en="code in listeners is not run; make it a step of the process")
CONNECTOR = Label(zh="连接器不能在这里运行，请注册为服务", en="connectors are not run here; register a service")
PAGES = Label(zh="页面按角色和时限排列任务", en="pages order tasks by role and deadline")
FOLLOW_UP = Label(zh="没有暂缓到期的设置", en="tasks have no date before which they are hidden")
CASES = Label(zh="不执行案例（CMMN）", en="CMMN cases are not run")
CODE = Label(zh="这种代码不能在这里运行，请写成 FEEL", en="code of this kind is not run here; write FEEL")
EVENTS = Label(zh="不接收事件注册表的事件，请用消息", en="events of the event registry are not received; use a message")
LOOKS = Label(zh="只影响显示", en="it changes only what is shown")
VERSIONS = Label(zh="版本在部署时编号", en="versions are numbered when they are deployed")
TRANSIENT = Label(zh="变量都会保存", en="every variable is kept")
