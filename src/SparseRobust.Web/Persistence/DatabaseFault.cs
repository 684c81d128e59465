using System.Net.Sockets;
using Npgsql;

namespace SparseRobust.Web.Persistence;

/// <summary>Whether an exception says that the database is away for now, rather than that we asked it something wrong.</summary>
internal static class DatabaseFault
{
    public static bool Is(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is "57P01" or "57P02" or "57P03",
        NpgsqlException or SocketException or TimeoutException => true,
        InvalidOperationException { InnerException: { } inner } => Is(inner),
        Microsoft.EntityFrameworkCore.DbUpdateException { InnerException: { } inner } => Is(inner),
        // The job engine wraps what it met in its own tables.
        Quartz.SchedulerException { InnerException: { } inner } => Is(inner),
        _ => false,
    };

    /// <summary>PostgreSQL's texts and JSON can hold every character but U+0000.</summary>
    public static bool IsNullCharacter(Exception exception) =>
        (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState is PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter;
}
