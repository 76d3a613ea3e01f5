"""Every way in which the registry says no."""

from __future__ import annotations

from shanshi.kernel.errors import N_, DomainError, Forbidden, Invalid, Missing


class EmailInvalid(Invalid):
    """The address is no e-mail address."""

    code = "registry.email_invalid"
    says = N_("This is not an e-mail address.")
    way = N_("Type it like name@mail.example, without spaces.")


class PhoneInvalid(Invalid):
    """What was given is no mobile number of the mainland that codes can be sent to."""

    code = "registry.phone_invalid"
    says = N_("This is not a mobile number that a code can be sent to.")
    way = N_("Give the 11 digits of a mobile phone, for example 154 0000 0001 in the demo.")


class CodeWrong(Invalid):
    """The code does not fit: wrong, used, replaced by a newer one, tried too often, or too old."""

    code = "registry.code_wrong"
    says = N_("The code is wrong or no longer valid.")
    way = N_("Check the latest message, or ask for a new code; each lives five minutes and has five tries.")


class PasswordWrong(Invalid):
    """The pair does not fit. One sentence for every cause: nobody learns whose phone has a password."""

    code = "registry.password_wrong"
    says = N_("Phone and password do not fit.")
    way = N_("Check both, or sign in with a code; then you can set a new password.")


class FactorWrong(Invalid):
    """A one-time code or recovery code is wrong, too old, or was used before."""

    code = "registry.factor_wrong"
    says = N_("This is not the right code. Each code works once.")
    way = N_("Wait for the next one-time code, or use a recovery code.")


class PasskeyWrong(Invalid):
    """A passkey is unknown here, or its answer does not fit."""

    code = "registry.passkey_wrong"
    says = N_("This passkey does not open the account.")
    way = N_("Try again, or sign in in another way.")


class PasskeyNotMade(Invalid):
    """What came back from the device is no new passkey."""

    code = "registry.passkey_not_made"
    says = N_("No passkey was made.")
    way = N_("Try again, or set up one-time codes.")


class NameInvalid(Invalid):
    """A name is empty, too long, or has characters that no name has."""

    code = "registry.name_invalid"
    says = N_("This is not a name as it stands on an ID card.")
    way = N_("Give the real name, 1 to 50 characters, without digits or signs.")


class IdNumberInvalid(Invalid):
    """An ID number is not one; the three ways of being wrong follow."""

    code = "registry.id_number_invalid"
    says = N_("The ID number is not valid.")
    way = N_("Check the 18 characters on the ID card.")


class IdNumberLength(IdNumberInvalid):
    """Not 17 digits and a check character."""

    code = "registry.id_number_length"
    says = N_("An ID number has 17 digits and a last digit or X.")


class IdNumberCheckDigit(IdNumberInvalid):
    """A character is mistyped: the last one does not fit the others."""

    code = "registry.id_number_check_digit"
    says = N_("The ID number is mistyped: its last character does not fit the others.")


class IdNumberBirthDate(IdNumberInvalid):
    """The birth date in it does not exist, lies ahead, or before 1900."""

    code = "registry.id_number_birth_date"
    says = N_("The birth date in the ID number cannot be right.")


class CreditCodeInvalid(Invalid):
    """A unified social credit code has the wrong length or check character."""

    code = "registry.credit_code_invalid"
    says = N_("The unified social credit code is not valid.")
    way = N_("Check the 18 characters on the registration certificate.")


class DivisionCodeInvalid(Invalid):
    """A place of residence is no division code."""

    code = "registry.division_code_invalid"
    says = N_("The place of residence is not a division code.")
    way = N_("Choose a district; its code has 6 digits after GB/T 2260.")


class TooYoung(DomainError):
    """Below the age at which somebody registers, even with a guardian's consent."""

    code = "registry.too_young"
    says = N_("People below {own_consent_age} cannot register themselves.")
    way = N_("Take part through your school, or together with your guardian, who registers and signs up.")


class GuardianNeeded(DomainError):
    """A minor of this age needs a guardian's consent."""

    code = "registry.guardian_needed"
    says = N_("People below {adult_age} need the consent of their guardian.")
    way = N_("Give the guardian's name and phone, and the code that was sent to that phone.")


class GuardianIsSelf(Invalid):
    """The guardian's phone is the minor's own."""

    code = "registry.guardian_is_self"
    says = N_("The guardian's phone cannot be your own.")
    way = N_("Give the phone of the guardian, who confirms with a code of their own.")


class CannotRegister(DomainError):
    """The data cannot be registered. One sentence for every cause: nobody learns who is registered."""

    code = "registry.cannot_register"
    says = N_("You cannot be registered with these data.")
    way = N_(
        "Check the name and the ID number. If you have registered before, sign in with your earlier phone, "
        "or come to a station with your ID card."
    )


class AlreadyRegistered(DomainError):
    """The person who is signed in is a volunteer already."""

    code = "registry.already_registered"
    says = N_("You are registered already.")
    way = N_("Go on to your page.")


class ConsentNeeded(DomainError):
    """Nobody is registered without agreeing to the terms in force."""

    code = "registry.consent_needed"
    says = N_("Registration needs your consent to the terms.")
    way = N_("Read the terms and agree to their present version, {terms}.")


class ConsentTextUnknown(Invalid):
    """A purpose of consent that does not exist."""

    code = "registry.consent_unknown"
    says = N_("There is no such purpose to consent to.")
    way = N_("The purposes are: {purposes}.")


class ConsentFileInvalid(DomainError):
    """A file of a consent's texts is not whole. Told to whoever starts the product, never to a reader."""

    code = "registry.consent_file_invalid"
    says = N_("The consent file {file} cannot be used: at {where}, {expected} was expected.")
    way = N_("Correct the file; each purpose needs both languages, a source and what stops.")


class TermsWithdrawn(DomainError):
    """The volunteer has taken back the consent to the terms."""

    code = "registry.terms_withdrawn"
    says = N_("You have withdrawn your consent to the terms, so nothing new can be done in your name.")
    way = N_("Agree again on your privacy page, or erase your account there.")


class TermsChanged(DomainError):
    """The terms have a new version, to which the volunteer has not agreed yet."""

    code = "registry.terms_changed"
    says = N_("The terms have changed: the version in force is {version}.")
    way = N_("Read the new terms on your privacy page and agree to them there.")


class ConsentTextOld(DomainError):
    """What was shown when somebody agreed is no longer the text in force."""

    code = "registry.consent_text_old"
    says = N_("The text has changed since it was shown to you.")
    way = N_("Read its present version, {version}, and agree to that.")


class NotYoursToConsent(DomainError):
    """A guardian's consent is given and withdrawn by the guardian; a child's, by nobody else."""

    code = "registry.not_yours_to_consent"
    says = N_("This consent is the guardian's to give and to withdraw.")
    way = N_("Ask your guardian, who signs in with the phone that you named.")


class GuardianPhoneMissing(DomainError):
    """Whoever acts as a guardian has no phone that a code has proved."""

    code = "registry.guardian_phone_missing"
    says = N_("A guardian is known by a phone that a code has proved, and your account has none.")
    way = N_("Sign in with your phone.")


class GuardianIsMinor(DomainError):
    """Whoever acts as a guardian is a minor."""

    code = "registry.guardian_is_minor"
    says = N_("People below {adult_age} cannot be guardians.")
    way = N_("Let an adult guardian sign in and register the child.")


class NextGuardianPhone(Invalid):
    """The next guardian's phone is the present guardian's or the child's."""

    code = "registry.next_guardian_phone"
    says = N_("The next guardian has another phone than you and than the child.")
    way = N_("Give the phone of the other guardian, to whom the code goes.")


class GuardsChild(DomainError):
    """Whoever erases the own account is the only way to a child's."""

    code = "registry.guards_child"
    says = N_("A child without a phone is reached through your account alone.")
    way = N_("First name another guardian for the child, or erase the child's account.")


class WardUnconfirmed(Forbidden):
    """The guardian's phone came to this person after the consent, and may have changed hands."""

    code = "registry.ward_unconfirmed"
    says = N_("Your phone came to your account after the guardian of this child agreed.")
    way = N_("Open your children's page, and say once who the child is.")


class WardNotKnown(DomainError):
    """What somebody says of the child does not fit. One sentence for every cause."""

    code = "registry.ward_not_known"
    says = N_("This does not fit the child.")
    way = N_("Check the name or the volunteer number, and the year of birth; you have five tries a day.")


class NotAMinor(DomainError):
    """A guardian registers somebody who needs no guardian."""

    code = "registry.not_a_minor"
    says = N_("People of {adult_age} and over register themselves.")
    way = N_("They sign in with their own phone.")


class NameNotConfirmed(DomainError):
    """The register outside does not confirm the new name for the ID number."""

    code = "registry.name_not_confirmed"
    says = N_("The name was not confirmed for your ID number.")
    way = N_("Type it as it stands on your ID card now, or come to a station with the card.")


class PhoneTaken(DomainError):
    """The new phone, which the person has just proved, signs in to another account."""

    code = "registry.phone_taken"
    says = N_("This phone signs in to another account.")
    way = N_("Sign in with it and erase that account first, or move it to another phone.")


class ScopeTooNarrow(Forbidden):
    """The token was made for reading only."""

    code = "registry.scope_too_narrow"
    says = N_("This token may only read.")
    way = N_("Make a token with the scope write.")


class ProofTooOld(Forbidden):
    """What is asked for opens only within ten minutes after a proof."""

    code = "registry.proof_too_old"
    says = N_("This opens only shortly after you have proved who you are.")
    way = N_("Prove it again at /account/confirm; it holds for ten minutes.")


class TokenInvalid(Invalid):
    """A token has no scope, or lives too short or too long."""

    code = "registry.token_invalid"
    says = N_("A token cannot be made so: {what}.")
    way = N_("Choose read or write; names only together with staff; and from 1 to 365 days.")


class OrganizationInvalid(Invalid):
    """An organization or team has no name, an unknown kind, or an unknown parent."""

    code = "registry.organization_invalid"
    says = N_("The organization is not valid: {what}.")
    way = N_("Give a name, one of the kinds, and a parent that exists.")


class OrganizationExists(DomainError):
    """An organization or team of this name is there already."""

    code = "registry.organization_exists"
    says = N_("There is already an organization with this name or credit code.")
    way = N_("Use that one, or give this one its full name.")


class RoleInvalid(Invalid):
    """A role is given at a place that is none, without a reason, or ends before it begins."""

    code = "registry.role_invalid"
    says = N_("The role cannot be given so: {what}.")
    way = N_("Give a place such as organization:<id>, a reason, and an end that is not before the beginning.")


class OwnRole(Forbidden):
    """Nobody gives a role to themselves."""

    code = "registry.own_role"
    says = N_("Nobody can give a role to themselves.")
    way = N_("Ask somebody above you.")


class RoleHeld(DomainError):
    """The person holds this role at this place already."""

    code = "registry.role_held"
    says = N_("This person already has the role there.")
    way = N_("End it first if its dates must change.")


class PersonUnknown(Missing):
    """There is no such person, or the person was erased."""

    code = "registry.person_unknown"
    says = N_("There is no such person.")
