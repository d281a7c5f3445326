"""second light

Revision 0002, after 0001; 2026-11-22 09:18:58.964359
"""

import sqlalchemy as sa
from alembic import op

from engine.store.metadata import Moment, PlainJson, TypedJson

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", PlainJson, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("plan", PlainJson, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_table(
        "chain_head",
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("history_seq", sa.Integer(), nullable=False),
        sa.Column("history_chain", sa.String(length=80), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=True),
        sa.Column("process_version", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=True),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.Column("retention", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("instance", name=op.f("pk_chain_head")),
    )
    with op.batch_alter_table("chain_head", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chain_head_removed_at"), ["removed_at"], unique=False)

    op.create_table(
        "correction_request",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("task", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form", TypedJson(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("entered", PlainJson, nullable=True),
        sa.Column("open_task", sa.String(length=36), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_request")),
        sa.UniqueConstraint("open_task", name=op.f("uq_correction_request_open_task")),
    )
    with op.batch_alter_table("correction_request", schema=None) as batch_op:
        batch_op.create_index("ix_correction_request_instance", ["instance"], unique=False)
        batch_op.create_index("ix_correction_request_task", ["task"], unique=False)

    op.create_table(
        "data_store",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("value", TypedJson(), nullable=True),
        sa.Column("instance", sa.String(length=36), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_data_store")),
    )
    op.create_table(
        "definition_suspension",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_suspension")),
        sa.UniqueConstraint("process", "version", name=op.f("uq_definition_suspension_process_version")),
    )
    op.create_table(
        "designer_draft",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("base", PlainJson, nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("updated_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_revision", sa.Integer(), nullable=True),
        sa.Column("errors", sa.Integer(), nullable=True),
        sa.Column("warnings", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designer_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_designer_draft_key")),
    )
    op.create_table(
        "governance_designation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("case_no", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("power", sa.String(length=64), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_designation")),
    )
    with op.batch_alter_table("governance_designation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governance_designation_case_no"), ["case_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_governance_designation_instance"), ["instance"], unique=False)

    op.create_table(
        "governance_dispatch",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("case_no", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("category", sa.String(length=64), nullable=True),
        sa.Column("power", sa.String(length=64), nullable=True),
        sa.Column("lead", sa.String(length=64), nullable=False),
        sa.Column("co_units", PlainJson, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("first_receiver", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("objections", sa.Integer(), nullable=False),
        sa.Column("reroutes", sa.Integer(), nullable=False),
        sa.Column("excluded", PlainJson, nullable=False),
        sa.Column("designated", sa.Boolean(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_dispatch")),
        sa.UniqueConstraint("instance", "case_no", name=op.f("uq_governance_dispatch_instance_case_no")),
    )
    with op.batch_alter_table("governance_dispatch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governance_dispatch_lead_state"), ["lead", "state"], unique=False)

    op.create_table(
        "governance_lot",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=120), nullable=False),
        sa.Column("candidates", PlainJson, nullable=False),
        sa.Column("list_hash", sa.String(length=64), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seed_source", sa.Text(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("drawn_at", Moment(), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_lot")),
        sa.UniqueConstraint("instance", "purpose", name=op.f("uq_governance_lot_instance_purpose")),
    )
    op.create_table(
        "job_failure",
        sa.Column("id", sa.String(length=512), nullable=False),
        sa.Column("job", sa.String(length=255), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("error", sa.String(length=255), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=True),
        sa.Column("element", sa.Text(), nullable=True),
        sa.Column("first_at", Moment(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_failure")),
    )
    with op.batch_alter_table("job_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_failure_closed_at"), ["closed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_failure_instance"), ["instance"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_failure_state_last_at"), ["state", "last_at"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("call", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("committee", sa.String(length=64), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("start_at", Moment(), nullable=False),
        sa.Column("end_at", Moment(), nullable=False),
        sa.Column("chair", sa.String(length=64), nullable=False),
        sa.Column("secretary", sa.String(length=64), nullable=False),
        sa.Column("access", sa.String(length=24), nullable=False),
        sa.Column("parties", PlainJson, nullable=False),
        sa.Column("rules", TypedJson(), nullable=False),
        sa.Column("open_to_public", sa.Boolean(), nullable=False),
        sa.Column("observer_quota", sa.Integer(), nullable=True),
        sa.Column("materials", PlainJson, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("urgent_reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("check_in_code", sa.String(length=36), nullable=False),
        sa.Column("periods", TypedJson(), nullable=False),
        sa.Column("moves", TypedJson(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("created", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("instance", "call", name=op.f("uq_meeting_instance_call")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_committee", ["committee"], unique=False)
        batch_op.create_index("ix_meeting_start", ["start_at"], unique=False)
        batch_op.create_index("uq_meeting_check_in_code", ["check_in_code"], unique=True)

    op.create_table(
        "opinion_round",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("method", sa.String(length=24), nullable=False),
        sa.Column("questions", PlainJson, nullable=False),
        sa.Column("groups", PlainJson, nullable=False),
        sa.Column("one_per", sa.String(length=16), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("access", sa.String(length=32), nullable=False),
        sa.Column("organisers", PlainJson, nullable=False),
        sa.Column("residents_of", sa.String(length=64), nullable=True),
        sa.Column("min_rate", sa.String(length=40), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=False),
        sa.Column("computation", PlainJson, nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("adoption_version", sa.Integer(), nullable=False),
        sa.Column("adoption_hash", sa.String(length=80), nullable=True),
        sa.Column("adopted_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_round")),
        sa.UniqueConstraint("slug", name=op.f("uq_opinion_round_slug")),
    )
    with op.batch_alter_table("opinion_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinion_round_instance"), ["instance"], unique=False)
        batch_op.create_index(batch_op.f("ix_opinion_round_state_closes_at"), ["state", "closes_at"], unique=False)

    op.create_table(
        "paper_issue",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("paper", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=36), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("access", sa.String(length=32), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("parties", PlainJson, nullable=False),
        sa.Column("readers", PlainJson, nullable=True),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("filled_with", TypedJson(), nullable=False),
        sa.Column("seals", sa.Boolean(), nullable=False),
        sa.Column("docx", sa.String(length=80), nullable=False),
        sa.Column("pdf", sa.String(length=80), nullable=True),
        sa.Column("pdf_at", Moment(), nullable=True),
        sa.Column("sealed", sa.String(length=80), nullable=True),
        sa.Column("sealed_at", Moment(), nullable=True),
        sa.Column("certificate", sa.String(length=80), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("mandate_zh", sa.String(length=200), nullable=False),
        sa.Column("mandate_en", sa.String(length=200), nullable=False),
        sa.Column("element", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_issue")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_issue_code")),
        sa.UniqueConstraint(
            "instance", "paper", "scope", "language", "version", name=op.f("uq_paper_issue_instance_paper_scope_language_version")
        ),
    )
    with op.batch_alter_table("paper_issue", schema=None) as batch_op:
        batch_op.create_index("ix_paper_issue_docx", ["docx"], unique=False)
        batch_op.create_index("ix_paper_issue_pdf", ["pdf"], unique=False)
        batch_op.create_index("ix_paper_issue_sealed", ["sealed"], unique=False)

    op.create_table(
        "paper_number",
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("paper", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("instance", "paper", "scope", name=op.f("pk_paper_number")),
        sa.UniqueConstraint("number", name=op.f("uq_paper_number_number")),
    )
    op.create_table(
        "paper_sequence",
        sa.Column("series", sa.String(length=120), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "area", "year", name=op.f("pk_paper_sequence")),
    )
    op.create_table(
        "standing_start",
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("node", sa.String(length=255), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("rest", sa.Text(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("process", "node", "event", name=op.f("pk_standing_start")),
    )
    with op.batch_alter_table("standing_start", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standing_start_kind"), ["kind"], unique=False)

    op.create_table(
        "batch_item",
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=255), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_batch_item_batch_batch"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("batch", "instance", name=op.f("pk_batch_item")),
    )
    with op.batch_alter_table("batch_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_item_batch_state_instance"), ["batch", "state", "instance"], unique=False)

    op.create_table(
        "designer_file",
        sa.Column("draft", sa.String(length=36), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=80), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["draft"], ["designer_draft.id"], name=op.f("fk_designer_file_draft_designer_draft"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draft", "path", name=op.f("pk_designer_file")),
    )
    op.create_table(
        "designer_release",
        sa.Column("deployment", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("lowered", PlainJson, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["deployment"], ["deployment.id"], name=op.f("fk_designer_release_deployment_deployment")),
        sa.PrimaryKeyConstraint("deployment", name=op.f("pk_designer_release")),
    )
    with op.batch_alter_table("designer_release", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_designer_release_key"), ["key"], unique=False)

    op.create_table(
        "governance_deadline_action",
        sa.Column("deadline", sa.String(length=36), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline"], ["governance_deadline.id"], name=op.f("fk_governance_deadline_action_deadline_governance_deadline")
        ),
        sa.PrimaryKeyConstraint("deadline", "action", name=op.f("pk_governance_deadline_action")),
    )
    op.create_table(
        "governance_dispatch_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("dispatch", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispatch"], ["governance_dispatch.id"], name=op.f("fk_governance_dispatch_event_dispatch_governance_dispatch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_dispatch_event")),
    )
    with op.batch_alter_table("governance_dispatch_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governance_dispatch_event_dispatch"), ["dispatch"], unique=False)

    op.create_table(
        "governance_overdue",
        sa.Column("deadline", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["deadline"], ["governance_deadline.id"], name=op.f("fk_governance_overdue_deadline_governance_deadline")),
        sa.PrimaryKeyConstraint("deadline", "unit", name=op.f("pk_governance_overdue")),
    )
    with op.batch_alter_table("governance_overdue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governance_overdue_unit_at"), ["unit", "at"], unique=False)

    op.create_table(
        "meeting_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("proposer", sa.Text(), nullable=True),
        sa.Column("seconders", PlainJson, nullable=False),
        sa.Column("item_kind", sa.String(length=16), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("motion", sa.Text(), nullable=True),
        sa.Column("lead_unit", sa.String(length=64), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=True),
        sa.Column("threshold", sa.String(length=24), nullable=True),
        sa.Column("base", sa.String(length=16), nullable=True),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("begun", Moment(), nullable=True),
        sa.Column("ended", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_item_meeting_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_item")),
        sa.UniqueConstraint("meeting", "seq", name=op.f("uq_meeting_item_meeting_seq")),
    )
    op.create_table(
        "meeting_seat",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("unit", sa.String(length=64), nullable=True),
        sa.Column("membership", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("capacity", sa.String(length=16), nullable=False),
        sa.Column("voting", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.String(length=32), nullable=False),
        sa.Column("grp", sa.String(length=64), nullable=True),
        sa.Column("side", sa.String(length=64), nullable=True),
        sa.Column("selector", sa.String(length=200), nullable=True),
        sa.Column("admitted_by", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("proxy", sa.String(length=64), nullable=True),
        sa.Column("proxy_letter", PlainJson, nullable=True),
        sa.Column("answer_reason", sa.Text(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("confirmation", sa.String(length=24), nullable=True),
        sa.Column("confirmation_text", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_seat_meeting_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_seat")),
        sa.UniqueConstraint("meeting", "no", name=op.f("uq_meeting_seat_meeting_no")),
    )
    with op.batch_alter_table("meeting_seat", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_seat_person", ["person"], unique=False)

    op.create_table(
        "meeting_speech",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting", sa.String(length=36), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("speaker_name", sa.Text(), nullable=False),
        sa.Column("stance", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("noted_by", sa.String(length=64), nullable=True),
        sa.Column("mandate", PlainJson, nullable=True),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_speech_meeting_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_speech")),
    )
    with op.batch_alter_table("meeting_speech", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_speech_meeting", ["meeting"], unique=False)

    op.create_table(
        "opinion_adoption",
        sa.Column("round", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=64), nullable=True),
        sa.Column("adopted", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["opinion_round.id"], name=op.f("fk_opinion_adoption_round_opinion_round")),
        sa.PrimaryKeyConstraint("round", "version", "no", name=op.f("pk_opinion_adoption")),
    )
    op.create_table(
        "opinion_slot",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("group", sa.String(length=64), nullable=True),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.Column("token", sa.String(length=80), nullable=True),
        sa.Column("handed_by", sa.String(length=64), nullable=True),
        sa.Column("handed_at", Moment(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["opinion_round.id"], name=op.f("fk_opinion_slot_round_opinion_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_slot")),
        sa.UniqueConstraint("round", "key", name=op.f("uq_opinion_slot_round_key")),
        sa.UniqueConstraint("token", name=op.f("uq_opinion_slot_token")),
    )
    with op.batch_alter_table("opinion_slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinion_slot_ref"), ["ref"], unique=False)

    op.create_table(
        "vote",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("call", sa.String(length=200), nullable=False),
        sa.Column("meeting", sa.String(length=36), nullable=True),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("motion", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("options", PlainJson, nullable=False),
        sa.Column("base", sa.String(length=16), nullable=False),
        sa.Column("threshold", sa.String(length=24), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("rule_version", sa.String(length=64), nullable=False),
        sa.Column("sources", PlainJson, nullable=False),
        sa.Column("quorum", sa.String(length=24), nullable=True),
        sa.Column("casting_vote", sa.Boolean(), nullable=False),
        sa.Column("chair", sa.String(length=64), nullable=True),
        sa.Column("proposers", PlainJson, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opened", Moment(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=True),
        sa.Column("closed", Moment(), nullable=True),
        sa.Column("hands", PlainJson, nullable=True),
        sa.Column("casting", sa.String(length=16), nullable=True),
        sa.Column("result", TypedJson(), nullable=True),
        sa.Column("tellers", PlainJson, nullable=False),
        sa.Column("certified", Moment(), nullable=True),
        sa.Column("certified_by", sa.String(length=64), nullable=True),
        sa.Column("record", TypedJson(), nullable=True),
        sa.Column("record_hash", sa.String(length=80), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("voided", Moment(), nullable=True),
        sa.Column("voided_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_vote_meeting_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("instance", "call", name=op.f("uq_vote_instance_call")),
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index("ix_vote_meeting", ["meeting"], unique=False)
        batch_op.create_index("ix_vote_state", ["state"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_entry_instance_instance"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_instance"), ["instance"], unique=False)

    op.create_table(
        "guard",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=255), nullable=False),
        sa.Column("content", PlainJson, nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_guard_instance_instance"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard")),
    )
    with op.batch_alter_table("guard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guard_instance_kind_ref"), ["instance", "kind", "ref"], unique=False)

    op.create_table(
        "held_job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("payload", PlainJson, nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_held_job_instance_instance"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_job")),
    )
    with op.batch_alter_table("held_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_job_instance_due_at_id"), ["instance", "due_at", "id"], unique=False)

    op.create_table(
        "meeting_attendance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting", sa.String(length=36), nullable=False),
        sa.Column("seat", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("proxy", sa.Boolean(), nullable=False),
        sa.Column("letter", PlainJson, nullable=True),
        sa.Column("signed_in", Moment(), nullable=False),
        sa.Column("signed_out", Moment(), nullable=True),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("mandate", PlainJson, nullable=True),
        sa.Column("entered_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_attendance_meeting_meeting")),
        sa.ForeignKeyConstraint(["seat"], ["meeting_seat.id"], name=op.f("fk_meeting_attendance_seat_meeting_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendance")),
    )
    with op.batch_alter_table("meeting_attendance", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_attendance_meeting", ["meeting"], unique=False)
        batch_op.create_index(
            "uq_meeting_attendance_present",
            ["seat"],
            unique=True,
            sqlite_where=sa.text("signed_out IS NULL"),
            postgresql_where=sa.text("signed_out IS NULL"),
        )

    op.create_table(
        "meeting_recusal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting", sa.String(length=36), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=36), nullable=False),
        sa.Column("relation", sa.String(length=24), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_recusal_meeting_meeting")),
        sa.ForeignKeyConstraint(["seat"], ["meeting_seat.id"], name=op.f("fk_meeting_recusal_seat_meeting_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_recusal")),
        sa.UniqueConstraint("meeting", "item", "seat", name=op.f("uq_meeting_recusal_meeting_item_seat")),
    )
    op.create_table(
        "opinion_answer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.String(length=36), nullable=False),
        sa.Column("slot", sa.String(length=36), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answers", TypedJson(), nullable=False),
        sa.Column("identity", TypedJson(), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("entered_by", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=True),
        sa.Column("reviewed_by", sa.String(length=64), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["opinion_round.id"], name=op.f("fk_opinion_answer_round_opinion_round")),
        sa.ForeignKeyConstraint(["slot"], ["opinion_slot.id"], name=op.f("fk_opinion_answer_slot_opinion_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_answer")),
    )
    with op.batch_alter_table("opinion_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinion_answer_round_counted"), ["round", "counted"], unique=False)
        batch_op.create_index(batch_op.f("ix_opinion_answer_round_device"), ["round", "device"], unique=False)
        batch_op.create_index(batch_op.f("ix_opinion_answer_slot"), ["slot"], unique=False)

    op.create_table(
        "vote_ballot",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("vote", sa.String(length=36), nullable=False),
        sa.Column("seat", sa.String(length=36), nullable=True),
        sa.Column("option", sa.String(length=32), nullable=False),
        sa.Column("weight", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=True),
        sa.Column("mandate", PlainJson, nullable=True),
        sa.Column("withdrawn", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["vote"], ["vote.id"], name=op.f("fk_vote_ballot_vote_vote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_ballot")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("vote_ballot", schema=None) as batch_op:
        batch_op.create_index("ix_vote_ballot_vote", ["vote"], unique=False)
        batch_op.create_index(
            "uq_vote_ballot_standing",
            ["vote", "seat"],
            unique=True,
            sqlite_where=sa.text("withdrawn IS NULL AND seat IS NOT NULL"),
            postgresql_where=sa.text("withdrawn IS NULL AND seat IS NOT NULL"),
        )

    op.create_table(
        "vote_box",
        sa.Column("vote", sa.String(length=36), nullable=False),
        sa.Column("papers", PlainJson, nullable=False),
        sa.ForeignKeyConstraint(["vote"], ["vote.id"], name=op.f("fk_vote_box_vote_vote")),
        sa.PrimaryKeyConstraint("vote", name=op.f("pk_vote_box")),
    )
    op.create_table(
        "vote_elector",
        sa.Column("vote", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("unit", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("membership", sa.String(length=64), nullable=True),
        sa.Column("weight", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("proxy_by", sa.String(length=64), nullable=True),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.Column("press", PlainJson, nullable=True),
        sa.ForeignKeyConstraint(["vote"], ["vote.id"], name=op.f("fk_vote_elector_vote_vote")),
        sa.PrimaryKeyConstraint("vote", "no", name=op.f("pk_vote_elector")),
        sa.UniqueConstraint("vote", "seat", name=op.f("uq_vote_elector_vote_seat")),
    )
    with op.batch_alter_table("vote_elector", schema=None) as batch_op:
        batch_op.create_index("ix_vote_elector_person", ["person"], unique=False)
        batch_op.create_index("ix_vote_elector_proxy_by", ["proxy_by"], unique=False)

    with op.batch_alter_table("archive_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed", Moment(), nullable=True))

    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspended_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("suspended_with", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_instance_suspended_with"), ["suspended_with"], unique=False)

    with op.batch_alter_table("register_row", schema=None) as batch_op:
        batch_op.create_index("ix_register_row_owner", ["owner", "register"], unique=False)
        batch_op.create_index("ix_register_row_starter", ["starter", "register"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("register_row", schema=None) as batch_op:
        batch_op.drop_index("ix_register_row_starter")
        batch_op.drop_index("ix_register_row_owner")

    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instance_suspended_with"))
        batch_op.drop_column("suspended_with")
        batch_op.drop_column("suspended_at")

    with op.batch_alter_table("archive_line", schema=None) as batch_op:
        batch_op.drop_column("removed")

    with op.batch_alter_table("vote_elector", schema=None) as batch_op:
        batch_op.drop_index("ix_vote_elector_proxy_by")
        batch_op.drop_index("ix_vote_elector_person")

    op.drop_table("vote_elector")
    op.drop_table("vote_box")
    with op.batch_alter_table("vote_ballot", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_vote_ballot_standing",
            sqlite_where=sa.text("withdrawn IS NULL AND seat IS NOT NULL"),
            postgresql_where=sa.text("withdrawn IS NULL AND seat IS NOT NULL"),
        )
        batch_op.drop_index("ix_vote_ballot_vote")

    op.drop_table("vote_ballot")
    with op.batch_alter_table("opinion_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opinion_answer_slot"))
        batch_op.drop_index(batch_op.f("ix_opinion_answer_round_device"))
        batch_op.drop_index(batch_op.f("ix_opinion_answer_round_counted"))

    op.drop_table("opinion_answer")
    op.drop_table("meeting_recusal")
    with op.batch_alter_table("meeting_attendance", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_meeting_attendance_present", sqlite_where=sa.text("signed_out IS NULL"), postgresql_where=sa.text("signed_out IS NULL")
        )
        batch_op.drop_index("ix_meeting_attendance_meeting")

    op.drop_table("meeting_attendance")
    with op.batch_alter_table("held_job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_job_instance_due_at_id"))

    op.drop_table("held_job")
    with op.batch_alter_table("guard", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guard_instance_kind_ref"))

    op.drop_table("guard")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_instance"))

    op.drop_table("entry")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_index("ix_vote_state")
        batch_op.drop_index("ix_vote_meeting")

    op.drop_table("vote")
    with op.batch_alter_table("opinion_slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opinion_slot_ref"))

    op.drop_table("opinion_slot")
    op.drop_table("opinion_adoption")
    with op.batch_alter_table("meeting_speech", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_speech_meeting")

    op.drop_table("meeting_speech")
    with op.batch_alter_table("meeting_seat", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_seat_person")

    op.drop_table("meeting_seat")
    op.drop_table("meeting_item")
    with op.batch_alter_table("governance_overdue", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governance_overdue_unit_at"))

    op.drop_table("governance_overdue")
    with op.batch_alter_table("governance_dispatch_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governance_dispatch_event_dispatch"))

    op.drop_table("governance_dispatch_event")
    op.drop_table("governance_deadline_action")
    with op.batch_alter_table("designer_release", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_designer_release_key"))

    op.drop_table("designer_release")
    op.drop_table("designer_file")
    with op.batch_alter_table("batch_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_item_batch_state_instance"))

    op.drop_table("batch_item")
    with op.batch_alter_table("standing_start", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standing_start_kind"))

    op.drop_table("standing_start")
    op.drop_table("paper_sequence")
    op.drop_table("paper_number")
    with op.batch_alter_table("paper_issue", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_issue_sealed")
        batch_op.drop_index("ix_paper_issue_pdf")
        batch_op.drop_index("ix_paper_issue_docx")

    op.drop_table("paper_issue")
    with op.batch_alter_table("opinion_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opinion_round_state_closes_at"))
        batch_op.drop_index(batch_op.f("ix_opinion_round_instance"))

    op.drop_table("opinion_round")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index("uq_meeting_check_in_code")
        batch_op.drop_index("ix_meeting_start")
        batch_op.drop_index("ix_meeting_committee")

    op.drop_table("meeting")
    with op.batch_alter_table("job_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_failure_state_last_at"))
        batch_op.drop_index(batch_op.f("ix_job_failure_instance"))
        batch_op.drop_index(batch_op.f("ix_job_failure_closed_at"))

    op.drop_table("job_failure")
    op.drop_table("governance_lot")
    with op.batch_alter_table("governance_dispatch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governance_dispatch_lead_state"))

    op.drop_table("governance_dispatch")
    with op.batch_alter_table("governance_designation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governance_designation_instance"))
        batch_op.drop_index(batch_op.f("ix_governance_designation_case_no"))

    op.drop_table("governance_designation")
    op.drop_table("designer_draft")
    op.drop_table("definition_suspension")
    op.drop_table("data_store")
    with op.batch_alter_table("correction_request", schema=None) as batch_op:
        batch_op.drop_index("ix_correction_request_task")
        batch_op.drop_index("ix_correction_request_instance")

    op.drop_table("correction_request")
    with op.batch_alter_table("chain_head", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chain_head_removed_at"))

    op.drop_table("chain_head")
    op.drop_table("batch")
