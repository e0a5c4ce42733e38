using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;

namespace Portal.Members;

/// <summary>One transaction over schema <c>ident</c> and one tenant's tables, as far as the role reaches there.</summary>
internal abstract class RegisterWork : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    protected RegisterWork(NpgsqlConnection connection, NpgsqlTransaction transaction, TenantScope scope)
    {
        _connection = connection;
        _transaction = transaction;
        Register = new(new DbContextOptionsBuilder<IdentityDb>().UseNpgsql(connection).UseSnakeCaseNamingConvention().Options);
        App = new(new DbContextOptionsBuilder<PortalDb>().UseNpgsql(connection).UseSnakeCaseNamingConvention().Options, scope);
    }

    public IdentityDb Register { get; }

    public PortalDb App { get; }

    public async Task CommitAsync(CancellationToken ct)
    {
        await Register.SaveChangesAsync(ct);
        await App.SaveChangesAsync(ct);
        await _transaction.CommitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Register.DisposeAsync();
        await App.DisposeAsync();
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    protected static async Task<(NpgsqlConnection Connection, NpgsqlTransaction Transaction)> OpenAsync(
        Databases databases, DatabaseRole role, TenantScope scope, CancellationToken ct)
    {
        var connection = await databases.OpenAsync(role, scope, ct);
        return (connection, await connection.BeginTransactionAsync(ct));
    }

    protected async Task EnlistAsync(CancellationToken ct)
    {
        await Register.Database.UseTransactionAsync(_transaction, ct);
        await App.Database.UseTransactionAsync(_transaction, ct);
    }
}
