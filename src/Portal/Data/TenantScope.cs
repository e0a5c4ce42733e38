using Npgsql;

namespace Portal.Data;

/// <summary>The tenant that a piece of work is done for. Handed on explicitly: there is no ambient tenant.</summary>
public sealed record TenantScope(Guid TenantId)
{
    internal const string Setting = "select set_config('app.tenant', $1, false)";

    /// <summary>The command that sets the tenant on an open connection, overwriting whatever stood there.</summary>
    internal NpgsqlCommand Command(NpgsqlConnection connection) =>
        new(Setting, connection) { Parameters = { new() { Value = TenantId.ToString() } } };
}
