"""Sentences a form says to a user: what is wrong and how to mend it, in Chinese and English. The page puts the label before it."""

from __future__ import annotations

from typing import Any

_TEXTS: dict[str, tuple[str, str]] = {
    "required": ("此项必填", "Fill this in"),
    "required_choice": ("请选择一项", "Choose one"),
    "required_true": ("须勾选后才能提交", "Tick this to go on"),
    "required_file": ("请至少上传一个文件", "Upload at least one file"),
    "unknown": ("表单里没有这一项，请删去", "The form has no such field. Leave it out"),
    "object": ("这里应是一组键和值", "This must be an object"),
    "text": ("请填写文字", "Give a text"),
    "control": ("含有不能保存的控制字符，请重新输入", "Contains control characters. Type it again"),
    "one_line": ("请写成一行", "Write it on one line"),
    "too_short": ("至少 {least} 个字，现在 {actual} 个", "At least {least} characters; there are {actual}"),
    "too_long": ("最多 {most} 个字，现在 {actual} 个", "At most {most} characters; there are {actual}"),
    "pattern": ("格式不对", "The format is wrong"),
    "email": ("邮箱格式不对，例如 name@example.cn", "Not an e-mail address, for example name@example.cn"),
    "number": ("请填写数字", "Give a number"),
    "digits": ("最多 {most} 位小数", "At most {most} decimal places"),
    "too_small": ("不得小于 {least}", "Not less than {least}"),
    "too_big": ("不得大于 {most}", "Not more than {most}"),
    "step": ("须是 {step} 的整数倍", "Must be a multiple of {step}"),
    "date": ("请填写日期，例如 2026-03-20", "Give a date, for example 2026-03-20"),
    "datetime": ("请填写日期和时间，例如 2026-03-20 17:30", "Give date and time, for example 2026-03-20 17:30"),
    "time": ("请填写时间，例如 17:30", "Give a time, for example 17:30"),
    "not_past": ("{value} 早于今天，请选今天或以后", "{value} is before today. Choose today or later"),
    "boolean": ("请填是或否", "Give true or false"),
    "choice": ("“{value}”不在可选范围内，请从列表里选", "“{value}” is not among the choices. Choose from the list"),
    "list": ("这里应是一个列表", "This must be a list"),
    "repeated": ("“{value}”选了两次，请去掉一个", "“{value}” is chosen twice. Remove one"),
    "too_few_rows": ("至少填 {least} 行，现在 {actual} 行", "At least {least} rows; there are {actual}"),
    "too_many_rows": ("最多 {most} 行，现在 {actual} 行", "At most {most} rows; there are {actual}"),
    "fixed_rows": ("行数不能增减，应为 {expected} 行", "Rows cannot be added or removed here: {expected} are expected"),
    "ref_person": ("查无此人，或此人当前没有有效岗位，请重新选择", "No such person at present. Choose again"),
    "ref": ("所选的对象不存在或已停用，请重新选择", "The chosen entry does not exist or is closed. Choose again"),
    "ref_filter": ("“{value}”不符合这里的选择条件，请另选", "“{value}” does not qualify here. Choose another"),
    "file": ("找不到这个文件，或不是您上传的，请重新上传", "The file is not there or was not uploaded by you. Upload it again"),
    "file_count": ("最多 {most} 个文件，请删去 {over} 个", "At most {most} files. Remove {over}"),
    "file_type": ("“{name}”的类型不被接受，可用 {accepted}", "The type of “{name}” is not accepted. Use {accepted}"),
    "file_size": ("“{name}”超过 {most} MB，请压缩后再传", "“{name}” is larger than {most} MB. Make it smaller and upload again"),
    "geo": ("请填写地址，或在地图上定位", "Give an address or a position"),
    "geo_range": ("坐标超出范围，请重新定位", "The position is out of range. Take it again"),
    "signature": (
        "文本已变更或指纹不符，请重新打开并阅读后再签",
        "The text has changed or the fingerprint differs. Open it again, read it and sign",
    ),
    "check": ("不符合本项要求", "Does not meet the condition of this field"),
    "phone": (
        "请填 11 位手机号，或带区号的固定电话，例如 021-62345678",
        "Give a mobile number of 11 digits or a landline with area code, for example 021-62345678",
    ),
    "uscc_shape": (
        "统一社会信用代码是 18 位数字和大写字母（不含 I、O、S、V、Z）",
        "A unified social credit code has 18 digits and capitals (no I, O, S, V, Z)",
    ),
    "uscc_check": ("校验位不对，请对照营业执照再核一遍", "The check character is wrong. Compare it with the licence"),
    "future": ("{value} 不晚于现在，请填以后的时间", "{value} is not in the future. Give a later one"),
    "past": ("{value} 晚于现在（{now}），请填实际发生的时间", "{value} is after now ({now}). Give when it really happened"),
    "order": ("须晚于“{other}”（{value}）", "Must be after “{other}” ({value})"),
    "term": ("此人现在没有有效任期或岗位，请另选", "This person holds no valid term or post now. Choose another"),
    "not_self": ("不能是您本人或您所在的单位，请另选", "Must not be you or your own organisation. Choose another"),
    "side": ("只能选择您自己所在的一方", "Choose the side you belong to yourself"),
    "staff": ("此人不在所填的“{unit}”任职，请另选", "This person does not work for the given “{unit}”. Choose another"),
    "sum100": ("权重合计应为 100，现在是 {total}", "The weights must sum to 100; they sum to {total}"),
    "unique": ("“{value}”重复了，请改成不同的", "“{value}” occurs twice. Make them different"),
    "outside": ("位置在辖区以外，请核对", "The position lies outside the area. Check it"),
    "score_remark": ("低于 {low} 或高于 {high} 分须写明理由", "Give the reason for a score below {low} or above {high}"),
    "not_available": ("暂时无法核对，请联系管理员", "This cannot be checked here. Ask the administrator"),
}


def say(key: str, language: str, **facts: Any) -> str:
    """The sentence `key` in `language` ("en", anything else is Chinese) with its facts filled in."""
    zh, en = _TEXTS[key]
    return (en if language == "en" else zh).format(**facts)
