using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Sessions;

/// <summary>The table of wrong passwords, by address.</summary>
internal sealed class SignInThrottleStore(NpgsqlDataSource database)
{
    public async Task<SignInThrottle> Load(string emailKey) => (await database.Read(
        "select failures, last_failed_at from sign_in_throttle where email_key = $1",
        [emailKey],
        row => new SignInThrottle(row.GetInt32(0), row.GetFieldValue<DateTimeOffset>(1)))).SingleOrDefault() ?? SignInThrottle.None;

    public static Task Save(NpgsqlConnection connection, string emailKey, SignInThrottle throttle) => connection.Execute(
        """
        insert into sign_in_throttle (email_key, failures, last_failed_at) values ($1, $2, $3)
        on conflict (email_key) do update set failures = excluded.failures, last_failed_at = excluded.last_failed_at
        """,
        [emailKey, throttle.Failures, throttle.LastFailedAt]);

    public static Task Forget(NpgsqlConnection connection, string emailKey) =>
        connection.Execute("delete from sign_in_throttle where email_key = $1", [emailKey]);

    public Task<int> DeleteOld(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.Execute(
        """
        delete from sign_in_throttle where email_key in (
            select email_key from sign_in_throttle where last_failed_at <= $1 order by last_failed_at limit $2 for update skip locked)
        """,
        [before, limit],
        cancellationToken);
}
