* Results of openfisca-isv, with labels. Written by the command; change a copy.
* For Stata 14 or newer:
*
*   do {{ folder | line }}/read_results.do {{ folder | line }}
*   use {{ folder | line }}/{{ tables[0].name | line }}, clear
*
* Each table is saved next to its CSV file, as .dta. Days and months are dates, booleans
* are 0 and 1, enumerations are numbers with value labels. A missing value is "." and
* infinity (no maximum) is ".i"; the country "NA" is Namibia.
{% if renamed %}
*
* Stata takes names of 32 characters at most. These columns have another name here:
{% for name, short in renamed.items() %}
*   {{ short }}: {{ name | line }}
{% endfor %}
{% endif %}

version 14
args folder
if `"`folder'"' == "" local folder "."
{% for table in tables %}

{% if table.rows == 0 %}
* {{ table.file | line }} has no row.
{% else %}
import delimited using `"`folder'/{{ table.file | stata_file }}"', delimiters(",") ///
    varnames(nonames) rowrange(2) stringcols(_all) bindquotes(strict) ///
    encoding("utf-8") clear
{% for name, codes in table.code_lists.items() %}
{% for code in codes %}
label define {{ name }} {{ loop.index0 }} "{{ code }}", {{ "replace" if loop.first else "add" }}
{% endfor %}
{% endfor %}
{% for column in table.columns %}
{% set x, v = column.short, "v%d" % loop.index %}
{% if column.kind == "text" %}
rename {{ v }} {{ x }}
{% else %}
{% if column.kind == "code" %}
encode {{ v }}, generate({{ x }}) label({{ column.code_list }}) noextend
{% elif column.kind == "boolean" %}
generate byte {{ x }} = cond({{ v }} == "true", 1, cond({{ v }} == "false", 0, .))
{% elif column.kind == "day" %}
generate long {{ x }} = daily({{ v }}, "YMD")
format {{ x }} %tdCCYY-NN-DD
{% elif column.kind == "month" %}
generate int {{ x }} = monthly({{ v }}, "YM")
format {{ x }} %tm
{% else %}
generate double {{ x }} = cond({{ v }} == "inf", .i, real({{ v }}))
{% endif %}
assert !missing({{ x }}) | inlist({{ v }}, "", "inf", "unknown")
drop {{ v }}
{% endif %}
label variable {{ x }} "{{ column.label | stata_label }}"
{% if column.name != x %}
notes {{ x }}: {{ column.name | stata_text }}
{% endif %}
{% endfor %}
{% for name, codes in table.code_lists.items() %}
{% for words in codes.values() %}
label define {{ name }} {{ loop.index0 }} "{{ words | stata_text }}", modify
{% endfor %}
{% endfor %}
order {{ table.columns | map(attribute="short") | join(" ") }}
compress
save `"`folder'/{{ table.name | stata_file }}"', replace
{% endif %}
{% endfor %}
