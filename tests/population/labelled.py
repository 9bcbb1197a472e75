"""Results of simulate and compare, with scripts for R, SAS and Stata."""

import csv
import shutil
import subprocess

from debian import apt_get

from tests.population.test_commands import run, tables

#: A column of the user's own, whose name neither SAS nor Stata takes.
OWN = "région d'accueil $x `y` & %z au sens de l'organisme"
MISSIONS = f"""\
mission,volunteer,start_date,end_date,host_country,allowance,"{OWN}"
madagascar,camille,2022-01-01,2023-12-31,MG,500,"L'""île"", ouest"
namibia,sam,2023-07-01,2024-06-30,NA,140,
open,mel,2024-01-01,,SN,500,Sud
"""
# The same for each mission.
SAME = {
    "organisation": "association",
    "residence_country": "FR",
    "domain": "humanitarian_action",
    "contract_is_written": "true",
}
VOLUNTEERS = """\
volunteer,birth_date,nationality
camille,1990-05-01,FR
sam,1993-11-30,FR
mel,1995-01-01,FR
"""
#: Two reforms, which are computed together too.
REFORM = """\
title: Minimum allowance of {euros} euros
parameters:
  allowance.minimum_{where}: {{2023-01-01: {euros}}}
"""
OUTPUTS = (
    "contract_is_lawful,contract_first_unmet_condition,effective_end_date"
    ",allowance_maximum,state_cost,lifetime_months,organisation_state_aid"
    ",meets_accreditation_criteria,occupational_integration_premium"
    ",retirement_quarters_are_undetermined"
)
ORGANISATIONS = """\
organisation,legal_form,accreditation_start_date,accreditation_end_date
association,french_law_association,2005-05-29,2030-12-31
"""


def make_results(folder):
    """Write tables in a folder, and the results of simulate and compare beside."""
    header, *lines = MISSIONS.replace(",allow", ",contract_monthly_allow").splitlines()
    lines = [",".join([one, *SAME.values()]) for one in lines]
    missions = "\n".join([",".join([header, *SAME]), *lines])
    written = {"missions": missions, "volunteers": VOLUNTEERS}
    written["organisations"] = ORGANISATIONS
    for name, text in written.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    for where, euros in (("abroad", 200), ("in_france", 900)):
        reform = REFORM.format(where=where, euros=euros)
        (folder / f"{where}.yaml").write_text(reform, "utf-8")
    others = [*tables(folder, "volunteers", "organisations"), "--quiet"]
    others += ["--labels", "r,sas,stata", "--years", "2022:2024"]
    by = ["--by", "host_country,year", "--by", "contract_is_lawful", "--by", OWN]
    asked = ["--outputs", OUTPUTS, "--periods", "2023:2024,2024-01:2024-02"]
    asked += ["--standing", "--out", folder / "simulated"]
    done = run("simulate", folder / "missions.csv", *others, *by, *asked)
    assert done.exit_code == 0, done.stderr
    asked = ["--reform", folder / "abroad.yaml", "--bootstrap", "2"]
    asked += ["--reform", folder / "in_france.yaml", "--together"]
    asked += ["--outputs", "contract_is_lawful", "--out", folder / "compared"]
    done = run("compare", folder / "missions.csv", *others, *by[4:], *asked)
    assert done.exit_code == 0, done.stderr


def files_of(folder):
    """Give each table of a folder: name, header, rows."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        found.append((path.stem, header, rows))
    assert len(found) > 7
    return found


def in_r(code, folder):
    """Run code of R on the results, and give what it prints."""
    if shutil.which("Rscript") is None:
        apt_get(["install", "--yes", "--no-install-recommends", "r-base-core"])
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", code],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
