using Npgsql;

namespace Portal.Dispatch;

internal static class SendingRows
{
    /// <summary>finished → running: something of it is planned again.</summary>
    public static Task<int> ReopenAsync(NpgsqlConnection connection, Guid tenantId, Guid sendingId, CancellationToken ct) =>
        connection.RunAsync(ct, """
            update app.sendings set state = 'running', finished_at = null where tenant_id = $1 and id = $2 and state = 'finished'
            """, tenantId, sendingId);
}
