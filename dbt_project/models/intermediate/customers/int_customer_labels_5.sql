{{ config(materialized="table") }}

{{ customer_label_round(ref("int_customer_labels_4")) }}
