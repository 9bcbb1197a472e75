"""Texts as R, SAS and Stata write them."""


def r_text(text: str) -> str:
    """Return a text as R writes it, whatever the locale."""
    return f'"{"".join(map(_r_character, text))}"'


def sas_text(text: str) -> str:
    """Return a text as SAS writes it."""
    quoted = one_line(text).replace("'", "''")
    return f"'{quoted}'"


def sas_file(name: str) -> str:
    """Return the name of a file inside double quotes of SAS."""
    name = name.replace('"', '""')
    return f"%nrstr({name})" if "&" in name or "%" in name else name


def stata_text(text: str) -> str:
    """Return a text inside the quotes of Stata, which are all single in it."""
    return stata_file(one_line(text).replace('"', "'"))


def stata_file(name: str) -> str:
    """Return the name of a file inside the quotes of Stata: no macro is expanded."""
    return name.replace("`", r"\`").replace("$", r"\$")


def one_line(text: str) -> str:
    """Return a text in one line, in which no comment starts or ends."""
    return " ".join(text.split()).replace("*/", "* /").replace("/*", "/ *")


def cut(text: str, longest: int) -> str:
    """Return a text cut to some bytes of UTF-8, which may hold fewer characters."""
    written = text.encode()
    if len(written) <= longest:
        return text
    return f"{written[: longest - 3].decode(errors='ignore')}..."


def _r_character(one: str) -> str:
    if one in '"\\':
        return f"\\{one}"
    if " " <= one <= "~":
        return one
    code = ord(one)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
