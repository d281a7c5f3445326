"""finished instances

Only the table: instances that have ended are moved by the nightly tidying (decision 0005).

Revision 0003, after 0002; 2026-11-22 11:31:24.924346
"""

import sqlalchemy as sa
from alembic import op

from engine.store.metadata import Moment, PlainJson

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finished_instance",
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
        sa.Column("variables", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('completed', 'cancelled', 'failed')", name=op.f("ck_finished_instance_state")),
        sa.ForeignKeyConstraint(["definitions"], ["definition_set.digest"], name=op.f("fk_finished_instance_definitions_definition_set")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finished_instance")),
    )
    with op.batch_alter_table("finished_instance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finished_instance_area_id"), ["area", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finished_instance_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_finished_instance_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_finished_instance_parent_id"), ["parent", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finished_instance_process_state_id"), ["process", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finished_instance_starter_id"), ["starter", "id"], unique=False)

    with op.batch_alter_table("done_task", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_done_task_instance_instance"), type_="foreignkey")

    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_entry_instance_instance"), type_="foreignkey")

    with op.batch_alter_table("governance_deadline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governance_deadline_instance_code"))
        batch_op.create_index(
            batch_op.f("ix_governance_deadline_instance_code_started_at"), ["instance", "code", "started_at"], unique=False
        )
        batch_op.create_index(
            "ix_governance_deadline_open",
            ["instance", "due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('running', 'paused')"),
            postgresql_where=sa.text("state IN ('running', 'paused')"),
        )

    with op.batch_alter_table("guard", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_guard_instance_instance"), type_="foreignkey")

    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_state_id"))
        batch_op.create_index(
            "ix_incident_open", ["id"], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_constraint(batch_op.f("fk_incident_instance_instance"), type_="foreignkey")

    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.create_index(
            "ix_instance_ended",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state <> 'running'"),
            postgresql_where=sa.text("state <> 'running'"),
        )

    with op.batch_alter_table("plain_deadline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plain_deadline_instance"))
        batch_op.create_index(batch_op.f("ix_plain_deadline_instance_name_started_at"), ["instance", "name", "started_at"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_plain_deadline_instance_instance"), type_="foreignkey")

    with op.batch_alter_table("variable", schema=None) as batch_op:
        batch_op.create_index(
            "ix_variable_content",
            ["content"],
            unique=False,
            sqlite_where=sa.text("content IS NOT NULL"),
            postgresql_where=sa.text("content IS NOT NULL"),
        )


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM finished_instance LIMIT 1")).first() is not None:
        raise RuntimeError("release 0002 cannot read finished_instance: it would lose the finished cases; restore a back-up instead")
    with op.batch_alter_table("variable", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_variable_content", sqlite_where=sa.text("content IS NOT NULL"), postgresql_where=sa.text("content IS NOT NULL")
        )

    with op.batch_alter_table("plain_deadline", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_plain_deadline_instance_instance"), "instance", ["instance"], ["id"], ondelete="CASCADE")
        batch_op.drop_index(batch_op.f("ix_plain_deadline_instance_name_started_at"))
        batch_op.create_index(batch_op.f("ix_plain_deadline_instance"), ["instance"], unique=False)

    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.drop_index("ix_instance_ended", sqlite_where=sa.text("state <> 'running'"), postgresql_where=sa.text("state <> 'running'"))

    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_incident_instance_instance"), "instance", ["instance"], ["id"], ondelete="CASCADE")
        batch_op.drop_index("ix_incident_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.create_index(batch_op.f("ix_incident_state_id"), ["state", "id"], unique=False)

    with op.batch_alter_table("guard", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_guard_instance_instance"), "instance", ["instance"], ["id"], ondelete="CASCADE")

    with op.batch_alter_table("governance_deadline", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_governance_deadline_open",
            sqlite_where=sa.text("state IN ('running', 'paused')"),
            postgresql_where=sa.text("state IN ('running', 'paused')"),
        )
        batch_op.drop_index(batch_op.f("ix_governance_deadline_instance_code_started_at"))
        batch_op.create_index(batch_op.f("ix_governance_deadline_instance_code"), ["instance", "code"], unique=False)

    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_entry_instance_instance"), "instance", ["instance"], ["id"], ondelete="CASCADE")

    with op.batch_alter_table("done_task", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_done_task_instance_instance"), "instance", ["instance"], ["id"], ondelete="CASCADE")

    with op.batch_alter_table("finished_instance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finished_instance_starter_id"))
        batch_op.drop_index(batch_op.f("ix_finished_instance_process_state_id"))
        batch_op.drop_index(batch_op.f("ix_finished_instance_parent_id"))
        batch_op.drop_index(batch_op.f("ix_finished_instance_number"))
        batch_op.drop_index(batch_op.f("ix_finished_instance_ended_at"))
        batch_op.drop_index(batch_op.f("ix_finished_instance_area_id"))

    op.drop_table("finished_instance")
