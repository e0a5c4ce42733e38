using Npgsql;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>
/// Reads the chunks of one text for everybody, each while the one before it is entered, for PostgreSQL does both at once. What is
/// read ahead is only a proposal; the sending's row says which chunk may be entered.
/// </summary>
/// <param name="size">People that a chunk is to have, more or less.</param>
internal sealed class PrepareAhead(Databases databases, TenantScope scope, int size, CancellationToken ct) : IAsyncDisposable
{
    // So that the first requests need not wait for a whole chunk; nor those after them: each chunk is as large as all before it.
    private const int FirstPart = 10;

    // The nearest end of lists of which one is far the longest comes too soon. Not more, or chunks grow where lists grow denser.
    private const double Widest = 2;

    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(ct);
    private PrepareWork? _at;
    private Task<PreparePeople>? _next;

    // How many times its share each list may give, for a chunk of about as many people as it should have.
    private double _wide = 1;

    /// <summary>Others come first: chunks stay small, and nothing is read while another one is entered.</summary>
    public bool MakesWay { get; set; }

    /// <summary>The chunk that follows what has been prepared; begins to read the one after it.</summary>
    public async Task<PreparePeople> TakeAsync(PrepareWork work)
    {
        if (_next is null || _at!.PreparedTo != work.PreparedTo || _at.Messages != work.Messages)
            Begin(work);
        var people = await _next!;
        if (!people.AtEnd && !MakesWay)
            Begin(work with { PreparedTo = people.Last!, Messages = work.Messages + people.Numbers.Length });
        return people;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        if (_next is not null)
            await _next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _over.Dispose();
    }

    private void Begin(PrepareWork work) => (_at, _next) = (work, ReadAsync(work, _over.Token));

    /// <summary>Ends with a full batch where it can: what is over is left to the next chunk, so that batches are full however the audience is cut.</summary>
    private async Task<PreparePeople> ReadAsync(PrepareWork work, CancellationToken token)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        await PlanInOrderAsync(connection, token);
        var upto = await EndAsync(connection, work, token);
        var people = await PeopleAsync(connection, work, upto, token);
        if (people.Numbers.Length + people.Skipped.Length is > 0 and var came)
            _wide = Math.Clamp(_wide * Wanted(work) / came, 1, Widest);
        if (upto is not null && BatchCut.LastAtOrBelow(work.Messages + people.Numbers.Length, work.BatchSize, work.Canary) - work.Messages is > 0 and var full)
            people.CutAfter(full);
        return people;
    }

    /// <summary>
    /// A list that was loaded a moment ago has no statistics, and the planner would sort all of it: what comes in the order of
    /// numbers is read in that order and merged. A hash would have to be sorted; compiling a plan costs more than it gives.
    /// </summary>
    private static Task<string?> PlanInOrderAsync(NpgsqlConnection connection, CancellationToken token) =>
        connection.ScalarAsync<string>(token, """
            select set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true), set_config('enable_hashagg', 'off', true),
                   set_config('enable_hashjoin', 'off', true), set_config('work_mem', '128MB', true), set_config('jit', 'off', true)
            """);

    /// <summary>
    /// The number up to which to take everybody; null when the chunk reaches to the end. From each list its share of the
    /// chunk: what lies below the nearest of these ends is complete, whatever lists it comes from. The people may be sorted
    /// again: those whom the frequency cap spares come in no order.
    /// </summary>
    private Task<string?> EndAsync(NpgsqlConnection connection, PrepareWork work, CancellationToken token)
    {
        var share = (int)(Wanted(work) * _wide) / Math.Max(1, work.ListIds.Length);
        var ends = work.ListIds.Select((_, i) => $"""
            (select number from app.list_members where tenant_id = $1 and list_id = ${PrepareSql.Place(i + 4)} and number > $2 order by number offset $3 limit 1)
            """);
        return connection.ScalarAsync<string>(token, $"select least({string.Join(", ", ends.DefaultIfEmpty("null"))}), set_config('enable_sort', 'on', true)",
            [work.TenantId, work.PreparedTo, Math.Max(work.BatchSize, share) - 1, .. work.ListIds.Cast<object>()]);
    }

    private int Wanted(PrepareWork work) => MakesWay ? size / FirstPart : Math.Clamp(work.Messages, size / FirstPart, size);

    /// <summary>As three arrays: a row for each of them costs the database and this side more than finding them.</summary>
    private static async Task<PreparePeople> PeopleAsync(NpgsqlConnection connection, PrepareWork work, string? upto, CancellationToken token)
    {
        await using var command = connection.Sql($"""
            with capped as materialized ({SkipRules.Capped(SkipRules.Range)})
            select coalesce(array_agg(p.number) filter (where p.reason is null), '{"{}"}'), coalesce(array_agg(p.number) filter (where p.reason is not null), '{"{}"}'),
                   coalesce(array_agg(p.reason) filter (where p.reason is not null), '{"{}"}')
            from (select c.number::bigint as number, {SkipRules.ReasonAndCap} as reason
                  from (select p.number, (select x.country from app.contacts x where x.tenant_id = $1 and x.number = p.number) as country
                        from ({PrepareSql.People(work.ListIds.Length, firstParameter: 5)}) p) c
                  {SkipRules.Joins}
                  order by c.number) p
            """, [work.TenantId, work.SendingId, work.PreparedTo, upto ?? PrepareSql.NoEnd, .. work.ListIds.Cast<object>()]);
        await using var reader = await command.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        return new PreparePeople(reader.GetFieldValue<long[]>(0), reader.GetFieldValue<long[]>(1), reader.GetFieldValue<string[]>(2), atEnd: upto is null);
    }
}
