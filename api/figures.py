"""Prometheus figures that all web processes of an installation answer alike, since they are read from the database."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge

from governance.application import Application


def operators_figures(app: Application) -> CollectorRegistry:
    """Length and age of the queue, what failed, open incidents, and how long ago each worker has beaten (seconds)."""
    jobs, now = app.jobs.figures(), app.clock.now()
    oldest = (now - jobs.oldest_due).total_seconds() if jobs.oldest_due is not None else 0.0
    registry = CollectorRegistry()
    for name, meaning, value in (
        ("cogov_jobs_due", "Jobs that are due and wait for a worker", jobs.due),
        ("cogov_jobs_oldest_due_seconds", "How long the oldest of them has waited", max(0.0, oldest)),
        ("cogov_jobs_later", "Jobs and timers that fall due later", jobs.later),
        ("cogov_jobs_running", "Jobs that run", jobs.running),
        ("cogov_jobs_failed", "Jobs that failed for good and wait for an operator", jobs.failed),
        ("cogov_jobs_retrying", "Jobs that failed and are tried again", jobs.trying),
        ("cogov_incidents_open", "Steps of cases that failed and wait for an operator", app.engine.queries.open_incidents()),
        ("cogov_workers", "Processes that work on jobs, by their heartbeats", len(jobs.beats)),
    ):
        Gauge(name, meaning, registry=registry).set(value)
    beats = Gauge("cogov_worker_beat_age_seconds", "Seconds since the last heartbeat", ["worker"], registry=registry)
    for worker, at in jobs.beats.items():
        beats.labels(worker=worker).set(max(0.0, (now - at).total_seconds()))
    return registry
