using System.Data;
using Npgsql;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>An import that this process runs. Its connection holds the lock that says so; disposing it lets go.</summary>
internal sealed record ClaimedImport(
    Member Member, NpgsqlConnection Connection, Guid Id, string FileName, byte[] Content, RunImportInput Input, Guid ListId, bool NewList) : IAsyncDisposable
{
    /// <summary>A lock of the session: gone with the process, however it ends.</summary>
    public const string Lock = "pg_try_advisory_lock(hashtextextended('import ' || $1::text, 0))";

    public const string Unlock = "pg_advisory_unlock(hashtextextended('import ' || $1::text, 0))";

    public ValueTask DisposeAsync() => LetGoAsync(Connection, Id);

    /// <summary>A pooled connection keeps its locks until it is used again: they are given back first.</summary>
    public static async ValueTask LetGoAsync(NpgsqlConnection connection, Guid id)
    {
        await using (connection)
        {
            if (connection.State == ConnectionState.Open)
                await connection.QueryAsync(r => r.GetBoolean(0), "select " + Unlock, [id], CancellationToken.None);
        }
    }
}
