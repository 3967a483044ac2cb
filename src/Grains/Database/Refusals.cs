using Npgsql;

namespace AX2Caption.Grains.Database;

/// <summary>What PostgreSQL's errors say of what was to be written.</summary>
internal static class Refusals
{
    /// <summary>The data (class 22) or a constraint (class 23) is in its way: what was to be written is at fault, and not the database.</summary>
    public static bool IsRefusal(this PostgresException fault) => fault.SqlState[..2] is "22" or "23";

    /// <summary>A refusal for what it says alone. The others are for what else is there, which another may just have written or taken away.</summary>
    public static bool IsFinalRefusal(this PostgresException fault) =>
        fault.SqlState[..2] == "22" || fault.SqlState is PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.CheckViolation;
}
