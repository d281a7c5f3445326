"""initial

Revision 0001, after ; 2026-11-22 02:14:03.513267
"""

import sqlalchemy as sa
from alembic import op

from engine.store.metadata import Moment, PlainJson, TypedJson

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "buffered_message",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.Column("variables", TypedJson(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buffered_message")),
    )
    with op.batch_alter_table("buffered_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_buffered_message_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_buffered_message_name_key_id"), ["name", "key", "id"], unique=False)

    op.create_table(
        "command",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answer", PlainJson, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_command")),
    )
    with op.batch_alter_table("command", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_command_at"), ["at"], unique=False)

    op.create_table(
        "content",
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_content")),
    )
    op.create_table(
        "definition_set",
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("content", PlainJson, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_definition_set")),
        sa.UniqueConstraint("position", name=op.f("uq_definition_set_position")),
    )
    op.create_table(
        "deployment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("files", PlainJson, nullable=False),
        sa.Column("report", PlainJson, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deployment_digest"), ["digest"], unique=False)

    op.create_table(
        "directory_area",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("geometry", PlainJson, nullable=True),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("valid_to", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", name=op.f("pk_directory_area")),
    )
    op.create_table(
        "directory_committee",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("charter_version", sa.String(length=40), nullable=True),
        sa.Column("rules", PlainJson, nullable=True),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("valid_to", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_committee")),
    )
    op.create_table(
        "directory_delegation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("from_person", sa.String(length=64), nullable=False),
        sa.Column("to_person", sa.String(length=64), nullable=False),
        sa.Column("scope", PlainJson, nullable=False),
        sa.Column("letter", sa.String(length=64), nullable=True),
        sa.Column("revocable", sa.Boolean(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("valid_to", Moment(), nullable=True),
        sa.CheckConstraint("from_person <> to_person", name=op.f("ck_directory_delegation_two_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_delegation")),
    )
    with op.batch_alter_table("directory_delegation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_delegation_from_person"), ["from_person"], unique=False)
        batch_op.create_index(batch_op.f("ix_directory_delegation_to_person"), ["to_person"], unique=False)

    op.create_table(
        "directory_membership",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("committee", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("unit", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("voting", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Numeric(precision=9, scale=3), nullable=False),
        sa.Column("appointed_by", sa.String(length=64), nullable=True),
        sa.Column("ceased_reason", sa.String(length=60), nullable=True),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("valid_to", Moment(), nullable=True),
        sa.CheckConstraint("(person IS NULL) <> (unit IS NULL)", name=op.f("ck_directory_membership_person_or_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_membership")),
    )
    with op.batch_alter_table("directory_membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_membership_committee"), ["committee"], unique=False)
        batch_op.create_index(batch_op.f("ix_directory_membership_person"), ["person"], unique=False)

    op.create_table(
        "directory_person",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("party_member", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_person")),
    )
    op.create_table(
        "directory_post",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title_zh", sa.String(length=100), nullable=False),
        sa.Column("title_en", sa.String(length=100), nullable=False),
        sa.Column("of", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("acting", sa.Boolean(), nullable=False),
        sa.Column("substitute_of", sa.String(length=64), nullable=True),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("valid_to", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_post")),
    )
    with op.batch_alter_table("directory_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_post_of_role"), ["of", "role"], unique=False)
        batch_op.create_index(batch_op.f("ix_directory_post_person"), ["person"], unique=False)

    op.create_table(
        "directory_power",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("legal_basis", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("valid_to", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_power")),
    )
    with op.batch_alter_table("directory_power", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_power_unit"), ["unit"], unique=False)

    op.create_table(
        "directory_unit",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("legal_form", sa.String(length=60), nullable=True),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("valid_to", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_unit")),
    )
    with op.batch_alter_table("directory_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_unit_area"), ["area"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_instance", ["instance"], unique=False)

    op.create_table(
        "document_text",
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_document_text")),
    )
    op.create_table(
        "event",
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("element", sa.String(length=255), nullable=True),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("mandate", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("instance", "seq", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_actor_at"), ["actor", "at"], unique=False)

    op.create_table(
        "event_content",
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("instance", "seq", name=op.f("pk_event_content")),
    )
    op.create_table(
        "file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False, comment="of the stored content"),
        sa.Column("source_digest", sa.String(length=80), nullable=False, comment="of what was sent, before a picture was cleaned"),
        sa.Column("uploaded_by", sa.String(length=200), nullable=True, comment="person; null: the public"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=True, comment="null: not submitted with a form yet"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_file_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_file_instance"), ["instance"], unique=False)
        batch_op.create_index(batch_op.f("ix_file_source_digest"), ["source_digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_file_uploaded_by"), ["uploaded_by"], unique=False)

    op.create_table(
        "governance_account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", Moment(), nullable=True),
        sa.Column("locks", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("password_changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_account")),
        sa.UniqueConstraint("login", name=op.f("uq_governance_account_login")),
        sa.UniqueConstraint("person", name=op.f("uq_governance_account_person")),
    )
    op.create_table(
        "governance_calendar_day",
        sa.Column("calendar", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("hours", PlainJson, nullable=True),
        sa.PrimaryKeyConstraint("calendar", "version", "day", name=op.f("pk_governance_calendar_day")),
    )
    op.create_table(
        "governance_calendar_version",
        sa.Column("calendar", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("hours", PlainJson, nullable=False),
        sa.Column("years", PlainJson, nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("calendar", "version", name=op.f("pk_governance_calendar_version")),
    )
    op.create_table(
        "governance_deadline",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.Column("element", sa.String(length=255), nullable=False),
        sa.Column("code", sa.String(length=255), nullable=False),
        sa.Column("limit_text", sa.String(length=40), nullable=False),
        sa.Column("clock", sa.String(length=10), nullable=False),
        sa.Column("calendar", sa.String(length=40), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("original_due_at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ladder", sa.String(length=60), nullable=False),
        sa.Column("steps", PlainJson, nullable=False),
        sa.Column("next_step", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("used_us", sa.BigInteger(), nullable=False),
        sa.Column("counted_from", Moment(), nullable=False),
        sa.Column("left_us", sa.BigInteger(), nullable=True),
        sa.Column("paused_at", Moment(), nullable=True),
        sa.Column("pauses", sa.Integer(), nullable=False),
        sa.Column("paused_us", sa.BigInteger(), nullable=False),
        sa.Column("pause_reason", sa.String(length=60), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("overdue_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("account", PlainJson, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_deadline")),
    )
    with op.batch_alter_table("governance_deadline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governance_deadline_instance_code"), ["instance", "code"], unique=False)
        batch_op.create_index(batch_op.f("ix_governance_deadline_state_due_at"), ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_governance_deadline_token"), ["token"], unique=False)

    op.create_table(
        "governance_notice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("selector", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=True),
        sa.Column("instance", sa.String(length=36), nullable=True),
        sa.Column("occasion", sa.String(length=300), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_notice")),
        sa.UniqueConstraint("person", "occasion", name=op.f("uq_governance_notice_person_occasion")),
    )
    with op.batch_alter_table("governance_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governance_notice_instance"), ["instance"], unique=False)
        batch_op.create_index(batch_op.f("ix_governance_notice_person_read_at"), ["person", "read_at"], unique=False)

    op.create_table(
        "governance_reference_stamp",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_reference_stamp")),
    )
    op.create_table(
        "governance_setting",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("value", TypedJson(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_setting")),
    )
    with op.batch_alter_table("governance_setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governance_setting_key"), ["key"], unique=False)

    op.create_table(
        "handoff",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("target", sa.String(length=128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("payload", TypedJson(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("opened", Moment(), nullable=False),
        sa.Column("closed", Moment(), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
    )
    with op.batch_alter_table("handoff", schema=None) as batch_op:
        batch_op.create_index("ix_handoff_instance", ["instance"], unique=False)
        batch_op.create_index("ix_handoff_target", ["target", "state"], unique=False)

    op.create_table(
        "import_run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("layout", sa.String(length=128), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=True),
        sa.Column("counts", PlainJson, nullable=False),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "job_executor",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("beat_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_executor")),
    )
    with op.batch_alter_table("job_executor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_executor_beat_at"), ["beat_at"], unique=False)

    op.create_table(
        "publication",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("places", PlainJson, nullable=False),
        sa.Column("files", PlainJson, nullable=False),
        sa.Column("objection_channel", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("start_at", Moment(), nullable=False),
        sa.Column("end_at", Moment(), nullable=False),
        sa.Column("computation", PlainJson, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("posted", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("certificate", TypedJson(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("slug", name=op.f("uq_publication_slug")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index("ix_publication_instance", ["instance"], unique=False)
        batch_op.create_index("ix_publication_wall", ["state", "start_at"], unique=False)

    op.create_table(
        "register_row",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(length=128), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("unit", sa.String(length=64), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("starter", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=True),
        sa.Column("access", sa.String(length=32), nullable=False),
        sa.Column("opened", Moment(), nullable=False),
        sa.Column("due", Moment(), nullable=True),
        sa.Column("closed", Moment(), nullable=True),
        sa.Column("moved", Moment(), nullable=False),
        sa.Column("score_tenths", sa.Integer(), nullable=True),
        sa.Column("columns", TypedJson(), nullable=False),
        sa.Column("flags", PlainJson, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_row")),
        sa.UniqueConstraint("register", "instance", "key", "generation", name=op.f("uq_register_row_register_instance_key_generation")),
        sa.UniqueConstraint("register", "number", name=op.f("uq_register_row_register_number")),
    )
    with op.batch_alter_table("register_row", schema=None) as batch_op:
        batch_op.create_index("ix_register_row_board", ["register", "stage", "moved"], unique=False)
        batch_op.create_index("ix_register_row_due", ["register", "due"], unique=False)
        batch_op.create_index("ix_register_row_instance", ["instance"], unique=False)
        batch_op.create_index("ix_register_row_opened", ["register", "opened", "id"], unique=False)

    op.create_table(
        "register_sequence",
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("register", "area", "year", name=op.f("pk_register_sequence")),
    )
    op.create_table(
        "reservation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("resource", sa.String(length=120), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reserved", Moment(), nullable=False),
        sa.Column("released", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index("ix_reservation_holder", ["holder"], unique=False)
        batch_op.create_index("ix_reservation_resource", ["resource", "last_day"], unique=False)

    op.create_table(
        "reserved_resource",
        sa.Column("resource", sa.String(length=120), nullable=False),
        sa.Column("last", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("resource", name=op.f("pk_reserved_resource")),
    )
    op.create_table(
        "resource",
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_resource")),
    )
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("content", TypedJson(), nullable=False),
        sa.Column("frozen", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint("key", "hash", name=op.f("uq_score_sheet_key_hash")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_score_sheet_key_version")),
    )
    op.create_table(
        "signing",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("sequential", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("opened", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing")),
    )
    with op.batch_alter_table("signing", schema=None) as batch_op:
        batch_op.create_index("ix_signing_instance", ["instance"], unique=False)

    op.create_table(
        "archive_line",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("row", sa.String(length=36), nullable=True),
        sa.Column("register", sa.String(length=64), nullable=True),
        sa.Column("process", sa.String(length=128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("retention", sa.String(length=64), nullable=False),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("archived", Moment(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("metrics", TypedJson(), nullable=False),
        sa.ForeignKeyConstraint(["row"], ["register_row.id"], name=op.f("fk_archive_line_row_register_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_line")),
        sa.UniqueConstraint("number", name=op.f("uq_archive_line_number")),
    )
    with op.batch_alter_table("archive_line", schema=None) as batch_op:
        batch_op.create_index("ix_archive_line_instance", ["instance"], unique=False)

    op.create_table(
        "definition",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deployment", sa.String(length=36), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["deployment"], ["deployment.id"], name=op.f("fk_definition_deployment_deployment")),
        sa.ForeignKeyConstraint(["resource"], ["resource.digest"], name=op.f("fk_definition_resource_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("kind", "key", "version", name=op.f("uq_definition_kind_key_version")),
    )
    op.create_table(
        "directory_representative",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("membership", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("letter", sa.String(length=64), nullable=True),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("valid_to", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership"], ["directory_membership.id"], name=op.f("fk_directory_representative_membership_directory_membership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_representative")),
    )
    with op.batch_alter_table("directory_representative", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_representative_membership"), ["membership"], unique=False)
        batch_op.create_index(batch_op.f("ix_directory_representative_person"), ["person"], unique=False)

    op.create_table(
        "document_seal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("signing", sa.String(length=36), nullable=True),
        sa.Column("receivers", PlainJson, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name=op.f("fk_document_seal_document_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_seal")),
        sa.UniqueConstraint("document", "hash", name=op.f("uq_document_seal_document_hash")),
    )
    op.create_table(
        "document_version",
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name=op.f("fk_document_version_document_document")),
        sa.ForeignKeyConstraint(["hash"], ["document_text.hash"], name=op.f("fk_document_version_hash_document_text")),
        sa.PrimaryKeyConstraint("document", "version", name=op.f("pk_document_version")),
    )
    op.create_table(
        "governance_api_token",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=100), nullable=False),
        sa.Column("scopes", PlainJson, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["governance_account.id"], name=op.f("fk_governance_api_token_account_governance_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_governance_api_token_digest")),
    )
    with op.batch_alter_table("governance_api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governance_api_token_account"), ["account"], unique=False)

    op.create_table(
        "governance_deadline_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deadline", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("due_before", Moment(), nullable=False),
        sa.Column("due_after", Moment(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline"], ["governance_deadline.id"], name=op.f("fk_governance_deadline_change_deadline_governance_deadline")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_deadline_change")),
    )
    with op.batch_alter_table("governance_deadline_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governance_deadline_change_deadline"), ["deadline"], unique=False)

    op.create_table(
        "governance_deadline_mark",
        sa.Column("deadline", sa.String(length=36), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("passed_at", Moment(), nullable=False),
        sa.Column("noticed_at", Moment(), nullable=False),
        sa.Column("told", PlainJson, nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline"], ["governance_deadline.id"], name=op.f("fk_governance_deadline_mark_deadline_governance_deadline")
        ),
        sa.PrimaryKeyConstraint("deadline", "percent", name=op.f("pk_governance_deadline_mark")),
    )
    op.create_table(
        "import_item",
        sa.Column("run", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sort", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["import_run.id"], name=op.f("fk_import_item_run_import_run")),
        sa.PrimaryKeyConstraint("run", "seq", name=op.f("pk_import_item")),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("process_version", sa.Integer(), nullable=False),
        sa.Column("definitions", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("starter", sa.String(length=64), nullable=True),
        sa.Column("parent", sa.String(length=36), nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ends", PlainJson, nullable=True),
        sa.Column("root", sa.String(length=36), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column("next_seq", sa.Integer(), nullable=False),
        sa.Column("history_seq", sa.Integer(), nullable=False),
        sa.Column("history_chain", sa.String(length=80), nullable=False),
        sa.CheckConstraint("state IN ('running', 'completed', 'cancelled', 'failed')", name=op.f("ck_instance_state")),
        sa.ForeignKeyConstraint(["definitions"], ["definition_set.digest"], name=op.f("fk_instance_definitions_definition_set")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instance_area_id"), ["area", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_parent_id"), ["parent", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_process_state_id"), ["process", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_starter_id"), ["starter", "id"], unique=False)

    op.create_table(
        "publication_objection",
        sa.Column("publication", sa.String(length=36), nullable=False),
        sa.Column("objection", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received", Moment(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("decided", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["publication"], ["publication.id"], name=op.f("fk_publication_objection_publication_publication")),
        sa.PrimaryKeyConstraint("publication", "objection", name=op.f("pk_publication_objection")),
    )
    op.create_table(
        "publication_photo",
        sa.Column("publication", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["publication"], ["publication.id"], name=op.f("fk_publication_photo_publication_publication")),
        sa.PrimaryKeyConstraint("publication", "version", "file", name=op.f("pk_publication_photo")),
    )
    op.create_table(
        "publication_version",
        sa.Column("publication", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("start_at", Moment(), nullable=False),
        sa.Column("end_at", Moment(), nullable=False),
        sa.Column("posted", Moment(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["publication"], ["publication.id"], name=op.f("fk_publication_version_publication_publication")),
        sa.PrimaryKeyConstraint("publication", "version", name=op.f("pk_publication_version")),
    )
    op.create_table(
        "register_link",
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["row"], ["register_row.id"], name=op.f("fk_register_link_row_register_row")),
        sa.PrimaryKeyConstraint("row", "target", name=op.f("pk_register_link")),
    )
    with op.batch_alter_table("register_link", schema=None) as batch_op:
        batch_op.create_index("ix_register_link_target", ["target"], unique=False)

    op.create_table(
        "register_move",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("mandate_zh", sa.String(length=200), nullable=False),
        sa.Column("mandate_en", sa.String(length=200), nullable=False),
        sa.Column("element", sa.String(length=128), nullable=True),
        sa.Column("before", sa.String(length=64), nullable=True),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("changed", PlainJson, nullable=False),
        sa.ForeignKeyConstraint(["row"], ["register_row.id"], name=op.f("fk_register_move_row_register_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_move")),
    )
    with op.batch_alter_table("register_move", schema=None) as batch_op:
        batch_op.create_index("ix_register_move_row", ["row", "seq"], unique=False)

    op.create_table(
        "register_party",
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["row"], ["register_row.id"], name=op.f("fk_register_party_row_register_row")),
        sa.PrimaryKeyConstraint("row", "ref", name=op.f("pk_register_party")),
    )
    with op.batch_alter_table("register_party", schema=None) as batch_op:
        batch_op.create_index("ix_register_party_ref", ["ref"], unique=False)

    op.create_table(
        "score_result",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("call", sa.String(length=200), nullable=False),
        sa.Column("sheet", sa.String(length=36), nullable=False),
        sa.Column("direction", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ballots", TypedJson(), nullable=False),
        sa.Column("rules", TypedJson(), nullable=False),
        sa.Column("outcome", TypedJson(), nullable=False),
        sa.ForeignKeyConstraint(["sheet"], ["score_sheet.id"], name=op.f("fk_score_result_sheet_score_sheet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_result")),
    )
    with op.batch_alter_table("score_result", schema=None) as batch_op:
        batch_op.create_index("ix_score_result_call", ["call"], unique=False)
        batch_op.create_index("ix_score_result_instance", ["instance", "at"], unique=False)

    op.create_table(
        "signature",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("signing", sa.String(length=36), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("selector", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("expected_capacity", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("person_name", sa.String(length=120), nullable=True),
        sa.Column("capacity", sa.String(length=64), nullable=True),
        sa.Column("method", sa.String(length=32), nullable=True),
        sa.Column("agreed_e_sign", sa.Boolean(), nullable=True),
        sa.Column("hash", sa.String(length=80), nullable=True),
        sa.Column("mandate", PlainJson, nullable=True),
        sa.Column("authority", PlainJson, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("signed_at", Moment(), nullable=True),
        sa.Column("recorded", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["signing"], ["signing.id"], name=op.f("fk_signature_signing_signing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("signing", "slot", name=op.f("uq_signature_signing_slot")),
    )
    op.create_table(
        "done_task",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("node", sa.String(length=255), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=255), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("digest", sa.String(length=80), nullable=True),
        sa.Column("answer", PlainJson, nullable=True),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_done_task_instance_instance"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_done_task")),
    )
    with op.batch_alter_table("done_task", schema=None) as batch_op:
        batch_op.create_index("ix_done_task_by_person", ["person", "at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_done_task_instance"), ["instance"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("node", sa.String(length=255), nullable=True),
        sa.Column("code", sa.String(length=255), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("details", PlainJson, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_incident_instance_instance"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_instance"), ["instance"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_state_id"), ["state", "id"], unique=False)

    op.create_table(
        "plain_deadline",
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("element", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_plain_deadline_instance_instance"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_plain_deadline")),
    )
    with op.batch_alter_table("plain_deadline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plain_deadline_instance"), ["instance"], unique=False)

    op.create_table(
        "token",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("parent", sa.String(length=36), nullable=True),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("node", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("internal", TypedJson(), nullable=True),
        sa.Column("hosted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_token_instance_instance"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
    )
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_token_instance"), ["instance"], unique=False)
        batch_op.create_index(batch_op.f("ix_token_parent_hosted"), ["parent", "hosted"], unique=False)

    op.create_table(
        "variable",
        sa.Column("scope", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("content", sa.String(length=80), nullable=True),
        sa.Column("kernels", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["content"], ["content.digest"], name=op.f("fk_variable_content_content")),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_variable_instance_instance"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("scope", "name", name=op.f("pk_variable")),
    )
    with op.batch_alter_table("variable", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_variable_instance_kernels_scope"), ["instance", "kernels", "scope"], unique=False)

    op.create_table(
        "action",
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.Column("node", sa.String(length=255), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("message", sa.String(length=255), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("form", sa.String(length=255), nullable=True),
        sa.Column("selectors", PlainJson, nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_action_instance_instance"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["token"], ["token.id"], name=op.f("fk_action_token_token"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token", "node", name=op.f("pk_action")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_instance"), ["instance"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.Column("node", sa.String(length=255), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_subscription_instance_instance"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["token"], ["token.id"], name=op.f("fk_subscription_token_token"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("token", "node", "event", name=op.f("uq_subscription_token_node_event")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_instance"), ["instance"], unique=False)
        batch_op.create_index(batch_op.f("ix_subscription_kind_name_key_id"), ["kind", "name", "key", "id"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("process_version", sa.Integer(), nullable=False),
        sa.Column("process_zh", sa.Text(), nullable=False),
        sa.Column("process_en", sa.Text(), nullable=False),
        sa.Column("node", sa.String(length=255), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=255), nullable=True),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("deadline", sa.String(length=255), nullable=True),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("selectors", PlainJson, nullable=False),
        sa.Column("asked", PlainJson, nullable=False),
        sa.Column("excluded", sa.Text(), nullable=False),
        sa.Column("vacant", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_task_instance_instance"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["token"], ["token.id"], name=op.f("fk_task_token_token"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_instance"), ["instance"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_token"), ["token"], unique=False)

    op.create_table(
        "timer",
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.Column("node", sa.String(length=255), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_timer_instance_instance"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["token"], ["token.id"], name=op.f("fk_timer_token_token"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token", "node", "event", name=op.f("pk_timer")),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timer_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_timer_instance"), ["instance"], unique=False)

    op.create_table(
        "draft",
        sa.Column("task", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("data", PlainJson, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_draft_task_task"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task", "person", name=op.f("pk_draft")),
    )
    op.create_table(
        "task_offer",
        sa.Column("task", sa.String(length=36), nullable=False),
        sa.Column("selector", sa.String(length=160), nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_task_offer_task_task"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task", "selector", name=op.f("pk_task_offer")),
    )
    with op.batch_alter_table("task_offer", schema=None) as batch_op:
        batch_op.create_index("ix_task_offer_by_age", ["selector", "task"], unique=False)
        batch_op.create_index("ix_task_offer_by_due", ["selector", "due", "task"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("task_offer", schema=None) as batch_op:
        batch_op.drop_index("ix_task_offer_by_due")
        batch_op.drop_index("ix_task_offer_by_age")

    op.drop_table("task_offer")
    op.drop_table("draft")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timer_instance"))
        batch_op.drop_index(batch_op.f("ix_timer_due_at"))

    op.drop_table("timer")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_token"))
        batch_op.drop_index(batch_op.f("ix_task_instance"))

    op.drop_table("task")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscription_kind_name_key_id"))
        batch_op.drop_index(batch_op.f("ix_subscription_instance"))

    op.drop_table("subscription")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_instance"))

    op.drop_table("action")
    with op.batch_alter_table("variable", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_variable_instance_kernels_scope"))

    op.drop_table("variable")
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_token_parent_hosted"))
        batch_op.drop_index(batch_op.f("ix_token_instance"))

    op.drop_table("token")
    with op.batch_alter_table("plain_deadline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plain_deadline_instance"))

    op.drop_table("plain_deadline")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_state_id"))
        batch_op.drop_index(batch_op.f("ix_incident_instance"))

    op.drop_table("incident")
    with op.batch_alter_table("done_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_done_task_instance"))
        batch_op.drop_index("ix_done_task_by_person")

    op.drop_table("done_task")
    op.drop_table("signature")
    with op.batch_alter_table("score_result", schema=None) as batch_op:
        batch_op.drop_index("ix_score_result_instance")
        batch_op.drop_index("ix_score_result_call")

    op.drop_table("score_result")
    with op.batch_alter_table("register_party", schema=None) as batch_op:
        batch_op.drop_index("ix_register_party_ref")

    op.drop_table("register_party")
    with op.batch_alter_table("register_move", schema=None) as batch_op:
        batch_op.drop_index("ix_register_move_row")

    op.drop_table("register_move")
    with op.batch_alter_table("register_link", schema=None) as batch_op:
        batch_op.drop_index("ix_register_link_target")

    op.drop_table("register_link")
    op.drop_table("publication_version")
    op.drop_table("publication_photo")
    op.drop_table("publication_objection")
    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instance_starter_id"))
        batch_op.drop_index(batch_op.f("ix_instance_process_state_id"))
        batch_op.drop_index(batch_op.f("ix_instance_parent_id"))
        batch_op.drop_index(batch_op.f("ix_instance_number"))
        batch_op.drop_index(batch_op.f("ix_instance_area_id"))

    op.drop_table("instance")
    op.drop_table("import_item")
    op.drop_table("governance_deadline_mark")
    with op.batch_alter_table("governance_deadline_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governance_deadline_change_deadline"))

    op.drop_table("governance_deadline_change")
    with op.batch_alter_table("governance_api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governance_api_token_account"))

    op.drop_table("governance_api_token")
    op.drop_table("document_version")
    op.drop_table("document_seal")
    with op.batch_alter_table("directory_representative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directory_representative_person"))
        batch_op.drop_index(batch_op.f("ix_directory_representative_membership"))

    op.drop_table("directory_representative")
    op.drop_table("definition")
    with op.batch_alter_table("archive_line", schema=None) as batch_op:
        batch_op.drop_index("ix_archive_line_instance")

    op.drop_table("archive_line")
    with op.batch_alter_table("signing", schema=None) as batch_op:
        batch_op.drop_index("ix_signing_instance")

    op.drop_table("signing")
    op.drop_table("score_sheet")
    op.drop_table("resource")
    op.drop_table("reserved_resource")
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_index("ix_reservation_resource")
        batch_op.drop_index("ix_reservation_holder")

    op.drop_table("reservation")
    op.drop_table("register_sequence")
    with op.batch_alter_table("register_row", schema=None) as batch_op:
        batch_op.drop_index("ix_register_row_opened")
        batch_op.drop_index("ix_register_row_instance")
        batch_op.drop_index("ix_register_row_due")
        batch_op.drop_index("ix_register_row_board")

    op.drop_table("register_row")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index("ix_publication_wall")
        batch_op.drop_index("ix_publication_instance")

    op.drop_table("publication")
    with op.batch_alter_table("job_executor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_executor_beat_at"))

    op.drop_table("job_executor")
    op.drop_table("import_run")
    with op.batch_alter_table("handoff", schema=None) as batch_op:
        batch_op.drop_index("ix_handoff_target")
        batch_op.drop_index("ix_handoff_instance")

    op.drop_table("handoff")
    with op.batch_alter_table("governance_setting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governance_setting_key"))

    op.drop_table("governance_setting")
    op.drop_table("governance_reference_stamp")
    with op.batch_alter_table("governance_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governance_notice_person_read_at"))
        batch_op.drop_index(batch_op.f("ix_governance_notice_instance"))

    op.drop_table("governance_notice")
    with op.batch_alter_table("governance_deadline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governance_deadline_token"))
        batch_op.drop_index(batch_op.f("ix_governance_deadline_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_governance_deadline_instance_code"))

    op.drop_table("governance_deadline")
    op.drop_table("governance_calendar_version")
    op.drop_table("governance_calendar_day")
    op.drop_table("governance_account")
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_uploaded_by"))
        batch_op.drop_index(batch_op.f("ix_file_source_digest"))
        batch_op.drop_index(batch_op.f("ix_file_instance"))
        batch_op.drop_index(batch_op.f("ix_file_digest"))

    op.drop_table("file")
    op.drop_table("event_content")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_actor_at"))

    op.drop_table("event")
    op.drop_table("document_text")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index("ix_document_instance")

    op.drop_table("document")
    with op.batch_alter_table("directory_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directory_unit_area"))

    op.drop_table("directory_unit")
    with op.batch_alter_table("directory_power", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directory_power_unit"))

    op.drop_table("directory_power")
    with op.batch_alter_table("directory_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directory_post_person"))
        batch_op.drop_index(batch_op.f("ix_directory_post_of_role"))

    op.drop_table("directory_post")
    op.drop_table("directory_person")
    with op.batch_alter_table("directory_membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directory_membership_person"))
        batch_op.drop_index(batch_op.f("ix_directory_membership_committee"))

    op.drop_table("directory_membership")
    with op.batch_alter_table("directory_delegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directory_delegation_to_person"))
        batch_op.drop_index(batch_op.f("ix_directory_delegation_from_person"))

    op.drop_table("directory_delegation")
    op.drop_table("directory_committee")
    op.drop_table("directory_area")
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deployment_digest"))

    op.drop_table("deployment")
    op.drop_table("definition_set")
    op.drop_table("content")
    with op.batch_alter_table("command", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_command_at"))

    op.drop_table("command")
    with op.batch_alter_table("buffered_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_buffered_message_name_key_id"))
        batch_op.drop_index(batch_op.f("ix_buffered_message_expires_at"))

    op.drop_table("buffered_message")
