"""cases: the kinds and workflows the desk comes with; config.yml shows the same and an operator changes it there."""

from __future__ import annotations

from cases.settings.fields import FieldForm, KindField
from cases.settings.named import Named
from cases.settings.workflows import Kind, Step, Workflow

COMPLAINTS, AFTER_SALES, FOLLOW_UP, RESPONSIBLE = "complaints", "after_sales", "follow_up", "responsible"


def _step(  # noqa: PLR0917 - read as a table
    name: str, zh: str, en: str, owner: str, after: str, stage: str = "", tells: str = "nothing"
) -> Step:
    return Step.model_validate(
        {
            "name": name,
            "zh": zh,
            "en": en,
            "stage": stage or name,
            "owner": owner,
            "next": after.split(),
            "tells": tells,
        }
    )


def _ending(owner: str) -> tuple[Step, ...]:
    """From the decision on, all that are decided go the same way."""
    return (
        _step("decided", "已有处理决定", "Decided", owner, "told working"),
        _step("told", "已告知客户", "Customer told", owner, "follow_up closed working", tells="decision"),
        _step("follow_up", "回访中", "Follow-up", FOLLOW_UP, "closed working"),
        _step("closed", "已结案", "Closed", FOLLOW_UP, "working"),
        _step("withdrawn", "已撤回", "Withdrawn", owner, "working"),
    )


def _acknowledged(owner: str, after: str) -> Step:
    return _step("acknowledged", "已受理", "Acknowledged", owner, after, tells="number")


def _waiting(name: str, zh: str, en: str, owner: str, after: str) -> Step:
    return _step(name, zh, en, owner, after, "waiting", "words")


def _field(name: str, zh: str, en: str, form: str = "text", *choices: tuple[str, str, str]) -> KindField:
    return KindField(
        name=name,
        zh=zh,
        en=en,
        form=FieldForm(form),
        choices=tuple(Named(name=each, zh=chinese, en=english) for each, chinese, english in choices),
    )


FULL = Workflow(
    name="full",
    steps=(
        _step("registered", "已登记", "Registered", COMPLAINTS, "acknowledged withdrawn"),
        _acknowledged(COMPLAINTS, "confirmed waiting_customer withdrawn"),
        _step("confirmed", "事实已核实", "Facts confirmed", COMPLAINTS, "assigned withdrawn"),
        _step("assigned", "已分派", "Assigned", RESPONSIBLE, "working withdrawn"),
        _step("working", "处理中", "In hand", RESPONSIBLE, "waiting_customer waiting_supplier decided withdrawn"),
        _waiting("waiting_customer", "等客户回复", "Customer asked", COMPLAINTS, "confirmed working withdrawn"),
        _waiting("waiting_supplier", "等供应商", "Waiting for a supplier", RESPONSIBLE, "working withdrawn"),
        *_ending(COMPLAINTS),
    ),
)
SERVICE = Workflow(
    name="service",
    steps=(
        _step("registered", "已登记", "Registered", AFTER_SALES, "acknowledged withdrawn"),
        _acknowledged(AFTER_SALES, "confirmed waiting_customer withdrawn"),
        _step("confirmed", "故障已确认", "Fault confirmed", AFTER_SALES, "working withdrawn"),
        _step("working", "处理中", "In hand", AFTER_SALES, "waiting_customer waiting_parts visit decided withdrawn"),
        _waiting("waiting_customer", "等客户回复", "Customer asked", AFTER_SALES, "confirmed working withdrawn"),
        _waiting("waiting_parts", "等配件", "Waiting for a part", AFTER_SALES, "working visit withdrawn"),
        _waiting("visit", "已约上门", "Visit booked", AFTER_SALES, "working decided withdrawn"),
        *_ending(AFTER_SALES),
    ),
)
SHORT = Workflow(
    name="short",
    steps=(
        _step("registered", "已登记", "Registered", RESPONSIBLE, "acknowledged withdrawn"),
        _acknowledged(RESPONSIBLE, "working withdrawn"),
        _step("working", "处理中", "In hand", RESPONSIBLE, "told withdrawn"),
        _step("told", "已答复客户", "Customer answered", RESPONSIBLE, "closed working", tells="decision"),
        _step("closed", "已结案", "Closed", RESPONSIBLE, "working"),
        _step("withdrawn", "已撤回", "Withdrawn", RESPONSIBLE, "working"),
    ),
)
WORKFLOWS = (FULL, SERVICE, SHORT)
KINDS = (
    Kind(
        name="complaint",
        zh="投诉",
        en="Complaint",
        workflow="full",
        fields=(_field("happened_on", "发生日期", "Happened on", "date"),),
    ),
    Kind(
        name="repair",
        zh="维修单",
        en="Repair order",
        workflow="service",
        fields=(
            _field("serial_number", "机身编号", "Serial number"),
            _field("faulty_since", "何时开始故障", "Faulty since", "date"),
        ),
    ),
    Kind(
        name="return_refund",
        zh="退货退款",
        en="Return or refund",
        workflow="full",
        fields=(
            _field("amount", "涉及金额", "Amount", "number"),
            _field(
                "reason",
                "退货原因",
                "Reason",
                "choice",
                ("faulty", "有故障", "Faulty"),
                ("wrong_item", "发错货", "Wrong item"),
                ("changed_mind", "不想要了", "Changed mind"),
            ),
        ),
    ),
    Kind(
        name="visit",
        zh="上门服务",
        en="Visit",
        workflow="service",
        fields=(
            _field("address", "上门地址", "Address"),
            _field("suits", "方便的时间", "Times that suit"),
        ),
    ),
    Kind(
        name="suggestion",
        zh="建议",
        en="Suggestion",
        workflow="short",
        fields=(
            _field(
                "about",
                "关于",
                "About",
                "choice",
                ("product", "产品", "Product"),
                ("service", "服务", "Service"),
                ("shop", "购物过程", "Shopping"),
            ),
        ),
    ),
    Kind(
        name="call_back",
        zh="回电",
        en="Call-back",
        workflow="short",
        fields=(_field("suits", "方便的时间", "Times that suit"),),
    ),
)
