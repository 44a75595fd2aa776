with

    performance as (
        select brand_id, segment as query, {{ fold_text("segment") }} as folded_query
        from {{ ref("int_search_performance") }}
        where segment_type = 'query'
        group by brand_id, segment
    ),

    terms as (
        select brand_id, {{ fold_text("term") }} as folded_term, is_excluded
        from {{ source("control", "search_terms") }}
    ),

    final as (
        select
            performance.brand_id,
            performance.query,
            max(case when not terms.is_excluded then 1 else 0 end) = 1
            and max(case when terms.is_excluded then 1 else 0 end) = 0 as is_branded
        from performance
        left join
            terms
            on performance.brand_id = terms.brand_id
            and terms.folded_term <> ''
            and instr(performance.folded_query, terms.folded_term) > 0
        group by performance.brand_id, performance.query
    )

select *
from final
