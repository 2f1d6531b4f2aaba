"""What follows for hours served: records are kept, and certificates stay true or are replaced."""

from hashlib import sha256

from services.volunteering.certifying import by_record, served_in
from services.volunteering.domain.hours.certificate import (
    ForgetCertificate,
    IssueCertificate,
    WithdrawAsCorrected,
    certificate,
    is_true_still,
)
from services.volunteering.domain.hours.record import (
    DisownHours,
    RecordHours,
    record_id,
    service_record,
)
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.views.hours import (
    all_certificates_of,
    all_hours_of,
    certificates_with,
)
from shared.contracts import community
from shared.contracts.volunteering import (
    CertificateIssued,
    CertificateWithdrawn,
    HoursConfirmed,
    HoursCorrected,
)
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()


def replacement_id(certificate: str) -> str:
    """The id of the certificate that is issued in the place of another."""
    return sha256(f"replaces:{certificate}".encode()).hexdigest()[:32]


@reactions.on(HoursConfirmed, HoursCorrected)
async def keep(event: HoursConfirmed | HoursCorrected, about: About, do: Do) -> None:
    """The record says what the work's own chapter says; certificates that said otherwise end."""
    id = record_id(event.work, event.volunteer)
    corrected = isinstance(event, HoursCorrected)
    recorded = RecordHours(
        event.work,
        event.kind,
        event.volunteer,
        event.place,
        event.team,
        event.begun,
        event.minutes,
        corrected,
    )
    await do(service_record, id, recorded)
    if corrected:
        async for which, state in do.find(certificate, certificates_with(id)):
            if any(one.record == id and one.minutes != event.minutes for one in state.services):
                await do(certificate, which, WithdrawAsCorrected())


@reactions.on(CertificateIssued)
async def look_again(event: CertificateIssued, about: About, do: Do) -> None:
    """What was corrected while it was being issued is noticed now: a correction either saw the
    certificate, or is seen here. Of who has been erased no hours are found any more, and the
    certificate, looked at after them, is nameless before they are.
    """
    now = await served_in(do.find, event.volunteer, event.since, event.until)
    state = await do.get(certificate, event.certificate)
    if state is None or state.forgotten:
        return
    if not is_true_still(state, by_record(now)):
        await do(certificate, event.certificate, WithdrawAsCorrected())


@reactions.on(CertificateWithdrawn)
async def replace_it(event: CertificateWithdrawn, about: About, do: Do) -> None:
    """Where hours were corrected, what is true now is certified; what was an error is not."""
    state = await do.get(certificate, event.certificate)
    if event.because != "hours-corrected" or state is None or state.forgotten:
        return
    assert state.since is not None, "it was issued"
    assert state.until is not None, "it was issued"
    known = await do.latest(volunteer, event.volunteer, "VolunteerDescribed")
    issue = IssueCertificate(
        event.volunteer,
        None if known is None else known["name"],
        state.since,
        state.until,
        await served_in(do.find, event.volunteer, state.since, state.until),
        replaces=event.number,
    )
    await do(certificate, replacement_id(event.certificate), issue)


@reactions.on(community.ResidentErased)
async def disown(event: community.ResidentErased, about: About, do: Do) -> None:
    """Certificates lose their name, and stay true; the hours count on without one."""
    async for id, _ in do.find(certificate, all_certificates_of(event.resident)):
        await do(certificate, id, ForgetCertificate())
    async for id, _ in do.find(service_record, all_hours_of(event.resident)):
        await do(service_record, id, DisownHours())
