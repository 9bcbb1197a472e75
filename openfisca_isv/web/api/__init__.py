"""OpenFisca's Web API, made safe to put before the public.

It takes this model, or that of another OpenFisca package, with the roles of its groups.

A correct request gets OpenFisca's own answer. Any other is refused with all that is
wrong in it: where, what, why, and how to correct it.

What was chosen where there was a choice:

- A day is written ``2024-01-15``, and an infinite number ``"Infinity"``: OpenFisca
  writes a day for mail programs, and a word that is not JSON. ``null`` would say that
  nothing was computed. Either may be sent back as it was received.
- Values of periods of several sizes are spread over the months, the shortest period
  first, each for its own entity. OpenFisca lets them overwrite one another.
- Along axes, a value that is asked is the list of those of the repetitions. OpenFisca
  answers ``/calculate`` with an internal error, and ``/trace`` as it does here.
- What the model has a rule for is no mistake: an early end before the first day or
  after the last, a notice after the end, a birth after the start, an unknown day.
  A last day before the first is one.
- A number is 0 or more, whatever the package: what is left out is told apart from what
  decides an answer between bounds.
- A computed value is given to all entities of a kind, or to none: OpenFisca gives the
  others the default, without computing it.
- An unknown variable alone is answered with 404, as OpenFisca does; all else that is
  wrong in a body with 400, what is too much with 413 or 422, what comes at a bad time
  with 429.
- The server believes the header ``X-Forwarded-Host``, as OpenFisca's does: nginx, in
  front of it before the public, sets it (``server/nginx.conf``).
"""
