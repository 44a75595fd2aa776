-- Each row is something to mend in scorecards.yml, as `sanjeh check` prints it.
{{ config(severity="warn") }}

select code, severity, brand_id, object, message, remedy
from {{ source("control", "scorecard_findings") }}
