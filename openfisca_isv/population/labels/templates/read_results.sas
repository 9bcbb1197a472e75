/* Results of openfisca-isv, with labels. Written by the command; change a copy.
   For SAS 9.4, in a session in UTF-8:

     %let folder = {{ folder | line }};
     %include "&folder/read_results.sas" / encoding='utf-8';
     proc print data={{ tables[0].short }} label; run;

   The tables are in WORK. Days and months are dates, booleans are 0 and 1, enumerations
   are codes with formats. A missing value is blank or "."; infinity (no maximum) is .I;
   the country "NA" is Namibia.
{% if renamed %}

   SAS takes names of 32 characters at most. These columns and tables have another name
   here:
{% for name, short in renamed.items() %}
     {{ short }}: {{ name | line }}
{% endfor %}
{% endif %}
*/

proc format;
  invalue isv_boolean (default=32) 'true'=1 'false'=0 ' '=. other=_error_;
  invalue isv_number (default=32) 'inf'=.I ' '=. 'unknown'=. other=[best32.];
  value isv_boolean 1='true' 0='false';
{% for name, codes in code_lists.items() %}
  value $isv_{{ name }}
{% for code, words in codes.items() %}
    {{ code | sas }} = {{ words | sas }}{{ ";" if loop.last }}
{% endfor %}
{% endfor %}
run;
{% for table in tables %}

data {{ table.short }};
  infile "&folder/{{ table.file | sas_file }}" dsd dlm=',' firstobs=2 truncover
    lrecl=1048576 termstr=lf encoding='utf-8';
{% for column in table.columns %}
{% if column.kind in ("text", "code") %}
  length {{ column.short }} ${{ column.width }};
{% if column.kind == "code" %}
  format {{ column.short }} $isv_{{ column.code_list }}.;
{% endif %}
{% elif column.kind == "boolean" %}
  informat {{ column.short }} isv_boolean.;
  format {{ column.short }} isv_boolean.;
{% elif column.kind == "day" %}
  informat {{ column.short }} yymmdd10.;
  format {{ column.short }} yymmdd10.;
{% elif column.kind == "month" %}
  length {{ column.short }} 8 _{{ column.short }} $7;
  format {{ column.short }} yymmd7.;
{% else %}
  informat {{ column.short }} isv_number.;
{% endif %}
  label {{ column.short }} = {{ column.label | sas }};
{% endfor %}
  input
{% for column in table.columns %}
    {{ "_" if column.kind == "month" }}{{ column.short }}{{ " $" if column.kind in ("text", "code", "month") }}
{% endfor %}
  ;
{% for column in table.columns if column.kind == "month" %}
  {{ column.short }} = input(cats(_{{ column.short }}, '-01'), yymmdd10.);
  drop _{{ column.short }};
{% endfor %}
run;
{% endfor %}
