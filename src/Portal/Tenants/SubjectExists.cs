using Npgsql;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>What a page or a download with an id is about.</summary>
public enum Subject { Account, Campaign, Schedule, List, Import }

/// <summary>Whether the tenant of a member has it: for an answer that tells nobody whether another tenant has.</summary>
public sealed class SubjectExists(Databases databases)
{
    public async Task<bool> RunAsync(Member member, Subject subject, Guid id, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        await using var command = new NpgsqlCommand($"select exists (select from {TableOf(subject)} where tenant_id = $1 and id = $2)", connection)
        {
            Parameters = { new() { Value = member.TenantId }, new() { Value = id } },
        };
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static string TableOf(Subject subject) => subject switch
    {
        Subject.Account => "app.accounts",
        Subject.Campaign => "app.campaigns",
        Subject.Schedule => "app.schedules",
        Subject.List => "app.lists",
        _ => "app.imports",
    };
}
