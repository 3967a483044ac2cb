using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>Guests by the network they came from, kept for as long as they count.</summary>
internal sealed class GuestAdmissionStore(NpgsqlDataSource database)
{
    /// <summary>How long an admission counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// <summary>
    /// Creates a guest and counts it, unless the account exists or its network has had <paramref name="limit"/> within the window.
    /// </summary>
    public Task<GuestAdmission> Admit(Guid accountId, string network, int limit, DateTimeOffset now) =>
        database.Transact<GuestAdmission>(async connection =>
        {
            // Admissions of one network go one after the other, or two could count the same free place. Networks that share
            // a hash only wait for each other.
            await connection.Execute("select pg_advisory_xact_lock(hashtextextended('guest_admission:' || $1, 0))", [network]);
            if (await AccountStore.Load(connection, accountId) is { } existing)
            {
                return Admitted(existing);
            }

            if (await BlockedUntil(connection, network, limit, now) is { } freeAt)
            {
                return new GuestAdmission.Refused(freeAt - now);
            }

            // The same account may be coming from another network, whose lock is another: whoever inserts it counts it.
            if (await AccountStore.TryInsert(connection, accountId, AccountKind.Guest, now))
            {
                await connection.Execute(
                    "insert into guest_admission (account_id, network, admitted_at) values ($1, $2, $3)", [accountId, network, now]);
            }

            return Admitted((await AccountStore.Load(connection, accountId))!);
        });

    /// <summary>Deletes admissions that no longer count, oldest first.</summary>
    public Task<int> DeleteOld(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        database.Execute(
            """
            delete from guest_admission where account_id in (
                select account_id from guest_admission where admitted_at <= $1 order by admitted_at limit $2 for update skip locked)
            """,
            [now - Window, limit],
            cancellationToken);

    /// <summary>
    /// When the network may have its next guest; null for now. That is when the last of the <paramref name="limit"/> newest no
    /// longer counts.
    /// </summary>
    private static async Task<DateTimeOffset?> BlockedUntil(NpgsqlConnection connection, string network, int limit, DateTimeOffset now)
    {
        var last = await connection.Read(
            """
            select admitted_at from guest_admission
            where network = $1 and admitted_at > $2
            order by admitted_at desc
            offset $3 limit 1
            """,
            [network, now - Window, limit - 1],
            row => row.GetFieldValue<DateTimeOffset>(0));
        return last is [var admittedAt] ? admittedAt + Window : null;
    }

    private static GuestAdmission.Admitted Admitted(AccountSnapshot account) =>
        new(AccountStore.OfKind(AccountKind.Guest, account).CreatedAt);
}

/// <summary>What became of an admission.</summary>
internal abstract record GuestAdmission
{
    private GuestAdmission()
    {
    }

    /// <summary>The guest exists, now or since an earlier call.</summary>
    public sealed record Admitted(DateTimeOffset CreatedAt) : GuestAdmission;

    /// <summary>The network has had its guests; nothing was written.</summary>
    public sealed record Refused(TimeSpan RetryAfter) : GuestAdmission;
}
