"""An explanation as text for a terminal: conclusion, standing, changes, reasons.

In full, sources stand once, at the end, under a number that the reasons refer to. In
short, the reasons name the provisions, and an answer fits one screen.
"""

from collections.abc import Iterator
from textwrap import wrap

from openfisca_isv.reasons.words import Words, words_of
from openfisca_isv.typeset import for_terminal

_WIDTH = 100
_MARKS = {True: "✓", False: "✗", None: "·"}
#: Missing facts, readings and changes that a short answer lists.
_MOST_LISTED = 5
#: Lines of reasons of a short answer.
_MOST_LINES = 16


def as_text(explanation: dict) -> str:
    """Lay out an explanation for a terminal."""
    is_short = explanation["detail"] == "short"
    page = _Page(words_of(explanation["language"]), is_short=is_short)
    lines = page.head(explanation["readings_followed"], explanation["warnings"])
    for answer in explanation["answers"]:
        lines += [*page.answer(answer), ""]
    return "\n".join([*lines, *page.notes()]).rstrip() + "\n"


class _Page:
    """The page being laid out, with the notes it has gathered."""

    def __init__(self, words: Words, *, is_short: bool) -> None:
        self._words = words
        self._say = words.phrase
        self._is_short = is_short
        self._notes: dict[tuple, tuple[int, list[str]]] = {}
        self._readings: dict[str, tuple[str, dict]] = {}

    def head(self, readings: list[dict], warnings: list[dict]) -> list[str]:
        """Say what bears on all answers: other readings, and facts that are odd."""
        lines = []
        if readings:
            titles = (one["title"].rstrip(".") for one in readings)
            joined = self._say("semicolon").join(titles)
            lines += [*self._block(self._say("law_read_as", titles=joined)), ""]
        if warnings:
            told = [self._say("warning", **one) for one in warnings]
            lines += [*self._block(self._say("warnings")), *self._listed(told), ""]
        return lines

    def answer(self, answer: dict) -> Iterator[str]:
        reasons = answer["reasons"]
        title = self._stated(reasons)
        title = f"{reasons['of']}{self._say('colon')}{title}"
        yield from self._block(title)
        yield "─" * min(_WIDTH, len(title))
        if changes := answer["changes"]:
            yield from self._block(changes["text"])
            listed = changes["any_of"] or changes["all_of"]
            yield from self._listed([one["text"] for one in listed])
        yield from self._standing(answer["standing"])
        if answer["under_other_readings"]:
            yield from self._block(self._say("under_other_readings"))
            yield from self._listed(answer["under_other_readings"])
        yield self._say("reasons") + self._say("colon").rstrip()
        because = list(self._because(reasons, "  ", reasons))
        shown = because[:_MOST_LINES] if self._is_short else because
        yield from shown
        if len(shown) < len(because):
            yield f"  {self._say('more_in_full')}"

    def _standing(self, standing: dict) -> Iterator[str]:
        if standing["missing"]:
            yield from self._block(self._say("missing"))
            labels = dict.fromkeys(one["label"] for one in standing["missing"])
            yield from self._listed(list(labels))
        remarks = []
        if standing["certainty"]:
            certainty = self._say(standing["certainty"])
            remarks.append(self._say("weakest_source", certainty=certainty))
        if standing["known_until"]:
            day = self._words.iso_day(standing["known_until"])
            key = "beyond_known" if standing["is_beyond_known_law"] else "known_until"
            remarks.append(self._say(key, day=day))
        if remarks:
            yield from self._block(" ".join(remarks))

    def _listed(self, texts: list[str]) -> Iterator[str]:
        """Lay out a list; in short, its first items and how many more there are."""
        shown = texts[:_MOST_LISTED] if self._is_short else texts
        for text in shown:
            yield from self._block(text, "  ", "- ")
        if more := len(texts) - len(shown):
            yield f"  {self._say('and_more', count=more)}"

    def notes(self) -> Iterator[str]:
        """Lay out the sources and the readings that the answers refer to."""
        if self._notes:
            yield self._say("sources").upper()
        for number, lines in self._notes.values():
            first, *others = lines
            yield from self._block(first, "", f"[{number}] ", " " * 5)
            for line in others:
                yield from self._block(line, " " * 5)
        if self._readings:
            yield ""
            yield self._say("readings").upper()
        for number, one in self._readings.values():
            said = f"{one['title']}{self._say('colon')}{one['chosen']}"
            yield from self._block(f"{said} ({one['id']})", "", f"[{number}] ", " " * 5)

    def _stated(self, fact: dict) -> str:
        label = fact["label"]
        if fact.get("period_text"):
            label = f"{label} ({fact['period_text']})"
        return f"{label}{self._say('colon')}{fact['text']}"

    def _because(self, fact: dict, indent: str, above: dict) -> Iterator[str]:
        """Lay out what a step rests on: its rule, the figures, the conditions.

        Args:
            fact: The step.
            indent: What each line starts with.
            above: The step that rests on it; itself for an answer.
        """
        if self._is_short:
            notes = [one["title"] for one in fact.get("provisions", ())]
        else:
            notes = [self._note_provision(one) for one in fact.get("provisions", ())]
            notes += [self._note_reading(one) for one in fact.get("readings", ())]
        if fact.get("rule"):
            day = fact.get("legal_date")
            if day and (fact is above or day != above.get("legal_date")):
                day = self._words.iso_day(day)
                notes.insert(0, self._say("law_on", day=day))
            rule = self._say("rule", text=fact["rule"])
            yield from self._block(f"{rule}{_refer(notes)}", indent)
        for one in fact.get("compared_with", ()):
            yield from self._block(self._figure(one), indent, "= ")
        for one in fact.get("rests_on", ()):
            yield from self._condition(one, indent, fact)
        if count := fact.get("missions_left_out"):
            phrase = self._say("missions_left_out", count=count)
            yield from self._block(phrase, indent, "· ")

    def _condition(self, fact: dict, indent: str, above: dict) -> Iterator[str]:
        said = self._stated(fact)
        if fact["of"] != above.get("of"):
            said = self._whose(said, fact, above)
        remarks = []
        if fact.get("given") is False and fact.get("settled") is not False:
            remarks.append(self._say("not_given"))
        if fact.get("told_before") and "given" not in fact:
            remarks.append(self._say("reasons_above"))
        if remarks:
            said = f"{said} ({', '.join(remarks)})"
        if fact.get("decisive") and len(above["rests_on"]) > 1:
            said = f"{said}  ← {self._say('decisive')}"
        mark = "?" if fact.get("settled") is False else _MARKS[fact.get("met")]
        yield from self._block(said, indent, f"{mark} ")
        if "rests_on" in fact:
            yield from self._because(fact, f"{indent}    ", above)

    def _whose(self, said: str, fact: dict, above: dict) -> str:
        """Add whose a fact is, where what rests on it is another's."""
        if fact["entity"] == "mission":
            return self._say("in_mission", text=said, of=fact["of"])
        others = {
            one["of"]
            for one in above.get("rests_on", ())
            if one.get("variable") == fact["variable"]
        }
        return f"{said} ({fact['of']})" if len(others) > 1 else said

    def _figure(self, one: dict) -> str:
        """State a value of the law, since when it applies, and its source."""
        said = f"{one['label']}{self._say('colon')}{one['text']}"
        if one.get("since"):
            since = self._say("since", day=self._words.iso_day(one["since"]))
            said = f"{said}, {since}"
        if not one.get("references"):
            return said
        return f"{said}{_refer([self._note_figure(one, said)])}"

    def _note_figure(self, one: dict, said: str) -> int:
        remarks = []
        if one["certainty"]:
            remarks.append(self._say(one["certainty"]))
        if one["last_known_valid"]:
            day = self._words.iso_day(one["last_known_valid"])
            remarks.append(self._say("last_known_valid", day=day))
        lines = [self._remarked(said, remarks)]
        for reference in one["references"]:
            lines += [reference["title"], reference["address"]]
        return self._note((one["parameter"], one["since"]), lines)

    def _note_provision(self, one: dict) -> int:
        if "id" not in one:
            return self._note((one["address"],), [one["title"], one["address"]])
        days = {"day": self._words.iso_day(one["from"])}
        if one["to"]:
            days["until"] = self._words.iso_day(one["to"])
        remarks = [
            self._say("in_force_to" if one["to"] else "in_force", **days),
            self._say(one["certainty"]),
        ]
        if not one["in_force"]:
            remarks.insert(0, self._say("not_in_force"))
        remarks.insert(0, one["id"])
        lines = [self._remarked(one["title"], remarks), one["summary"]]
        return self._note((one["id"], one["from"]), [*lines, one["address"]])

    def _note_reading(self, one: dict) -> str:
        number = f"R{len(self._readings) + 1}"
        return self._readings.setdefault(one["id"], (number, one))[0]

    def _note(self, key: tuple, lines: list[str]) -> int:
        return self._notes.setdefault(key, (len(self._notes) + 1, lines))[0]

    def _remarked(self, text: str, remarks: list[str]) -> str:
        joined = self._say("semicolon").join(remarks)
        return f"{text} ({joined})" if remarks else text

    def _block(
        self, text: str, indent: str = "", mark: str = "", after: str | None = None
    ) -> list[str]:
        """Wrap a text under its indent, with a mark before its first line."""
        if self._words.language == "fr":
            text = for_terminal(text)
        after = indent + " " * len(mark) if after is None else after
        return wrap(
            text,
            _WIDTH,
            initial_indent=indent + mark,
            subsequent_indent=after,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _refer(notes: list[int | str]) -> str:
    return f" [{', '.join(map(str, notes))}]" if notes else ""
