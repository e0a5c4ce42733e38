using Npgsql;
using Portal.Audit;

namespace Portal.Contacts;

/// <summary>
/// One import, all or nothing: the rows go into a temporary table, and from there with a few statements to their places.
/// COPY cannot write to tables behind row-level security.
/// </summary>
internal sealed class ImportTransaction(ClaimedImport claim, ImportWatch watch, TimeProvider clock)
{
    private readonly NpgsqlConnection _connection = claim.Connection;
    private readonly Guid _tenant = claim.Member.TenantId;
    private readonly ImportProblems _problems = new(claim);

    public async Task<ImportOutcome> RunAsync()
    {
        await using var transaction = await _connection.BeginTransactionAsync(watch.Token);
        await new ImportStage(claim, watch, _problems).FillAsync();
        var duplicates = await KeepFirstsAsync();
        await _problems.WriteAsync(watch.Token);
        // Two imports of one tenant would lock the same contacts in different order.
        await ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('contacts ' || $1::text, 0))", _tenant);
        var added = await AddContactsAsync();
        await MergeFieldsAsync();
        await AddToListAsync();
        await watch.EndAsync();
        var known = watch.Rows - _problems.Invalid - duplicates - added;
        var outcome = new ImportOutcome(ImportState.Done, watch.Rows, added, known, duplicates, _problems.Invalid);
        await FinishAsync(outcome);
        await transaction.CommitAsync(watch.Token);
        return outcome;
    }

    private async Task<int> KeepFirstsAsync()
    {
        await ExecuteAsync("""
            create temp table import_people on commit drop as
            select distinct on (number) line, id, number, country, fields from pg_temp.import_rows order by number, line
            """);
        await ExecuteAsync("analyze pg_temp.import_people");
        var repeated = await _connection.QueryAsync(r => (Line: r.GetInt32(0), Number: r.GetString(1)), $"""
            select r.line, r.number from pg_temp.import_rows r join pg_temp.import_people p using (number)
            where r.line <> p.line order by r.line limit {ImportProblems.Most}
            """, [], watch.Token);
        foreach (var (line, number) in repeated)
            _problems.Duplicate(line, number);
        return (int)(await _connection.QueryAsync(r => r.GetInt64(0),
            "select (select count(*) from pg_temp.import_rows) - (select count(*) from pg_temp.import_people)", [], watch.Token))[0];
    }

    private Task<int> AddContactsAsync() => ExecuteAsync("""
        insert into app.contacts (tenant_id, id, number, country, fields, created_at)
        select $1, p.id, p.number, p.country, p.fields, $2 from pg_temp.import_people p
        where not exists (select from app.contacts c where c.tenant_id = $1 and c.number = p.number)
        order by p.number
        on conflict (tenant_id, number) do nothing
        """, _tenant, clock.GetUtcNow());

    // An empty cell takes nothing away: it is not in the row's fields.
    private Task<int> MergeFieldsAsync() => ExecuteAsync("""
        update app.contacts c set fields = c.fields || p.fields from pg_temp.import_people p
        where c.tenant_id = $1 and c.number = p.number and not c.fields @> p.fields
        """, _tenant);

    private Task<int> AddToListAsync() => ExecuteAsync("""
        insert into app.list_members (tenant_id, list_id, contact_id, number)
        select $1, $2, c.id, c.number from pg_temp.import_people p join app.contacts c on c.tenant_id = $1 and c.number = p.number
        order by c.number
        on conflict do nothing
        """, _tenant, claim.ListId);

    private async Task FinishAsync(ImportOutcome outcome)
    {
        var finished = await ExecuteAsync("""
            update app.imports set state = 'done', content = null, rows = $3, total = $3, added = $4, updated = $5, duplicates = $6, invalid = $7
            where tenant_id = $1 and id = $2 and state = 'running'
            """, _tenant, claim.Id, outcome.Rows, outcome.Added, outcome.Updated, outcome.Duplicates, outcome.Invalid);
        if (finished == 0)
            throw new OperationCanceledException();
        await _connection.AuditAsync(claim.Member.Entry(AuditActions.ContactsImported, claim.ListId, clock.GetUtcNow(),
            $"{outcome.Rows}", $"{outcome.Added}", $"{outcome.Updated}", $"{outcome.Duplicates}", $"{outcome.Invalid}"), watch.Token);
    }

    private Task<int> ExecuteAsync(string sql, params object?[] values) => _connection.ExecuteAsync(sql, values, watch.Token);
}
