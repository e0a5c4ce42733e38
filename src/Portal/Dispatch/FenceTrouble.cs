using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>Tells the pages that some instance waits because of its store. Never fails its caller.</summary>
internal static class FenceTrouble
{
    private const int Longest = 500;

    /// <param name="message">Null: it goes on.</param>
    public static async Task TellAsync(Databases databases, string? message, CancellationToken ct)
    {
        try
        {
            await using var connection = await databases[DatabaseRole.Dispatch].OpenConnectionAsync(ct);
            await connection.RunAsync(ct, """
                update infra.dispatch_state set trouble = $1, trouble_by = $2, trouble_at = clock_timestamp()
                where $1::text is not null or trouble_by = $2
                """, message is { Length: > Longest } ? message[..Longest] : message, Environment.MachineName);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            // The log has it.
        }
    }
}
