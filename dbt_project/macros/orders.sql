{#- The connector's streams hold a shop's orders, whichever words the vendor has. -#}
{% macro feeds_orders(connector) -%}
    {{ connector }} in ('orders', 'shopify', 'woocommerce')
{%- endmacro %}
