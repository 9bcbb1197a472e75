"""SVG in HTML: elements, and the words that go with a picture.

Widths are shares of the width of the page, heights are pixels: the picture follows
the page, and its letters keep their size. Colours and sizes of letters are those of
the style sheet.
"""

from markupsafe import Markup, escape


def element(name: str, *children: object, **attributes: object) -> Markup:
    """Write an element; ``class_`` is its class, and ``_`` in a name is a dash."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None
    )
    inside = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, inside)


def percent(share: float) -> str:
    """Write a share of the width."""
    return f"{100 * share:.2f}%"


def picture(
    name: str, title: str, description: str, height: float, *children: Markup
) -> Markup:
    """Write a picture as wide as the page, with what it shows in words.

    Args:
        name: An identifier that no other picture of the page has.
        title: What the picture is of.
        description: What it shows.
        height: Its height, in pixels.
        children: What is drawn.
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *children,
        class_="picture",
        role="img",
        width="100%",
        height=f"{height:g}",
        aria_labelledby=f"{name}-title {name}-desc",
    )
