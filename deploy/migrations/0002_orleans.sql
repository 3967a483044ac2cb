-- What Orleans keeps in PostgreSQL: who is in the cluster, reminders, and the state of grains.
-- Its providers (10.4, invariant Npgsql) know no table. They read OrleansQuery by that name and run the texts they find
-- under fixed keys; the names of parameters and of result columns are fixed too, everything else here is ours.

create table OrleansQuery (
    QueryKey text not null constraint orleans_query_pk primary key,
    QueryText text not null
);

-- Clustering -------------------------------------------------------------------------------------------------------

-- One row per cluster. Every change of membership counts its version up in the same statement, which is what makes
-- the whole table behave as one value under compare-and-set.
create table orleans_membership_version (
    deployment_id text not null constraint orleans_membership_version_pk primary key,
    version int not null constraint orleans_membership_version_not_negative check (version >= 0),
    changed_at timestamptz not null
);

create table orleans_membership (
    deployment_id text not null,
    address text not null,
    port int not null,
    generation int not null,
    silo_name text not null,
    host_name text not null,
    status int not null,
    proxy_port int not null, -- 0: this silo is no gateway
    suspect_times text,
    start_time timestamptz not null,
    i_am_alive_time timestamptz not null,
    constraint orleans_membership_pk primary key (deployment_id, address, port, generation),
    constraint orleans_membership_version_fk foreign key (deployment_id) references orleans_membership_version on delete cascade,
    constraint orleans_membership_status_known check (status between 0 and 6)
);

insert into OrleansQuery (QueryKey, QueryText) values
('InsertMembershipVersionKey', $sql$
    with created as (
        insert into orleans_membership_version (deployment_id, version, changed_at)
        values (@DeploymentId, 0, now())
        on conflict on constraint orleans_membership_version_pk do nothing
        returning 1)
    select count(*)::int from created
$sql$),

-- The version row is locked by its update: of two that come with the same version one finds it changed, and does nothing.
('InsertMembershipKey', $sql$
    with bumped as (
        update orleans_membership_version v
        set version = v.version + 1, changed_at = now()
        where v.deployment_id = @DeploymentId and v.version = @Version
            and not exists (
                select from orleans_membership m
                where m.deployment_id = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation)
        returning v.deployment_id),
    added as (
        insert into orleans_membership
            (deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
        select deployment_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        from bumped
        returning 1)
    select count(*)::int from added
$sql$),

-- The silo's row is locked first: a cleanup that removes it meanwhile must not leave a bumped version behind.
('UpdateMembershipKey', $sql$
    with silo as materialized (
        select 1 from orleans_membership m
        where m.deployment_id = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation
        for update),
    bumped as (
        update orleans_membership_version v
        set version = v.version + 1, changed_at = now()
        where v.deployment_id = @DeploymentId and v.version = @Version and exists (select from silo)
        returning v.deployment_id),
    changed as (
        update orleans_membership m
        set status = @Status, suspect_times = @SuspectTimes, i_am_alive_time = @IAmAliveTime
        from bumped
        where m.deployment_id = bumped.deployment_id and m.address = @Address and m.port = @Port and m.generation = @Generation
        returning 1)
    select count(*)::int from changed
$sql$),

-- A sign of life is no change of membership: the version stays.
('UpdateIAmAlivetimeKey', $sql$
    update orleans_membership
    set i_am_alive_time = @IAmAliveTime
    where deployment_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$sql$),

('MembershipReadRowKey', $sql$
    select v.deployment_id as DeploymentId, m.address as Address, m.port as Port, m.generation as Generation,
        m.silo_name as SiloName, m.host_name as HostName, m.status as Status, m.proxy_port as ProxyPort,
        m.suspect_times as SuspectTimes, m.start_time as StartTime, m.i_am_alive_time as IAmAliveTime, v.version as Version
    from orleans_membership_version v
    left join orleans_membership m
        on m.deployment_id = v.deployment_id and m.address = @Address and m.port = @Port and m.generation = @Generation
    where v.deployment_id = @DeploymentId
$sql$),

('MembershipReadAllKey', $sql$
    select v.deployment_id as DeploymentId, m.address as Address, m.port as Port, m.generation as Generation,
        m.silo_name as SiloName, m.host_name as HostName, m.status as Status, m.proxy_port as ProxyPort,
        m.suspect_times as SuspectTimes, m.start_time as StartTime, m.i_am_alive_time as IAmAliveTime, v.version as Version
    from orleans_membership_version v
    left join orleans_membership m on m.deployment_id = v.deployment_id
    where v.deployment_id = @DeploymentId
$sql$),

-- Takes the silos' rows with it.
('DeleteMembershipTableEntriesKey', $sql$
    delete from orleans_membership_version where deployment_id = @DeploymentId
$sql$),

('GatewaysQueryKey', $sql$
    select address as Address, proxy_port as ProxyPort, generation as Generation
    from orleans_membership
    where deployment_id = @DeploymentId and status = @Status and proxy_port > 0
$sql$),

-- Everything but an active silo (3): one that died while joining or stopping may never have been declared dead.
('CleanupDefunctSiloEntriesKey', $sql$
    delete from orleans_membership
    where deployment_id = @DeploymentId and i_am_alive_time < @IAmAliveTime and status <> 3
$sql$);

-- Reminders --------------------------------------------------------------------------------------------------------

create table orleans_reminder (
    service_id text not null,
    grain_id text not null,
    reminder_name text not null,
    start_time timestamptz not null,
    period_ms bigint not null constraint orleans_reminder_period_positive check (period_ms > 0),
    grain_hash int not null,
    version int not null,
    constraint orleans_reminder_pk primary key (service_id, grain_id, reminder_name)
);

-- Every silo reads its part of the hash ring, whole, every few minutes.
create index orleans_reminder_hash on orleans_reminder (service_id, grain_hash);

insert into OrleansQuery (QueryKey, QueryText) values
('UpsertReminderRowKey', $sql$
    insert into orleans_reminder as r (service_id, grain_id, reminder_name, start_time, period_ms, grain_hash, version)
    values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 1)
    on conflict on constraint orleans_reminder_pk do update
    set start_time = excluded.start_time, period_ms = excluded.period_ms, grain_hash = excluded.grain_hash, version = r.version + 1
    returning version as Version
$sql$),

('ReadReminderRowsKey', $sql$
    select grain_id as GrainId, reminder_name as ReminderName, start_time as StartTime, period_ms as Period, version as Version
    from orleans_reminder
    where service_id = @ServiceId and grain_id = @GrainId
$sql$),

('ReadReminderRowKey', $sql$
    select grain_id as GrainId, reminder_name as ReminderName, start_time as StartTime, period_ms as Period, version as Version
    from orleans_reminder
    where service_id = @ServiceId and grain_id = @GrainId and reminder_name = @ReminderName
$sql$),

('ReadRangeRows1Key', $sql$
    select grain_id as GrainId, reminder_name as ReminderName, start_time as StartTime, period_ms as Period, version as Version
    from orleans_reminder
    where service_id = @ServiceId and grain_hash > @BeginHash and grain_hash <= @EndHash
$sql$),

-- The range that runs over the end of the ring; the whole ring, when begin and end are the same.
('ReadRangeRows2Key', $sql$
    select grain_id as GrainId, reminder_name as ReminderName, start_time as StartTime, period_ms as Period, version as Version
    from orleans_reminder
    where service_id = @ServiceId and (grain_hash > @BeginHash or grain_hash <= @EndHash)
$sql$),

('DeleteReminderRowKey', $sql$
    with deleted as (
        delete from orleans_reminder
        where service_id = @ServiceId and grain_id = @GrainId and reminder_name = @ReminderName and version = @Version
        returning 1)
    select count(*)::int from deleted
$sql$),

('DeleteReminderRowsKey', $sql$
    delete from orleans_reminder where service_id = @ServiceId
$sql$);

-- Grain state ------------------------------------------------------------------------------------------------------

-- The hashes come first in the key: they alone find the row, the rest tells true equals from collisions.
-- Nulls count as equal, or the grains whose keys have no extension could have any number of rows.
-- A write changes no indexed column; the room left in each page lets it stay there, off the index.
create table orleans_grain_state (
    grain_id_hash int not null,
    grain_type_hash int not null,
    grain_id_n0 bigint not null,
    grain_id_n1 bigint not null,
    grain_type text not null,
    grain_id_extension text,
    service_id text not null,
    payload bytea, -- null once cleared
    version int not null,
    modified_at timestamptz not null,
    constraint orleans_grain_state_identity unique nulls not distinct
        (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, grain_type, grain_id_extension, service_id)
) with (fillfactor = 80);

insert into OrleansQuery (QueryKey, QueryText) values
-- Answers the new version; the version it was given (null on a first write) when another writer was there first,
-- which Orleans turns into an InconsistentStateException.
('WriteToStorageKey', $sql$
    with updated as (
        update orleans_grain_state
        set payload = @PayloadBinary, version = version + 1, modified_at = now()
        where grain_id_hash = @GrainIdHash and grain_type_hash = @GrainTypeHash
            and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
            and grain_type = @GrainTypeString and grain_id_extension is not distinct from @GrainIdExtensionString
            and service_id = @ServiceId and version = @GrainStateVersion
        returning version),
    inserted as (
        insert into orleans_grain_state
            (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, grain_type, grain_id_extension, service_id, payload, version, modified_at)
        select @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, 1, now()
        where @GrainStateVersion is null
        on conflict on constraint orleans_grain_state_identity do nothing
        returning version)
    select coalesce((select version from updated), (select version from inserted), @GrainStateVersion) as NewGrainStateVersion
$sql$),

('ReadFromStorageKey', $sql$
    select payload as PayloadBinary, version as Version
    from orleans_grain_state
    where grain_id_hash = @GrainIdHash and grain_type_hash = @GrainTypeHash
        and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
        and grain_type = @GrainTypeString and grain_id_extension is not distinct from @GrainIdExtensionString
        and service_id = @ServiceId
$sql$),

-- Keeps the row, so that a version handed out before the clearing never becomes valid again.
('ClearStorageKey', $sql$
    with cleared as (
        update orleans_grain_state
        set payload = null, version = version + 1, modified_at = now()
        where grain_id_hash = @GrainIdHash and grain_type_hash = @GrainTypeHash
            and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
            and grain_type = @GrainTypeString and grain_id_extension is not distinct from @GrainIdExtensionString
            and service_id = @ServiceId and version = @GrainStateVersion
        returning version)
    select coalesce((select version from cleared), @GrainStateVersion) as NewGrainStateVersion
$sql$),

('DeleteStorageKey', $sql$
    with deleted as (
        delete from orleans_grain_state
        where grain_id_hash = @GrainIdHash and grain_type_hash = @GrainTypeHash
            and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
            and grain_type = @GrainTypeString and grain_id_extension is not distinct from @GrainIdExtensionString
            and service_id = @ServiceId and version = @GrainStateVersion
        returning version)
    select coalesce((select version + 1 from deleted), @GrainStateVersion) as NewGrainStateVersion
$sql$);

-- The Api is an Orleans client: it looks for gateways, and for nothing else.
grant select on OrleansQuery, orleans_membership_version, orleans_membership to ax2_api;
