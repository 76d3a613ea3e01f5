"""What can be wrong with a list, with one of its cells, or with a row that is left out."""

from __future__ import annotations

from shanshi.kernel.errors import N_, DomainError, Invalid


class ListEmpty(Invalid):
    """The list has no rows."""

    code = "imports.list_empty"
    says = N_("The list has no rows below its headings.")
    way = N_("Fill in the template from its second row on, and send it again.")


class CellEmpty(Invalid):
    """A cell that every row must fill is empty."""

    code = "imports.cell_empty"
    says = N_("This cell is empty.")
    way = N_("Fill it in, or delete the whole row.")


class ExampleLeft(Invalid):
    """The row is the example of the template."""

    code = "imports.example_left"
    says = N_("This is the template's example row.")
    way = N_("Delete the row.")


class TextTooLong(Invalid):
    """A text is longer than the column takes."""

    code = "imports.text_too_long"
    says = N_("This is longer than {most} characters.")
    way = N_("Shorten it.")


class DigitsLost(Invalid):
    """Excel took a long number for a quantity and dropped its last digits."""

    code = "imports.digits_lost"
    says = N_("Excel has turned this number into a quantity and lost its last digits.")
    way = N_("Set the column to the format Text, and type or paste the number again.")


class NotANumber(Invalid):
    """No whole number in the range."""

    code = "imports.not_a_number"
    says = N_("Here belongs a whole number from {least} to {most}.")
    way = N_("Correct the number.")


class NotDegrees(Invalid):
    """No latitude or longitude."""

    code = "imports.not_degrees"
    says = N_("Here belong degrees with a point, from {least} to {most}.")
    way = N_("Write for example 30.2489, or leave latitude and longitude both empty.")


class NotADay(Invalid):
    """No date."""

    code = "imports.not_a_day"
    says = N_("This is no date.")
    way = N_("Write it as 2019-03-24.")


class NotATime(Invalid):
    """No time of the day."""

    code = "imports.not_a_time"
    says = N_("This is no time of the day.")
    way = N_("Write it as 09:00.")


class NotAChoice(Invalid):
    """None of the fixed values."""

    code = "imports.not_a_choice"
    says = N_("It is none of: {choices}.")
    way = N_("Choose one from the cell's list.")


class NotCoins(Invalid):
    """No price in coins."""

    code = "imports.not_coins"
    says = N_("Here belongs a price in coins that comes out in whole minutes, at least 1/60.")
    way = N_("Write for example 1, 2.5 or 2 20/60.")


class NotWeekdays(Invalid):
    """No days of the week."""

    code = "imports.not_weekdays"
    says = N_("These are no days of the week.")
    way = N_("Write 1 for Monday to 7 for Sunday: 1-5, or 6,7; leave it empty for every day.")


class GuardianMissing(Invalid):
    """A minor's row says nothing of the guardian."""

    code = "imports.guardian_missing"
    says = N_("This person is below {adult_age}, and the guardian's part is empty.")
    way = N_("Fill in the guardian's name, phone and relation, and the day of the signed consent.")


class DayIsAhead(Invalid):
    """What happened cannot lie ahead."""

    code = "imports.day_is_ahead"
    says = N_("This day has not come yet.")
    way = N_("Correct the date.")


class EndsBefore(Invalid):
    """The last day lies before the first."""

    code = "imports.ends_before"
    says = N_("The last day lies before the first.")
    way = N_("Correct one of the two.")


class ResidentsNeedTimes(Invalid):
    """Residents come by appointment at the times of an activity, and a list names none."""

    code = "imports.residents_need_times"
    says = N_("Residents come by appointment at the times of an activity, which a list cannot name.")
    way = N_("Write no here, or make this offer on the merchant's page, with its activity and its seats.")


class SaysOtherwise(Invalid):
    """Rows of one activity say different things of it."""

    code = "imports.says_otherwise"
    says = N_("Row {row} says something else of the same activity.")
    way = N_("Make both the same, leave this cell empty, or give the other activity another title.")


class NoSuchMerchant(Invalid):
    """The street has no merchant of this name."""

    code = "imports.no_such_merchant"
    says = N_("There is no merchant of this name on the street.")
    way = N_("Write the name as it stands in the list of merchants, or add the merchant first.")


class NotAMember(Invalid):
    """The volunteer is no member of the body that gives the shift."""

    code = "imports.not_a_member"
    says = N_("Nobody with this number is a member of the organizer.")
    way = N_("Check the number; who is no member yet is invited first, and accepts.")


class TermsNotAgreed(Invalid):
    """The volunteer has not agreed to the terms yet."""

    code = "imports.terms_not_agreed"
    says = N_("This person has not agreed to the terms yet, so nothing can begin in their name.")
    way = N_("Ask them to sign in once; until then leave the row out.")


class BusyThen(Invalid):
    """The volunteer has another shift at the time."""

    code = "imports.busy_then"
    says = N_("This person has another shift at this time.")
    way = N_("Leave the row out, or let the person withdraw from the other one.")


class NoPlaceLeft(Invalid):
    """The list has more people than the shift has places."""

    code = "imports.no_place_left"
    says = N_("The shift has {free} free places; this row is beyond them.")
    way = N_("Shorten the list, or raise the capacity first.")


class SameInRow(DomainError):
    """The same stands in an earlier row."""

    code = "imports.same_in_row"
    says = N_("The same stands in row {row}.")


class ThereAlready(DomainError):
    """It is there already."""

    code = "imports.there_already"
    says = N_("It is there already.")


class DeclinedLately(DomainError):
    """The person declined an invitation of this organization within the last 30 days."""

    code = "imports.declined_lately"
    says = N_("Declined within the last 30 days, and is not asked again.")


class NotFromAList(DomainError):
    """Known already, or not confirmed: which of them is nobody's business here."""

    code = "imports.not_from_a_list"
    says = N_("Is registered already, or the register of identities does not confirm what stands here.")
    way = N_("Ask the person: who has a volunteer number is invited as a member by it.")


class AnswersWaited(DomainError):
    """The person has answered; that is theirs."""

    code = "imports.has_answered"
    says = N_("The person has answered the invitation.")


class HasBegun(DomainError):
    """The volunteer has signed in, agreed, or taken part."""

    code = "imports.has_begun"
    says = N_("The volunteer has begun: agreed to the terms, signed in, or taken part.")


class WorkedOn(DomainError):
    """Somebody worked on the activity since."""

    code = "imports.worked_on"
    says = N_("Somebody has changed, submitted or published the activity since.")


class ShiftOver(DomainError):
    """The shift has begun or the place is no longer held."""

    code = "imports.shift_over"
    says = N_("The shift has begun, was cancelled, or the person has withdrawn.")


class InUse(DomainError):
    """Something depends on it by now."""

    code = "imports.in_use"
    says = N_("It is in use by now: offers, roles or redemptions depend on it.")


class CellsWrong(DomainError):
    """A list with a wrong cell is not taken."""

    code = "imports.cells_wrong"
    says = N_("Some cells of the list are not right, so nothing of it was taken.")
    way = N_("Correct them in your file and send it again.")


class NothingNew(DomainError):
    """Everything in the list is there already."""

    code = "imports.nothing_new"
    says = N_("Everything in this list is there already, so there is nothing to take.")


class ChangedSince(DomainError):
    """What was looked at does not hold any more."""

    code = "imports.changed_since"
    says = N_("Something has changed since you looked at the list; nothing was taken.")
    way = N_("Look at it again below, and take it then.")


class ListBusy(DomainError):
    """The list is being worked on."""

    code = "imports.list_busy"
    says = N_("The list is being worked on at this moment.")
    way = N_("Wait until it is done; this page shows it.")


class NotTaken(DomainError):
    """There is nothing to undo."""

    code = "imports.not_taken"
    says = N_("This list was not taken, so there is nothing to undo.")


class UndoTooLate(DomainError):
    """A list can be undone within a day."""

    code = "imports.undo_too_late"
    says = N_("A list can be undone within {hours} hours; that time is over.")
    way = N_("Change what is wrong one by one.")


class ListFailed(DomainError):
    """The work broke off several times."""

    code = "imports.list_failed"
    says = N_("The list could not be worked through; nothing of it was taken.")
    way = N_("Send the file again; if that fails too, tell whoever keeps this platform.")
