using Npgsql;

namespace Portal.IntegrationTests.Receipts;

/// <summary>Takes one database away from everybody, and gives it back when disposed.</summary>
internal sealed class Outage : IAsyncDisposable
{
    private readonly string _name;

    private Outage(string name) => _name = name;

    public static async Task<Outage> BeginAsync(TestDatabase database)
    {
        var name = new NpgsqlConnectionStringBuilder(database.Options.ConnectionString).Database!;
        await TestDatabase.OnServerAsync($"alter database {name} with allow_connections false");
        await TestDatabase.OnServerAsync($"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{name}' and usename like 'portal%'");
        return new Outage(name);
    }

    public async ValueTask DisposeAsync() => await TestDatabase.OnServerAsync($"alter database {_name} with allow_connections true");
}
