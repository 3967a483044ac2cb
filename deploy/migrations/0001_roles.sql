-- Who may do what. A deployment creates its own login roles as members of these two; passwords are its business.
--   ax2_silo  reads and writes every table, changes no schema
--   ax2_api   reads the cluster's membership, to find its silos (granted where those tables are made)

-- Roles belong to the server, not to the database: a neighbour database may be making them at this moment,
-- and a migration's lock does not reach there. Whoever comes second has what they wanted.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['ax2_silo', 'ax2_api'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            begin
                execute format('create role %I nologin', wanted);
            exception when duplicate_object or unique_violation then
                null;
            end;
        end if;
    end loop;
end
$$;

-- PostgreSQL lets everybody connect, create temporary tables and execute functions, unless told otherwise.
do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to ax2_silo, ax2_api', current_database());
end
$$;
revoke all on schema public from public;
grant usage on schema public to ax2_silo, ax2_api;
alter default privileges revoke execute on functions from public;

-- What later migrations create is the Silo's to use, without a grant in each of them.
alter default privileges in schema public grant select, insert, update, delete on tables to ax2_silo;
alter default privileges in schema public grant usage on sequences to ax2_silo;
alter default privileges in schema public grant execute on functions to ax2_silo;

-- The journal of these migrations stood before the lines above: the Silo compares it with what it expects, and writes nothing there.
grant select on schema_migration to ax2_silo;
