using System.Net.Sockets;
using AX2Caption.Grains.Abstractions;
using Npgsql;

namespace AX2Caption.Grains.Work;

/// <summary>Faults that pass by themselves: a database or silo that is away, moving or too slow.</summary>
internal static class Transient
{
    public static bool Is(Exception fault) => fault is
        TimeoutException or OrleansException or NpgsqlException or SocketException or ServiceUnavailableException;
}
