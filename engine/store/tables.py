"""The engine's tables. Work tables hold only what is open (decision 0005); what grows for ever says so and where it goes.

The primary key of a work row is a UUIDv7, so rows of the same age lie together. Rows that belong to a token vanish with it
(ON DELETE CASCADE): a token that is gone cannot leave a task, a timer or a subscription behind.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from engine.store.metadata import ID, Moment, PlainJson, TypedJson, metadata

NAME = String(255)
DIGEST = String(80)


def _token(*, primary: bool = False) -> Column[str]:
    return Column("token", ID, ForeignKey("token.id", ondelete="CASCADE"), primary_key=primary, nullable=False)


def _instance(*, index: bool = False) -> Column[str]:
    """Of a row that goes when its instance ends."""
    return Column("instance", ID, ForeignKey("instance.id", ondelete="CASCADE"), nullable=False, index=index)


def _case(*, index: bool = False) -> Column[str]:
    """Of a row that outlives the work on its instance: it belongs to a row of `instance` or of `finished_instance`."""
    return Column("instance", ID, nullable=False, index=index)


# Definitions -------------------------------------------------------------------------------------------------------

#: File contents by digest. Grows with every changed file; never deleted while a definition refers to it.
resource = Table(
    "resource",
    metadata,
    Column("digest", DIGEST, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

deployment = Table(
    "deployment",
    metadata,
    Column("id", ID, primary_key=True),
    Column("digest", DIGEST, nullable=False, index=True),  # of all paths and file digests
    Column("at", Moment, nullable=False),
    Column("actor", String(64)),
    Column("files", PlainJson, nullable=False),  # path → digest
    Column("report", PlainJson, nullable=False),
)

#: One version of a process, decision, form, register or code list. `content` of a process is its own canonical digest.
definition = Table(
    "definition",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("key", NAME, nullable=False),
    Column("version", Integer, nullable=False),
    Column("deployment", ID, ForeignKey("deployment.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("resource", DIGEST, ForeignKey("resource.digest"), nullable=False),
    Column("name_zh", Text, nullable=False, default=""),
    Column("name_en", Text, nullable=False, default=""),
    UniqueConstraint("kind", "key", "version"),
)

#: What was newest at a moment: `content` = {"definitions": {kind: {key: definition id}}, "messages": …, "signals": …}.
#: An instance is bound to one set for life. `position` 1, 2, 3 … orders those that were current; NULL = made for one start
#: with an older version.
definition_set = Table(
    "definition_set",
    metadata,
    Column("digest", DIGEST, primary_key=True),
    Column("position", Integer, unique=True),
    Column("content", PlainJson, nullable=False),
)

# Instances ---------------------------------------------------------------------------------------------------------


def _instance_columns() -> list[Column[Any]]:
    return [
        Column("id", ID, primary_key=True),
        #: raised by every command; a command that finds another number than it read forgot the lock
        Column("version", Integer, nullable=False),
        Column("process", NAME, nullable=False),
        Column("process_version", Integer, nullable=False),
        Column("definitions", DIGEST, ForeignKey("definition_set.digest"), nullable=False),
        Column("state", String(16), nullable=False),  # running | completed | cancelled | failed
        Column("number", String(80), index=True),
        Column("title", String(200)),
        Column("area", String(64)),
        Column("starter", String(64)),
        Column("parent", ID),  # the instance whose message started it
        Column("started_at", Moment, nullable=False),
        Column("ended_at", Moment),
        Column("ends", PlainJson),  # end event ids reached
        Column("root", ID, nullable=False),  # token id of the process scope = scope of the outermost variables
        Column("incidents", Integer, nullable=False),  # how many are open
        Column("next_seq", Integer, nullable=False),
        Column("history_seq", Integer, nullable=False),
        Column("history_chain", DIGEST, nullable=False),
    ]


#: Those that run. One that ends goes to `finished_instance` in the same transaction; what a release before 0003 left here ended, the
#: nightly tidying takes there.
instance = Table(
    "instance",
    metadata,
    *_instance_columns(),
    #: since when nothing in it moves; with the definition_suspension that did it, if one did
    Column("suspended_at", Moment),
    Column("suspended_with", ID, index=True),
    CheckConstraint("state IN ('running', 'completed', 'cancelled', 'failed')", name="state"),
    Index(None, "process", "state", "id"),
    Index(None, "starter", "id"),
    Index(None, "parent", "id"),
    Index(None, "area", "id"),
    Index("ix_instance_ended", "id", sqlite_where=sa.text("state <> 'running'"), postgresql_where=sa.text("state <> 'running'")),
)

#: Grows (28 M a year in a large city), one row for each that has ended, with its outermost variables; goes with its retention class.
finished_instance = Table(
    "finished_instance",
    metadata,
    *_instance_columns(),
    Column("variables", Text, nullable=False),  # one typed JSON context
    CheckConstraint("state IN ('completed', 'cancelled', 'failed')", name="state"),
    Index(None, "process", "state", "id"),
    Index(None, "starter", "id"),
    Index(None, "parent", "id"),
    Index(None, "area", "id"),
    Index(None, "ended_at"),
)

token = Table(
    "token",
    metadata,
    Column("id", ID, primary_key=True),
    _instance(index=True),
    Column("parent", ID),
    Column("process", NAME, nullable=False),
    Column("node", NAME),
    Column("state", String(16), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("internal", TypedJson),
    Column("hosted", sa.Boolean, nullable=False),  # waits on behalf of another token: does not keep its scope open
    Index(None, "parent", "hosted"),
)

#: Values over 1 kB, by a digest of instance and value: a large value that many scopes of an instance share is stored once, and its
#: lock covers it. Goes with the last variable that refers to it.
content = Table(
    "content",
    metadata,
    Column("digest", DIGEST, primary_key=True),
    Column("body", Text, nullable=False),
)

#: Scope = token id. Those of the process scope go into `finished_instance` when it ends.
variable = Table(
    "variable",
    metadata,
    Column("scope", ID, primary_key=True),
    Column("name", NAME, primary_key=True),
    _instance(),
    Column("value", Text),  # typed JSON of engine.values
    Column("content", DIGEST, ForeignKey("content.digest")),
    #: a record of the kernel's own (results of multi-instance, what to compensate): read only when it is needed
    Column("kernels", sa.Boolean, nullable=False),
    Index(None, "instance", "kernels", "scope"),
    Index("ix_variable_content", "content", sqlite_where=sa.text("content IS NOT NULL"), postgresql_where=sa.text("content IS NOT NULL")),
)

# People ------------------------------------------------------------------------------------------------------------

#: Open user tasks, with all that an inbox line shows.
task = Table(
    "task",
    metadata,
    Column("id", ID, primary_key=True),
    _token(),
    _instance(index=True),
    Column("process", NAME, nullable=False),
    Column("process_version", Integer, nullable=False),
    Column("process_zh", Text, nullable=False),
    Column("process_en", Text, nullable=False),
    Column("node", NAME, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("form", NAME),
    Column("number", String(80)),
    Column("title", String(200)),
    Column("area", String(64)),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("deadline", NAME),
    Column("assignee", String(64)),
    Column("selectors", PlainJson, nullable=False),  # resolved: [selector]
    Column("asked", PlainJson, nullable=False),  # as the model says, unresolved
    Column("excluded", Text, nullable=False, default=""),  # ",person,person,"
    Column("vacant", sa.Boolean, nullable=False, default=False),
    Index(None, "token"),
)

#: Who sees a task in the inbox. One index range per selector and order: the first page costs the same with 1,000,000 rows.
task_offer = Table(
    "task_offer",
    metadata,
    Column("task", ID, ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("selector", String(160), primary_key=True),
    Column("due", Moment, nullable=False),  # without a due date: the year 9999, so that it sorts last
    Index("ix_task_offer_by_due", "selector", "due", "task"),
    Index("ix_task_offer_by_age", "selector", "task"),
)

#: Completed and withdrawn tasks: what a second submit is answered with, and the "done" list; forms handed in without a
#: task. Grows; goes with its instance when that is removed.
done_task = Table(
    "done_task",
    metadata,
    Column("id", ID, primary_key=True),
    _case(index=True),
    Column("process", NAME, nullable=False),
    Column("node", NAME, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("form", NAME),
    Column("person", String(64)),
    Column("created_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("outcome", String(16), nullable=False),  # completed | withdrawn | handed_in (a start form or an action: no task)
    #: salted digest of the submission, so that the same one can be recognised and a short one not guessed
    Column("salt", String(32)),
    Column("digest", DIGEST),
    Column("answer", PlainJson),
    Index("ix_done_task_by_person", "person", "at", "id"),
)

draft = Table(
    "draft",
    metadata,
    Column("task", ID, ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("data", PlainJson, nullable=False),
    Column("at", Moment, nullable=False),
)

#: cogov:action buttons that can be pressed now.
action = Table(
    "action",
    metadata,
    _token(primary=True),
    Column("node", NAME, primary_key=True),
    _instance(index=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("message", NAME, nullable=False),
    Column("key", Text),
    Column("form", NAME),
    Column("selectors", PlainJson, nullable=False),
    Column("public", sa.Boolean, nullable=False),
)

# Waiting -----------------------------------------------------------------------------------------------------------

#: The job is only the alarm of a row: it re-reads it and does nothing when the generation or the row is gone.
timer = Table(
    "timer",
    metadata,
    _token(primary=True),
    Column("node", NAME, primary_key=True),
    Column("event", Integer, primary_key=True),
    _instance(index=True),
    Column("due_at", Moment, nullable=False, index=True),
    Column("generation", Integer, nullable=False),
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", ID, primary_key=True),
    _token(),
    Column("node", NAME, nullable=False),
    Column("event", Integer, nullable=False),
    _instance(index=True),
    Column("kind", String(16), nullable=False),
    Column("name", NAME, nullable=False),
    Column("key", Text),
    UniqueConstraint("token", "node", "event"),
    Index(None, "kind", "name", "key", "id"),
)

#: What begins instances by itself: timer and conditional start events of the newest version of each process.
standing_start = Table(
    "standing_start",
    metadata,
    Column("process", NAME, primary_key=True),
    Column("node", NAME, primary_key=True),
    Column("event", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", String(16), nullable=False),  # timer | conditional
    Column("due_at", Moment),
    Column("rest", Text),  # of a cycle: what remains after due_at
    Column("generation", Integer, nullable=False),
    Column("held", sa.Boolean, nullable=False),  # a condition that is true: it begins nothing until it was false
    Index(None, "kind"),
)

#: Data stores of the models: shared by all instances, by key.
data_store = Table(
    "data_store",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("value", TypedJson),
    Column("instance", ID),  # that wrote it last
    Column("at", Moment, nullable=False),
)

#: Messages nobody waited for yet. Deleted on delivery or when their time is over.
buffered_message = Table(
    "buffered_message",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", NAME, nullable=False),
    Column("key", Text),
    Column("message_id", String(255)),
    Column("variables", TypedJson),
    Column("at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Index(None, "name", "key", "id"),
)

incident = Table(
    "incident",
    metadata,
    Column("id", ID, primary_key=True),
    _case(index=True),
    Column("token", ID, nullable=False),
    Column("process", NAME, nullable=False),
    Column("node", NAME),
    Column("code", NAME, nullable=False),
    Column("message", Text, nullable=False),
    Column("details", PlainJson, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(16), nullable=False),  # open | retried | resolved | gone
    Column("closed_at", Moment),
    Column("closed_by", String(64)),
    Index("ix_incident_open", "id", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")),
)

#: Idempotency key → the answer first given. Grows; rows older than the retention of keys (90 days) are deleted by `created_at`.
command = Table(
    "command",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("answer", PlainJson, nullable=False),
)

# History -----------------------------------------------------------------------------------------------------------

#: Append-only. Grows fastest of all (partition by month of `at`). `chain` = hash(chain before + this row), so that a row that
#: was altered, removed or moved breaks every later one; the content lies apart and may be erased.
event = Table(
    "event",
    metadata,
    Column("instance", ID, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("element", NAME),
    Column("actor", String(64)),
    Column("mandate", Text),  # canonical JSON, part of the chain
    Column("digest", DIGEST, nullable=False),
    Column("chain", DIGEST, nullable=False),
    Index(None, "actor", "at"),
)

event_content = Table(
    "event_content",
    metadata,
    Column("instance", ID, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("salt", String(32)),
    Column("content", Text),  # typed JSON; salt and content are NULL once erased
)

#: Who may read what is kept for some (engine.guards): a variable (process/name), a file, a document. A thing may have several.
guard = Table(
    "guard",
    metadata,
    Column("id", ID, primary_key=True),
    _case(),
    Column("kind", String(16), nullable=False),
    Column("ref", NAME, nullable=False),
    Column("content", PlainJson, nullable=False),
    Index(None, "instance", "kind", "ref"),
)

#: Who entered something into a case on behalf of whom (`author` null: somebody without an account).
entry = Table(
    "entry",
    metadata,
    Column("id", ID, primary_key=True),
    _case(index=True),
    Column("person", String(64), nullable=False),
    Column("author", String(64)),
    Column("at", Moment, nullable=False),
)

# Operators --------------------------------------------------------------------------------------------------------

#: What came for a suspended instance (alarms, messages, signals, results): the job that brought it, to be run when it goes on.
held_job = Table(
    "held_job",
    metadata,
    Column("id", ID, primary_key=True),
    _instance(),
    Column("job", String(64), nullable=False),
    Column("payload", PlainJson, nullable=False),
    Column("due_at", Moment, nullable=False),
    Index(None, "instance", "due_at", "id"),
)

#: Processes of which no new instance begins. `version` 0: every version, also later ones.
definition_suspension = Table(
    "definition_suspension",
    metadata,
    Column("id", ID, primary_key=True),
    Column("process", NAME, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(64)),
    Column("reason", Text, nullable=False),
    UniqueConstraint("process", "version"),
)

#: One act of an operator on many instances, done by jobs; `batch_item` says how far it is. Kept with its results.
batch = Table(
    "batch",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(16), nullable=False),  # suspend | resume | migrate | remove
    Column("at", Moment, nullable=False),
    Column("actor", PlainJson, nullable=False),
    Column("reason", Text, nullable=False),
    Column("plan", PlainJson, nullable=False),
    Column("state", String(16), nullable=False),  # running | done
    Column("ended_at", Moment),
)

batch_item = Table(
    "batch_item",
    metadata,
    Column("batch", ID, ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True),
    Column("instance", ID, primary_key=True),  # outlives the instance: one that was removed stays listed
    Column("state", String(16), nullable=False),  # waiting | done | failed
    Column("code", NAME),
    Column("error", Text),
    Index(None, "batch", "state", "instance"),
)

#: Ends of chains that belong to no row of `instance`: those of removed instances, and that of the installation itself, whose
#: history holds what operators did to definitions and to many instances at once.
chain_head = Table(
    "chain_head",
    metadata,
    Column("instance", ID, primary_key=True),
    Column("history_seq", Integer, nullable=False),
    Column("history_chain", DIGEST, nullable=False),
    Column("process", NAME),
    Column("process_version", Integer),
    Column("number", String(80)),
    Column("state", String(16)),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("removed_at", Moment, index=True),
    Column("retention", NAME),
)

#: Deadlines of engine.standalone (natural time only); governance keeps its own.
plain_deadline = Table(
    "plain_deadline",
    metadata,
    Column("token", ID, primary_key=True),
    _case(),
    Column("element", NAME, nullable=False),
    Column("name", NAME, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),  # running | met | cancelled
    Index(None, "instance", "name", "started_at"),
)

#: One row per process that works on jobs; a process without a fresh beat is dead and its jobs are taken over.
job_executor = Table(
    "job_executor",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("beat_at", Moment, nullable=False, index=True),
)

#: Jobs that failed: tried again (`next_at`), failed for good until an operator acts, or settled. One row per job.
job_failure = Table(
    "job_failure",
    metadata,
    Column("id", String(512), primary_key=True),
    Column("job", NAME, nullable=False),
    Column("payload", Text, nullable=False),
    Column("error", NAME, nullable=False),
    Column("message", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("instance", String(64), index=True),
    Column("element", Text),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("next_at", Moment),
    Column("state", String(16), nullable=False),  # trying | failed | retried | discarded | done
    Column("closed_at", Moment, index=True),
    Column("closed_by", String(64)),
    Index(None, "state", "last_at"),
)
