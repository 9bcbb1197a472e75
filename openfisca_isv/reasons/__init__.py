"""Why an answer is what it is, as a lawyer would say it, in English or French.

``explain`` calculates a situation under trace and gives, for each value asked, the
conclusion and the chain of reasons to it: each condition, met or not; the value of
the law it is compared with, since when it applies and how sure it is; the provisions
in force on the day that decides; the readings chosen; what is undetermined; and what
would change a conclusion that is not favourable. ``as_text`` lays that out.

What an explanation is made of, in JSON::

    format: 2
    language: en or fr
    detail: short (the branch that decides) or full (every step)
    readings_followed: id and title of the other readings that were chosen
    answers: one for each value asked, in the order of the situation
      question: entity (plural), of, variable, period
      standing: settled, value, missing, readings, certainty, known_until,
        is_beyond_known_law
      favourable: whether it is good for the person who asks; null for a mere fact,
        and where the answer hangs on facts left out
      undetermined: true where it rests on a value that no source gives
      reasons: a step
      changes: null, or text, any_of and all_of (changes: one would do, or all do)
    warnings: path, value, reason and remedy of odd facts

    a step: variable, entity, of, period, period_text, label, value, text, unit,
      met (true, false, or null where it is no condition)
      settled: false where it hangs on facts left out; its value is then null
      given, of an input: false where the situation leaves it out
      rule, legal_date, compared_with, provisions, readings, rests_on (steps), of
      what is calculated; told_before instead of these, where it was told before
      decisive: true where another value of it alone would make the step above
      favourable; undetermined; until, the last of several periods told as one;
      condition, the member of an enumeration of conditions; missions_left_out

    compared_with: parameter, label, value, text, unit, per, since, certainty,
      last_known_valid, references (title, address, provision)
    provisions: id, title, from, to, in_force, summary, certainty, address
    readings: id, title, chosen
    changes: variable, entity, of, period, label, given, value, nearest, from, to,
      members, text
"""

from openfisca_isv.reasons.explanation import DETAILS, explain
from openfisca_isv.reasons.terminal import as_text
from openfisca_isv.reasons.words import LANGUAGES

__all__ = ["DETAILS", "LANGUAGES", "as_text", "explain"]
