using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

/// <summary>One transaction of an operator over the register of tenants and one tenant's settings and audit.</summary>
internal sealed class OperatorWork : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private OperatorWork(NpgsqlConnection connection, NpgsqlTransaction transaction, TenantScope scope)
    {
        _connection = connection;
        _transaction = transaction;
        Register = new(new DbContextOptionsBuilder<IdentityDb>().UseNpgsql(connection).UseSnakeCaseNamingConvention().Options);
        App = new(new DbContextOptionsBuilder<PortalDb>().UseNpgsql(connection).UseSnakeCaseNamingConvention().Options, scope);
    }

    public IdentityDb Register { get; }

    public PortalDb App { get; }

    public static async Task<OperatorWork> BeginAsync(Databases databases, TenantScope scope, CancellationToken ct)
    {
        var connection = await databases.OpenAsync(DatabaseRole.Operator, scope, ct);
        var transaction = await connection.BeginTransactionAsync(ct);
        var work = new OperatorWork(connection, transaction, scope);
        await work.Register.Database.UseTransactionAsync(transaction, ct);
        await work.App.Database.UseTransactionAsync(transaction, ct);
        return work;
    }

    public void Note(Operator by, string action, DateTimeOffset at, params string[] details) => App.Add(new AuditEntry
    {
        TenantId = App.TenantId,
        SubjectId = App.TenantId,
        ActorId = by.ActorId,
        Action = action,
        At = at,
        Details = details,
    });

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
}
