"""Why a step or a background job failed, in plain words: what it means and what mends it. The machine's own words stand beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.definitions.model import Label

_HAN = re.compile(r"[\u4e00-\u9fff]")
_BETWEEN = " / "

_STEPS: Mapping[str, Label] = {
    "expression_failed": Label("表达式算不出结果，请核对数据", "An expression gave no result; check the data"),
    "unknown_variable": Label(
        "用到了没有声明的数据，请先补上数据，或把事项换到改好的版本",
        "A name nobody declared is used: set it, or migrate to a mended version"
    ),
    "no_flow": Label("没有一条连线的条件成立，请核对数据或移动环节", "No flow's condition holds: check the data, or move the token"),
    "join_stuck": Label("汇合处在等一条已经不会来的支路，请移动环节", "A join waits for a branch that cannot come: move the token"),
    "uncaught_error": Label("服务报告了流程没有安排处理的差错", "A service reported an error that the procedure does not provide for"),
    "service_failed": Label("外部服务多次没有办成，请核实对方后重试", "A service outside failed again and again: see to it, then retry"),
    "service_refused": Label("服务拒绝办理，请核对数据", "A service refused; check the data"),
    "no_such_service": Label("没有安装流程要用的服务", "A service that the procedure needs is not installed"),
    "calls_too_deep": Label("流程互相调用超过 100 层", "Procedures call each other more than 100 levels deep"),
    "endless_loop": Label(
        "一步之内走了一万个环节，可能在空转；数据改好后重试", "10,000 elements ran in one step, probably in circles: mend the data, retry"
    ),
    "bad_name": Label("数据用了系统保留的名称", "A datum has a name that is kept for the system"),
    "cannot_run": Label("流程里有不能执行的部分", "The procedure has a part that cannot run"),
    "feel_syntax": Label("表达式写错了", "An expression is written wrongly"),
}  # fmt: skip
_OTHER_STEP = Label("这一步没有办成", "This step failed")

_JOBS: Mapping[str, Label] = {
    "ConnectionError": Label("连不上对方", "The other side could not be reached"),
    "ConnectionRefusedError": Label("连不上对方", "The other side could not be reached"),
    "TimeoutError": Label("对方没有按时答复", "The other side did not answer in time"),
    "UnknownJob": Label("这个后台进程的版本还不认识这项任务", "The worker's release does not know this job yet"),
    "WorkerDied": Label("办这项任务的后台进程接连中断", "Workers died again and again while they did this job"),
    "NotHere": Label("这台机器缺少所需的程序库或设备", "This machine lacks a library or a device"),
}
_OTHER_JOB = Label("后台任务没有办成", "A background job failed")


def of_step(code: str) -> Label:
    """What the code of an incident means."""
    return _STEPS.get(code, _OTHER_STEP)


def of_job(error: str) -> Label:
    """What the kind of error of a failed job means."""
    return _JOBS.get(error, _OTHER_JOB)


def said(message: str) -> Label:
    """What the machine said, by its halves: “中文 / English”. One that is not written so, or quotes Chinese in its English half, is the
    same in both languages; a slash inside a quoted expression divides nothing."""
    parts = message.split(_BETWEEN)
    for at in range(1, len(parts)):
        zh, en = _BETWEEN.join(parts[:at]), _BETWEEN.join(parts[at:])
        if _HAN.search(zh) and not _HAN.search(en):
            return Label(zh, en)
    return Label(message, message)
