using Npgsql;

namespace Portal.Data;

/// <summary>The tenant that a piece of work is done for. Handed on explicitly: there is no ambient tenant.</summary>
public sealed record TenantScope(Guid TenantId)
{
    // Each of them is overwritten at every open: nothing of the last borrower stays.
    private const string Setting = """
        select set_config('app.tenant', $1, false), set_config('app.address', $2, false), set_config('app.session', $3, false),
               set_config('default_transaction_read_only', $4, false)
        """;

    /// <summary>Where the work comes from; audit entries take it from the connection. Null: the portal itself.</summary>
    public Origin? From { get; init; }

    /// <summary>PostgreSQL refuses to write anything on this scope's connections.</summary>
    public bool ReadOnly { get; init; }

    // In the order of Setting.
    private IEnumerable<NpgsqlParameter> Values =>
        ((string[])[TenantId.ToString(), From?.Address ?? "", From?.Session ?? "", ReadOnly ? "on" : "off"]).Select(v => new NpgsqlParameter { Value = v });

    /// <summary>The command that sets the tenant on an open connection, overwriting whatever stood there.</summary>
    internal NpgsqlCommand Command(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(Setting, connection);
        foreach (var value in Values)
            command.Parameters.Add(value);
        return command;
    }

    /// <summary>The same before other commands of a batch.</summary>
    internal NpgsqlBatchCommand BatchCommand()
    {
        var command = new NpgsqlBatchCommand(Setting);
        foreach (var value in Values)
            command.Parameters.Add(value);
        return command;
    }
}
