"""Where the parts of a population begin: as many as memory asks for, alike in size."""

from collections.abc import Mapping

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.dates import MONTHS_PER_YEAR
from openfisca_isv.population.runs.keys import sorting_keys
from openfisca_isv.population.tables.cells import FIRST_YEAR, LAST_YEAR
from openfisca_isv.population.tables.sources import (
    Source,
    count_at_most,
    files_of,
    read_file,
)
from openfisca_isv.population.tables.typed_cells import as_texts

#: Missions computed at once, about, over so many months; of longer spans fewer are,
#: for the engine keeps what each month comes to.
_PART_SIZE, _PART_MONTHS, _FEWEST = 50_000, 132, 1_000
#: Each part keeps a file open while tables are divided.
_MOST_PARTS = 900
_SAMPLE_FOR_A_PART = 200


def limits_of(
    sources: Mapping[str, tuple[Source, list[str]]],
    part_size: int | None,
    months: int | None,
) -> numpy.ndarray:
    """Choose the volunteers with whom parts begin, from a sample of the missions.

    Args:
        sources: Where each table that was given comes from, and its known columns.
        part_size: Missions of a part, about; by default what memory allows.
        months: How many months the engine keeps; by default those that the missions
            touch.
    """
    source, columns = sources["missions"]
    nothing = numpy.zeros(0, "S1")
    files = files_of(source)
    if part_size is None and months is not None:
        part_size = _size_for(months)
    most = sum(map(count_at_most, files))
    if "volunteer" not in columns or most <= (part_size or _FEWEST):
        return nothing
    names = ["volunteer"]
    if part_size is None:
        names += [one for one in ("start_date", "end_date") if one in columns]
    every = max((part_size or 10 * _FEWEST) // _SAMPLE_FOR_A_PART, 1)
    count, sample, years = 0, [], set()
    for file in files:
        for batch in read_file(file, names):
            volunteers = as_texts(batch.columns["volunteer"].combine_chunks())
            picked = numpy.arange(-count % every, len(volunteers), every)
            sample.append(sorting_keys(volunteers.take(pa.array(picked))))
            count += len(volunteers)
            years |= _years_in(batch.columns.select(names[1:]))
    if part_size is None:
        span = max(years, default=0) - min(years, default=0) + 1
        part_size = _size_for(MONTHS_PER_YEAR * span)
    parts = max(min(-(-count // part_size), _MOST_PARTS), 1)
    sample = numpy.sort(numpy.concatenate(sample)) if sample else nothing
    ranks = numpy.arange(1, parts) * len(sample) // parts
    return numpy.unique(sample[ranks])


def _size_for(months: int) -> int:
    """Give the missions of a part, for memory to hold what so many months come to."""
    return max(min(_PART_SIZE, _PART_SIZE * _PART_MONTHS // months), _FEWEST)


def _years_in(days: pa.Table) -> set[int]:
    """Give the first and the last year of columns of days, as far as they are days."""
    found = set()
    for column in days.columns:
        texts = as_texts(column.combine_chunks())
        for end in pc.min_max(texts).as_py().values():
            if end and end[:4].isdigit() and FIRST_YEAR <= int(end[:4]) <= LAST_YEAR:
                found.add(int(end[:4]))
    return found
