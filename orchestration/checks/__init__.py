"""Asset checks: what is known about a landing without asking the warehouse; data tests are dbt's."""
