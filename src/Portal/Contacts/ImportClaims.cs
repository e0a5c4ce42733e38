using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>Checks what a person decided and takes an import for this process: one runs it at a time.</summary>
internal sealed class ImportClaims(Databases databases, TimeProvider clock)
{
    private sealed record Kept(string FileName, byte[]? Content);

    public async Task<Result<ClaimedImport>> TakeAsync(Member member, RunImportInput input, CancellationToken ct)
    {
        var problems = Check(input);
        if (problems.Count > 0)
            return problems;
        var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        var claimed = false;
        try
        {
            var claim = await TakeAsync(connection, member, input, ct);
            claimed = claim.Ok;
            return claim;
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "lists" })
        {
            return ListName.Taken(input.NewListName, nameof(input.NewListName));
        }
        finally
        {
            if (!claimed)
                await ClaimedImport.LetGoAsync(connection, input.ImportId);
        }
    }

    private static List<Problem> Check(RunImportInput input)
    {
        var problems = input.Mapping.Check();
        if (input.Region is { } region && !PhoneNumbers.Regions.Contains(region, StringComparer.Ordinal))
            problems.Add(new Problem(nameof(input.Region), "region_unknown", region));
        if (input.ListId is null && ListName.Refuse(input.NewListName, nameof(input.NewListName)) is { } problem)
            problems.Add(problem);
        return problems;
    }

    private async Task<Result<ClaimedImport>> TakeAsync(NpgsqlConnection connection, Member member, RunImportInput input, CancellationToken ct)
    {
        if (!(await connection.QueryAsync(r => r.GetBoolean(0), "select " + ClaimedImport.Lock, [input.ImportId], ct))[0])
            return new Problem("", "import_busy");
        var kept = await connection.QueryAsync(
            r => new Kept(r.GetString(0), r.IsDBNull(1) ? null : r.GetFieldValue<byte[]>(1)),
            "select file_name, content from app.imports where tenant_id = $1 and id = $2", [member.TenantId, input.ImportId], ct);
        if (kept.Count == 0)
            return new Problem("", "import_gone");
        if (kept[0].Content is not { } content)
            return new Problem("", "import_closed");
        if (NothingToTake(content, input) is { } problem)
            return problem;
        return await MarkAsync(connection, member, input, kept[0].FileName, content, ct);
    }

    // Ends at the first number that can be taken.
    private static Problem? NothingToTake(byte[] content, RunImportInput input)
    {
        using var rows = new RowReader(content, input.Layout, input.Mapping, input.Region);
        int all = 0, noCountry = 0;
        for (; rows.Read(); all++)
        {
            if (rows.Reason is null)
                return null;
            if (rows.Reason == "no_country")
                noCountry++;
        }
        return noCountry > 0 ? new Problem(nameof(input.Region), "numbers_no_country", noCountry) : new Problem("Number", "numbers_none", all);
    }

    private async Task<Result<ClaimedImport>> MarkAsync(
        NpgsqlConnection connection, Member member, RunImportInput input, string fileName, byte[] content, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var listId = input.ListId ?? Guid.CreateVersion7();
        if (input.ListId is null)
            await AddListAsync(connection, member, listId, input.NewListName.Trim(), ct);
        else if ((await connection.QueryAsync(r => 1, "select 1 from app.lists where tenant_id = $1 and id = $2", [member.TenantId, listId], ct)).Count == 0)
            return new Problem("List", "list_gone");
        await connection.ExecuteAsync("delete from app.import_problems where tenant_id = $1 and import_id = $2", [member.TenantId, input.ImportId], ct);
        var marked = await connection.ExecuteAsync("""
            update app.imports set state = 'running', list_id = $3, rows = 0, added = 0, updated = 0, duplicates = 0, invalid = 0
            where tenant_id = $1 and id = $2 and content is not null
            """, [member.TenantId, input.ImportId, listId], ct);
        if (marked == 0)
            return new Problem("", "import_closed");
        await transaction.CommitAsync(ct);
        return new ClaimedImport(member, connection, input.ImportId, fileName, content, input, listId, input.ListId is null);
    }

    private async Task AddListAsync(NpgsqlConnection connection, Member member, Guid listId, string name, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync("insert into app.lists (tenant_id, id, name, created_at) values ($1, $2, $3, $4)", [member.TenantId, listId, name, now], ct);
        await connection.AuditAsync(member.Entry(AuditActions.ListCreated, listId, now, name), ct);
    }
}
