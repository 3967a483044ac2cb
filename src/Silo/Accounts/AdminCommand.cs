using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Accounts;
using AX2Caption.Silo.Hosting;
using Npgsql;

namespace AX2Caption.Silo.Accounts;

/// <summary><c>Silo admin grant-role|revoke-role EMAIL admin</c>: says who may do what operators may. No request can.</summary>
internal static class AdminCommand
{
    /// <summary>Exit code: 0 when the member has the role that was asked for, 1 otherwise.</summary>
    /// <param name="arguments"><c>grant-role</c> or <c>revoke-role</c>, the member's address, and <c>admin</c>.</param>
    /// <param name="configuration">Where the database is.</param>
    /// <param name="output">Hears of what was done.</param>
    /// <param name="error">Hears of what went wrong.</param>
    public static async Task<int> Run(string[] arguments, IConfiguration configuration, TextWriter output, TextWriter error)
    {
        var email = arguments[1];
        var connectionString = configuration.Settings<DatabaseOptions>(DatabaseOptions.Section).Silo!;
        var role = arguments[0] == "grant-role" ? MemberRole.Admin : MemberRole.User;
        try
        {
            await using var database = NpgsqlDataSource.Create(connectionString);
            if (await new MemberRoles(database, TimeProvider.System).Set(email, role, Environment.UserName) is not { } change)
            {
                await error.WriteLineAsync($"No member has the address {email}. Register and confirm it first.");
                return 1;
            }

            var now = role == MemberRole.Admin ? "is an admin" : "is no admin";
            await output.WriteLineAsync($"{email} (account {change.AccountId}) {now}{(change.Changed ? " now" : "; it was so before")}.");
            return 0;
        }
        catch (NpgsqlException fault)
        {
            await error.WriteLineAsync($"The database could not be used: {fault.Message}");
            return 1;
        }
    }
}
