using System.Runtime.CompilerServices;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>A line of an import that was not taken.</summary>
/// <param name="Value">What stood in the number's cell, at most 100 characters.</param>
/// <param name="Reason">Key of the sentence: <c>no_country</c>, <c>not_a_number</c>, <c>empty</c>, <c>too_short</c>, <c>too_long</c>,
/// <c>not_valid</c>, <c>field_too_long</c>, <c>duplicate</c>.</param>
public sealed record ProblemLine(int Line, string Value, string Reason);

/// <summary>The kept problem lines of an import in the file's order (role Sender: they hold whole numbers), one by one.</summary>
public sealed class ImportProblemLines(Databases databases)
{
    public async IAsyncEnumerable<ProblemLine> RunAsync(Member member, Guid importId, int most, [EnumeratorCancellation] CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        await using var command = connection.Command("""
            select line, value, reason from app.import_problems where tenant_id = $1 and import_id = $2 order by line limit $3
            """, [member.TenantId, importId, most]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return new ProblemLine(reader.GetInt32(0), reader.GetString(1), reader.GetString(2));
    }
}
