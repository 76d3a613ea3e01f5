"""The ways in which the door says no."""

from __future__ import annotations

from shanshi.kernel.errors import N_, DomainError, Forbidden, Invalid, Missing


class ShiftUnknown(Missing):
    """The code, or the page, names a shift that is not there."""

    code = "attendance.shift_unknown"
    says = N_("There is no such shift.")
    way = N_("Scan the code at the door of the shift that you are signed up for.")


class ShiftNotOpen(DomainError):
    """The shift's activity is not published, or was published only after the shift had begun."""

    code = "attendance.shift_not_open"
    says = N_("This shift takes no check-ins: it was not published before it began.")
    way = N_("Ask the leader; only shifts that were reviewed and published beforehand are recorded.")


class NotSignedUp(DomainError):
    """The person has no place on the shift."""

    code = "attendance.not_signed_up"
    says = N_("There is no place on this shift in your name.")
    way = N_("Sign up for the shift first; if a place is free you can check in at once.")


class CheckInNotYet(DomainError):
    """The doors are not open yet."""

    code = "attendance.check_in_not_yet"
    says = N_("Check-in opens at {opens_at}.")
    way = N_("Come back then and scan again.")


class CheckInOver(DomainError):
    """The shift is over."""

    code = "attendance.check_in_over"
    says = N_("The shift ended at {ended_at}; nobody can check in any more.")
    way = N_("If you were there, ask the leader; hours cannot be made for time already past.")


class CheckOutOver(DomainError):
    """The time for checking out has passed."""

    code = "attendance.check_out_over"
    says = N_("Check-out closed at {closed_at}; a visit without a check-out earns nothing.")
    way = N_("Ask the leader; next time check out before you go.")


class VisitOpenElsewhere(DomainError):
    """The person is still checked in somewhere else."""

    code = "attendance.visit_open_elsewhere"
    says = N_("You are still checked in at another shift since {came_at}.")
    way = N_("Check out there first: scan its code, or type its 6 digits.")


class VisitOverlaps(DomainError):
    """The person was somewhere else at that time."""

    code = "attendance.visit_overlaps"
    says = N_("This visit would overlap another visit of the same person.")
    way = N_("Nobody is in two places at once; look at the visits of that day, and scan again.")


class MostPairsReached(DomainError):
    """The person has checked in at this activity as often as a day allows."""

    code = "attendance.most_pairs_reached"
    says = N_("You have checked in {pairs} times at this activity today; more does not count.")
    way = N_("What you have done so far counts; no further check-in is needed.")


class NoShiftToScan(DomainError):
    """The scanned volunteer is placed on no shift of this leader that is open now."""

    code = "attendance.no_shift_to_scan"
    says = N_("This volunteer is on none of your shifts that are open now.")
    way = N_("Check the roster; the volunteer can sign up if a place is free.")


class ScannedBySelf(DomainError):
    """A volunteer's own code was scanned by the same person."""

    code = "attendance.scanned_by_self"
    says = N_("You cannot scan your own personal code.")
    way = N_("Scan the code at the door, or ask another leader to scan yours.")


class NotALeader(Forbidden):
    """Only a leader of the shift does this."""

    code = "attendance.not_a_leader"
    says = N_("Only a leader of this shift can do this.")
    way = N_("Ask the organization to make you a leader of the shift.")


class CodeAlreadyUsed(DomainError):
    """A personal code is spent once."""

    code = "attendance.code_already_used"
    says = N_("This personal code was used before.")
    way = N_("Ask the volunteer to show a fresh code; a new one appears every minute.")


class ScanTimeRefused(Invalid):
    """The time that a device says it scanned at is not taken."""

    code = "attendance.scan_time_refused"
    says = N_("The time of the scan is not accepted.")
    way = N_("Only a leader's device may send it: with a zone, not ahead, at most {minutes} minutes late.")


class ScanFieldInvalid(Invalid):
    """Something sent with a scan is not well formed."""

    code = "attendance.scan_field_invalid"
    says = N_("{field} is not valid: expected {expected}.")
    way = N_("Correct it and scan again.")


class AlreadyConfirmed(DomainError):
    """The shift was confirmed before, and no visit to it waits."""

    code = "attendance.already_confirmed"
    says = N_("This shift was confirmed before.")
    way = N_("Look at its roster; what is wrong there is set right by a correction.")


class ShiftNotOver(DomainError):
    """A shift is confirmed after its end."""

    code = "attendance.shift_not_over"
    says = N_("The shift lasts until {ends_at}, so it cannot be confirmed yet.")
    way = N_("Confirm it after its end.")


class TooManyShifts(Invalid):
    """More shifts than are confirmed with one press."""

    code = "attendance.too_many_shifts"
    says = N_("At most {most} shifts are confirmed at once.")
    way = N_("Confirm some of them first, then the others.")


class VisitsStillOpen(DomainError):
    """Somebody is still checked in, and may still check out."""

    code = "attendance.visits_still_open"
    says = N_("{people} people are still checked in.")
    way = N_(
        "Ask them to check out; from {closes_at} on you can confirm without them, and they earn nothing."
    )


class OnlyOwnVisit(DomainError):
    """The only visit that waits is the confirmer's own."""

    code = "attendance.only_own_visit"
    says = N_("Nobody confirms their own visit, and no other visit to this shift waits.")
    way = N_("Ask another leader or a manager of the organization to confirm yours.")


class NotACase(DomainError):
    """Past visits come only from a city's case, into a database marked as demo."""

    code = "attendance.not_a_case"
    says = N_("Visits of the past cannot be entered.")
    way = N_("Verified hours come only from scans; load a case into an empty demo database.")


class VisitImpossible(Invalid):
    """A visit of a case breaks a rule that holds for every visit."""

    code = "attendance.visit_impossible"
    says = N_("Visit {number} cannot have happened: {why}.")
    way = N_("Correct the line of the case.")
