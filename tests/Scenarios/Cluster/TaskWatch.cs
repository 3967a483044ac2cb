using AX2Caption.Testing.Postgres;
using Npgsql;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>Has the database itself write down every step of every task: nobody can take one without it.</summary>
internal sealed class TaskWatch
{
    private readonly TestDatabase database;

    private TaskWatch(TestDatabase database) => this.database = database;

    /// <summary>From now on.</summary>
    public static async Task<TaskWatch> Begin(TestDatabase database, CancellationToken cancellationToken)
    {
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        await using var command = owner.CreateCommand("""
            create table task_step (
                step bigint generated always as identity primary key, at timestamptz not null default clock_timestamp(), task_id uuid not null,
                job_id uuid, kind text not null, ordinal int not null, was text not null, became text not null, attempts_before int not null,
                attempts int not null, is_outage boolean not null, worker text, token_before uuid, token uuid, result_key text, failure_code text);
            create function note_task_step() returns trigger language plpgsql security definer as $$
            begin
                if (old.state, old.attempt, old.lease_token) is distinct from (new.state, new.attempt, new.lease_token) then
                    insert into task_step (task_id, job_id, kind, ordinal, was, became, attempts_before, attempts, is_outage, worker, token_before,
                                           token, result_key, failure_code)
                    values (new.task_id, new.job_id, new.kind, new.ordinal, old.state, new.state, old.attempt, new.attempt, new.outages > old.outages,
                            coalesce(new.worker, old.worker), old.lease_token, new.lease_token, new.result_key, new.failure_code);
                end if;
                return null;
            end
            $$;
            create trigger note_task_step after update on task for each row execute function note_task_step();
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new TaskWatch(database);
    }

    /// <summary>All steps of tasks of jobs, in the order in which they were taken.</summary>
    public async Task<IReadOnlyList<TaskStep>> Steps(CancellationToken cancellationToken)
    {
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        await using var command = owner.CreateCommand("""
            select s.at, s.task_id, s.job_id, s.kind, s.ordinal, s.was, s.became, s.attempts_before, s.attempts, s.is_outage, s.worker, s.token_before,
                   s.token, s.result_key, s.failure_code,
                   coalesce((t.input ->> 'endMs')::bigint - (t.input ->> 'startMs')::bigint, 0)
            from task_step s join task t using (task_id) where s.job_id is not null order by s.step
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var steps = new List<TaskStep>();
        while (await reader.ReadAsync(cancellationToken))
        {
            steps.Add(new TaskStep(
                reader.GetFieldValue<DateTimeOffset>(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetString(3), reader.GetInt32(4), reader.GetString(5),
                reader.GetString(6), reader.GetInt32(7), reader.GetInt32(8), reader.GetBoolean(9), Text(10), Id(11), Id(12), Text(13), Text(14),
                TimeSpan.FromMilliseconds(reader.GetInt64(15))));
        }

        return steps;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        Guid? Id(int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
    }
}

/// <summary>What happened to a task at once.</summary>
internal sealed record TaskStep(
    DateTimeOffset At, Guid TaskId, Guid JobId, string Kind, int Ordinal, string Was, string Became, int AttemptsBefore, int Attempts, bool IsOutage,
    string? Worker, Guid? TokenBefore, Guid? Token, string? ResultKey, string? FailureCode, TimeSpan Length)
{
    public bool IsClaim => Became == "claimed" && Token != TokenBefore;

    public bool IsAcceptance => Became == "done" && Was != "done";

    /// <summary>From then on whoever had it may still be at it, but nothing that comes of it counts.</summary>
    public bool IsLoss => Was == "claimed" && FailureCode == "worker_lost";

    /// <summary>Whatever is wrong with the step by itself; null if nothing is.</summary>
    public string? Fault => this switch
    {
        { Was: "done" or "failed" or "canceled" } => "it had ended",
        { IsAcceptance: true } when Was != "claimed" || Token != TokenBefore => "nobody had it",
        { IsAcceptance: true } when ResultKey?.Contains($"{Token}", StringComparison.Ordinal) != true => "the result is that of another attempt",
        { IsOutage: true } when Attempts != AttemptsBefore - 1 => "it was put back, and that counts as an attempt",
        { IsClaim: true } when Was != "queued" || Attempts != AttemptsBefore + 1 => "no claim is like this",
        _ => null,
    };

    public override string ToString() =>
        $"{At:HH:mm:ss.fff} {Kind} {Ordinal}: {Was} → {Became}, attempts {AttemptsBefore} → {Attempts}{(IsOutage ? ", put back" : "")}, {Worker}"
        + $", {Token}{(FailureCode is null ? "" : $", {FailureCode}")}";
}
