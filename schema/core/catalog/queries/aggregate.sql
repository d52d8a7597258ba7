-- PostgreSQL has no pg_get_functiondef for aggregates, so the statement is put together here.
select
    p.tableoid::int8 as classid,
    p.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, p.proname, coalesce(nullif(oidvectortypes(p.proargtypes), ''), '*')]::text[] as names,
    concat(
        'CREATE AGGREGATE ', quote_ident(n.nspname), '.', quote_ident(p.proname),
        '(', coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'), ') (',
        concat_ws(
            ', ',
            'SFUNC = ' || g.aggtransfn::text,
            'STYPE = ' || format_type(g.aggtranstype, null),
            'SSPACE = ' || nullif(g.aggtransspace, 0),
            'FINALFUNC = ' || case when g.aggfinalfn <> 0 then g.aggfinalfn::text end,
            case when g.aggfinalextra then 'FINALFUNC_EXTRA' end,
            'FINALFUNC_MODIFY = ' || case
                when g.aggfinalmodify <> usual.modify
                    then case g.aggfinalmodify
                        when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE'
                    end
            end,
            'COMBINEFUNC = ' || case when g.aggcombinefn <> 0 then g.aggcombinefn::text end,
            'SERIALFUNC = ' || case when g.aggserialfn <> 0 then g.aggserialfn::text end,
            'DESERIALFUNC = ' || case when g.aggdeserialfn <> 0 then g.aggdeserialfn::text end,
            'INITCOND = ' || quote_literal(g.agginitval),
            'MSFUNC = ' || case when g.aggmtransfn <> 0 then g.aggmtransfn::text end,
            'MINVFUNC = ' || case when g.aggminvtransfn <> 0 then g.aggminvtransfn::text end,
            'MSTYPE = ' || case when g.aggmtranstype <> 0 then format_type(g.aggmtranstype, null) end,
            'MSSPACE = ' || nullif(g.aggmtransspace, 0),
            'MFINALFUNC = ' || case when g.aggmfinalfn <> 0 then g.aggmfinalfn::text end,
            case when g.aggmfinalextra then 'MFINALFUNC_EXTRA' end,
            'MFINALFUNC_MODIFY = ' || case
                when g.aggmfinalmodify <> usual.modify
                    then case g.aggmfinalmodify
                        when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE'
                    end
            end,
            'MINITCOND = ' || quote_literal(g.aggminitval),
            'SORTOP = OPERATOR(' || quote_ident(son.nspname) || '.' || so.oprname || ')',
            'PARALLEL = ' || case p.proparallel when 's' then 'SAFE' when 'r' then 'RESTRICTED' end,
            case when g.aggkind = 'h' then 'HYPOTHETICAL' end
        ),
        ')'
    ) as definition,
    case
        when p.proowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(p.proowner)
    end as owner
from pg_aggregate as g
inner join pg_proc as p on g.aggfnoid = p.oid
inner join pg_namespace as n on p.pronamespace = n.oid
cross join pg_database as d
cross join lateral (select case when g.aggkind = 'n' then 'r' else 'w' end as modify) as usual
left join pg_operator as so on g.aggsortop = so.oid
left join pg_namespace as son on so.oprnamespace = son.oid
where
    d.datname = current_database()
    and p.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and p.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_proc'::regclass
    )
