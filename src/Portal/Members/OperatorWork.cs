using Npgsql;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

/// <summary>One transaction of an operator over the register of tenants and one tenant's settings and audit.</summary>
internal sealed class OperatorWork : RegisterWork
{
    private OperatorWork(NpgsqlConnection connection, NpgsqlTransaction transaction, TenantScope scope) : base(connection, transaction, scope)
    {
    }

    public static async Task<OperatorWork> BeginAsync(Databases databases, TenantScope scope, CancellationToken ct)
    {
        var (connection, transaction) = await OpenAsync(databases, DatabaseRole.Operator, scope, ct);
        var work = new OperatorWork(connection, transaction, scope);
        await work.EnlistAsync(ct);
        return work;
    }

    public void Note(Operator by, string action, DateTimeOffset at, params string[] details) => Note(by, App.TenantId, action, at, details);

    public void Note(Operator by, Guid tenant, string action, DateTimeOffset at, params string[] details) => App.Add(new AuditEntry
    {
        TenantId = tenant,
        SubjectId = tenant,
        ActorId = by.ActorId,
        ActorName = by.Name,
        Address = by.From?.Address,
        Session = by.From?.Session,
        ByOperator = true,
        Action = action,
        At = at,
        Details = details,
    });
}
