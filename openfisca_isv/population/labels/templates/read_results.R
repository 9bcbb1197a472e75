# Results of openfisca-isv, with labels. Written by the command; change a copy.
#
#   source("{{ folder }}/read_results.R")
#   results <- read_results("{{ folder }}")
#   str(results[[{{ tables[0].name | r }}]])
#
# Days are of class Date, and so are months (their first day); booleans are logical;
# enumerations are factors, whose levels are the meanings of the codes or, with
# codes = TRUE, the codes of the model. What is missing is NA; the country "NA" is
# Namibia. attr(x, "label") is the label of a column, as haven and labelled have it.

read_results <- function(folder = ".", codes = FALSE) {
{% if parquet %}
  # Parquet is read by the package arrow.
  read_table <- function(file, columns) {
    data <- arrow::open_dataset(file.path(folder, file), format = "parquet")
    data <- as.data.frame(arrow::Scanner$create(data)$ToTable())
{% else %}
  read_table <- function(file, columns) {
    data <- utils::read.csv(
      file.path(folder, file), colClasses = "character", na.strings = "",
      encoding = "UTF-8", check.names = FALSE, comment.char = ""
    )
{% endif %}
    stopifnot(ncol(data) == length(columns))
    for (place in seq_along(columns)) {
      column <- columns[[place]]
      data[[place]] <- column$read(data[[place]])
      attr(data[[place]], "label") <- column$label
    }
    names(data) <- names(columns)
    data
  }
  # What is read otherwise than as missing has a value.
  checked <- function(values, texts) {
    stopifnot(is.na(values) == is.na(texts))
    values
  }
  text <- function(label) list(label = label, read = as.character)
  number <- function(label) {
    list(label = label, read = function(x) {
      x[x %in% "unknown"] <- NA
      checked(as.numeric(x), x)
    })
  }
  boolean <- function(label) {
    list(label = label, read = function(x) checked(as.logical(x), x))
  }
  day <- function(label) {
    list(label = label, read = function(x) checked(as.Date(x, "%Y-%m-%d"), x))
  }
  month <- function(label) {
    list(label = label, read = function(x) {
      checked(as.Date(ifelse(is.na(x), NA, paste0(x, "-01")), "%Y-%m-%d"), x)
    })
  }
  code <- function(label, meanings) {
    list(label = label, read = function(x) {
      shown <- if (codes) names(meanings) else make.unique(unname(meanings))
      checked(factor(x, levels = names(meanings), labels = shown), x)
    })
  }

  codes_of <- list()
{% for name, codes in code_lists.items() %}
  codes_of${{ name }} <- c(
{% for code, words in codes.items() %}
    {{ code | r }} = {{ words | r }}{{ "," if not loop.last }}
{% endfor %}
  )
{% endfor %}

  list(
{% for table in tables %}
    {{ table.name | r }} = read_table({{ table.file | r }}, list(
{% for column in table.columns %}
      {{ column.name | r }} = {{ column.kind }}({{ column.label | r }}
      {%- if column.code_list %}, codes_of${{ column.code_list }}{% endif %}){{ "," if not loop.last }}
{% endfor %}
    )){{ "," if not loop.last }}
{% endfor %}
  )
}
