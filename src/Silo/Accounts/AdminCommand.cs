using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Accounts;
using Npgsql;

namespace AX2Caption.Silo.Accounts;

/// <summary><c>Silo admin grant-role|revoke-role EMAIL admin</c>: says who may do what operators may. No request can.</summary>
internal static class AdminCommand
{
    private const string Usage = "admin grant-role EMAIL admin | admin revoke-role EMAIL admin";

    /// <summary>Exit code: 0 when the member has the role that was asked for, 1 otherwise.</summary>
    public static async Task<int> Run(string[] arguments, IConfiguration configuration, TextWriter output, TextWriter error)
    {
        if (arguments is not ["grant-role" or "revoke-role", var email, "admin"])
        {
            await error.WriteLineAsync(Usage);
            return 1;
        }

        if (configuration.GetConnectionString("Silo") is not { Length: > 0 } connectionString)
        {
            await error.WriteLineAsync("ConnectionStrings:Silo is missing: set it to the silo's role on PostgreSQL.");
            return 1;
        }

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
