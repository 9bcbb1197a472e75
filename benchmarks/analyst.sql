-- Six outputs as an analyst would write them for one study, from the tables missions,
-- volunteers and organisations. The law's figures stand in the text; nothing in it can
-- be traced, reformed or asked for apart, and no row is checked.

CREATE MACRO complete_months(first, after) AS
    datediff('month', first, after)
    - (first + to_months(datediff('month', first, after)::INT) > after)::INT;

CREATE TABLE contract AS
SELECT
    mission, volunteer, organisation, start_date, contract_monthly_allowance,
    least(end_date, coalesce(early_termination_date, end_date)) AS last_served,
    complete_months(start_date, end_date + 1) AS agreed_months,
    birth_date + to_years(18) <= start_date AS volunteer_is_adult,
    end_date + 1 <= start_date + to_months(24) AS contract_duration_is_lawful,
    (
        legal_form = 'french_law_association'
        OR (legal_form = 'public_interest_group' AND start_date >= '2021-08-06')
    )
    AND accreditation_start_date <= start_date
    AND start_date <= CASE
        WHEN accreditation_end_date = '9999-12-31'
            THEN accreditation_start_date + to_months(48) - to_days(1)
        ELSE accreditation_end_date
    END AS organisation_is_entitled,
    host_country IN (
        'BL', 'FR', 'GF', 'GP', 'MF', 'MQ', 'NC', 'PF', 'PM', 'RE', 'TF', 'WF', 'YT'
    ) AS is_in_france
FROM missions
LEFT JOIN volunteers USING (volunteer)
LEFT JOIN organisations USING (organisation);

CREATE VIEW results_missions AS
SELECT
    mission, volunteer, organisation,
    volunteer_is_adult, organisation_is_entitled, contract_duration_is_lawful,
    CASE
        WHEN agreed_months < 12 OR start_date < '2005-12-25' THEN 0
        WHEN start_date < '2022-12-09' THEN if(is_in_france, 0, 100)
        ELSE if(is_in_france, 800, 150)
    END::DOUBLE AS allowance_minimum,
    if(
        volunteer_is_adult AND organisation_is_entitled AND agreed_months >= 6,
        2 * complete_months(start_date, last_served + 1), 0
    )::INTEGER AS leave_days_total
FROM contract;

CREATE VIEW results_missions_by_month AS
SELECT
    mission, volunteer, organisation, strftime(month, '%Y-%m') AS month,
    round(
        contract_monthly_allowance
        * greatest(
            least(last_served, last_day(month))
            - greatest(start_date, month::DATE) + 1, 0
        ) / day(last_day(month)), 2
    ) AS allowance_due
FROM contract
CROSS JOIN
    range(DATE '2024-01-01', DATE '2025-01-01', INTERVAL 1 MONTH) AS year(month)
