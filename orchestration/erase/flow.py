"""The erasure from plan to proof, in steps that can each be repeated.

    1. note who it is about (``erasing.json``), and keep them out from now on (``suppressed.json``)
    2. raw zone: files anew without their rows
    3. build and publish anew, by an ordinary run that fetches nothing
    4. published file, versions, Parquet copies, Dagster's storage, logs, reports, scratch
    5. if asked, the user's export files
    6. search everything; if nothing is found, note the erasure in the ledger and forget whom it was about

A process that dies between or within steps leaves step 1's note, with which the same command goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.core.raw_erasure import erase_rows
from connectors.core.raw_zone import RawZone
from orchestration.control import open_raw_zone
from orchestration.control_rows import customer_salt
from orchestration.erase.addresses import Address
from orchestration.erase.exports import Export, find_exports, purge_export
from orchestration.erase.pending import Pending, forget_pending, read_pending, write_pending
from orchestration.erase.plan import Plan, address_forms, make_plan, rows_of_brand, stored_streams
from orchestration.erase.purge import Purge, Purged
from orchestration.erase.scan import Proof, prove
from orchestration.erase.shared import share_suppressed
from orchestration.erase.subject import Subject
from orchestration.erase.suppressed import read_suppression, suppress
from orchestration.erase.tokens import Namespaces, fill_tokens, namespaces_of
from orchestration.errors import WorkspaceError
from orchestration.ledger import append_erasure
from orchestration.published_file import memory_connection
from orchestration.run_state import ERASE, Outcome, RunRecord, finish_run, read_state, start_run
from orchestration.settings import Settings
from orchestration.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What an erasure is about, before it changes anything.

    Attributes:
        pending: of a broken-off one of the same brand.
        published: published files, versions and copies that hold rows of theirs.
        exports: files of the user that name them.
    """

    plan: Plan
    subject: Subject
    pending: Pending | None
    published: tuple[Purged, ...]
    exports: tuple[Export, ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """How it ended.

    Attributes:
        was_known: there was something to erase.
        exports: files of the user that still name them.
        is_closed: nothing that counts was found; the note of whom it was about is deleted.
    """

    was_known: bool
    proof: Proof
    exports: tuple[Export, ...]
    is_closed: bool


class Erasure:
    """Erases people from one brand of a workspace; the caller holds the lock for ``run_id``."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        *,
        brand: str,
        addresses: Sequence[Address],
        say: Callable[[str], None],
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._brand = brand
        self._addresses = addresses
        self._say = say

    def look(self) -> Outlook:
        """Find them; changes nothing.

        Raises:
            RawZoneError: the raw zone isn't whole.
            WorkspaceError: an erasure of another brand, or of other addresses, isn't finished.
        """
        workspace, settings = self._workspace, self._settings
        pending = read_pending(workspace)
        if pending is not None and pending.brand != self._brand:
            raise WorkspaceError(
                f"An erasure from brand {pending.brand}, begun {pending.begun_at:%Y-%m-%d %H:%M} UTC, isn't "
                f"finished. Run `sanjeh erase --brand {pending.brand}` with its addresses first. Nothing was "
                "changed."
            )
        if pending is not None and not pending.asked <= self._asked():
            raise WorkspaceError(
                f"An erasure from brand {self._brand}, begun {pending.begun_at:%Y-%m-%d %H:%M} UTC, isn't "
                "finished, and --email-file lacks addresses that it was asked for. Run it with the file of "
                "that time; more addresses may be added to it. Nothing was changed."
            )
        zone, names = self._zone(), namespaces_of(settings)
        zone.verify()
        with memory_connection(workspace.temp) as con:
            plan = make_plan(
                con,
                zone,
                settings,
                brand=self._brand,
                addresses=self._addresses,
                begun=pending.tokens if pending else (),
                begun_hashes=pending.hashes if pending else (),
            )
        salt = customer_salt(settings, read_state(workspace), self._brand)
        subject = Subject.of(plan, names, salt=salt)
        exports = tuple(find_exports(workspace, settings, zone, subject))
        return Outlook(
            plan=plan,
            subject=subject,
            pending=pending,
            published=tuple(Purge(workspace, subject).published_rows()),
            exports=exports,
        )

    def erase(
        self,
        outlook: Outlook,
        *,
        run_id: str,
        now: datetime,
        purge_exports: bool,
        rebuild: Callable[[], RunRecord],
    ) -> Result:
        """Erase them and prove it.

        Args:
            outlook: of :meth:`look`, under the same lock.
            run_id: of the run that ``rebuild`` makes.
            now: its time, aware.
            purge_exports: take their records out of the user's text files.
            rebuild: builds from the raw zone and publishes.

        Raises:
            SanjehError: a step failed; the same command goes on from there.
        """
        workspace, plan = self._workspace, outlook.plan
        pending = self._begun(outlook, now) if plan.known or outlook.pending else None
        if pending is not None:
            pending = self._erase_stored(outlook, pending, run_id=run_id, now=now, rebuild=rebuild)
        purge = Purge(workspace, outlook.subject)
        purge.clear_scratch()
        self._say("published files, versions, logs")
        for purged in purge.published():
            self._say(f"{self._shown(purged.path)}: {purged.rows or 0:,} rows taken out")
        for purged in purge.texts(without=workspace.erasing_file):
            self._say(f"{self._shown(purged.path)}: redacted")
        if purge_exports:
            self._purge_exports(outlook)
        return self._conclude(outlook, pending, run_id)

    def _erase_stored(
        self,
        outlook: Outlook,
        pending: Pending,
        *,
        run_id: str,
        now: datetime,
        rebuild: Callable[[], RunRecord],
    ) -> Pending:
        """Note, suppress, raw zone, build: steps 1 to 3."""
        workspace, plan, names = self._workspace, outlook.plan, outlook.subject.names
        write_pending(workspace, pending)
        salt = read_state(workspace).customer_salt
        suppression = read_suppression(workspace, self._settings, fallback_key=salt)
        suppress(workspace, suppression, self._brand, plan.tokens, names)
        zone = self._zone()
        if zone.remote is not None:
            share_suppressed(workspace, zone.remote.store)
        above = read_state(workspace).last_load_id
        with zone.writing(run_id=run_id, started_at=now, above=above, said=self._say) as least:
            zone.collect_garbage()
            record = start_run(workspace, run_id=run_id, started_at=now, kind=ERASE, at_least=least)
            self._say("raw zone: writing files anew without their rows")
            erased = self._erase_raw(zone, plan, names, load_id=record.load_id, now=now)
            if zone.remote is not None:
                self._say(f"{zone.remote.url}: deleting unlisted files and old versions")
                zone.remote.purge()
            if not erased and pending.is_published:
                finish_run(workspace, run_id=run_id, finished_at=now, outcome=Outcome.SUCCEEDED)
                return pending
            self._rebuild(rebuild)
        pending = replace(pending, is_published=True)
        write_pending(workspace, pending)
        return pending

    def _begun(self, outlook: Outlook, now: datetime) -> Pending:
        plan, before = outlook.plan, outlook.pending
        rows = {f"{source}|{stream}": count for (source, stream), count in plan.rows.items()}
        earlier = dict(before.rows) if before else {}
        return Pending(
            brand=self._brand,
            begun_at=before.begun_at if before else now,
            tokens=plan.tokens,
            hashes=plan.hashes,
            asked=self._asked(),
            persons=len(plan.known),
            rows={key: max(rows.get(key, 0), earlier.get(key, 0)) for key in {*rows, *earlier}},
            is_published=before is not None and before.is_published and not plan.rows,
        )

    def _asked(self) -> frozenset[str]:
        forms = (address_forms(address, self._settings, self._brand) for address in self._addresses)
        return frozenset[str]().union(*forms)

    def _erase_raw(self, zone: RawZone, plan: Plan, names: Namespaces, *, load_id: int, now: datetime) -> int:
        erased = 0
        with memory_connection(self._workspace.temp) as con:
            fill_tokens(con, plan.tokens)
            for stored, condition in rows_of_brand(stored_streams(zone), names, self._brand):
                folder, manifest, stream = stored
                erased += erase_rows(
                    con,
                    folder,
                    manifest,
                    stream,
                    condition=condition,
                    load_id=load_id,
                    loaded_at=now,
                    keeper=zone.keeper,
                )
        return erased

    def _rebuild(self, rebuild: Callable[[], RunRecord]) -> None:
        record = rebuild()
        if record.outcome is Outcome.FAILED:
            raise WorkspaceError(
                "Their rows are gone from the raw zone, but the warehouse could not be built and published "
                f"without them, so published files and versions still hold them: {record.error} Mend that "
                "and run the same command again: it goes on from here."
            )
        if record.error:
            self._say(record.error)

    def _purge_exports(self, outlook: Outlook) -> None:
        for export in outlook.exports:
            if export.by_hand is None and not export.others and self._is_below_exports(export):
                removed = purge_export(export, outlook.subject.needles)
                self._say(f"{self._shown(export.path)}: {removed:,} records taken out")

    def _is_below_exports(self, export: Export) -> bool:
        return export.path.is_relative_to(self._workspace.exports)

    def _conclude(self, outlook: Outlook, pending: Pending | None, run_id: str) -> Result:
        workspace = self._workspace
        self._say("searching every file")
        zone = self._zone()
        proof = prove(workspace, zone, outlook.subject, without={workspace.erasing_file})
        named = {finding.path for finding in proof.findings}
        left = tuple(find_exports(workspace, self._settings, zone, outlook.subject, named=named))
        of_others = {export.path for export in left if export.others}
        is_closed = not [each for each in left if not each.others] and all(
            finding.path in of_others for finding in proof.findings
        )
        if is_closed and pending is not None:
            append_erasure(
                workspace,
                run_id=run_id,
                load_id=read_state(workspace).run(run_id).load_id,
                begun_at=pending.begun_at,
                brand=self._brand,
                erased_at=datetime.now(UTC),
                persons=pending.persons,
                rows=pending.rows,
            )
            forget_pending(workspace)
        return Result(was_known=pending is not None, proof=proof, exports=left, is_closed=is_closed)

    def _zone(self) -> RawZone:
        return open_raw_zone(self._workspace, self._settings)

    def _shown(self, path: object) -> str:
        return str(path).removeprefix(f"{self._workspace.root}/")
